// Runs test files with the project's vitest under our own configuration and writes our report. Runs inside the box:
// node vitest_run.mjs '{"treeDir", "reportPath", "files", "testMs"}'. No configuration file of the tree is read.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, openReport, said } from './report.mjs';

const { treeDir, reportPath, files, testMs } = JSON.parse(process.argv[2]);
process.chdir(treeDir);
const report = openReport(reportPath, 'vitest');
const { startVitest } = await loadVitest();
const reported = new Set();

const reporter = {
  onTestCaseResult: (test) => testCase(test),
  onTestModuleEnd: (module) => moduleEnd(module),
  onTestRunEnd(modules, unhandled, reason) {
    for (const error of unhandled) report.file(placeOf(error), ofVitest(error));
    const ran = new Set(modules.map((module) => pathOf(module.moduleId)));
    for (const path of files) if (!ran.has(path)) report.file(path, said('', 'vitest did not run this file.'));
    if (reason !== 'interrupted') report.finish();
  },
};

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
  testTimeout: testMs,
  hookTimeout: testMs,
  teardownTimeout: 5000,
  coverage: { enabled: false },
  dangerouslyIgnoreUnhandledErrors: false,
  reporters: [reporter],
  attachmentsDir: join(tmpdir(), 'vitest-attachments'),
};
// Silences what vite would look for in the tree: .env files, PostCSS configuration, a cache below node_modules.
const vite = { configFile: false, root: treeDir, cacheDir: join(tmpdir(), 'vite-cache'), envDir: false, css: { postcss: { plugins: [] } }, server: { ws: false }, logLevel: 'error' };

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

function testCase(test) {
  const result = test.result();
  reported.add(test.id);
  const error = result.state === 'failed' ? merged(result.errors) : null;
  report.test(pathOf(test.module.moduleId), namesOf(test), statusOf(test, result), retriedOf(test), error);
}

function statusOf(test, result) {
  if (result.state === 'skipped') return test.options.mode === 'todo' ? 'todo' : 'skipped';
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
  let failures = 0;
  const failed = (error) => {
    failures++;
    report.file(path, error);
  };
  for (const error of module.errors()) failed(ofVitest(error));
  for (const suite of module.children.allSuites()) for (const error of suite.errors()) failed(ofVitest(error));
  let tests = 0;
  for (const test of module.children.allTests()) {
    tests++;
    if (reported.has(test.id)) continue;
    if (test.result().state === 'pending') failed(said('', `The test ${namesOf(test).join(' › ')} did not end: its process was gone.`));
    else testCase(test);
  }
  if (tests === 0 && failures === 0) failed(said('', 'No test was found in this file.'));
}

function merged(errors) {
  const [first, ...rest] = errors.map(ofVitest);
  if (first === undefined) return said('', 'failed without an error');
  return { ...first, detail: [first.detail, ...rest.slice(0, 3).map((error) => `also: ${error.name}: ${error.message}`)].filter(Boolean).join('\n') };
}

function ofVitest(error) {
  const stacks = error?.stacks?.map((frame) => `    at ${frame.method || '<anonymous>'} (${frame.file}:${frame.line}:${frame.column})`).join('\n');
  const plain = describe({ name: error?.name, message: error?.message, stack: stacks || error?.stackStr || error?.stack, cause: error?.cause }, error?.diff ?? '');
  return plain;
}

/** The file that an error outside every test belongs to; empty when it is not known. */
function placeOf(error) {
  const path = error?.VITEST_TEST_PATH;
  return typeof path === 'string' ? pathOf(path) : (files.find((file) => String(error?.stack ?? '').includes(file)) ?? '');
}

function pathOf(absolute) {
  return relative(treeDir, absolute).replaceAll('\\', '/');
}
