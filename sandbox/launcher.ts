// The first program inside a box: a few lines of shell that set limits, say that the box stands, and become the command.
import { COPY_FROM } from './mounts.ts';
import type { Limits } from './policy.ts';

/**
 * argv that runs `command` under `limits`. The byte `u` on descriptor 5 says that the box stands. With `waits` the command begins
 * when a line comes back: a launcher whose harness died meanwhile gets none, so nothing begins that nobody would end.
 * Processes are limited in here because the count is per user namespace: outside, the user's own processes would count.
 * `ulimit -p` is the number of processes in dash and busybox, `-u` in bash. Sizes of `-f` are blocks of 512 bytes (POSIX).
 */
export function launcherArgv(limits: Limits, copyTo: string | null, waits: boolean, command: readonly string[]): readonly string[] {
  const set = [
    'umask 022',
    'ulimit -c 0',
    `ulimit -n ${limits.openFiles}`,
    `ulimit -f ${Math.ceil(limits.fileBytes / 512)}`,
    // A lower soft limit, so that the signal (SIGXCPU) says why; it goes first because it may not be above the hard one.
    `ulimit -S -t ${limits.cpuSeconds}`,
    `ulimit -H -t ${limits.cpuSeconds + 1}`,
    `ulimit -p ${limits.processes} || ulimit -u ${limits.processes}`,
  ];
  const copy = copyTo === null ? [] : [`cp -R ${COPY_FROM}/. ${quote(copyTo)}/ || exit 125`];
  const go = waits ? ['read -r go <&5 || exit 125'] : [];
  const script = [`{ ${set.join('; ')}; } 2>/dev/null`, ...copy, 'printf u >&5 || exit 125', ...go, 'exec 5>&-', 'exec "$@"'].join('\n');
  return ['/bin/sh', '-c', script, 'sh', ...command];
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
