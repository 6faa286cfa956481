// The tests from red to green: counts over the rounds, and each test in each round.
import type { TestStatus } from '../../core/report.ts';
import type { State } from '../../core/state.ts';
import { plural, time } from '../words.ts';
import { type Html, h } from './html.ts';
import type { Material } from './material.ts';
import { figures, fold, markOf, section } from './parts.ts';
import type { Column, Row } from './story-rounds.ts';

/** A matrix of at most so many tests is shown whole; else the tests that ever failed with the code. */
const SMALL = 60;
const MOST_ROWS = 200;
const MOST_COLUMNS = 30;

/** What the chart of the tests draws: one bar a test run. */
export interface TestsData {
  readonly labels: readonly string[];
  readonly passed: readonly number[];
  readonly failed: readonly number[];
  readonly other: readonly number[];
}

export function testsData({ story }: Material): TestsData | null {
  const { columns } = story.rounds;
  if (columns.length === 0) return null;
  return {
    labels: columns.map(nameOf),
    passed: columns.map((c) => c.passed),
    failed: columns.map((c) => c.failed),
    other: columns.map((c) => c.other),
  };
}

export function nameOf(column: Column): string {
  if (column.kind === 'stubs') return 'no code';
  if (column.kind === 'base') return 'before';
  return column.kind === 'round' ? `round ${column.round}` : 'proof';
}

export function tests(m: Material): Html {
  const { columns, rows, dropped } = m.story.rounds;
  if (columns.length === 0) return section('tests', 'Tests', h`<p>No test was run.</p>`);
  return section(
    'tests',
    'Tests',
    h`<p class="lead">${leadOf(columns, m.state)}</p>
<figure class="chart" data-chart="tests"><div class="canvas" role="img" aria-label="Bars: passed and failed tests in each test run; the numbers are in the table below" hidden></div>
${figures('The numbers', countTable(columns))}</figure>
${dropped > 0 && h`<p class="note">${plural(dropped, 'test run')} in the middle not shown.</p>`}
${matrix(columns, rows)}`,
  );
}

function leadOf(columns: readonly Column[], { red: { baseline: base }, change }: State): string {
  const stubs = columns.find((c) => c.kind === 'stubs');
  const rounds = columns.filter((c) => c.kind === 'round' && c.passed + c.failed + c.other > 0);
  const last = columns.at(-1);
  const before = columns.find((c) => c.kind === 'base');
  const draft = change === null ? 'At the first draft' : 'In the first round';
  const said = [
    ...(stubs ? [`Without the code ${stubs.failed} of ${plural(stubs.failed + stubs.passed, 'test')} failed, as they must.`] : []),
    ...(before ? [`${before.verdict?.reason ?? ''}.`] : []),
    ...(base.length > 0 && !before
      ? [`On the base as it was ${base.filter((t) => t.status === 'passed').length} of ${base.length} passed.`]
      : []),
    ...(rounds[0] ? [`${draft} ${rounds[0].passed} of ${rounds[0].passed + rounds[0].failed + rounds[0].other} passed.`] : []),
    ...(change?.baseline ? [`Of the repository’s own, ${plural(change.baseline.passed, 'test')} passed before.`] : []),
    ...(last && last.kind !== 'stubs' && last.kind !== 'base' ? [`The last run (${nameOf(last)}): ${last.verdict?.reason ?? ''}.`] : []),
  ];
  return said.join(' ');
}

function countTable(columns: readonly Column[]): Html {
  return h`<div class="scroll"><table><caption>Tests in each run</caption><thead><tr><th scope="col">run</th><th scope="col">verdict</th><th scope="col">passed</th><th scope="col">failed</th><th scope="col">other</th><th scope="col">took</th><th scope="col">reason</th></tr></thead><tbody>
${columns.map(
  (c) =>
    h`<tr><th scope="row">${nameOf(c)}</th><td>${verdictOf(c)}</td><td class="n">${c.passed}</td><td class="n">${c.failed}</td><td class="n">${c.other}</td><td class="n">${c.ms > 0 && time(c.ms)}</td><td>${c.verdict?.reason ?? 'before any code'}${c.takenBack && ' (these edits were taken back)'}${c.unsteady.length > 0 && ` · unsteady, and counts no more: ${c.unsteady.slice(0, 20).join(', ')}`}</td></tr>\n`,
)}</tbody></table></div>`;
}

function verdictOf({ verdict }: Column): Html {
  if (verdict === null) return h`<span class="bad">red</span>`;
  return h`<span class="${verdict.kind === 'green' ? 'good' : verdict.kind === 'red' ? 'bad' : 'warn'}">${verdict.kind}</span>`;
}

function matrix(columns: readonly Column[], rows: readonly Row[]): Html {
  const withCode = columns.flatMap((c, i) => (c.kind === 'stubs' || c.kind === 'base' ? [] : [i]));
  const failed = (row: Row) => withCode.some((i) => row.marks[i] !== 'passed' && row.marks[i] !== null);
  const chosen = rows.length <= SMALL ? rows : rows.filter(failed);
  const shown = chosen.slice(0, MOST_ROWS);
  const first = Math.max(0, columns.length - MOST_COLUMNS);
  if (rows.length === 0) return h``;
  const title =
    rows.length <= SMALL
      ? `Every test in every run (${rows.length})`
      : `Tests that ever failed with the code (${chosen.length} of ${rows.length})`;
  if (shown.length === 0) return h`<p class="note">None of the ${rows.length} tests ever failed with the code.</p>`;
  return fold(
    title,
    h`<div class="scroll"><table class="matrix"><caption>✓ passed, ✗ failed, – skipped, · not there${first > 0 && `; the last ${MOST_COLUMNS} runs`}</caption>
<thead><tr><th scope="col">test</th>${columns.slice(first).map((c) => h`<th scope="col">${nameOf(c)}</th>`)}</tr></thead><tbody>
${shown.map((row) => h`<tr><th scope="row">${row.id}</th>${row.marks.slice(first).map((mark: TestStatus | null) => h`<td>${markOf(mark)}</td>`)}</tr>\n`)}</tbody></table></div>
${shown.length < chosen.length && h`<p class="note">${plural(chosen.length - shown.length, 'more test')}.</p>`}`,
    { open: rows.length <= SMALL && columns.length > 1 && rows.some(failed) },
  );
}
