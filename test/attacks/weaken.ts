// Takes single protections away from a rung, so that attempts can be shown to bite. Only ever used inside the outer box (outer.ts).
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Inside, LaunchPlan } from '../../sandbox/bubblewrap.ts';
import type { Limits, Rung } from '../../sandbox/index.ts';
import type { Op } from '../../sandbox/mounts.ts';

/** Each protection that can be taken away, and what is then missing. */
export const REMOVALS = {
  seccomp: 'the system call filter',
  init: 'the system call filter of the box’s first process',
  caps: 'the dropping of capabilities',
  userns: 'the ban on new user namespaces',
  uid: 'the change of the real user id (started by root)',
  pid: 'the process namespace',
  net: 'the network namespace',
  ipc: 'the namespace of System V and POSIX queues',
  uts: 'the host name’s namespace',
  mounts: 'the allow-list of mounts',
  hidden: 'the covers over settings and sources below /usr',
  dev: 'the own /dev',
  ro: 'read-only mounts',
  copy: 'the copy of the tree (its folder is mounted instead)',
  env: 'the launcher’s clean environment',
  args: 'the hiding of host paths from the launcher’s arguments',
  fds: 'the closing of inherited descriptors',
  session: 'the new session',
  death: 'the death with the parent',
  wall: 'the limit of wall time',
  output: 'the limit of output',
  processes: 'the limit of processes',
  memory: 'the limit of memory',
  cpu: 'the limit of CPU time',
  fileSize: 'the limit of file size',
  openFiles: 'the limit of open files',
  tmp: 'the size of /tmp and of the tree’s copy',
  shm: 'the size of /dev/shm',
  core: 'the limit of core files',
  folder: 'the mount of the report as a single file (its folder is mounted instead)',
  report: 'the checks of the report file',
  target: 'the door’s list of targets',
  private: 'the door’s refusal of private addresses',
  doorBytes: 'the door’s limit of bytes',
  doorCount: 'the door’s limit of connections',
  box: 'the whole box (a plain process)',
} as const;

export type Removal = keyof typeof REMOVALS;

/** `rung` without the protections in `removed`. Those of policies and reports are taken away where these are made (boxed.ts). */
export function weaken(rung: Rung, removed: ReadonlySet<Removal>): Rung {
  const plan = rung.plan;
  if (plan === null || removed.size === 0) return rung;
  const weaker = rung.kind === 'perl' ? weakerPerl(rung, removed) : (made: LaunchPlan) => weakerBubblewrap(made, removed);
  return {
    ...rung,
    ...(removed.has('seccomp') ? { filter: ALLOW_ALL } : {}),
    ...(removed.has('uid') ? { identity: null } : {}),
    ...(removed.has('fds') ? { leaking: [] } : {}),
    plan: async (inside) => withEnv(weaker(await plan(weakerInside(inside, removed))), removed),
  };
}

/** One instruction: return SECCOMP_RET_ALLOW. */
const ALLOW_ALL = Buffer.from([0x06, 0, 0, 0, 0, 0, 0xff, 0x7f]);

const HUGE = 2 ** 40;

/** `limits` without those in `removed`. */
export function weakerLimits(limits: Partial<Limits>, removed: ReadonlySet<Removal>): Partial<Limits> {
  return {
    ...limits,
    ...(removed.has('output') ? { outputBytes: HUGE } : {}),
    ...(removed.has('processes') ? { processes: 100_000 } : {}),
    ...(removed.has('memory') ? { memoryBytes: HUGE } : {}),
    ...(removed.has('cpu') ? { cpuSeconds: 100_000 } : {}),
    ...(removed.has('fileSize') ? { fileBytes: HUGE } : {}),
    ...(removed.has('openFiles') ? { openFiles: 4096 } : {}),
    ...(removed.has('tmp') ? { tmpBytes: 1024 ** 3, folderEntries: HUGE } : {}),
    ...(removed.has('folder') ? { folderBytes: HUGE } : {}),
    ...(removed.has('wall') ? { wallMs: 20_000 } : {}),
  };
}

/** Folders that a box never has; where one exists it is bound. */
const FOREIGN = ['/home', '/root', '/var', '/run', '/sys', '/etc', '/srv', '/opt'];
const COVERS = ['/usr/etc', '/usr/local/etc', '/usr/local/src', '/usr/src', '/usr/home'];

function weakerInside(inside: Inside, removed: ReadonlySet<Removal>): Inside {
  const argv = removed.has('core') ? inside.argv.map((word) => word.replace('ulimit -c 0', 'ulimit -c unlimited')) : inside.argv;
  return { ...inside, argv, ops: inside.ops.flatMap((op) => weakerOp(op, removed)) };
}

function weakerOp(op: Op, removed: ReadonlySet<Removal>): readonly Op[] {
  if (op.op === 'proc' && removed.has('pid')) return [bind('/proc', false)];
  if (op.op === 'dev' && removed.has('dev')) return [bind('/dev', true)];
  if ('target' in op) {
    if (removed.has('dev') && (op.target === '/dev' || op.target === '/dev/shm')) return [];
    if (removed.has('hidden') && COVERS.includes(op.target)) return [];
    if (removed.has('ro') && op.op === 'readonly') return [];
    if (removed.has('mounts') && op.op === 'bind' && op.target.startsWith('/etc/')) return [];
  }
  if (op.op === 'bind' && removed.has('ro')) return [{ ...op, writable: true }];
  if (op.op === 'tmpfs' && op.target === '/dev/shm' && removed.has('shm')) return [{ ...op, bytes: 4 * 1024 ** 3 }];
  if (op.op === 'tmpfs' && op.target === '/tmp' && removed.has('mounts')) return [op, ...foreign()];
  return [op];
}

function foreign(): Op[] {
  const outer = process.env['REDGREEN_OUTER'] ?? '/outer';
  return [...FOREIGN.filter((path) => existsSync(path)).map((path) => bind(path, false)), bind(outer, true)];
}

function bind(path: string, writable: boolean): Op {
  return { op: 'bind', source: path, target: path, writable };
}

/** As if the launcher had been started with the harness's environment. */
function withEnv(made: LaunchPlan, removed: ReadonlySet<Removal>): LaunchPlan {
  if (!removed.has('env')) return made;
  return {
    ...made,
    program: '/usr/bin/env',
    argv: [`REDGREEN_CANARY=${process.env['REDGREEN_CANARY'] ?? ''}`, made.program, ...made.argv],
  };
}

const FLAGS: Partial<Record<Removal, readonly string[]>> = {
  userns: ['--disable-userns'],
  pid: ['--unshare-pid'],
  net: ['--unshare-net'],
  ipc: ['--unshare-ipc'],
  uts: ['--unshare-uts'],
  session: ['--new-session'],
  death: ['--die-with-parent'],
  env: ['--clearenv'],
};

function weakerBubblewrap(made: LaunchPlan, removed: ReadonlySet<Removal>): LaunchPlan {
  const gone = [...removed].flatMap((name) => FLAGS[name] ?? []);
  let words = made.words.filter((word) => !gone.includes(word));
  if (removed.has('uts')) words = words.filter((word, i) => word !== '--hostname' && words[i - 1] !== '--hostname');
  if (removed.has('caps')) words = words.map((word) => (word === '--cap-drop' ? '--cap-add' : word));
  if (!removed.has('args')) return { ...made, words };
  const filter = words.indexOf('--seccomp');
  return { ...made, argv: [...words.slice(0, filter), ...made.argv], words: words.slice(filter) };
}

/** Edits of box.pl: what is replaced by what. Each must be found, so that a changed script is noticed. */
const EDITS: Partial<Record<Removal, readonly (readonly [RegExp, string])[]>> = {
  caps: [
    [/"\$uid \$uid 1\\n"/, '"0 $uid 1\\n"'],
    [/"\$gid \$gid 1\\n"/, '"0 $gid 1\\n"'],
    [/^ {2}for my \$capability.*$/m, ''],
    [/^ {2}must\('capset'.*$/m, ''],
  ],
  userns: [[/^ {2}if \(.*open\(my \$max.*$/m, '']],
  pid: [[/ \| 0x20000000/, '']],
  net: [
    [/ \| 0x40000000/, ''],
    [/^loopback_up\(\);$/m, ''],
  ],
  ipc: [[/ \| 0x08000000/, '']],
  uts: [
    [/ \| 0x04000000/, ''],
    [/^call\('sethostname'.*$/m, ''],
  ],
  env: [[/%ENV = \(\);/, '']],
  session: [[/^ {2}must\('setsid'.*$/m, '']],
  args: [[/^\$0 = 'box';$/m, '']],
  death: [[/must\('prctl', call\('prctl', 1, 9, 0, 0, 0\)\)/, '1']],
  init: [
    [/^load_filter\(\$filter\);$/m, ''],
    [/^( {2}must\('setsid'.*)$/m, '$1\n  load_filter($$filter);'],
  ],
};

function weakerPerl(rung: Rung, removed: ReadonlySet<Removal>): (made: LaunchPlan) => LaunchPlan {
  let script = readFileSync(fileURLToPath(new URL('../../sandbox/assets/box.pl', import.meta.url)), 'utf8');
  for (const [from, to] of [...removed].flatMap((name) => EDITS[name] ?? [])) {
    if (!from.test(script)) throw new Error(`box.pl has no ${from}: adapt test/attacks/weaken.ts`);
    script = script.replace(from, to);
  }
  const path = join(rung.staging.folder('weaker'), 'box.pl');
  writeFileSync(path, script, { mode: 0o644 });
  return (made) => ({ ...made, argv: [path, ...made.argv.slice(1)] });
}
