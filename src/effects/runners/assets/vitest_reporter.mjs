// Takes what vitest says of its tests, through either of its interfaces for reporters, and stops a run that says nothing any more.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { createJoin } from './project.mjs';
import { describe, said } from './report.mjs';

/** A reporter for vitest 3 and newer, and what the older interface needs to tell the same (`vitest_legacy.mjs`). */
export function createReporter({ treeDir, files, silenceMs }, report) {
  const pathOf = (absolute) => relative(treeDir, absolute).replaceAll('\\', '/');
  /** Files that were started and have not ended, with the test that each is in. */
  const running = new Map();
  const join = createJoin(report);
  const isOpen = (path) => files.includes(path) && !join.done.has(path);
  let silence = silenceMs;
  let watch = setTimeout(stop, silence);

  /** Notes a sign of life; without any for so long the run is stopped. */
  function alive(path, test) {
    running.set(path, test);
    clearTimeout(watch);
    watch = setTimeout(stop, silence);
  }

  /** A worker that blocks (an endless loop) cannot be interrupted by vitest. */
  function stop() {
    for (const path of files) if (isOpen(path)) join.fail(path, said('', stuck(running.get(path))));
    report.finish();
    for (const pid of children()) process.kill(pid, 'SIGKILL');
    process.exit(1);
  }

  function fileEnd(path, tests, failures) {
    alive(path, '');
    running.delete(path);
    if (!files.includes(path)) return;
    const none = tests.length === 0 && failures.length === 0;
    join.end(path, { tests, failures: none ? [said('', 'No test was found in this file.')] : failures });
  }

  function runEnd(unhandled, isWhole) {
    clearTimeout(watch);
    for (const error of unhandled) report.file(placeOf(error), ofVitest(error));
    for (const path of files) if (isOpen(path)) join.fail(path, said('', 'vitest did not run this file.'));
    if (isWhole) report.finish();
  }

  /** The file that an error outside every test belongs to; empty when it is not known. */
  function placeOf(error) {
    const path = error?.VITEST_TEST_PATH;
    return typeof path === 'string' ? pathOf(path) : (files.find((file) => String(error?.stack ?? '').includes(file)) ?? '');
  }

  const live = (path, { names, status, retried, error }) => report.live(path, names, status, retried, error);
  return {
    pathOf,
    expect: join.expect,
    fail: join.fail,
    allow: (ms) => {
      silence = ms;
    },
    told: { pathOf, alive, live, fileEnd, runEnd },
    modern: modern({ pathOf, alive, live, fileEnd, runEnd }),
  };
}

function modern({ pathOf, alive, live, fileEnd, runEnd }) {
  const ended = new Set();
  const end = (module) => {
    ended.add(module);
    fileEnd(pathOf(module.moduleId), ...contents(module));
  };
  return {
    onTestModuleQueued: (module) => alive(pathOf(module.moduleId), ''),
    onTestModuleStart: (module) => alive(pathOf(module.moduleId), ''),
    onTestCaseReady: (test) => alive(pathOf(test.module.moduleId), namesOf(test).join(' › ')),
    onTestCaseResult(test) {
      alive(pathOf(test.module.moduleId), '');
      live(pathOf(test.module.moduleId), record(test));
    },
    onTestModuleEnd: end,
    onTestRunEnd(modules, unhandled, reason) {
      for (const module of modules) if (!ended.has(module)) end(module);
      runEnd(unhandled, reason !== 'interrupted');
    },
  };
}

function stuck(test) {
  if (test === undefined) return 'Not run: another file blocked the run.';
  const where = test ? ` in the test ${JSON.stringify(test)}` : '';
  return `The file did not end and was stopped${where}: something blocks or never settles.`;
}

function children() {
  try {
    return readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function record(test) {
  const result = test.result();
  const status = statusOf(test, result);
  return { names: namesOf(test), status, retried: retriedOf(test), error: result.state === 'failed' ? merged(result.errors) : null };
}

function statusOf(test, result) {
  if (result.state === 'skipped') return test.options.mode === 'todo' ? 'todo' : 'skipped';
  // A test that is expected to fail, and does, counts as one that is still to be done.
  if (result.state === 'passed') return test.options.fails ? 'todo' : 'passed';
  return 'failed';
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

function contents(module) {
  // A snapshot that no test asks for any more is nobody's fault here.
  const failures = module
    .errors()
    .filter((error) => !/^Obsolete snapshots found/.test(error.message))
    .map(ofVitest);
  for (const suite of module.children.allSuites()) failures.push(...suite.errors().map(ofVitest));
  const tests = [];
  for (const test of module.children.allTests()) {
    if (test.result().state === 'pending') failures.push(gone(namesOf(test)));
    else tests.push(record(test));
  }
  return [tests, failures];
}

export function gone(names) {
  return said('', `The test ${names.join(' › ')} did not end: its process was gone.`);
}

export function merged(errors) {
  const [first, ...rest] = errors.map(ofVitest);
  if (first === undefined) return said('', 'failed without an error');
  return {
    ...first,
    detail: [first.detail, ...rest.slice(0, 3).map((error) => `also: ${error.name}: ${error.message}`)].filter(Boolean).join('\n'),
  };
}

export function ofVitest(error) {
  const stacks = error?.stacks
    ?.map((frame) => `    at ${frame.method || '<anonymous>'} (${frame.file}:${frame.line}:${frame.column})`)
    .join('\n');
  return describe(
    { name: error?.name, message: error?.message, stack: stacks || error?.stackStr || error?.stack, cause: error?.cause },
    // node:assert has a property `diff` too, which is one word.
    String(error?.diff ?? '').includes('\n') ? error.diff : '',
  );
}
