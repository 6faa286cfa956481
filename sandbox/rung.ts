// A way of making boxes on this machine.

import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { asset } from './assets.ts';
import type { Inside, LaunchPlan } from './bubblewrap.ts';
import { bubblewrapPlan } from './bubblewrap.ts';
import { leakingFds } from './fds.ts';
import type { Identity } from './identity.ts';
import { chooseIdentity } from './identity.ts';
import { perlPlan } from './perl.ts';
import { filterBytes, hasFilter } from './seccomp.ts';
import type { Staging } from './staging.ts';
import { openStaging } from './staging.ts';

export type RungKind = 'bubblewrap' | 'perl' | 'none';

export interface Rung {
  readonly kind: RungKind;
  /** In words, for people: `bubblewrap, own uid, seccomp`. */
  readonly name: string;
  readonly safe: boolean;
  readonly staging: Staging;
  /** Who boxed commands run as; null: as ourselves. */
  readonly identity: Identity | null;
  readonly filter: Buffer;
  readonly leaking: readonly number[];
  /** How to start; null for the rung `none`. */
  readonly plan: ((inside: Inside) => LaunchPlan) | null;
  /** Host folder with our own /etc files. */
  readonly etc: string;
  /** Removes what was staged. */
  close(): void;
}

/** Where launchers are looked for: never in PATH, which may lead into a project. */
const SYSTEM_FOLDERS = ['/usr/bin', '/bin', '/usr/local/bin', '/run/current-system/sw/bin'];

/** Full path of a system program, or null. */
export function systemProgram(name: string): string | null {
  for (const folder of SYSTEM_FOLDERS) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // The next folder.
    }
  }
  return null;
}

/** Prepares a rung without testing it. Returns a sentence when this machine lacks what it needs. */
export function makeRung(kind: RungKind, tmpDir?: string): Rung | string {
  if (kind === 'none') return assemble(kind, null, null, tmpDir);
  if (process.platform !== 'linux') return `there is no rung for ${process.platform} yet`;
  if (!hasFilter(process.arch)) return `there is no system call filter for ${process.arch}`;
  const program = systemProgram(kind === 'bubblewrap' ? 'bwrap' : 'perl');
  if (program === null) return `${kind} is not installed`;
  const identity = chooseIdentity();
  if (identity === null && process.getuid?.() === 0) return 'redgreen runs as root and no other user id exists here to drop to';
  return assemble(kind, program, identity, tmpDir);
}

function assemble(kind: RungKind, program: string | null, identity: Identity | null, tmpDir: string | undefined): Rung {
  const staging = openStaging(identity, tmpDir);
  const etc = writeEtc(staging);
  return {
    kind,
    name: kind === 'none' ? 'none' : [kind, ...(identity === null ? [] : ['own uid']), 'seccomp'].join(', '),
    safe: kind !== 'none',
    staging,
    identity,
    filter: hasFilter(process.arch) ? filterBytes(process.arch) : Buffer.alloc(0),
    leaking: leakingFds(),
    plan: program === null ? null : planner(kind, program, staging),
    etc,
    close: () => staging.close(),
  };
}

function planner(kind: RungKind, program: string, staging: Staging): (inside: Inside) => LaunchPlan {
  if (kind === 'bubblewrap') {
    const help = spawnSync(program, ['--help'], { env: {}, encoding: 'utf8', timeout: 5_000 }).stdout ?? '';
    return (inside) => bubblewrapPlan(program, help.includes('--disable-userns'), inside);
  }
  const script = join(staging.folder('launcher'), 'box.pl');
  staging.write(script, asset('box.pl'));
  return (inside) => perlPlan(program, script, inside);
}

/** Our own account files: enough for programs that ask who they are, nothing of the host's. */
function writeEtc(staging: Staging): string {
  const etc = staging.folder('etc');
  const uid = staging.identity?.uid ?? process.getuid?.() ?? 1000;
  const gid = staging.identity?.gid ?? process.getgid?.() ?? 1000;
  staging.write(join(etc, 'passwd'), `box:x:${uid}:${gid}::/tmp/home:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n`);
  staging.write(join(etc, 'group'), `box:x:${gid}:\nnogroup:x:65534:\n`);
  staging.write(join(etc, 'hosts'), '127.0.0.1 localhost box\n::1 localhost\n');
  staging.write(join(etc, 'nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\n');
  return etc;
}
