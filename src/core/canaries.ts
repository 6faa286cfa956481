// Canaries: tests of ours that stand in every test file of a run, some of which must pass and some must fail. What makes failing
// tests pass, or lets only known names pass, shows in them.
import { gist } from './gist.ts';
import type { Planted } from './ports-runner.ts';
import type { TestId, TestReport, TestResult } from './report.ts';

type FileFailure = TestReport['fileFailures'][number];

/** Results of our tests, by id; more than one where the whole file has a parameter. */
type Ours = ReadonlyMap<TestId, readonly TestResult[]>;

/**
 * Takes our tests out of a report and says in `tampered` when one of them is wrong: one that must fail passed (or failed of
 * something else), one that must pass failed while others passed, one is missing from a file that was run to its end, or came twice.
 * A file in which all tests are filtered out or skipped, ours among them, or that holds none but ours, has failed: no fraud, but no pass.
 *
 * @param planted what was planted, by the path of the test file; only files that were to be run
 */
export function checkCanaries(report: TestReport, planted: Readonly<Record<string, Planted>>): TestReport {
  const isOurs = ownTests(planted);
  const tests = report.tests.filter((t) => !isOurs(t.id));
  const ours = Map.groupBy(
    report.tests.filter((t) => isOurs(t.id)),
    (t) => plain(t.id),
  );
  const failures: FileFailure[] = [];
  let tampered: string | null = null;
  for (const [path, file] of Object.entries(planted)) {
    const others = tests.filter((t) => t.path === path);
    tampered ??= wrongOf(path, file, ours, others);
    if (!isWhole(report, path)) continue;
    if (idsOf(file).some((id) => ours.get(id)?.some(isLate))) failures.push(failure(path, LATE));
    const found = idsOf(file).flatMap((id) => ours.get(id) ?? [null]);
    if (found.includes(null)) tampered ??= `${path}: a test of ours is missing from the report`;
    else if (found.some((t) => t?.status === 'skipped' || t?.status === 'todo')) failures.push(failure(path, UNRUN));
    else if (others.length === 0) failures.push(failure(path, 'No test was found in this file.'));
  }
  const cleaned = { ...report, tests, fileFailures: [...report.fileFailures, ...failures] };
  return tampered === null ? cleaned : { ...cleaned, tampered };
}

/** Says of an id whether it is that of a test of ours. */
export function ownTests(planted: Readonly<Record<string, Planted>>): (id: TestId) => boolean {
  const ids = new Set(Object.values(planted).flatMap(idsOf));
  return (id) => ids.has(plain(id));
}

const UNRUN = 'The tests of this file were skipped or filtered out as a whole (only, skip, a mark of the module): every test must run.';

const LATE = 'A test that does nothing did not end in time: the machine was too busy, or something in this file blocks.';

/** What the runners say of a test that took too long. */
function isLate(test: TestResult): boolean {
  return test.status === 'failed' && /did not end within|timed out (?:after|in)|Exceeded timeout of/.test(test.failure?.message ?? '');
}

function failure(path: string, message: string): FileFailure {
  return { path, failure: { message, frames: [], outside: true } };
}

function idsOf(file: Planted): TestId[] {
  return [...file.pass, ...Object.keys(file.fail)];
}

/** An id without its ordinal, and without the parameter that pytest gives to every test of a file. */
function plain(id: TestId): TestId {
  return id.replace(/ #\d+$/, '').replace(/\[[^[]*\]$/, '');
}

/** A file that failed outside its tests, or a run that was cut off, may lack some of ours. */
function isWhole(report: TestReport, path: string): boolean {
  return report.broken === null && report.finished && !report.fileFailures.some((f) => f.path === path || f.path === '');
}

/** What our tests in one file show to be wrong, or null. */
function wrongOf(path: string, file: Planted, ours: Ours, others: readonly TestResult[]): string | null {
  const mine = idsOf(file).flatMap((id) => ours.get(id) ?? []);
  if (mine.some((t) => / #\d+$/.test(t.id))) return `${path}: a test of ours is reported twice`;
  for (const [id, kind] of Object.entries(file.fail))
    if (ours.get(id)?.some((t) => t.status === 'passed')) return `${path}: a test of ours that must fail (${kind}) passed`;
  const lost = file.pass.flatMap((id) => ours.get(id) ?? []).find((t) => t.status === 'failed' && !isLate(t));
  // Where everything fails (a hook of the whole file does), ours may too.
  if (lost !== undefined) return others.some((t) => t.status === 'passed') ? `${path}: ${LOST}: ${gistOf(lost)}` : null;
  for (const [id, kind] of Object.entries(file.fail)) {
    const name = id.split(' › ').at(-1) ?? id;
    const other = ours.get(id)?.find((t) => t.status === 'failed' && !t.failure?.message.includes(name) && !isLate(t));
    if (other !== undefined) return `${path}: a test of ours (${kind}) failed of something else: ${gistOf(other)}`;
  }
  return null;
}

const LOST = 'a trivial test of ours failed while others passed (or a hook of the file fails a test that does nothing)';

function gistOf(test: TestResult): string {
  return gist(test.failure?.message ?? '');
}
