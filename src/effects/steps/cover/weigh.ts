// What each steady test shows that no test did before: changes to the code that it notices, lines that it reaches.
import type { Tried } from '../../../core/admission.ts';
import { lineRanges, survivorKey } from '../../../core/cover.ts';
import type { Gauge, Survivor } from '../../../core/events.ts';
import type { TestId, TestResult } from '../../../core/report.ts';
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
  const survivors = given.before?.survivors ?? [];
  const still = await stillCode(bench, given);
  const steady = given.tried.filter((t) => t.stage === 'steady' && !still.failing.has(t.id)).map((t) => t.id);
  const texts = await Promise.all(given.tried.map(async (t) => [t.id, await textIn(t.path, given.texts[t.path] ?? '', t.id)] as const));
  const silent = new Set(texts.filter(([, text]) => text !== null && !asserts(text)).map(([id]) => id));
  const notices = await noticedBy(bench, given, { ids: new Set(steady), silent, ms: still.ms, show });
  const unseen = steady.filter((id) => !notices.get(id)?.length && !silent.has(id));
  const fresh = await newLines(bench, given, unseen);
  return given.tried.map(({ id, path, stage, why }): Weighed => {
    if (stage !== 'steady') return { id, path, stage, why, notices: [] };
    if (still.failing.has(id))
      return { id, path, stage: 'built', why: 'it fails when nothing but a comment is added to the code', notices: [] };
    const own = notices.get(id) ?? [];
    const first = survivors[own[0] ?? -1];
    if (first) return { id, path, stage: 'useful', why: noticesWords(first, own.length), notices: own };
    const { isUseful, reason } = silent.has(id) ? SILENT : byLines(fresh.get(id) ?? [], survivors);
    return { id, path, stage: isUseful ? 'useful' : 'steady', why: reason, notices: [] };
  });
}

/** The tests that fail on code that only has one comment more: they look at its text, or are unsteady after all. */
async function stillCode({ ports, s, path, text, ground, times, signal }: Bench, { own }: ToWeigh) {
  const commented = `${text.replace(/\n?$/, '\n')}${path.endsWith('.py') ? '#' : '//'} the end\n`;
  const on = { ...ground, tree: { ...ground.tree, [path]: commented } };
  const { report, ms } = await runSuite(ports, s, { ground: on, tests: own, planted: false, timeoutMs: times.testTimeoutMs, signal });
  return { ms, failing: new Set(report.tests.filter((t) => t.status !== 'passed').map((t) => t.id)) };
}

const SILENT = { isUseful: false, reason: 'it asserts nothing: at most it notices that the code throws' };

function noticesWords({ inside, path, behaviour }: Survivor, count: number): string {
  const where = inside === 'module' ? path : inside;
  return `it notices ${count === 1 ? 'a change' : `${count} changes`} that no test noticed: in ${where}, ${behaviour}`;
}

function byLines(lines: readonly number[], survivors: readonly Survivor[]): { readonly isUseful: boolean; readonly reason: string } {
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

/** Whether a test says anything that may be wrong, as far as its text shows; names and other texts in it do not count. */
function asserts(text: string): boolean {
  const code = text.replace(/(["'`])(?:\\.|(?!\1)[^\\\n])*\1/g, '');
  return /assert|expect|should|raises|throws?\b|\.(?:to|is|equals?|same|fail|ok)\b|check|verify|ensure|must|fail\(/i.test(code);
}

interface Noticing {
  /** Tests that may have merit, and those that assert nothing. */
  readonly ids: ReadonlySet<TestId>;
  readonly silent: ReadonlySet<TestId>;
  /** How long the tests take on the code itself. */
  readonly ms: number;
  readonly show: (tried: number, of: number, noticed: number) => void;
}

/**
 * By test: the survivors (places in the list) on which it fails. A file that does not load at all on a change is no test's merit, nor is an error
 * in the code that of a test which asserts nothing.
 */
async function noticedBy(
  bench: Bench,
  { own, before }: ToWeigh,
  { ids, silent, ms, show }: Noticing,
): Promise<ReadonlyMap<TestId, number[]>> {
  const { ports, s, times, signal } = bench;
  const found = new Map<TestId, number[]>();
  const places = new Map((before?.survivors ?? []).map((one, i) => [survivorKey(one), i]));
  const mutants = ids.size === 0 ? [] : (await mutantsOf(bench)).filter((m) => places.has(survivorKey(m)));
  const over = AbortSignal.any([signal, AbortSignal.timeout(times.mutationMs)]);
  const one = async (mutant: (typeof mutants)[number]): Promise<Fate> => {
    const suite = { ground: mutated(bench, mutant), tests: own, planted: false, timeoutMs: limitFor(ms), signal: over };
    const { report } = await runSuite(ports, s, suite);
    const isSaid = (t: TestResult) => !silent.has(t.id) || t.failure?.frames[0]?.path === t.path;
    const failing = report.tests.filter((t) => t.status === 'failed' && ids.has(t.id) && isSaid(t));
    for (const { id } of failing) found.set(id, [...(found.get(id) ?? []), places.get(survivorKey(mutant)) ?? -1]);
    return failing.length > 0 ? 'killed' : 'survived';
  };
  await tryEach(mutants, over, one, (count, noticed) => show(count, mutants.length, noticed));
  return new Map([...found].map(([id, all]) => [id, all.sort((a, b) => a - b)]));
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
