// A way of making boxes on this machine.

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
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
import { forbiddingUserNamespaces } from './machine.ts';
import { makeMacos } from './macos.ts';
import type { Host } from './mounts.ts';
import { perlPlan } from './perl.ts';
import type { Limits } from './policy.ts';
import { filterBytes, hasFilter } from './seccomp.ts';
import type { Staging } from './staging.ts';
import { openStaging } from './staging.ts';

export type RungKind = 'bubblewrap' | 'perl' | 'macos' | Dialect | 'none';

export interface Rung extends Host {
  readonly kind: RungKind;
  /** In words, for people: `bubblewrap, own uid, seccomp`. */
  readonly name: string;
  readonly safe: boolean;
  /** Boxes have a file system of their own, in which mounts are at their targets; else paths are the host's. */
  readonly mounts: boolean;
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
  readonly plan: ((inside: Inside) => LaunchPlan | Promise<LaunchPlan>) | null;
  /** Namespaces of ours that boxes are in, as /proc/PID/ns names them. */
  readonly shared: readonly string[];
  /** System calls of the filter's list that this rung cannot name. */
  readonly unfiltered: readonly string[];
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
  /** Lets the rung macos be tried on Linux, where its library makes boxes too, though weaker ones: only for tests. */
  readonly trial?: boolean;
}

const PROGRAMS = { bubblewrap: 'bwrap', perl: 'perl', podman: 'podman', docker: 'docker' } as const;

/** Prepares a rung without testing it. Returns a sentence when this machine lacks what it needs. */
export function makeRung(kind: RungKind, options: RungOptions): Rung | string {
  const { limits = {} } = options;
  if (kind === 'none') return assemble(kind, openStaging(null, options.tmpDir), { plan: null }, limits);
  if (kind === 'macos') return macos(options);
  if (process.platform !== 'linux') return `there is no rung ${kind} for ${process.platform}`;
  if (!hasFilter(process.arch)) return `there is no system call filter for ${process.arch}`;
  const program = systemProgram(PROGRAMS[kind]);
  if (program === null) return `${kind} is not installed`;
  const identity = chooseIdentity();
  if (identity === null && process.getuid?.() === 0) return 'redgreen runs as root and no other user id exists here to drop to';
  const staging = openStaging(identity, options.tmpDir);
  const way = wayOf(kind, program, options.image, staging);
  if (typeof way !== 'string') return assemble(kind, staging, way, limits);
  staging.close();
  return way;
}

function wayOf(kind: keyof typeof PROGRAMS, program: string, image: string, staging: Staging): Way | string {
  if (kind === 'bubblewrap') return bubblewrap(program);
  return kind === 'perl' ? perl(program, staging) : makeContainer(kind, program, image, staging);
}

function macos(options: RungOptions): Rung | string {
  if (process.platform !== 'darwin' && options.trial !== true) return 'there is no rung macos for this system';
  if (process.getuid?.() === 0) return 'redgreen runs as root, and macOS has no way to make boxes then: run it as yourself';
  const staging = openStaging(null, options.tmpDir);
  return assemble('macos', staging, makeMacos(staging), options.limits ?? {});
}

interface Way {
  readonly plan: Rung['plan'];
  readonly image?: string;
  readonly shared?: readonly string[];
  readonly unfiltered?: readonly string[];
  close?(): void;
}

function assemble(kind: RungKind, staging: Staging, way: Way, limits: Partial<Limits>): Rung {
  const etc = writeEtc(staging);
  const groups = way.image !== undefined ? 'the engine of containers makes them' : findCgroups();
  const limited = typeof groups === 'string' && way.image === undefined ? 'watchdog' : 'cgroup';
  return {
    kind,
    name: nameOf(kind, staging.identity !== null, limited),
    safe: kind !== 'none',
    mounts: kind !== 'none' && kind !== 'macos',
    staging,
    identity: staging.identity,
    filter: hasFilter(process.arch) ? filterBytes(process.arch, limited === 'cgroup') : Buffer.alloc(0),
    leaking: leakingFds(),
    cgroup: typeof groups === 'string' ? null : groups,
    noCgroup: typeof groups === 'string' ? groups : null,
    limits,
    plan: way.plan,
    etc,
    image: way.image ?? null,
    shared: way.shared ?? [],
    unfiltered: way.unfiltered ?? [],
    close() {
      way.close?.();
      if (typeof groups !== 'string') groups.close();
      staging.close();
    },
  };
}

function nameOf(kind: RungKind, ownUid: boolean, limited: string): string {
  if (kind === 'none') return kind;
  if (kind === 'macos') return `sandbox-exec, ${limited}`;
  return [kind, ...(ownUid ? ['own uid'] : []), 'seccomp', limited].join(', ');
}

function bubblewrap(program: string): Way {
  const help = spawnSync(program, ['--help'], { env: {}, encoding: 'utf8', timeout: 5_000 }).stdout ?? '';
  return { plan: (inside) => bubblewrapPlan(program, help.includes('--disable-userns'), inside) };
}

/** Root needs no user namespace to make the others, and some systems allow none. */
function perl(program: string, staging: Staging): Way {
  const script = join(staging.folder('launcher'), 'box.pl');
  staging.write(script, asset('box.pl'));
  const drop = existsSync('/proc/self/ns/user') && forbiddingUserNamespaces().length === 0 ? null : staging.identity;
  return { plan: (inside) => perlPlan(program, script, drop, inside), shared: drop === null ? [] : ['user'] };
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
