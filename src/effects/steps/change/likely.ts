// The code that is likely meant: ranked, small files whole, of large ones the definitions that matter.
import { excerpt } from '../../../core/excerpt.ts';
import { looksLikeTest } from '../../../core/guard.ts';
import type { Ports } from '../../../core/ports.ts';
import type { ShownFile } from '../../../core/prompt-change.ts';
import type { MapQuery, RankedFile, RepoMap } from '../../../core/repomap.ts';
import type { State } from '../../../core/state.ts';
import { isTestFile } from '../../survey/setups.ts';
import { type Ground, reader, surveyOf } from './ground.ts';

export interface Likely {
  readonly files: readonly ShownFile[];
  /** Other places; empty where everything is shown. */
  readonly map: string;
}

interface Budget {
  /** Characters of code, and of the first file's part; each further file has so much less. */
  readonly total: number;
  readonly part: number;
  /** Files up to this size are shown whole; from the third on up to half of it. */
  readonly whole: number;
  readonly files: number;
  readonly map: number;
}

/** A small repository is searched in a moment: little is shown. */
const SMALL: Budget = { total: 5_000, part: 2_500, whole: 3_000, files: 4, map: 1_000 };
const LARGE: Budget = { total: 8_000, part: 4_000, whole: 3_500, files: 5, map: 1_200 };
const WIDE: Budget = { total: 28_000, part: 8_000, whole: 12_000, files: 14, map: 5_000 };
const SMALL_REPOSITORY = 60;
/** A file whose score is less than this part of the best one's is named and not shown. */
const WORTH = 0.25;
/** The part of a file is so much smaller than that of the one before it. */
const FADING = 0.6;

/** The likely code for a query, within a budget that the repository's size and `wide` (what was shown so far did not do) decide. */
export async function likelyCode(
  ports: Ports,
  s: State,
  ground: Ground,
  query: MapQuery,
  { wide }: { readonly wide: boolean },
): Promise<Likely> {
  const paths = s.run?.base.files ?? [];
  const budget = wide ? WIDE : paths.length <= SMALL_REPOSITORY ? SMALL : LARGE;
  const survey = await surveyOf(ports, s);
  const isCode = (path: string) => !isTestFile(survey, path) && !looksLikeTest(path);
  const map = await ports.map().catch(() => null);
  const framed = framedFiles(query, isCode);
  const ranked = map === null ? [] : await rankedBy(map, query, ground, budget.files);
  const files = await shownFiles(reader(ports, ground), joined(framed, ranked), budget);
  const whole = new Set(files.filter((f) => f.isWhole).map((f) => f.path));
  return { files, map: map === null ? '' : without(await rendered(map, query, ground, budget.map), whole) };
}

/** Code that failures name, with the lines that they name. */
function framedFiles({ frames }: MapQuery, isCode: (path: string) => boolean): readonly RankedFile[] {
  const by = Map.groupBy(
    frames.filter((f) => isCode(f.path)),
    (f) => f.path,
  );
  return [...by].map(([path, all]) => ({ path, score: Number.POSITIVE_INFINITY, lines: [...new Set(all.map((f) => f.line))] }));
}

/** A map that cannot be made is done without: the tools search. */
function rankedBy(map: RepoMap, query: MapQuery, { tree }: Ground, count: number): Promise<readonly RankedFile[]> {
  return map.rank(query, { count, overlay: tree }).catch(() => []);
}

function rendered(map: RepoMap, query: MapQuery, { tree }: Ground, characters: number): Promise<string> {
  return map.render(query, { characters, overlay: tree }).catch(() => '');
}

/** A map without the files that are shown whole: a file's part of it begins with its path, and its lines are indented. */
function without(map: string, shown: ReadonlySet<string>): string {
  let keeps = true;
  const lines = map.split('\n').filter((line) => {
    if (/^\S/.test(line)) keeps = !shown.has(line.replace(/:$/, ''));
    return keeps;
  });
  return lines.join('\n').trim();
}

function joined(framed: readonly RankedFile[], ranked: readonly RankedFile[]): readonly RankedFile[] {
  const best = ranked[0]?.score ?? 0;
  const lines = new Map(ranked.map((r) => [r.path, r.lines]));
  const first = framed.map((f) => ({ ...f, lines: [...f.lines, ...(lines.get(f.path) ?? [])] }));
  const named = new Set(framed.map((f) => f.path));
  return [...first, ...ranked.filter((r) => !named.has(r.path) && r.score >= best * WORTH)];
}

async function shownFiles(
  read: (path: string) => Promise<string | null>,
  ranked: readonly RankedFile[],
  budget: Budget,
): Promise<readonly ShownFile[]> {
  const files: ShownFile[] = [];
  let left = budget.total;
  for (const [i, { path, lines }] of ranked.slice(0, budget.files).entries()) {
    const text = left > 200 ? await read(path) : null;
    if (text === null) continue;
    const isWhole = text.length <= Math.min(i < 2 ? budget.whole : budget.whole / 2, left);
    const part = isWhole ? text : excerpt(text, lines.length > 0 ? lines : [1], Math.min(budget.part * FADING ** i, left));
    files.push({ path, text: part, isWhole });
    left -= part.length;
  }
  return files;
}
