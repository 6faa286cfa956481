// Runs test files with node:test and writes our report. Runs inside the box: node node_test.mjs < settings
// Each file has a process of its own; its results come through a socket from node_test_child.mjs, never from its output.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { cut, openReport, readSettings, said } from './report.mjs';

const settings = readSettings();
const { treeDir, files, seed, testMs, silenceMs } = settings;
process.chdir(treeDir);
const child = fileURLToPath(new URL('./node_test_child.mjs', import.meta.url));
const flags = [
  `--import=${child}`,
  `--test-reporter=${child}`,
  `--test-timeout=${testMs}`,
  ...(seed === null ? [] : [`--test-random-seed=${seed}`]),
];
const report = openReport(settings, 'node:test');
const queue = [...files];
await Promise.all([worker(), worker()]);
report.finish();

async function worker() {
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) await runFile(path);
}

async function runFile(path) {
  const file = { path, names: [], open: new Set(), reported: 0, counted: null, stderr: '', stopped: false, failures: [] };
  const secret = randomBytes(32).toString('hex');
  const process_ = spawn(process.execPath, [...flags, path], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const stop = () => {
    file.stopped = true;
    process_.kill('SIGKILL');
    process_.stdio[3].destroy();
  };
  let watch = setTimeout(stop, silenceMs);
  const alive = () => {
    clearTimeout(watch);
    watch = setTimeout(stop, silenceMs);
  };
  process_.stdout.on('data', alive);
  process_.stderr.on('data', (text) => {
    alive();
    file.stderr = cut(file.stderr + text, 6000);
  });
  const channel = process_.stdio[3];
  channel.on('error', () => {});
  channel.write(secret);
  readFrames(channel, secret, file, alive);
  const [end] = await Promise.all([exit(process_), new Promise((resolve) => channel.on('close', resolve))]);
  clearTimeout(watch);
  close(file, end);
}

function exit(child) {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, signal: error.message }));
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });
}

function readFrames(channel, secret, file, alive) {
  let rest = '';
  channel.setEncoding('utf8');
  channel.on('data', (text) => {
    alive();
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) frame(line, secret, file);
  });
}

function frame(line, secret, file) {
  if (!line.startsWith(secret)) return fail(file, said('', 'Something other than the runner wrote into the channel of its results.'));
  take(file, JSON.parse(line.slice(secret.length)));
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
function close(file, { code, signal }) {
  if (file.failures.length === 0) {
    const error = file.stopped ? said('', stuck(file)) : unfinished(file, signal === null ? `exit code ${code}` : signal, signal !== null);
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
function unfinished({ reported, counted, stderr }, how, isSignal) {
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
