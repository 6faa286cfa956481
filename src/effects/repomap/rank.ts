// The likely files for a task: its words (BM25 over text, definitions and paths), the graph, failing frames and given tests.
import type { Frame } from '../../core/report.ts';
import { type Graph, walk } from './graph.ts';
import type { Place } from './place.ts';
import type { Query } from './query.ts';
import { countOf, definedIn, lengthOf, type RecordView } from './record.ts';
import { isAside, isTestPath } from './sources.ts';
import { hashOf, stem } from './words.ts';

/** What is ranked: the files of a tree, each with its record, and their edges. */
export interface Ranked {
  readonly paths: readonly string[];
  readonly views: readonly RecordView[];
  /** Terms of each path, by hash: folders, and the file's own name apart. */
  readonly places: readonly Place[];
  readonly graph: () => Graph;
}

export interface Hints {
  readonly frames: readonly Frame[];
  /** Files (by number) that are known to matter. */
  readonly seeds: readonly number[];
  /** What the history says of each file, from 0 to 1; empty when there is none. */
  readonly history: Float64Array;
}

/** How much each sign counts. Chosen on the histories of fastify, zod, date-fns and chokidar by `bench/context`. */
export const WEIGHTS = {
  k1: 1.4,
  b: 0.55,
  defined: 1.6,
  name: 8,
  folder: 1.6,
  exactName: 0.12,
  exactPath: 1.5,
  walk: 0.25,
  history: 0.35,
  frame: 2.5,
  seedImport: 0.6,
  seedSecond: 0.15,
  seedName: 0.6,
  aside: 0.75,
};

export type Weights = typeof WEIGHTS;

/** The score of every file, 0 when nothing speaks for it. Tests score, too. */
export function score(ranked: Ranked, query: Query, hints: Hints, weights: Weights = WEIGHTS): Float64Array {
  const { paths } = ranked;
  const text = scaled(textScores(ranked, query, weights));
  const total = Float64Array.from(text);
  exactMentions(ranked, query, total, weights);
  const start = total.map((x, i) => x * x + (hints.history[i] ?? 0) * 0.02);
  seedScores(ranked, hints.seeds, total, weights);
  if (weights.walk > 0) {
    const walked = scaled(walk(ranked.graph(), start));
    for (const [i, x] of walked.entries()) total[i] = (total[i] ?? 0) + weights.walk * Math.sqrt(x);
  }
  for (const [i, x] of hints.history.entries()) total[i] = (total[i] ?? 0) + weights.history * x;
  for (const [i, path] of paths.entries()) if (isAside(path)) total[i] = (total[i] ?? 0) * weights.aside;
  frameScores(paths, hints.frames, total, weights);
  return total;
}

function textScores({ views, places }: Ranked, query: Query, weights: Weights): Float64Array {
  const scores = new Float64Array(views.length);
  let length = 0;
  for (const view of views) length += lengthOf(view);
  const average = Math.max(1, length / Math.max(1, views.length));
  const norm = views.map((view) => 1 - weights.b + (weights.b * lengthOf(view)) / average);
  const hits = new Float64Array(views.length);
  for (const [term, weight] of query.terms) {
    let files = 0;
    for (let i = 0; i < views.length; i += 1) {
      const view = views[i];
      const place = places[i];
      if (view === undefined || place === undefined) continue;
      const count = countOf(view, term);
      const where = (place.name.includes(term) ? weights.name : 0) + (place.folders.includes(term) ? weights.folder : 0);
      hits[i] = ((count >> 8) + weights.defined * Math.min(count & 255, 4)) / (norm[i] ?? 1) + where;
      if (hits[i] !== 0) files += 1;
    }
    if (files === 0) continue;
    const idf = Math.log(1 + (views.length - files + 0.5) / (files + 0.5));
    for (let i = 0; i < views.length; i += 1) {
      const hit = hits[i] ?? 0;
      if (hit > 0) scores[i] = (scores[i] ?? 0) + (weight * idf * hit) / (hit + weights.k1);
    }
  }
  return scores;
}

function exactMentions({ paths, views }: Ranked, query: Query, total: Float64Array, weights: Weights): void {
  if (query.names.size > 0) {
    const homes = new Map<number, Set<number>>();
    for (const [i, view] of views.entries())
      for (const name of definedIn(view)) if (query.names.has(name)) homes.set(name, (homes.get(name) ?? new Set()).add(i));
    for (const files of homes.values()) for (const i of files) total[i] = (total[i] ?? 0) + weights.exactName / Math.sqrt(files.size);
  }
  for (const mention of query.paths) {
    const matching = paths.flatMap((path, i) => {
      const lower = path.toLowerCase();
      const at = lower.lastIndexOf(mention);
      const whole = at !== -1 && (at === 0 || lower[at - 1] === '/') && /^(?:$|\/|\.\w+$)/.test(lower.slice(at + mention.length));
      return whole ? [i] : [];
    });
    for (const i of matching) total[i] = (total[i] ?? 0) + weights.exactPath / Math.sqrt(matching.length);
  }
}

/** What the given files import, what those import, and what is named like them. */
function seedScores({ paths, places, graph }: Ranked, seeds: readonly number[], total: Float64Array, weights: Weights): void {
  if (seeds.length === 0) return;
  const { from, to, weight } = graph();
  const near = (files: ReadonlyMap<number, number>) => {
    const found = new Map<number, number>();
    for (const [i, share] of files) {
      let most = 0;
      for (let e = from[i] ?? 0; e < (from[i + 1] ?? 0); e += 1) most = Math.max(most, weight[e] ?? 0);
      for (let e = from[i] ?? 0; e < (from[i + 1] ?? 0); e += 1) {
        const target = to[e] ?? 0;
        found.set(target, Math.max(found.get(target) ?? 0, (share * (weight[e] ?? 0)) / most));
      }
    }
    return found;
  };
  const first = near(new Map(seeds.map((i) => [i, 1])));
  for (const [i, share] of first) total[i] = (total[i] ?? 0) + weights.seedImport * share;
  const code = new Map([...first].filter(([i]) => !isTestPath(paths[i] ?? '')));
  for (const [i, share] of near(code)) if (!first.has(i)) total[i] = (total[i] ?? 0) + weights.seedSecond * share;
  for (const [i, place] of places.entries()) {
    let alike = 0;
    for (const seed of seeds) alike = Math.max(alike, overlap(places[seed]?.name ?? [], place.name));
    if (alike > 0) total[i] = (total[i] ?? 0) + weights.seedName * alike;
  }
}

const TEST_WORDS = new Set(['test', 'spec', 'tests', 'specs', 'unit', 'e2e'].map((word) => hashOf(stem(word))));

function overlap(seed: readonly number[], own: readonly number[]): number {
  let shared = 0;
  let size = 0;
  for (const term of seed) {
    if (TEST_WORDS.has(term)) continue;
    size += 1;
    if (own.includes(term)) shared += 1;
  }
  return shared === 0 ? 0 : shared / Math.max(size, own.length);
}

function frameScores(paths: readonly string[], frames: readonly Frame[], total: Float64Array, weights: Weights): void {
  const order = [...new Set(frames.map((frame) => frame.path))];
  for (const [depth, path] of order.entries()) {
    const i = paths.indexOf(path);
    if (i !== -1) total[i] = (total[i] ?? 0) + weights.frame * 0.85 ** depth;
  }
}

function scaled(scores: Float64Array): Float64Array {
  const most = scores.reduce((a, b) => Math.max(a, b), 0);
  return most === 0 ? scores : scores.map((x) => x / most);
}
