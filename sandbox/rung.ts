// A way of making boxes on this machine.

import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { asset } from './assets.ts';
import type { Inside, LaunchPlan } from './bubblewrap.ts';
import { bubblewrapPlan } from './bubblewrap.ts';
import type { CgroupHome } from './cgroup-find.ts';
import { findCgroups } from './cgroup-find.ts';
import { makeContainer } from './container.ts';
import type { Dialect } from './container-engine.ts';
import { leakingFds } from './fds.ts';
import type { Identity } from './identity.ts';
import { chooseIdentity } from './identity.ts';
import type { Host } from './mounts.ts';
import { perlPlan } from './perl.ts';
import type { Limits } from './policy.ts';
import { filterBytes, hasFilter } from './seccomp.ts';
import type { Staging } from './staging.ts';
import { openStaging } from './staging.ts';

export type RungKind = 'bubblewrap' | 'perl' | Dialect | 'none';

export interface Rung extends Host {
  readonly kind: RungKind;
  /** In words, for people: `bubblewrap, own uid, seccomp`. */
  readonly name: string;
  readonly safe: boolean;
  readonly staging: Staging;
  /** Who boxed commands run as; null: as ourselves. */
  readonly identity: Identity | null;
  readonly filter: Buffer;
  readonly leaking: readonly number[];
  /** Where a control group for each run is made; null: limits are watched. */
  readonly cgroup: CgroupHome | null;
  /** Why there is none, in words; null when there is one. */
  readonly noCgroup: string | null;
  /** Of every box, where its policy says nothing else. */
  readonly limits: Partial<Limits>;
  /** How to start; null for the rung `none`. */
  readonly plan: ((inside: Inside) => LaunchPlan) | null;
  /** Namespaces of ours that boxes are in, as /proc/PID/ns names them. */
  readonly shared: readonly string[];
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

export interface RungOptions {
  /** Where private folders are made. Default: the system's folder for temporary files. */
  readonly tmpDir?: string;
  /** The image of the rungs podman and docker. */
  readonly image: string;
  /** Of every box, where its policy says nothing else. */
  readonly limits?: Partial<Limits>;
}

const PROGRAMS = { bubblewrap: 'bwrap', perl: 'perl', podman: 'podman', docker: 'docker' } as const;

/** Prepares a rung without testing it. Returns a sentence when this machine lacks what it needs. */
export function makeRung(kind: RungKind, options: RungOptions): Rung | string {
  const { limits = {} } = options;
  if (kind === 'none') return assemble(kind, openStaging(null, options.tmpDir), { plan: null, limits });
  if (process.platform !== 'linux') return `there is no rung ${kind} for ${process.platform}`;
  if (!hasFilter(process.arch)) return `there is no system call filter for ${process.arch}`;
  const program = systemProgram(PROGRAMS[kind]);
  if (program === null) return `${kind} is not installed`;
  const identity = chooseIdentity();
  if (identity === null && process.getuid?.() === 0) return 'redgreen runs as root and no other user id exists here to drop to';
  const staging = openStaging(identity, options.tmpDir);
  if (kind === 'bubblewrap' || kind === 'perl') return assemble(kind, staging, { plan: planner(kind, program, staging), limits });
  const container = makeContainer(kind, program, options.image, staging);
  if (typeof container !== 'string') return assemble(kind, staging, { ...container, limits });
  staging.close();
  return container;
}

interface Way {
  readonly plan: Rung['plan'];
  readonly limits: Partial<Limits>;
  readonly image?: string;
  readonly shared?: readonly string[];
  close?(): void;
}

function assemble(kind: RungKind, staging: Staging, way: Way): Rung {
  const etc = writeEtc(staging);
  const groups = way.image !== undefined ? 'the engine of containers makes them' : findCgroups();
  const limited = typeof groups === 'string' && way.image === undefined ? 'watchdog' : 'cgroup';
  return {
    kind,
    name: kind === 'none' ? 'none' : [kind, ...(staging.identity === null ? [] : ['own uid']), 'seccomp', limited].join(', '),
    safe: kind !== 'none',
    staging,
    identity: staging.identity,
    filter: hasFilter(process.arch) ? filterBytes(process.arch) : Buffer.alloc(0),
    leaking: leakingFds(),
    cgroup: typeof groups === 'string' ? null : groups,
    noCgroup: typeof groups === 'string' ? groups : null,
    limits: way.limits,
    plan: way.plan,
    etc,
    image: way.image ?? null,
    shared: way.shared ?? [],
    close() {
      way.close?.();
      if (typeof groups !== 'string') groups.close();
      staging.close();
    },
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
