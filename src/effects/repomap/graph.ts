// Who uses whom: imports and names in code, and where the weight of a walk over them gathers.
import type { Resolve } from './imports.ts';
import { definedIn, eachName, importsIn, type RecordView } from './record.ts';

/** Edges of a tree, file by file: those of file `i` are `to[from[i]]` up to `to[from[i + 1]]`, with `weight` beside. */
export interface Graph {
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly weight: Float32Array;
}

/** A name that more files define tells nothing of where it comes from. */
const MAX_HOMES = 5;
/** Edges of one file that are kept, the heaviest first. */
const MAX_EDGES = 32;
const IMPORT_WEIGHT = 3;

/** Builds the edges of all files: imports, and uses of names that few files define. */
export function buildGraph(paths: readonly string[], views: readonly RecordView[], resolve: Resolve): Graph {
  const homes = homesOf(views);
  const from = new Uint32Array(paths.length + 1);
  const to: number[] = [];
  const weight: number[] = [];
  for (const [i, view] of views.entries()) {
    const edges = new Map<number, number>();
    const add = (target: number, more: number) => {
      if (target !== i) edges.set(target, (edges.get(target) ?? 0) + more);
    };
    for (const specifier of importsIn(view)) for (const target of resolve(paths[i] ?? '', specifier)) add(target, IMPORT_WEIGHT);
    eachName(view, (name, count) => {
      const targets = homes(name);
      for (const target of targets) add(target, Math.sqrt(count) / targets.length);
    });
    const kept = edges.size <= MAX_EDGES ? [...edges] : [...edges].sort((a, b) => b[1] - a[1]).slice(0, MAX_EDGES);
    for (const [target, heavy] of kept) {
      to.push(target);
      weight.push(heavy);
    }
    from[i + 1] = to.length;
  }
  return { from, to: Uint32Array.from(to), weight: Float32Array.from(weight) };
}

const FILE_BITS = 0x200000;
const NONE: readonly number[] = [];

/** Gives the files that define a name, none when they are too many. A sorted column and a table of hashes: a Map of half a million names would cost 40 MB. */
function homesOf(views: readonly RecordView[]): (name: number) => readonly number[] {
  let size = 0;
  for (const view of views) size += definedIn(view).length;
  const pairs = new Float64Array(size);
  let filled = 0;
  // 32 bits of name and 21 bits of file are exact in a double.
  for (const [i, view] of views.entries()) for (const name of definedIn(view)) pairs[filled++] = name * FILE_BITS + i;
  pairs.sort();
  const mask = 2 ** Math.ceil(Math.log2(2 * size + 2)) - 1;
  const slots = new Int32Array(mask + 1).fill(-1);
  const nameAt = (pair: number) => Math.floor((pairs[pair] ?? -1) / FILE_BITS);
  for (let pair = 0; pair < size; pair += 1) {
    if (pair > 0 && nameAt(pair - 1) === nameAt(pair)) continue;
    let slot = nameAt(pair) & mask;
    while (slots[slot] !== -1) slot = (slot + 1) & mask;
    slots[slot] = pair;
  }
  return (name) => {
    let slot = name & mask;
    for (let pair = slots[slot] ?? -1; pair !== -1; pair = slots[slot] ?? -1) {
      if (nameAt(pair) === name) return filesFrom(pairs, pair, name);
      slot = (slot + 1) & mask;
    }
    return NONE;
  };
}

/** The files of one name, whose pairs begin at `first`. */
function filesFrom(pairs: Float64Array, first: number, name: number): readonly number[] {
  const least = name * FILE_BITS;
  const found: number[] = [];
  for (let pair = first; pair < pairs.length && (pairs[pair] ?? 0) < least + FILE_BITS; pair += 1) {
    const file = (pairs[pair] ?? 0) - least;
    if (found[found.length - 1] === file) continue;
    if (found.length === MAX_HOMES) return NONE;
    found.push(file);
  }
  return found;
}

const DAMPING = 0.6;
const ROUNDS = 12;

/** Personalised PageRank by power iteration: where a walk from `start` (weights, any sum) is met, as shares of 1. */
export function walk({ from, to, weight }: Graph, start: Float64Array): Float64Array {
  const size = start.length;
  const sum = start.reduce((a, b) => a + b, 0);
  const home = sum === 0 ? start.map(() => 1 / size) : start.map((x) => x / sum);
  const out = new Float64Array(size);
  for (let i = 0; i < size; i += 1) for (let e = from[i] ?? 0; e < (from[i + 1] ?? 0); e += 1) out[i] = (out[i] ?? 0) + (weight[e] ?? 0);
  let now = home;
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = new Float64Array(size);
    let lost = 0;
    for (let i = 0; i < size; i += 1) {
      const mass = now[i] ?? 0;
      if (mass === 0) continue;
      if ((out[i] ?? 0) === 0) lost += mass;
      for (let e = from[i] ?? 0; e < (from[i + 1] ?? 0); e += 1) {
        const target = to[e] ?? 0;
        next[target] = (next[target] ?? 0) + (mass * (weight[e] ?? 0)) / (out[i] ?? 1);
      }
    }
    for (let i = 0; i < size; i += 1) next[i] = DAMPING * ((next[i] ?? 0) + lost * (home[i] ?? 0)) + (1 - DAMPING) * (home[i] ?? 0);
    now = next;
  }
  return now;
}
