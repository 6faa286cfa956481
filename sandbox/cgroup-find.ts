// Where control groups of ours can be made: below the group that we are in, so that no limit set on us is escaped.
import { accessSync, constants, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { killMembers, read, removeGroup, words, write } from './cgroup-files.ts';
import { isAbandoned, ownerTag } from './owner.ts';

export type Controller = 'memory' | 'pids' | 'cpu' | 'cpuacct' | 'core';

export interface CgroupHome {
  readonly version: 1 | 2;
  /** The folder in which groups are made, for each controller; `core`, of version 2, has CPU time without one. */
  readonly folders: Readonly<Partial<Record<Controller, string>>>;
  /** Leaves our own group as it was found. */
  close(): void;
}

/** Names of our groups begin with this. */
export const GROUP_PREFIX = 'redgreen-';

/** What we are a member of: a folder for each controller of version 1, and the one of version 2. */
export interface OwnGroups {
  readonly v1: Readonly<Record<string, string>>;
  readonly v2: string | null;
}

const DELEGATE = '(on a system with systemd: systemd-run --user --scope -p Delegate=yes redgreen …)';

/** Finds a home and sweeps what dead processes of ours left there. Returns a sentence when there is none. */
export function findCgroups(): CgroupHome | string {
  if (process.platform !== 'linux') return 'control groups are a part of Linux';
  const own = ownGroups(read('/proc/self/cgroup'), read('/proc/self/mountinfo'));
  const home = own.v1['memory'] !== undefined ? versionOne(own) : versionTwo(own.v2);
  if (typeof home !== 'string') sweepGroups(home);
  return home;
}

/** Reads /proc/PID/cgroup and /proc/PID/mountinfo (cgroups(7), proc(5)). Groups outside what is mounted are left out. */
export function ownGroups(cgroup: string, mountinfo: string): OwnGroups {
  const mounts = mountinfo.split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ');
    const [, , , root = '', point = ''] = left.split(' ');
    const [type, , options = ''] = right.split(' ');
    return type === 'cgroup' || type === 'cgroup2'
      ? [{ type, root: unescaped(root), point: unescaped(point), options: options.split(',') }]
      : [];
  });
  const v1: Record<string, string> = {};
  let v2: string | null = null;
  for (const line of cgroup.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    const wanted = controllers === '' ? 'cgroup2' : 'cgroup';
    const mount = mounts.find(
      ({ type, options }) => type === wanted && (wanted === 'cgroup2' || options.includes(controllers.split(',')[0] ?? '')),
    );
    const inside = mount === undefined ? null : below(mount.root, path);
    if (mount === undefined || inside === null) continue;
    if (controllers === '') v2 = join(mount.point, inside);
    else for (const controller of controllers.split(',')) v1[controller] = join(mount.point, inside);
  }
  return { v1, v2 };
}

/** The rest of `path` after the part of the hierarchy that is mounted. */
function below(root: string, path: string): string | null {
  if (path.startsWith('/..')) return null;
  if (root === '/') return path;
  return path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : null;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

function versionOne(own: OwnGroups): CgroupHome | string {
  const { memory, pids, cpu, cpuacct } = own.v1;
  if (memory === undefined || pids === undefined) return 'the memory or pids controller is not mounted';
  for (const folder of [memory, pids]) if (!isWritable(folder)) return `the control group ${folder} cannot be written to`;
  // A process may be moved in version 1 only by its own user or by the machine's root.
  if (process.getuid?.() === 0 && !/^\s*0\s+0\s+4294967295\s*$/.test(read('/proc/self/uid_map')))
    return 'root of a user namespace may not move processes';
  const optional = Object.entries({ cpu, cpuacct }).filter(([, folder]) => folder !== undefined && isWritable(folder));
  return { version: 1, folders: { memory, pids, ...Object.fromEntries(optional) }, close: () => undefined };
}

function versionTwo(own: string | null): CgroupHome | string {
  if (own === null) return 'no control groups are mounted here';
  if (!isWritable(own)) return `the control group ${own} cannot be written to ${DELEGATE}`;
  if (distributes(own) || (isRoot(own) && distribute(own))) return home(own);
  return alone(own) ?? beside(own) ?? `other processes are in the control group ${own} ${DELEGATE}`;
}

function home(folder: string, close: () => void = () => undefined): CgroupHome {
  const has = (name: string) => words(join(folder, 'cgroup.subtree_control')).includes(name);
  return { version: 2, folders: { memory: folder, pids: folder, core: folder, ...(has('cpu') ? { cpu: folder } : {}) }, close };
}

/**
 * A group that has processes cannot hand controllers down. When all of them are ours they move into a leaf, and back at the end.
 */
function alone(own: string): CgroupHome | null {
  const pids = words(join(own, 'cgroup.procs')).map(Number);
  if (!['memory', 'pids'].every((name) => words(join(own, 'cgroup.controllers')).includes(name)) || !pids.every(isOurs)) return null;
  const leaf = join(own, `${GROUP_PREFIX}${ownerTag()}-self`);
  const back = () => {
    if (readdirSync(own).some((name) => name.startsWith(GROUP_PREFIX) && join(own, name) !== leaf)) return;
    for (const name of words(join(own, 'cgroup.subtree_control'))) write(join(own, 'cgroup.subtree_control'), `-${name}`);
    for (const pid of words(join(leaf, 'cgroup.procs'))) write(join(own, 'cgroup.procs'), pid);
    removeGroup(leaf);
  };
  try {
    mkdirSync(leaf);
  } catch {
    return null;
  }
  for (const pid of pids) write(join(leaf, 'cgroup.procs'), String(pid));
  if (distribute(own)) return home(own, back);
  back();
  return null;
}

/** The group above, when it may be written to and ours has no limit of its own that a group beside it would escape. */
function beside(own: string): CgroupHome | null {
  const above = dirname(own);
  const free = ['memory.max', 'memory.high', 'cpu.max'].every((name) => /^(?:max\b.*)?$/.test(read(join(own, name)).trim()));
  return free && isWritable(above) && distributes(above) ? home(above) : null;
}

function isRoot(folder: string): boolean {
  return !readdirSync(folder).includes('cgroup.type');
}

function distributes(folder: string): boolean {
  const given = words(join(folder, 'cgroup.subtree_control'));
  return given.includes('memory') && given.includes('pids');
}

function distribute(folder: string): boolean {
  for (const name of ['memory', 'pids', 'cpu']) write(join(folder, 'cgroup.subtree_control'), `+${name}`);
  return distributes(folder);
}

/** Ourselves or a descendant. */
function isOurs(pid: number): boolean {
  for (let at = pid; at > 0; at = Number(/^PPid:\s*(\d+)/m.exec(read(`/proc/${at}/status`))?.[1] ?? 0)) if (at === process.pid) return true;
  return false;
}

/** Killed processes need a moment to go; what is left then waits for the next sweep. */
const SWEEP_TRIES = 20;
const SWEEP_WAIT_MS = 5;

/** Kills and removes the groups of dead processes of ours. */
function sweepGroups({ folders }: CgroupHome): void {
  for (const folder of new Set(Object.values(folders))) {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (!isAbandoned(name, GROUP_PREFIX, path)) continue;
      for (let tries = 0; tries < SWEEP_TRIES && !removeGroup(path); tries++) {
        killMembers(path);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SWEEP_WAIT_MS);
      }
    }
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    accessSync(join(folder, 'cgroup.procs'), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
