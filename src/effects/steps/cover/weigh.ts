// What each steady test shows that no test did before: changes to the code that it notices, lines that it reaches.
import type { Tried } from '../../../core/admission.ts';
import { lineRanges, survivorKey } from '../../../core/cover.ts';
import type { Gauge, Survivor } from '../../../core/events.ts';
import type { TestId } from '../../../core/report.ts';
import { runSuite } from '../change/suite.ts';
import type { Weighed, Written } from './admit.ts';
import { type Bench, type Fate, limitFor, mutantsOf, mutated, tryEach } from './bench.ts';
import { sharesWith, without } from './cases.ts';
import { casesIn, textIn } from './cases-in.ts';
import { runFollowed } from './lines.ts';

export interface ToWeigh extends Written {
  readonly tried: readonly Tried[];
  readonly before: Gauge | null;
}

/** Tests whose own lines are looked at: each takes a run. */
const MOST_FOLLOWED = 12;

/** Weighs every test; one that is not steady keeps the reason that it has. */
export async function weigh(
  bench: Bench,
  given: ToWeigh,
  show: (tried: number, of: number, noticed: number) => void,
): Promise<readonly Weighed[]> {
  const { tried, before } = given;
  const steady = tried.filter((t) => t.stage === 'steady');
  const survivors = before?.survivors ?? [];
  const notices = steady.length === 0 ? new Map<TestId, number[]>() : await noticedBy(bench, given, survivors, show);
  const fresh = await newLines(
    bench,
    given,
    steady.filter((t) => !notices.get(t.id)?.length).map((t) => t.id),
  );
  return Promise.all(
    tried.map(async ({ id, path, stage, why }): Promise<Weighed> => {
      if (stage !== 'steady') return { id, path, stage, why, notices: [] };
      const own = notices.get(id) ?? [];
      const first = survivors[own[0] ?? -1];
      if (first) return { id, path, stage: 'useful', why: noticesWords(first, own.length), notices: own };
      const lines = fresh.get(id) ?? [];
      const { isUseful, reason } = byLines(lines, survivors, asserts((await textIn(path, given.texts[path] ?? '', id)) ?? ''));
      return { id, path, stage: isUseful ? 'useful' : 'steady', why: reason, notices: [] };
    }),
  );
}

function noticesWords({ inside, path, behaviour }: Survivor, count: number): string {
  const where = inside === 'module' ? path : inside;
  return `it notices ${count === 1 ? 'a change' : `${count} changes`} that no test noticed: in ${where}, ${behaviour}`;
}

function byLines(
  lines: readonly number[],
  survivors: readonly Survivor[],
  isAsserting: boolean,
): { readonly isUseful: boolean; readonly reason: string } {
  if (!isAsserting) return { isUseful: false, reason: 'it asserts nothing: it passes on every change to the code that it could notice' };
  if (lines.length === 0)
    return {
      isUseful: false,
      reason: 'it shows nothing new: it passes on every change that the existing tests let live, and reaches no line that they do not',
    };
  const blind = survivors.filter((m) => lines.includes(m.line)).length;
  if (blind > 0)
    return {
      isUseful: false,
      reason: `it reaches ${named(lines)} first, but does not notice ${blind === 1 ? 'the change that was' : `any of the ${blind} changes that were`} tried there`,
    };
  return { isUseful: true, reason: `it reaches ${named(lines)}, which no test reached` };
}

function named(lines: readonly number[]): string {
  return `${lines.length === 1 ? 'line' : 'lines'} ${lineRanges(lines)}`;
}

/** Whether a test says anything that may be wrong, as far as its text shows. */
function asserts(text: string): boolean {
  return text === '' || /assert|expect|should|\braises\b|\bthrows?\b|\.(?:to|is|equal|fail|deepEqual|ok)\b|check|verify|fail\(/i.test(text);
}

/** By test: the survivors (places in the list) on which it fails. A file that does not load at all on a change is no test's merit. */
async function noticedBy(
  bench: Bench,
  { own, tried }: ToWeigh,
  survivors: readonly Survivor[],
  show: (tried: number, of: number, noticed: number) => void,
): Promise<ReadonlyMap<TestId, number[]>> {
  const { ports, s, ground, times, signal } = bench;
  const steady = new Set(tried.filter((t) => t.stage === 'steady').map((t) => t.id));
  const keys = new Map(survivors.map((one, i) => [survivorKey(one), i]));
  const mutants = (await mutantsOf(bench)).filter((m) => keys.has(survivorKey(m)));
  const over = AbortSignal.any([signal, AbortSignal.timeout(times.mutationMs)]);
  const alone = await runSuite(ports, s, { ground, tests: own, planted: false, timeoutMs: times.testTimeoutMs, signal });
  const found = new Map<TestId, number[]>();
  const one = async (mutant: (typeof mutants)[number]): Promise<Fate> => {
    const suite = { ground: mutated(bench, mutant), tests: own, planted: false, timeoutMs: limitFor(alone.ms), signal: over };
    const { report } = await runSuite(ports, s, suite);
    const failing = report.tests.filter((t) => t.status === 'failed' && steady.has(t.id));
    for (const { id } of failing) found.set(id, [...(found.get(id) ?? []), keys.get(survivorKey(mutant)) ?? -1]);
    return failing.length > 0 ? 'killed' : 'survived';
  };
  await tryEach(mutants, over, one, (count, noticed) => show(count, mutants.length, noticed));
  return new Map([...found].map(([id, places]) => [id, places.sort((a, b) => a - b)]));
}

/** By test: lines of the code that it alone, without the other tests of its file, reaches and the existing tests do not. */
async function newLines(bench: Bench, given: ToWeigh, ids: readonly TestId[]): Promise<ReadonlyMap<TestId, readonly number[]>> {
  const { before, own, tried, texts } = given;
  const open = new Set(before?.lines?.unreached ?? []);
  const found = new Map<TestId, readonly number[]>();
  if (open.size === 0 || ids.length === 0) return found;
  const all = await linesOf(bench, own, {});
  if (!all.some((line) => open.has(line))) return found;
  for (const id of ids.slice(0, MOST_FOLLOWED)) {
    const path = id.split(' › ')[0] ?? id;
    const text = texts[path] ?? '';
    const cases = await casesIn(path, text);
    const others = [...tried.map((t) => t.id), ...given.known.ids].filter((other) => other !== id && other.startsWith(`${path} › `));
    const cut = without(text, cases, others, [id]);
    // Cases of one table reach their lines together.
    if (!sharesWith(cases, id, cut.left)) continue;
    const reached = await linesOf(bench, [path], { [path]: cut.text });
    found.set(
      id,
      reached.filter((line) => open.has(line)),
    );
  }
  return found;
}

async function linesOf(bench: Bench, tests: readonly string[], laid: Readonly<Record<string, string>>): Promise<readonly number[]> {
  const { ports, s, path, ground, times, signal } = bench;
  const on = { ...ground, tree: { ...ground.tree, ...laid } };
  const { lines } = await runFollowed(ports, s, path, { ground: on, tests, planted: false, timeoutMs: times.testTimeoutMs, signal });
  return lines?.reached ?? [];
}
