// The arguments of `podman run` and `docker run` for one box. Both understand all but a few words.
import { availableParallelism } from 'node:os';
import type { Inside } from './bubblewrap.ts';
import type { Op } from './mounts.ts';
import { SHM_BYTES } from './mounts.ts';

/** What boxes of one rung have in common. */
export interface Container {
  readonly dialect: 'podman' | 'docker';
  /** Words before `run`: which runtime, which socket. */
  readonly global: readonly string[];
  /** The image's id, so that nobody can change it between two boxes. */
  readonly image: string;
  /** `uid:gid` inside. */
  readonly user: string;
  /** `--userns`: podman's word for "as on the host" or "my own id stays my own"; null for docker. */
  readonly userns: 'host' | 'keep-id' | null;
  /** Host path of the filter's profile. */
  readonly profile: string;
  /** Caps of our own process that a container's may not be above, by `ulimit` name. */
  readonly ceilings: Readonly<Record<'nofile' | 'nproc', number>>;
}

/** The folder below which a box has links and mount points of ours. */
export const SKELETON = '/redgreen';

/**
 * Becomes the container's process 1: makes the home folder, goes to the working folder, runs the command and ends with it. Process 1
 * ignores signals it has no handler for, so the command must not be it. The shell's own words on killed jobs are not the command's.
 * After SIGKILL it waits, so that we can still see whether memory was the reason: the engine removes the control group at the end.
 */
const INIT = `mkdir -p -- "$1" && cd -- "$2" || exit 125
shift 2
exec 3>&2 2>/dev/null
(exec 2>&3 3>&- 5>/dev/null; exec "$@")
code=$?
[ $code -ne 137 ] || sleep 0.5
exit $code`;

/** What is made anew for each container. */
export interface Fresh {
  readonly name: string;
  readonly label: string;
  /** Host folder that is seen at `SKELETON`. */
  readonly skeleton: string;
  /** Where podman writes the id of the first process. */
  readonly pidfile: string;
}

/** argv (after the program) that runs `inside` in a container. */
export function runArgv(container: Container, { name, label, skeleton, pidfile }: Fresh, inside: Inside): readonly string[] {
  const home = inside.ops.find((op) => op.op === 'dir')?.target ?? '/tmp';
  return [
    ...container.global,
    'run',
    ...(container.dialect === 'podman' ? ['--pidfile', pidfile] : []),
    ...['--name', name, '--label', label, '--interactive', '--pull', 'never', '--log-driver', 'none', '--no-healthcheck'],
    ...['--network', 'none', '--hostname', 'box', '--ipc', 'private', '--cgroupns', 'private', '--workdir', '/'],
    ...['--user', container.user, '--read-only', '--cap-drop', 'all'],
    ...['--security-opt', 'no-new-privileges', '--security-opt', `seccomp=${container.profile}`, '--security-opt', 'label=disable'],
    ...limitWords(container, inside),
    ...(container.dialect === 'podman' ? podmanWords(container) : ['--tmpfs', '/sys:ro,size=4096']),
    ...mountWords(container, { op: 'bind', source: skeleton, target: SKELETON, writable: false }),
    ...inside.ops.flatMap((op) => mountWords(container, op)),
    ...['--entrypoint', '/usr/bin/env', container.image],
    ...['-i', ...Object.entries(inside.env).map(([key, value]) => `${key}=${value}`)],
    ...['/bin/sh', '-c', INIT, 'sh', home, inside.cwd, ...inside.argv],
  ];
}

/** Debian's podman asks for more than our own caps when `nofile` and `nproc` are not given; a container cannot raise them. */
function limitWords({ ceilings }: Container, { limits }: Inside): string[] {
  const open = Math.min(limits.openFiles, ceilings.nofile);
  const processes = Math.min(limits.processes * 4 + 64, ceilings.nproc);
  return [
    ...['--memory', String(limits.memoryBytes), '--memory-swap', String(limits.memoryBytes)],
    ...[
      '--pids-limit',
      String(limits.processes),
      '--cpus',
      String(Math.min(limits.processors, availableParallelism())),
      '--shm-size',
      String(SHM_BYTES),
    ],
    ...['--ulimit', 'core=0:0', '--ulimit', `nofile=${open}:${open}`, '--ulimit', `nproc=${processes}:${processes}`],
  ];
}

function podmanWords({ userns }: Container): string[] {
  return [
    ...['--pid', 'private', '--uts', 'private', '--userns', userns ?? 'host', '--security-opt', 'mask=/sys'],
    ...['--read-only-tmpfs=false', '--no-hosts', '--http-proxy=false', '--env-host=false', '--image-volume', 'ignore'],
  ];
}

/** Folders are made by `INIT`, links by the skeleton; /proc, /dev and the read-only root are the engine's own. */
function mountWords({ dialect }: Container, op: Op): string[] {
  if (op.op === 'tmpfs' && op.target !== '/dev/shm') {
    const options = `rw,exec,nosuid,nodev,size=${op.bytes},mode=1777${dialect === 'podman' ? ',notmpcopyup' : ''}`;
    return ['--tmpfs', `${op.target}:${options}`];
  }
  if (op.op !== 'bind') return [];
  const words = ['type=bind', `source=${op.source}`, `target=${op.target}`, 'bind-nonrecursive', ...(op.writable ? [] : ['readonly'])];
  return ['--mount', words.map(csvField).join(',')];
}

/** Both engines read `--mount` as a line of comma-separated values. */
function csvField(word: string): string {
  return /[",\n]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word;
}
