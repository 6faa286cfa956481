// Runs test files with the project's vitest under our own configuration and writes our report. Runs inside the box:
// node vitest_run.mjs < settings. No configuration file of the tree is read.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, openReport, readSettings, said } from './report.mjs';

const settings = readSettings();
const { treeDir, files, seed, testMs, silenceMs } = settings;
process.chdir(treeDir);
const report = openReport(settings, 'vitest');
const { startVitest } = await loadVitest().catch((error) => {
  report.file('', describe(error, 'vitest is not installed in this project, or cannot be loaded'));
  process.exit(1);
});

/** Test modules that were started and have not ended, with the test that each is in. */
const running = new Map();
const ended = new Set();
let watch = setTimeout(stop, silenceMs);

const reporter = {
  onTestModuleQueued: (module) => alive(module, ''),
  onTestModuleStart: (module) => alive(module, ''),
  onTestCaseReady: (test) => alive(test.module, namesOf(test).join(' › ')),
  onTestCaseResult(test) {
    alive(test.module, '');
    testCase(test, report.live);
  },
  onTestModuleEnd(module) {
    alive(module, '');
    running.delete(pathOf(module.moduleId));
    moduleEnd(module);
  },
  onTestRunEnd(modules, unhandled, reason) {
    clearTimeout(watch);
    for (const error of unhandled) report.file(placeOf(error), ofVitest(error));
    for (const module of modules) if (!ended.has(pathOf(module.moduleId))) moduleEnd(module);
    for (const path of files) if (!ended.has(path)) report.file(path, said('', 'vitest did not run this file.'));
    if (reason !== 'interrupted') report.finish();
  },
};

/** Files run in the order in which we name them. */
class Sequencer {
  shard(specs) {
    return specs;
  }
  sort(specs) {
    return specs.toSorted((a, b) => files.indexOf(pathOf(a.moduleId)) - files.indexOf(pathOf(b.moduleId)));
  }
}

const glob = (path) => path.replace(/[()[\]{}!*?+@|\\]/g, '\\$&');
const test = {
  config: false,
  root: treeDir,
  dir: treeDir,
  watch: false,
  include: files.map(glob),
  exclude: [],
  includeSource: [],
  passWithNoTests: false,
  allowOnly: false,
  retry: 0,
  update: 'none',
  globals: false,
  environment: 'node',
  pool: 'forks',
  isolate: true,
  maxWorkers: 2,
  sequence: { sequencer: Sequencer, shuffle: { files: false, tests: seed !== null }, seed: seed ?? 0 },
  testTimeout: testMs,
  hookTimeout: testMs,
  teardownTimeout: 5000,
  coverage: { enabled: false },
  dangerouslyIgnoreUnhandledErrors: false,
  reporters: [reporter],
  attachmentsDir: join(tmpdir(), 'vitest-attachments'),
};
// Silences what vite would look for in the tree: .env files, PostCSS configuration, a cache below node_modules.
const vite = {
  configFile: false,
  root: treeDir,
  cacheDir: join(tmpdir(), 'vite-cache'),
  envDir: false,
  css: { postcss: { plugins: [] } },
  server: { ws: false },
  logLevel: 'error',
};

process.exitCode = 1;
const vitest = await startVitest([], test, vite);
await vitest.close();
process.exit();

/** vitest as it is installed in the project (its main file is found without running anything of the tree). */
async function loadVitest() {
  const manifest = createRequire(join(treeDir, 'package.json')).resolve('vitest/package.json');
  const entry = JSON.parse(readFileSync(manifest, 'utf8')).exports['./node'];
  return import(pathToFileURL(join(dirname(manifest), typeof entry === 'string' ? entry : entry.default)).href);
}

/** Notes a sign of life; without any for `silenceMs` the run is stopped. */
function alive(module, test) {
  running.set(pathOf(module.moduleId), test);
  clearTimeout(watch);
  watch = setTimeout(stop, silenceMs);
}

/** A worker that blocks (an endless loop) cannot be interrupted by vitest. */
function stop() {
  for (const path of files) {
    if (ended.has(path)) continue;
    const test = running.get(path);
    const where = test ? ` in the test ${JSON.stringify(test)}` : '';
    report.file(
      path,
      said(
        '',
        test === undefined
          ? 'Not run: another file blocked the run.'
          : `The file did not end and was stopped${where}: something blocks or never settles.`,
      ),
    );
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

function testCase(test, tell) {
  const result = test.result();
  const error = result.state === 'failed' ? merged(result.errors) : null;
  tell(pathOf(test.module.moduleId), namesOf(test), statusOf(test, result), retriedOf(test), error);
}

function statusOf(test, result) {
  if (result.state === 'skipped') return test.options.mode === 'todo' ? 'todo' : 'skipped';
  // A test that is expected to fail counts as one that is still to be done.
  if (test.options.fails) return 'todo';
  return result.state === 'passed' ? 'passed' : 'failed';
}

/** A test may ask for a retry by itself, which our configuration cannot forbid. */
function retriedOf(test) {
  const diagnostic = test.diagnostic();
  return (diagnostic?.retryCount ?? 0) > 0 || diagnostic?.flaky === true;
}

function namesOf(test) {
  const names = [];
  for (let task = test; task.type !== 'module'; task = task.parent) names.unshift(task.name);
  return names;
}

function moduleEnd(module) {
  const path = pathOf(module.moduleId);
  ended.add(path);
  let failures = 0;
  const failed = (error) => {
    failures++;
    report.file(path, error);
  };
  // A snapshot that no test asks for any more is nobody's fault here.
  for (const error of module.errors()) if (!/^Obsolete snapshots found/.test(error.message)) failed(ofVitest(error));
  for (const suite of module.children.allSuites()) for (const error of suite.errors()) failed(ofVitest(error));
  let tests = 0;
  for (const test of module.children.allTests()) {
    tests++;
    if (test.result().state === 'pending') failed(said('', `The test ${namesOf(test).join(' › ')} did not end: its process was gone.`));
    else testCase(test, report.test);
  }
  if (tests === 0 && failures === 0) failed(said('', 'No test was found in this file.'));
}

function merged(errors) {
  const [first, ...rest] = errors.map(ofVitest);
  if (first === undefined) return said('', 'failed without an error');
  return {
    ...first,
    detail: [first.detail, ...rest.slice(0, 3).map((error) => `also: ${error.name}: ${error.message}`)].filter(Boolean).join('\n'),
  };
}

function ofVitest(error) {
  const stacks = error?.stacks
    ?.map((frame) => `    at ${frame.method || '<anonymous>'} (${frame.file}:${frame.line}:${frame.column})`)
    .join('\n');
  return describe(
    { name: error?.name, message: error?.message, stack: stacks || error?.stackStr || error?.stack, cause: error?.cause },
    // node:assert has a property `diff` too, which is one word.
    String(error?.diff ?? '').includes('\n') ? error.diff : '',
  );
}

/** The file that an error outside every test belongs to; empty when it is not known. */
function placeOf(error) {
  const path = error?.VITEST_TEST_PATH;
  return typeof path === 'string' ? pathOf(path) : (files.find((file) => String(error?.stack ?? '').includes(file)) ?? '');
}

function pathOf(absolute) {
  return relative(treeDir, absolute).replaceAll('\\', '/');
}
