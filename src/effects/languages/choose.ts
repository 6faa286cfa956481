// Which of many possible mutants are worth a test run: spread over files and functions by size, decided by a seed.
import type { Mutant } from '../../core/ports.ts';

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

/** Puts candidates in the order in which they are to be tried. The same seed and candidates give the same order. */
export function inOrderOfWorth(candidates: readonly Candidate[], seed: number): readonly Candidate[] {
  const groups = new Map<string, Candidate[]>();
  for (const c of candidates) {
    const key = `${c.path}\n${c.inside}`;
    groups.set(key, [...(groups.get(key) ?? []), c]);
  }
  const queues = [...groups].map(([key, group]) => ({
    weight: Math.max(2, group[0]?.size ?? 2),
    order: withinFunction(group, seed),
    tie: hash(seed, key),
    taken: 0,
  }));
  const out: Candidate[] = [];
  for (let left = candidates.length; left > 0; left -= 1) {
    const open = queues.filter((q) => q.taken < q.order.length);
    const first = open.reduce((a, b) => (turn(b) < turn(a) || (turn(b) === turn(a) && b.tie < a.tie) ? b : a));
    const chosen = first.order[first.taken];
    first.taken += 1;
    if (chosen) out.push(chosen);
  }
  return out;
}

const turn = (queue: { readonly taken: number; readonly weight: number }): number => (queue.taken + 1) / queue.weight;

/** The best first; another operator and another line before one that was had. */
function withinFunction(group: readonly Candidate[], seed: number): readonly Candidate[] {
  const left = [...group].sort((a, b) => a.rank - b.rank || key(a, seed) - key(b, seed));
  const had = new Map<string, number>();
  const cost = (c: Candidate) => c.rank + 2 * (had.get(c.operator) ?? 0) + 2 * (had.get(`line ${c.line}`) ?? 0);
  const out: Candidate[] = [];
  while (left.length > 0) {
    let best = 0;
    for (const [i, c] of left.entries()) if (cost(c) < cost(left[best] ?? c)) best = i;
    const [chosen] = left.splice(best, 1);
    if (!chosen) break;
    for (const k of [chosen.operator, `line ${chosen.line}`]) had.set(k, (had.get(k) ?? 0) + 1);
    out.push(chosen);
  }
  return out;
}

function key(c: Candidate, seed: number): number {
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
