// Runs test files with node:test and writes our report. Runs inside the box: node node_test.mjs '{"treeDir", "reportPath", "files", "testMs", "silenceMs"}'
// Each file has a process of its own (node:test's isolation); the report is written here, never by a test's process.
import { relative } from 'node:path';
import { run } from 'node:test';
import { cut, describe, openReport, said } from './report.mjs';

const { treeDir, reportPath, files, testMs, silenceMs } = JSON.parse(process.argv[2]);
process.chdir(treeDir);
const report = openReport(reportPath, 'node:test');
const queue = [...files];
await Promise.all([worker(), worker()]);
report.finish();

async function worker() {
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) await runFile(path);
}

async function runFile(path) {
  const file = { path, names: [], enqueued: 0, open: new Set(), reported: 0, summary: null, stderr: '', failures: [], ended: null };
  const stop = new AbortController();
  let watch = setTimeout(() => stop.abort(), silenceMs);
  for await (const event of run({ files: [path], concurrency: 1, timeout: testMs, signal: stop.signal })) {
    clearTimeout(watch);
    watch = setTimeout(() => stop.abort(), silenceMs);
    take(file, event, stop.signal.aborted);
  }
  clearTimeout(watch);
  close(file);
}

function take(file, { type, data }, aborted) {
  if (type === 'test:stderr') file.stderr = cut(file.stderr + data.message, 6000);
  else if (type === 'test:summary' && data.file !== undefined) file.summary = data.counts;
  else if (type === 'test:diagnostic') diagnostic(file, data);
  else if (isFile(file, data)) fileEvent(file, type, data, aborted);
  else if (type === 'test:enqueue') file.open.add(data.name);
  else if (type === 'test:start') file.names[data.nesting] = data.name;
  else if (type === 'test:pass' || type === 'test:fail') finished(file, type, data);
}

/** node:test reports the file itself as a test: when it did not load, ended badly, or has no tests. */
function isFile(file, data) {
  return (
    data.nesting === 0 &&
    data.name !== undefined &&
    relative(process.cwd(), data.name.startsWith('/') ? data.name : `${process.cwd()}/${data.name}`) === file.path
  );
}

function fileEvent(file, type, data, aborted) {
  const { error } = data.details ?? {};
  if (type !== 'test:fail' || error?.failureType === 'subtestsFailed') return;
  if (aborted) return fail(file, said('', stuck(file)));
  const end = error?.signal ? `ended by ${error.signal}` : `ended with exit code ${error?.exitCode ?? 'unknown'}`;
  const when = file.reported === 0 ? 'before any test was reported' : `although ${file.reported} tests had been reported`;
  file.ended = said('', `The process of this test file ${end}, ${when}.`, file.stderr, file.stderr);
}

function stuck(file) {
  const waiting = [...file.open].slice(0, 5).map((name) => JSON.stringify(name));
  if (waiting.length > 0)
    return `The file did not end and was stopped; not finished: ${waiting.join(', ')}. A test blocks or never settles.`;
  if (file.reported > 0)
    return 'The tests ended but the process did not, and was stopped: something is left open (a server, a timer, a socket, a child process).';
  return 'The file did not end and was stopped before any test was reported: it blocks while it loads, or in its first test.';
}

function finished(file, type, data) {
  file.open.delete(data.name);
  const { error, type: kind } = data.details ?? {};
  const names = [...file.names.slice(0, data.nesting), data.name];
  if (kind === 'suite') {
    if (type === 'test:fail' && error?.failureType !== 'subtestsFailed' && !todo(data))
      fail(file, describe(error?.cause ?? error, `in the suite ${names.join(' › ')}`));
    return;
  }
  file.reported++;
  const status = todo(data) ? 'todo' : skipped(data) ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed';
  report.test(file.path, names, status, false, status === 'failed' ? reason(error) : null);
}

function reason(error) {
  const cause = error?.cause;
  return cause !== null && typeof cause === 'object' ? describe(cause) : said('', String(cause ?? error?.message ?? error));
}

/** `skip` and `todo` are true, or the reason as a text (which may be empty). */
function skipped(data) {
  return data.skip !== undefined && data.skip !== false;
}

function todo(data) {
  return data.todo !== undefined && data.todo !== false;
}

/** An error that came after its test had ended is only a remark for node:test; for us it is a failure. */
function diagnostic(file, data) {
  if (/asynchronous activity after the test ended/.test(data.message ?? '')) fail(file, said('', data.message));
}

function fail(file, error) {
  file.failures.push(error);
}

/** A process that ends itself with code 0 looks like success: compare what was to come with what came. */
function close(file) {
  if (file.failures.length === 0) fail(file, file.ended ?? unfinished(file));
  for (const error of file.failures) if (error !== null) report.file(file.path, error);
}

function unfinished({ reported, summary, stderr }) {
  if (reported === 0)
    return said(
      '',
      'No test was reported: the file holds no tests, or its process ended itself (process.exit) before they ran.',
      '',
      stderr,
    );
  if (summary === null)
    return said('', `The process ended itself (process.exit?) after ${reported} reported tests, before node:test was done.`);
  return summary.tests === reported ? null : said('', `node:test counted ${summary.tests} tests but reported ${reported}.`);
}
