// What the processes of one program cost, read from /proc (proc(5)).
import { readdirSync, readFileSync } from 'node:fs';

const TICK_MS = 10;

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Fields of /proc/PID/stat from the third (state) on; the name before it may hold anything. */
function fields(pid) {
  const text = read(`/proc/${pid}/stat`);
  return text === '' ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** User and system time of one process, children apart, in milliseconds; counted in steps of 10 ms. */
export function timeOf(pid) {
  const stat = fields(pid);
  return stat ? (Number(stat[11]) + Number(stat[12])) * TICK_MS : 0;
}

/** The process `root` and all below it, as they are now. */
export function tree(root) {
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? fields(name) : null;
    if (!stat) continue;
    const parent = Number(stat[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [root];
  for (let at = 0; at < found.length; at++) found.push(...(children.get(found[at]) ?? []));
  return found;
}

/** Time on a processor of the threads that a process has now, in milliseconds. */
function ownTime(pid) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const ns = threads.map((thread) => Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0] || Number.NaN));
    const sum = ns.reduce((a, b) => a + b, 0);
    if (Number.isFinite(sum)) return sum / 1e6;
  } catch {
    return 0;
  }
  return timeOf(pid);
}

/**
 * User and system time of a tree up to now, in milliseconds: each living process by its threads' schedstat (nanoseconds), and the children
 * that ended and were waited for by cutime and cstime (ticks of 10 ms).
 */
export function cpuOf(root) {
  return tree(root).reduce(
    (sum, pid) => {
      const stat = fields(pid);
      const ended = stat ? (Number(stat[13]) + Number(stat[14])) * TICK_MS : 0;
      return { own: sum.own + (pid === root ? ownTime(pid) : 0), all: sum.all + ownTime(pid) + ended };
    },
    { own: 0, all: 0 },
  );
}

/** Memory of a process in megabytes, pages that are shared split among those who share them. */
export function memoryOf(pid) {
  return Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) / 1024;
}

/** Looks at a tree's memory every `ms` milliseconds; `stop` gives the peaks in megabytes of the whole tree, of `root` and of each other program. */
export function watchMemory(root, ms = 20) {
  const peak = { tree: 0, root: 0, others: {} };
  const look = () => {
    const sizes = tree(root).map((pid) => ({ pid, size: memoryOf(pid) }));
    peak.tree = Math.max(
      peak.tree,
      sizes.reduce((sum, { size }) => sum + size, 0),
    );
    for (const { pid, size } of sizes.filter((one) => one.size > 0)) {
      if (pid === root) peak.root = Math.max(peak.root, size);
      else {
        const name = programOf(pid);
        peak.others[name] = Math.max(peak.others[name] ?? 0, size);
      }
    }
  };
  const timer = setInterval(look, ms);
  look();
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}

/** What runs in a process: the script of a node, else the program's name. */
function programOf(pid) {
  const words = read(`/proc/${pid}/cmdline`).split('\0');
  const script = words.slice(1).find((word) => !word.startsWith('-'));
  const name = (word) => (word ?? '').split('/').at(-1);
  return (name(words[0]) === 'node' && script ? name(script) : name(words[0])) || '(a process that begins)';
}
