// Runs test files with node:test and writes our report. Runs inside the box: node node_test.mjs < settings
// Each file has a process of its own; its results come through a socket from node_test_child.mjs, never from its output.
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from './frames.mjs';
import { folderOf } from './project.mjs';
import { openReport, readSettings, said } from './report.mjs';

const settings = readSettings();
const { treeDir, files, seed, testMs, silenceMs, jobs, project } = settings;
const folder = folderOf(settings);
process.chdir(folder);
const child = fileURLToPath(new URL('./node_test_child.mjs', import.meta.url));
// What a project requires would be loaded before what we import, and it is not to find the channel.
const load = project === null ? '--import' : '--require';
const ours = [
  `${load}=${child}`,
  `--test-reporter=${child}`,
  `--test-timeout=${testMs}`,
  ...(seed === null ? [] : [`--test-random-seed=${seed}`]),
];
const flags = [...ours, ...(project?.flags ?? [])];
const report = openReport(settings, 'node:test');
const queue = [...files];
await Promise.all(Array.from({ length: jobs }, worker));
report.finish();

async function worker() {
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) await runFile(path);
}

async function runFile(path) {
  const file = { path, names: [], open: new Set(), reported: 0, counted: null, failures: [] };
  const end = await runChild([...flags, relative(folder, join(treeDir, path))], {
    hello: { ours: ours.length },
    silence: () => silenceMs,
    onFrame: (event) => take(file, event),
    onStray: () => fail(file, said('', 'Something other than the runner wrote into the channel of its results.')),
  });
  close(file, end);
}

function take(file, event) {
  if (event.type === 'test:summary') file.counted = event.tests;
  else if (event.type === 'test:diagnostic') diagnostic(file, event);
  else if (event.type === 'test:enqueue') file.open.add(event.name);
  else if (event.type === 'test:start') file.names[event.nesting] = event.name;
  else finished(file, event);
}

function finished(file, event) {
  file.open.delete(event.name);
  const names = [...file.names.slice(0, event.nesting), event.name];
  if (event.kind === 'suite') {
    if (event.type === 'test:fail' && event.failure !== 'subtestsFailed' && !isSet(event.todo))
      fail(file, { ...event.error, detail: `in the suite ${names.join(' › ')}\n${event.error.detail}` });
    return;
  }
  file.reported++;
  const status = isSet(event.todo) ? 'todo' : isSet(event.skip) ? 'skipped' : event.type === 'test:pass' ? 'passed' : 'failed';
  report.test(file.path, names, status, false, status === 'failed' ? event.error : null);
}

/** `skip` and `todo` are true, or the reason as a text (which may be empty). */
function isSet(directive) {
  return directive !== undefined && directive !== false;
}

/** An error that came after its test had ended is only a remark for node:test; for us it is a failure. */
function diagnostic(file, { message }) {
  if (/asynchronous activity after the test ended/.test(message)) fail(file, said('', message));
}

function fail(file, error) {
  file.failures.push(error);
}

/** A process that ends itself with code 0 looks like success: compare what was to come with what came. */
function close(file, { code, signal, stopped, stderr }) {
  if (file.failures.length === 0) {
    const how = signal === null ? `exit code ${code}` : signal;
    const error = stopped ? said('', stuck(file)) : unfinished(file, stderr, how, signal !== null);
    if (error !== null) fail(file, error);
  }
  for (const error of file.failures) report.file(file.path, error);
}

function stuck(file) {
  const waiting = [...file.open].slice(0, 5).map((name) => JSON.stringify(name));
  if (waiting.length > 0)
    return `The file did not end and was stopped; not finished: ${waiting.join(', ')}. A test blocks or never settles.`;
  if (file.reported > 0)
    return 'The tests ended but the process did not, and was stopped: something is left open (a server, a timer, a socket, a child process).';
  return 'The file did not end and was stopped before any test was reported: it blocks while it loads, or in its first test.';
}

/** What is wrong with how a file's process ended. The exit code says nothing once node:test has counted its tests. */
function unfinished({ reported, counted }, stderr, how, isSignal) {
  const when = reported === 0 ? 'before any test was reported' : `although ${reported} tests had been reported`;
  if (isSignal || (counted === null && how !== 'exit code 0'))
    return said('', `The process of this test file ended with ${how}, ${when}.`, stderr, stderr);
  if (reported === 0)
    return said(
      '',
      'No test was reported: the file holds no tests, or its process ended itself (process.exit) before they ran.',
      '',
      stderr,
    );
  if (counted === null)
    return said('', `The process ended itself (process.exit?) after ${reported} reported tests, before node:test was done.`);
  return counted === reported ? null : said('', `node:test counted ${counted} tests but reported ${reported}.`);
}
