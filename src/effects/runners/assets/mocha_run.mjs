// Runs test files with the project's mocha and writes our report. Runs inside the box: node mocha_run.mjs < settings. All files share one process, as they
// do under mocha itself (mocha_child.mjs); when a file ends or blocks it, that file has failed and the rest is run in a new one.
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from './frames.mjs';
import { findPackage, folderOf } from './project.mjs';
import { openReport, readSettings, said } from './report.mjs';

const settings = readSettings();
const { treeDir, files, seed, testMs, silenceMs, nodeFlags, project } = settings;
const folder = folderOf(settings);
process.chdir(folder);
process.exitCode = 1;
const report = openReport(settings, 'mocha');
const { dir } = findPackage('mocha', 8, settings, report);
const asset = (name) => fileURLToPath(new URL(`./${name}`, import.meta.url));
const hello = {
  dir,
  seed,
  testMs,
  silenceMs,
  config: project?.config ? join(treeDir, project.config) : null,
  flags: project === null ? ['--no-config', '--no-package'] : project.flags,
};

/** Flags of Node that mocha's own configuration asks for; known when it was read. */
let asked = null;

/** Runs `paths` in one process; returns those that are to be run again. Ends all when that process does not get as far as the files. */
async function runFiles(paths) {
  const run = {
    now: null,
    test: '',
    silence: silenceMs,
    files: new Map(paths.map((path) => [path, newFile()])),
    fatal: null,
    restart: false,
    ended: false,
  };
  const argv = [`--require=${asset('mocha_child.mjs')}`, ...nodeFlags, ...(asked ?? []), asset('mocha_start.mjs')];
  const end = await runChild(argv, {
    hello: { ...hello, files: paths.map((path) => join(treeDir, path)), isFlagged: asked !== null },
    silence: () => run.silence,
    onFrame: (event) => TAKE[event.type](run, event),
    onStray: () => report.file('', said('', 'Something other than the runner wrote into the channel of its results.')),
  });
  if (run.restart) return paths;
  if (!run.ended) blame(run, end);
  const isOver = (file) => run.ended || file.failures.length > 0 || file.tests.length === file.count;
  const again = paths.filter((path) => !isOver(run.files.get(path)));
  for (const path of paths) if (!again.includes(path)) write(path, run.files.get(path));
  return again;
}

function newFile() {
  return { count: null, tests: [], failures: [] };
}

const TAKE = {
  flags(run, { flags }) {
    asked = flags;
    run.restart = true;
  },
  silence(run, { ms }) {
    run.silence = ms;
  },
  loading(run, { path }) {
    run.now = pathOf(path);
  },
  loaded(run, { counts }) {
    run.now = null;
    for (const [path, count] of Object.entries(counts)) fileOf(run, path).count = count;
  },
  start(run, { path, names }) {
    run.now = pathOf(path);
    run.test = names.join(' › ');
  },
  test(run, { path, names, status, retried, error }) {
    fileOf(run, path).tests.push({ names, status, retried, error });
    report.live(pathOf(path), names, status, retried, error);
  },
  file(run, { path, error }) {
    fileOf(run, path).failures.push(error);
  },
  fatal(run, { error }) {
    run.fatal = error;
  },
  end(run) {
    run.ended = true;
  },
};

/** What is said of a file that was not asked for goes nowhere. */
function fileOf(run, path) {
  return run.files.get(pathOf(path)) ?? newFile();
}

function blame({ now, test, files: running, fatal }, { code, signal, stopped, stderr }) {
  const file = fatal === null ? running.get(now) : undefined;
  if (file === undefined) {
    report.file('', fatal ?? said('', `mocha ended with ${signal ?? `exit code ${code}`} before it ran any file.`, stderr, stderr));
    process.exit(1);
  }
  const where = test === '' ? 'while it was loaded' : `in the test ${JSON.stringify(test)}`;
  const how = stopped ? 'did not end and was stopped' : `ended the process (${signal ?? `process.exit, code ${code}`})`;
  file.failures.push(
    said('', `The file ${how} ${where}${stopped ? ': something blocks or never settles' : ''}.`, '', stopped ? '' : stderr),
  );
}

function write(path, { count, tests, failures }) {
  for (const error of failures) report.file(path, error);
  for (const { names, status, retried, error } of tests) report.test(path, names, status, retried, error);
  if (failures.length > 0) return;
  if (tests.length === 0) report.file(path, said('', 'No test was found in this file.'));
  else if (count !== null && tests.length < count) report.file(path, said('', `Only ${tests.length} of ${count} tests ran.`));
}

function pathOf(absolute) {
  return relative(treeDir, absolute).replaceAll('\\', '/');
}

let left = [...files];
while (left.length > 0) left = await runFiles(left);
report.finish();
