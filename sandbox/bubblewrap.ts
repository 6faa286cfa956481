// The first rung: bubblewrap's arguments for a list of mounts.
import type { Op } from './mounts.ts';

export interface LaunchPlan {
  readonly program: string;
  readonly argv: readonly string[];
  /** Given to the program on descriptor 3, each word ended by NUL. */
  readonly words: readonly string[];
}

export interface Inside {
  readonly ops: readonly Op[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** argv of the launcher and, after it, of the command. */
  readonly argv: readonly string[];
}

/** Descriptors: 3 has bubblewrap's options, 4 the filter. Host paths go through 3 because /proc shows argv to the command. */
export function bubblewrapPlan(program: string, disableUserns: boolean, inside: Inside): LaunchPlan {
  const words = [
    '--unshare-user',
    '--unshare-ipc',
    '--unshare-pid',
    '--unshare-net',
    '--unshare-uts',
    '--unshare-cgroup-try',
    ...(disableUserns ? ['--disable-userns'] : []),
    '--hostname',
    'box',
    '--die-with-parent',
    '--new-session',
    '--cap-drop',
    'ALL',
    '--clearenv',
    ...Object.entries(inside.env).flatMap(([name, value]) => ['--setenv', name, value]),
    ...inside.ops.flatMap(optionsOf),
    '--chdir',
    inside.cwd,
    '--seccomp',
    '4',
  ];
  return { program, argv: ['--args', '3', '--', ...inside.argv], words };
}

function optionsOf(op: Op): string[] {
  switch (op.op) {
    case 'bind':
      return [op.writable ? '--bind' : '--ro-bind', op.source, op.target];
    case 'tmpfs':
      return ['--size', String(op.bytes), '--tmpfs', op.target];
    case 'dir':
      return ['--dir', op.target];
    case 'symlink':
      return ['--symlink', op.to, op.target];
    case 'proc':
      return ['--proc', '/proc'];
    case 'dev':
      return ['--dev', '/dev'];
    case 'readonly':
      return ['--remount-ro', op.target];
  }
}
