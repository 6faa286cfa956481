// The test files with the tests that are worth keeping, tried once more as they will be committed.
import type { Admitted, Gauge } from '../../../core/events.ts';
import type { Files, Tree } from '../../../core/ref.ts';
import type { TestId } from '../../../core/report.ts';
import { runSuite } from '../change/suite.ts';
import type { Weighed, Written } from './admit.ts';
import { type Bench, gaugeLines } from './bench.ts';
import { cutFrom } from './cases-in.ts';
import { runFollowed } from './lines.ts';

export interface ToKeep extends Written {
  readonly weighed: readonly Weighed[];
}

export interface Kept {
  readonly tests: readonly Admitted[];
  readonly files: Tree;
  readonly after: Gauge | null;
}

/** Takes out of each file what is not kept; where that cannot be done, or what is left does not pass, the file goes. */
export async function keepUseful(bench: Bench, given: ToKeep): Promise<Kept> {
  const { own, texts, weighed } = given;
  const files: Record<string, string> = {};
  const tests: Admitted[] = [];
  for (const path of own) {
    const mine = weighed.filter((t) => t.path === path);
    const trimmed = await trim(bench, given, path, mine);
    tests.push(...trimmed.tests);
    if (trimmed.text !== null) files[path] = trimmed.text;
  }
  const company = Object.keys(files).length === 0 ? {} : Object.fromEntries(Object.entries(texts).filter(([path]) => !own.includes(path)));
  const all: Files = { ...files, ...company };
  const refs = await Promise.all(Object.entries(all).map(async ([path, text]) => [path, await bench.ports.blobs.put(text)] as const));
  return { tests, files: Object.fromEntries(refs), after: await measured(bench, Object.keys(files), all, weighed, tests) };
}

interface Trimmed {
  readonly text: string | null;
  readonly tests: readonly Admitted[];
}

async function trim(bench: Bench, { texts, known }: ToKeep, path: string, mine: readonly Weighed[]): Promise<Trimmed> {
  const useful = mine.filter((t) => t.stage === 'useful');
  const rest = mine.filter((t) => t.stage !== 'useful' && t.id !== path);
  const none = (reason: string): Trimmed => ({
    text: null,
    tests: mine.map(({ id, stage, why }) => ({ id, path, stage, kept: false, why: stage === 'useful' ? `${reason} (${why})` : why })),
  });
  if (useful.length === 0) return none('');
  const text = texts[path] ?? '';
  const before = [...known.ids].filter((id) => id.startsWith(`${path} › `));
  const out = rest.map((t) => t.id);
  const cut = await cutFrom(path, text, out, [...useful.map((t) => t.id), ...before]);
  if (rest.some((t) => cut.left.includes(t.id) && t.stage !== 'steady'))
    return none('it cannot be told apart in its file from one that is not kept');
  const along = new Set(cut.left);
  const stay = [...useful.map((t) => t.id), ...cut.left, ...known.passed.filter((id) => before.includes(id))];
  const gone = new Set(out.filter((id) => !along.has(id)));
  if (out.length > 0 && !(await passes(bench, path, cut.text, { stay, gone })))
    return none('its file does not pass without those that are not kept');
  return {
    text: cut.text,
    tests: mine.map(({ id, stage, why }) => ({
      id,
      path,
      stage,
      kept: stage === 'useful' || along.has(id),
      why: along.has(id) ? `it stands in one statement with one that is kept; by itself, ${why}` : why,
    })),
  };
}

interface Wanted {
  readonly stay: readonly TestId[];
  readonly gone: ReadonlySet<TestId>;
}

/** Whether a file holds the tests that stay, all of which pass, and none of those that are gone. */
async function passes({ ports, s, ground, times, signal }: Bench, path: string, text: string, { stay, gone }: Wanted): Promise<boolean> {
  const on = { ...ground, tree: { ...ground.tree, [path]: text } };
  const { report } = await runSuite(ports, s, { ground: on, tests: [path], planted: true, timeoutMs: times.testTimeoutMs, signal });
  const passed = new Set(report.tests.filter((t) => t.status === 'passed').map((t) => t.id));
  const isWhole = report.broken === null && report.tampered === undefined && report.fileFailures.length === 0;
  return isWhole && stay.every((id) => passed.has(id)) && !report.tests.some((t) => gone.has(t.id));
}

/** What all tests together show of the file now. */
async function measured(
  bench: Bench,
  tests: readonly string[],
  laid: Files,
  weighed: readonly Weighed[],
  admitted: readonly Admitted[],
): Promise<Gauge | null> {
  const { ports, s, path, text, ground, times, signal } = bench;
  const before = s.cover?.find((unit) => unit.path === path)?.before ?? null;
  if (before === null || tests.length === 0) return before;
  const kept = new Set(admitted.filter((t) => t.kept).map((t) => t.id));
  const noticed = new Set(weighed.filter((t) => kept.has(t.id)).flatMap((t) => t.notices));
  const on = { ...ground, tree: { ...ground.tree, ...laid } };
  const { lines } = await runFollowed(ports, s, path, { ground: on, tests, planted: false, timeoutMs: times.testTimeoutMs, signal });
  const own = gaugeLines(text, lines);
  const open = new Set(own?.unreached ?? []);
  return {
    mutants: before.mutants,
    killed: before.killed + noticed.size,
    survivors: before.survivors.filter((_, i) => !noticed.has(i)),
    lines:
      before.lines && own ? { all: before.lines.all, unreached: before.lines.unreached.filter((line) => open.has(line)) } : before.lines,
  };
}
