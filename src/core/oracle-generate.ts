// Inputs for properties, from a seed. They are data that goes into a box, so a small generator of our own serves better than a library whose
// values live in the process that checks them.
import { type Generator, ORACLE_LIMITS } from './oracle.ts';
import type { Value } from './oracle-value.ts';

/** Numbers from 0 to below 1. */
export type Random = () => number;

/** The same seed and name give the same numbers (FNV-1a into mulberry32). */
export function randomOf(seed: number, name: string): Random {
  let state = hash(`${seed}:${name}`);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number from 0 to 2^32 - 1 out of a text. */
export function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Lists of arguments, small ones first, without repeats. */
export function inputsOf(given: readonly Generator[], random: Random): readonly (readonly Value[])[] {
  const made = new Map<string, readonly Value[]>();
  for (let n = 0; n < ORACLE_LIMITS.inputs * 2 && made.size < ORACLE_LIMITS.inputs; n += 1) {
    const size = Math.min(1, (n + 1) / ORACLE_LIMITS.inputs);
    const args = given.map((g) => make(g, random, size));
    made.set(JSON.stringify(args), args);
  }
  return [...made.values()];
}

function make(g: Generator, random: Random, size: number): Value {
  switch (g.kind) {
    case 'int':
      return integer(g.from, g.to, random, size);
    case 'float':
      return float(g.from, g.to, random, size);
    case 'text':
      return many(g.from, g.to, random, size, () => pick(g.alphabet, random) ?? '').join('');
    case 'list':
      return many(g.from, g.to, random, size, () => make(g.item, random, size));
    case 'oneOf':
      return pick(g.values, random) ?? null;
    case 'tuple':
      return g.items.map((item) => make(item, random, size));
    default:
      return Object.fromEntries(Object.entries(g.fields).map(([key, field]) => [key, make(field, random, size)]));
  }
}

/** Ends of the range and the smallest numbers now and then; else evenly, from a range that grows. */
function integer(from: number, to: number, random: Random, size: number): number {
  const edges = [from, to, from + 1, to - 1, 0, 1, -1].filter((n) => n >= from && n <= to);
  if (random() < 0.2) return pick(edges, random) ?? from;
  const near = Math.min(Math.max(0, from), to);
  const low = Math.ceil(near + (from - near) * size);
  const high = Math.floor(near + (to - near) * size);
  return low + Math.floor(random() * (high - low + 1));
}

/** Half of them with at most two decimals. */
function float(from: number, to: number, random: Random, size: number): number {
  if (random() < 0.1) return pick([from, to], random) ?? from;
  const near = Math.min(Math.max(0, from), to);
  const value = near + (from - near) * size + random() * (to - from) * size;
  const short = Math.round(value * 100) / 100;
  const chosen = random() < 0.5 ? short : value;
  return Math.min(to, Math.max(from, chosen)) + 0;
}

function many<T>(from: number, to: number, random: Random, size: number, one: () => T): T[] {
  return Array.from({ length: integer(from, to, random, size) }, one);
}

function pick<T>(items: readonly T[], random: Random): T | undefined {
  return items[Math.floor(random() * items.length)];
}

/** A copy in an order that the numbers decide (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const list = [...items];
  for (let i = list.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    const [a, b] = [list[i], list[j]];
    if (a !== undefined && b !== undefined) [list[i], list[j]] = [b, a];
  }
  return list;
}
