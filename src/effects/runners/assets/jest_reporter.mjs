// Writes our report from what jest says, and stops a run that says nothing any more. Loaded by jest_run.mjs and by jest, as one module.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { createJoin } from './project.mjs';
import { describe, openReport, readSettings, said } from './report.mjs';

export const settings = readSettings();
export const { treeDir, files } = settings;
export const report = openReport(settings, 'jest');

/** Files that were started and have not ended, with the test that each is in. */
const running = new Map();
/** More than one run of a file where several projects of the configuration have it. */
const join = createJoin(report);
export const { expect } = join;
let silence = settings.silenceMs;
let watch = setTimeout(stop, silence);

/** Waits for longer, where the project's tests may take longer. */
export function allow(ms) {
  silence = ms;
}

// biome-ignore lint/style/noDefaultExport: jest takes a reporter as a module's default export.
export default class Reporter {
  onTestFileStart(test) {
    alive(test, '');
  }
  onTestCaseStart(test, { ancestorTitles, title }) {
    alive(test, [...ancestorTitles, title].join(' › '));
  }
  onTestCaseResult(test, result) {
    alive(test, '');
    const { names, status, retried, error } = testCase(result);
    report.live(pathOf(test.path), names, status, retried, error);
  }
  onTestFileResult(test, result) {
    alive(test, '');
    running.delete(pathOf(test.path));
    fileEnd(pathOf(test.path), result);
  }
  onRunComplete(_contexts, results) {
    clearTimeout(watch);
    if (results.runExecError) report.file('', describe(results.runExecError));
    for (const path of files) if (!join.done.has(path)) join.fail(path, said('', 'jest did not run this file.'));
    if (!results.wasInterrupted) report.finish();
  }
  getLastError() {}
}

function fileEnd(path, { testResults, testExecError, failureMessage }) {
  const failures = testExecError ? [failed(failureMessage, testExecError)] : [];
  if (!testExecError && testResults.length === 0) failures.push(said('', failureMessage || 'No test was found in this file.'));
  join.end(path, { tests: testResults.map(testCase), failures });
}

function testCase(test) {
  const [first, ...rest] = test.failureMessages.map((text) => ofText(text));
  const also = rest.slice(0, 3).map((error) => `also: ${error.message}`);
  const error = test.status === 'failed' ? { ...(first ?? said('', 'failed without an error')), detail: also.join('\n') } : null;
  const retried = test.invocations > 1 || test.retryReasons?.length > 0;
  return { names: [...test.ancestorTitles, test.title], status: statusOf(test), retried, error };
}

/** A test that is expected to fail counts as one that is still to be done. */
function statusOf({ status, failing }) {
  if (status === 'todo' || (failing && status === 'passed')) return 'todo';
  return status === 'passed' || status === 'failed' ? status : 'skipped';
}

/** Jest gives an error as one text: name, message and stack. */
function ofText(text) {
  const at = text.search(/\n\s+at \S/);
  return at < 0 ? said('', text) : said('', text.slice(0, at), text.slice(at + 1));
}

/** Jest's own text has a code frame that is not for us; its error's text has none, but says less when the file cannot be parsed. */
function failed(text, error) {
  return error.stack ? ofText(String(error.stack)) : said('', String(error.message ?? text));
}

/** Notes a sign of life; without any for so long the run is stopped. */
function alive(test, name) {
  running.set(pathOf(test.path), name);
  clearTimeout(watch);
  watch = setTimeout(stop, silence);
}

/** A worker that blocks (an endless loop) or is gone cannot be interrupted by jest. */
function stop() {
  for (const path of files) {
    if (join.done.has(path)) continue;
    const test = running.get(path);
    const where = test ? ` in the test ${JSON.stringify(test)}` : '';
    const why = `The file did not end and was stopped${where}: something blocks, never settles or ended its process.`;
    join.fail(path, said('', test === undefined ? 'Not run: another file blocked the run.' : why));
  }
  report.finish();
  for (const pid of children()) process.kill(pid, 'SIGKILL');
  process.exit(1);
}

function children() {
  try {
    return readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

export function pathOf(absolute) {
  return relative(treeDir, absolute).replaceAll('\\', '/');
}
