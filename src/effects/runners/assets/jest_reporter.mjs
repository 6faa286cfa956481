// Writes our report from what jest says, and stops a run that says nothing any more. Loaded by jest_run.mjs and by jest, as one module.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { describe, openReport, readSettings, said } from './report.mjs';

export const settings = readSettings();
export const { treeDir, files } = settings;
const { silenceMs } = settings;
export const report = openReport(settings, 'jest');

/** Files that were started and have not ended, with the test that each is in. */
const running = new Map();
const ended = new Set();
let watch = setTimeout(stop, silenceMs);

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
    testCase(pathOf(test.path), result, report.live);
  }
  onTestFileResult(test, result) {
    alive(test, '');
    running.delete(pathOf(test.path));
    fileEnd(pathOf(test.path), result);
  }
  onRunComplete(_contexts, results) {
    clearTimeout(watch);
    if (results.runExecError) report.file('', describe(results.runExecError));
    for (const path of files) if (!ended.has(path)) report.file(path, said('', 'jest did not run this file.'));
    if (!results.wasInterrupted) report.finish();
  }
  getLastError() {}
}

function fileEnd(path, { testResults, testExecError, failureMessage }) {
  ended.add(path);
  for (const test of testResults) testCase(path, test, report.test);
  if (testExecError) report.file(path, failed(failureMessage, testExecError));
  else if (testResults.length === 0) report.file(path, said('', failureMessage || 'No test was found in this file.'));
}

function testCase(path, test, tell) {
  const [first, ...rest] = test.failureMessages.map((text) => ofText(text));
  const also = rest.slice(0, 3).map((error) => `also: ${error.message}`);
  const error = test.status === 'failed' ? { ...(first ?? said('', 'failed without an error')), detail: also.join('\n') } : null;
  const retried = test.invocations > 1 || test.retryReasons.length > 0;
  tell(path, [...test.ancestorTitles, test.title], statusOf(test), retried, error);
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

/** Notes a sign of life; without any for `silenceMs` the run is stopped. */
function alive(test, name) {
  running.set(pathOf(test.path), name);
  clearTimeout(watch);
  watch = setTimeout(stop, silenceMs);
}

/** A worker that blocks (an endless loop) or is gone cannot be interrupted by jest. */
function stop() {
  for (const path of files) {
    if (ended.has(path)) continue;
    const test = running.get(path);
    const where = test ? ` in the test ${JSON.stringify(test)}` : '';
    const why = `The file did not end and was stopped${where}: something blocks, never settles or ended its process.`;
    report.file(path, said('', test === undefined ? 'Not run: another file blocked the run.' : why));
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
