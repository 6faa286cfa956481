// The tests of a run: all of them, failing first, then a page for each failing one, then what they printed.
import type { TestLine } from '../../core/events.ts';
import { isVacuous } from '../../core/redproof.ts';
import { GONE } from '../../core/ref.ts';
import type { Failure, TestReport } from '../../core/report.ts';
import type { State } from '../../core/state.ts';
import type { Meeting } from '../surface.ts';
import { plural } from '../words.ts';
import { failureLines, type TextOf } from './failure.ts';
import { sourcesNow } from './files.ts';
import { EMPTY, type Page, prose, type Styled, safe, safeLines, span, styled } from './styled.ts';
import type { DiffWords } from './words-diff.ts';

/** What a run's tests look like at a moment. */
type Status = TestLine['status'] | 'red' | 'proves nothing' | 'not run';

interface Shown {
  readonly id: string;
  readonly status: Status;
  readonly why: string;
}

/** The pages of the tests, as the last test run left them; before the first one, as the red proof did. */
export async function testsView(run: Pick<Meeting, 'read' | 'base'>, state: State): Promise<readonly Page[]> {
  const report = state.last === null ? null : await readReport(run, state.last.report);
  const { diffWordsWithSpace } = await import('diff');
  const tests = shownTests(state);
  const failing = report === null ? [] : await failingPages(report, run, state, diffWordsWithSpace);
  return [{ title: 'all', lines: listLines(tests, state, failing.length) }, ...failing, ...outputPage(report)];
}

interface StoredReport extends TestReport {
  /** Left out where the tests ran on the code as it is. */
  readonly output?: string;
}

async function readReport(run: Pick<Meeting, 'read'>, ref: string): Promise<StoredReport> {
  return JSON.parse(await run.read(ref)) as StoredReport;
}

const ORDER: Readonly<Record<Status, number>> = { failed: 0, red: 1, 'not run': 2, 'proves nothing': 3, todo: 4, skipped: 5, passed: 6 };

/** Every test that is known, failing ones first; within that as the runner reported them. */
function shownTests(state: State): readonly Shown[] {
  const last = (state.last?.tests ?? []).map(
    (one): Shown => (isOnBase(state) && one.status === 'failed' ? { ...one, status: 'red' } : one),
  );
  const known = new Set(last.map((one) => one.id));
  const proven = state.red.tests.filter((one) => !known.has(one.id));
  const before = proven.map((one): Shown => {
    const status = last.length > 0 ? 'not run' : isVacuous(one) ? 'proves nothing' : 'red';
    return { id: one.id, status, why: '' };
  });
  return [...last, ...before].sort((a, b) => ORDER[a.status] - ORDER[b.status]);
}

/** What is known of the tests of a change is what they do on the code as it is. */
function isOnBase({ change, round }: State): boolean {
  return change !== null && round === 0;
}

function listLines(tests: readonly Shown[], state: State, failing: number): readonly Styled[] {
  if (tests.length === 0)
    return [styled(span('No test is known yet: they are written first, and proven to fail without the code.', 'quiet'))];
  const diagnostics = state.last?.diagnostics ?? [];
  return [
    prose(2, ...counts(tests), span(state.last === null ? '' : `  ${roundText(state)}`, 'quiet')),
    ...(failing === 0
      ? []
      : [prose(2, span(`What each failure says is on the next pages (Tab or ]); & shows only the tests that hold some text.`, 'quiet'))]),
    ...diagnostics.map((one) => prose(4, span('  check   ', 'warn'), span(`${safe(one.path)}:${one.line} ${safe(one.message)}`))),
    ...beforeLines(state),
    ...[...Map.groupBy(tests, groupOf)].flatMap(([path, group]) => [EMPTY, styled(span(safe(path), 'cyan')), ...group.map(testLine)]),
  ];
}

/** Failing tests stand together whatever file they are in; the others under their file. */
function groupOf({ id, status }: Shown): string {
  return status === 'failed' ? 'failing' : (id.split(' › ')[0] ?? id);
}

/** The repository's own tests, of which only those that fail are listed. */
function beforeLines({ change }: State): readonly Styled[] {
  if (change === null || change.baseline === null) return [];
  return [
    prose(
      2,
      span(`${plural(change.baseline.passed, 'test')} of the repository passed before; those that fail now are in this list.`, 'quiet'),
    ),
    ...change.unsteady.map((id) => prose(4, span('  unsteady, counts no more  ', 'warn'), span(safe(id)))),
    ...change.amended.map(({ path, why }) => prose(4, span('  amended  ', 'warn'), span(`${safe(path)}: ${safe(why)}`))),
  ];
}

function roundText(state: State): string {
  const { round, last } = state;
  if (isOnBase(state)) return 'on the code as it is';
  return `after round ${round}: ${last?.verdict.kind ?? ''}, ${safe(last?.verdict.reason ?? '')}`;
}

function counts(tests: readonly Shown[]) {
  const groups = [...Map.groupBy(tests, (one) => one.status)];
  return groups.flatMap(([status, group], i) => [
    span(i === 0 ? '' : ' · '),
    span(`${group.length} ${WORDS[status]}`, TONES[status], true),
  ]);
}

const WORDS: Readonly<Record<Status, string>> = {
  failed: 'failed',
  red: 'red, as it must be',
  'not run': 'not run',
  'proves nothing': 'without proof',
  todo: 'to do',
  skipped: 'skipped',
  passed: 'passed',
};

const TONES: Readonly<Record<Status, 'good' | 'bad' | 'warn' | 'quiet' | 'plain'>> = {
  failed: 'bad',
  red: 'bad',
  'not run': 'warn',
  'proves nothing': 'warn',
  todo: 'quiet',
  skipped: 'quiet',
  passed: 'good',
};

const MARKS: Readonly<Record<Status, string>> = {
  failed: '✗ failed  ',
  red: '○ red     ',
  'not run': '? not run ',
  'proves nothing': '! no proof',
  todo: '- to do   ',
  skipped: '- skipped ',
  passed: '✓ passed  ',
};

function testLine({ id, status, why }: Shown): Styled {
  const [path = '', ...names] = id.split(' › ');
  const name = status === 'failed' || names.length === 0 ? [path, ...names] : names;
  const reason = why === '' ? [] : [span(`  ${safe(why)}`, 'quiet')];
  return prose(13, span(`  ${MARKS[status]} `, TONES[status]), span(name.map(safe).join(' › ')), ...reason);
}

async function failingPages(
  report: TestReport,
  run: Pick<Meeting, 'read' | 'base'>,
  state: State,
  diffWords: DiffWords,
): Promise<readonly Page[]> {
  const failures = [
    ...report.fileFailures.map(({ path, failure }) => ({ name: path, failure })),
    ...report.tests.flatMap(({ id, failure }) => (failure === null ? [] : [{ name: id, failure }])),
  ];
  const textOf = testedTexts(run, state);
  return Promise.all(failures.map((one) => failurePage(one.name, one.failure, textOf, diffWords)));
}

async function failurePage(name: string, failure: Failure, textOf: TextOf, diffWords: DiffWords): Promise<Page> {
  const lines = await failureLines(failure, textOf, diffWords);
  return { title: safe(name), lines: [prose(2, span(safe(name), 'strong')), EMPTY, ...lines] };
}

/** Texts as the last test run saw them: a repair may have changed the sources since. */
function testedTexts(run: Pick<Meeting, 'read' | 'base'>, state: State): TextOf {
  const sources = state.conversation?.start ?? sourcesNow(state);
  const known = new Map<string, Promise<string | null>>();
  return (path) => {
    const ref = state.tests[path]?.blob ?? state.installs.files[path] ?? sources[path] ?? state.run?.kept[path];
    const text = known.get(path) ?? (ref === undefined ? run.base(path) : ref === GONE ? Promise.resolve(null) : run.read(ref));
    known.set(path, text);
    return text;
  };
}

function outputPage(report: StoredReport | null): readonly Page[] {
  const output = report?.output?.trim() ?? '';
  const broken = report?.broken ?? null;
  if (output === '' && broken === null) return [];
  const lines = safeLines(output).map((line) => styled(span(line)));
  const why = broken === null ? [] : [prose(2, span(safe(broken.message), 'warn')), EMPTY];
  const head = `What the test run printed, all of it together: ${plural(lines.length, 'line')}`;
  return [{ title: 'printed', lines: [...why, styled(span(head, 'quiet')), EMPTY, ...lines] }];
}
