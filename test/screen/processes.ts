// Which processes there are, as the system tells it.
import { execFileSync } from 'node:child_process';

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Every process that is not a zombie. */
function all(): readonly Process[] {
  const text = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8', maxBuffer: 1 << 26 });
  return text.split('\n').flatMap((row) => {
    const [, pid, parent, stat, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(row) ?? [];
    return pid === undefined || stat?.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), command: command ?? '' }];
  });
}

/** The processes below `root`, not `root` itself. */
export function below(root: number): readonly Process[] {
  const every = all();
  const found = new Map<number, Process>();
  for (let grew = true; grew; ) {
    grew = false;
    for (const one of every) {
      if (found.has(one.pid) || (one.parent !== root && !found.has(one.parent))) continue;
      found.set(one.pid, one);
      grew = true;
    }
  }
  return [...found.values()];
}

/** Of `known`, those that still run, and every process that names `place` in its arguments. */
export function remaining(known: Iterable<Process>, place: string): readonly Process[] {
  const every = new Map(all().map((p) => [p.pid, p]));
  const left = new Map<number, Process>();
  for (const one of known) if (every.get(one.pid)?.command === one.command) left.set(one.pid, one);
  for (const one of every.values()) if (one.command.includes(place) && !one.command.startsWith('ps ')) left.set(one.pid, one);
  return [...left.values()];
}
