// The outer box of the self-check: a machine to throw away, with hard limits, in which a harness makes weakened boxes.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, lstatSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Group } from '../../sandbox/cgroup.ts';
import { makeGroup } from '../../sandbox/cgroup.ts';
import { findCgroups } from '../../sandbox/cgroup-find.ts';
import { defaultLimits } from '../../sandbox/index.ts';
import type { Job } from './harness.ts';
import type { Said, User } from './run.ts';
import { HARNESS, INHERITED, ORDINARY, readSaid, text } from './run.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const MiB = 1024 * 1024;
const TIMEOUT_MS = 300_000;

/** Memory and processes of the whole outer box; its folders in memory count. */
const HARD = { ...defaultLimits(2), memoryBytes: 3072 * MiB, processes: 1_500, processors: 2 };

/** A sentence when there can be no outer box here: without hard limits nothing weakened is ever run. */
export function whyNoOuter(): string | null {
  if (process.getuid?.() !== 0) return 'only root can give the outer box users of its own';
  if (!existsSync('/usr/bin/bwrap') || !existsSync('/usr/bin/perl')) return 'bubblewrap and Perl are needed for the outer box';
  const groups = findCgroups();
  if (typeof groups === 'string') return `no hard limits: ${groups}`;
  groups.close();
  return null;
}

/** Runs `job` as `user` of the outer box, whose root is nobody outside. */
export async function runInOuter(job: Job, user: User): Promise<Said> {
  const home = findCgroups();
  if (typeof home === 'string') throw new Error(home);
  const group = makeGroup(home, HARD, null);
  const child = spawn('/usr/bin/perl', ['-e', ENTER, '/usr/bin/bwrap', ...outerArgv(job, user)], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin:/usr/sbin' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
  try {
    const err = text(child.stderr);
    await enter(child, group);
    const [out] = await Promise.all([text(child.stdout), new Promise((resolve) => child.once('close', resolve))]);
    return readSaid(out, await err);
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
    await group.close();
    home.close();
  }
}

/** Makes a user namespace, waits until its users are mapped and its group is set, becomes its root, goes on as the rest of argv. */
const ENTER = `syscall(${process.arch === 'arm64' ? 97 : 272}, 0x10000000) == 0 or die "unshare: $!"; $| = 1; print "ready\\n"; <STDIN>;
  $( = 0; $) = '0 0'; $< = 0; $> = 0; exec { $ARGV[0] } @ARGV or die "exec: $!";`;

/** Users 0 to 65535 of the outer box are 1000000 and up outside: nobody's. */
async function enter(child: ChildProcess, group: Group): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the outer box could not be made')));
    child.stdout?.once('data', () => resolve());
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the outer box could not be started');
  group.add(pid);
  for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${pid}/${map}`, '0 1000000 65536\n');
  child.stdin?.end('go\n');
}

function outerArgv(job: Job, user: User): string[] {
  const top = ['/bin', '/sbin', '/lib', '/lib32', '/lib64'].filter((path) => existsSync(path));
  const covers = ['/usr/local/etc', '/usr/src', '/usr/local/src', '/usr/etc'].filter((path) => existsSync(path));
  const etc = [
    '/etc/ld.so.cache',
    '/etc/alternatives',
    '/etc/passwd',
    '/etc/group',
    '/etc/hosts',
    '/etc/nsswitch.conf',
    '/etc/host.conf',
  ].filter((path) => existsSync(path));
  const memory = (path: string, size: number) => ['--size', String(size * MiB), '--tmpfs', path];
  return [
    ...['--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts', '--hostname', 'outer', '--die-with-parent', '--new-session'],
    ...['--clearenv', '--setenv', 'PATH', '/usr/bin:/bin:/usr/sbin', '--setenv', 'REDGREEN_OUTER', '/outer'],
    ...['--setenv', 'TMPDIR', '/outer/tmp', '--setenv', 'HOME', '/outer/home', '--setenv', 'REDGREEN_CANARY', `rgc-${'a'.repeat(24)}`],
    ...['--ro-bind', '/usr', '/usr'],
    ...top.flatMap((path) => (lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path])),
    ...covers.flatMap((path) => memory(path, 1)),
    ...memory('/etc', 4),
    ...etc.flatMap((path) => ['--ro-bind', path, path]),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...['/tmp', '/var', '/home', '/root', '/run'].flatMap((path) => memory(path, 64)),
    ...memory('/outer', 1_500),
    ...parents(ROOT).flatMap((path) => ['--perms', '0755', '--dir', path]),
    ...['--ro-bind', ROOT, ROOT, '--chdir', '/'],
    ...['--', '/bin/sh', '-c', setUp(covers, job, user)],
  ];
}

/** Folders above a path, without `/`. */
function parents(path: string): string[] {
  const above = dirname(path);
  return above === '/' ? [] : [...parents(above), above];
}

/** Plants what only root of a machine could plant, then becomes the harness. With `session`, it has a terminal. */
function setUp(covers: readonly string[], job: Job, user: User): string {
  const quoted = (words: readonly string[]) => words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const drop = user === 'root' ? [] : ['setpriv', `--reuid=${ORDINARY.uid}`, `--regid=${ORDINARY.gid}`, '--clear-groups'];
  const leak = `open(my $f, '<', '/outer/inherited'); fcntl($f, 0, ${INHERITED}); exec { $ARGV[0] } @ARGV`;
  const harness = quoted(['/usr/bin/perl', '-e', leak, ...drop, process.execPath, HARNESS, JSON.stringify(job)]);
  const start = job.removed.includes('session')
    ? `script -qec ${quoted([`${harness} > /outer/said 2>&1`])} /dev/null > /dev/null 2>&1 < /dev/null; cat /outer/said`
    : `exec ${harness}`;
  return [
    'set -e; umask 022; mkdir -p /outer/tmp /outer/home /var/tmp /home/someone /var/log; chmod 1777 /outer /outer/tmp /tmp /var/tmp',
    'echo "root:$REDGREEN_CANARY:1::::::" > /etc/shadow; chmod 600 /etc/shadow; echo machine > /etc/machine-id',
    ...covers.map((path) => `echo "token=$REDGREEN_CANARY" > ${path}/npmrc`),
    'echo "$REDGREEN_CANARY" > /outer/inherited; chmod 1777 /dev/shm; echo x > /dev/shm/foreign; echo x > /dev/sda; set +e',
    // Counts of users go up to the one that made a namespace: root outside.
    'echo 64 > /proc/sys/user/max_inotify_instances',
    job.noUserns === true ? 'echo 0 > /proc/sys/user/max_user_namespaces' : ':',
    start,
  ].join('\n');
}
