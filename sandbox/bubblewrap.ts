// The first rung: bubblewrap's arguments for a list of mounts.
import type { Op } from './mounts.ts';
import type { Limits, Policy } from './policy.ts';
import type { Look } from './watch.ts';

export interface LaunchPlan {
  readonly program: string;
  readonly argv: readonly string[];
  /** Given to the program on descriptor 3, each word ended by NUL. */
  readonly words: readonly string[];
  /** The program changes to the box's user itself. */
  readonly asRoot?: boolean;
  /** There is no process namespace: the program's process group is killed as a whole. A launcher says, as on other rungs, that the box stands. */
  readonly group?: boolean;
  /** For a box that is not below the program's process. */
  readonly outside?: Outside;
}

/** A box of which something can live on when the program that started it is killed: a container, or one without a process namespace. */
export interface Outside {
  /** Of the program; it is started as ourselves and has no descriptors of ours. */
  readonly env: Readonly<Record<string, string>>;
  /** What can be seen of the box while it runs, when the program has the id `pid`. */
  readonly look: (pid: number) => Look;
  /** Kills the box, so that the program ends. Harmless when the box is not there (yet, or any more). */
  stop(): Promise<void>;
  /** After the program ended with `code` (null: by a signal): removes the box and proves it gone. Throws `BoxError`. */
  end(code: number | null): Promise<{ readonly stood: boolean; readonly outOfMemory: boolean }>;
}

export interface Inside {
  readonly policy: Policy;
  readonly limits: Limits;
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
