// What mocha says of its tests, as frames for mocha_run.mjs.
import { createHash } from 'node:crypto';
import { describe, said } from './report.mjs';

/** Every test below a suite. */
export function allTests(suite) {
  return [...suite.tests, ...suite.suites.flatMap(allTests)];
}

/** The same tests in another order, one file after the other. A test's place depends on the seed and names, not on what else there is. */
export function shuffle(suite, seed, files) {
  const place = (one) => createHash('sha256').update(`${seed} ${one.fullTitle()}`).digest('hex');
  const sort = (list) => {
    const keyed = list.map((one) => ({ one, at: files.indexOf(one.file), place: place(one) }));
    keyed.sort((a, b) => a.at - b.at || (a.place < b.place ? -1 : 1));
    return keyed.map(({ one }) => one);
  };
  suite.tests = sort(suite.tests);
  suite.suites = sort(suite.suites);
  for (const one of suite.suites) shuffle(one, seed, files);
}

/** Sends what `runner` says; in the end also of the tests that it left out. */
export function tell(runner, tests, send) {
  const results = new Map();
  const told = new Set();
  const hooks = [];
  const finish = (test, status, error) => {
    told.add(origin(test));
    const retried = (test.currentRetry?.() ?? 0) > 0;
    send({ type: 'test', path: test.file, names: test.titlePath(), status, retried, error: status === 'failed' ? error : null });
  };
  runner.on('test', (test) => send({ type: 'start', path: test.file, names: test.titlePath() }));
  runner.on('pass', (test) => results.set(test, { status: 'passed' }));
  runner.on('pending', (test) => results.set(test, { status: 'skipped' }));
  runner.on('fail', (test, error) => {
    if (test.type === 'hook') hooks.push({ hook: test, error: inHook(test, error) });
    else if (told.has(origin(test))) send({ type: 'file', path: test.file, error: described(error, test) });
    else results.set(test, { status: 'failed', error: described(error, test) });
  });
  runner.on('test end', (test) => {
    const result = results.get(test);
    // A test whose hook failed has none.
    if (result !== undefined && !told.has(origin(test))) finish(test, result.status, result.error);
  });
  runner.on('end', () => {
    for (const test of tests) if (!told.has(test)) leftOut(test, hooks, finish);
    for (const { hook, error } of hooks) if (/^"after/.test(hook.title)) send({ type: 'file', path: fileOf(hook), error });
    send({ type: 'end' });
  });
}

/** Each retry is a copy of the test. */
function origin(test) {
  const before = test.retriedTest?.();
  return before ? origin(before) : test;
}

/** A test that was not run: because a hook of its suite failed, or because others are marked `only`. */
function leftOut(test, hooks, finish) {
  const failed = hooks.find(({ hook }) => isBelow(test, hook.parent));
  if (failed === undefined) finish(test, 'skipped', null);
  else finish(test, 'failed', failed.error);
}

function isBelow(test, suite) {
  for (let one = test.parent; one; one = one.parent) if (one === suite) return true;
  return false;
}

function fileOf(hook) {
  return hook.file ?? hook.parent.file ?? hook.ctx?.currentTest?.file ?? '';
}

function inHook(hook, error) {
  const what = described(error, hook);
  return { ...what, detail: [`in the hook ${hook.title}`, what.detail].filter(Boolean).join('\n') };
}

function described(error, test) {
  if (error?.code === 'ERR_MOCHA_TIMEOUT') return said('', `timed out after ${test.timeout()} ms: ${error.message}`, error.stack);
  return describe(error, difference(error));
}

/** What assertion libraries keep beside a message that may not say it. */
function difference(error) {
  if (!error || typeof error !== 'object' || error.generatedMessage || error.showDiff === false) return '';
  if (!('expected' in error) || !('actual' in error)) return '';
  const show = (value) => {
    try {
      return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? String(value));
    } catch {
      return String(value);
    }
  };
  const [expected, actual] = [show(error.expected), show(error.actual)];
  return expected === actual ? '' : `expected: ${expected}\nactual: ${actual}`;
}
