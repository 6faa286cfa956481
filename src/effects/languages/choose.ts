// Which of many possible mutants are worth a test run: spread over files and functions by size, decided by a seed.
import type { Mutant, MutantOptions } from '../../core/ports.ts';

/** A mutant that could be made: a replacement in a file's text. */
export interface Candidate extends Omit<Mutant, 'text'> {
  /** Offsets in the file's text (UTF-16 code units), the end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** 0 for what a careful tester thinks of first (limits, conditions), up to 3. */
  readonly rank: number;
  /** Lines of the function that it lies in. */
  readonly size: number;
}

interface Queue {
  readonly weight: number;
  readonly left: Candidate[];
  readonly tie: number;
  taken: number;
}

/** Puts the candidates that may be tried in the order in which they are to be. The same options and candidates give the same order. */
export function inOrderOfWorth(
  candidates: readonly Candidate[],
  { seed, lines }: Pick<MutantOptions, 'seed' | 'lines'>,
): readonly Candidate[] {
  const groups = new Map<string, Candidate[]>();
  const allowed = candidates.filter((c) => lines[c.path]?.includes(c.line) ?? true);
  for (const c of allowed) {
    const key = `${c.path}\n${c.inside}`;
    groups.set(key, [...(groups.get(key) ?? []), c]);
  }
  const worth = (a: Candidate, b: Candidate) => a.rank - b.rank || tieOf(a, seed) - tieOf(b, seed);
  const queues = [...groups].map(([key, group]): Queue => {
    return { weight: Math.max(2, group[0]?.size ?? 2), left: group.sort(worth), tie: hash(seed, key), taken: 0 };
  });
  const had = new Map<string, number>();
  const out: Candidate[] = [];
  while (out.length < allowed.length) {
    const open = queues.filter((q) => q.left.length > 0);
    const first = open.reduce((a, b) => (turn(b) < turn(a) || (turn(b) === turn(a) && b.tie < a.tie) ? b : a));
    first.taken += 1;
    out.push(take(first.left, had, out.length));
  }
  return out;
}

const turn = (queue: Queue): number => (queue.taken + 1) / queue.weight;

/** Takes the best; an operator that was had often, or twice in one function, and a line that was had, count against a candidate. */
function take(left: Candidate[], had: Map<string, number>, total: number): Candidate {
  const keys = (c: Candidate) => [c.operator, `${c.path} ${c.inside} ${c.operator}`, `${c.path} ${c.line}`];
  const cost = (c: Candidate) => {
    const [everywhere = 0, inFunction = 0, onLine = 0] = keys(c).map((k) => had.get(k) ?? 0);
    return c.rank + 2 * inFunction + 2 * onLine + (6 * everywhere) / (total + 1);
  };
  const costs = left.map(cost);
  const [chosen] = left.splice(costs.indexOf(Math.min(...costs)), 1);
  if (chosen === undefined) throw new RangeError('nothing is left to choose from');
  for (const k of keys(chosen)) had.set(k, (had.get(k) ?? 0) + 1);
  return chosen;
}

function tieOf(c: Candidate, seed: number): number {
  return hash(seed, `${c.path} ${c.start} ${c.operator} ${c.replacement}`);
}

/** FNV-1a over a seed and a text, 32 bits. */
function hash(seed: number, text: string): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return h;
}

/** The candidate as a mutant of the file's text. */
export function toMutant(candidate: Candidate, text: string): Mutant {
  const { path, line, inside, operator, behaviour, start, end, replacement } = candidate;
  return { path, line, inside, operator, behaviour, text: text.slice(0, start) + replacement + text.slice(end) };
}
