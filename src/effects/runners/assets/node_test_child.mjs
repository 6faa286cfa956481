// Loaded into the process of each test file before anything else: takes node:test's events there and hands them on (see frames.mjs).
import { after } from 'node:test';
import { isMainThread } from 'node:worker_threads';
import { connect } from './frames.mjs';
import { describe } from './report.mjs';

const EVENTS = new Set(['test:enqueue', 'test:start', 'test:pass', 'test:fail', 'test:diagnostic', 'test:summary']);
const { hello, send } = isMainThread ? connect() : {};
const handlers = isMainThread ? startRunner() : [];
// Processes that tests fork would inherit ours; those of the project they are to have.
process.execArgv.splice(0, hello?.ours ?? process.execArgv.length);

/** The reporter: what node:test says of each test. Errors are made texts here. */
// biome-ignore lint/style/noDefaultExport: node:test takes a reporter as a module's default export.
export default async function* report(source) {
  for await (const { type, data } of source) {
    if (type === 'test:enqueue') for (const add of handlers.splice(0)) add();
    if (EVENTS.has(type)) tell(type, data);
  }
  yield '';
}

/**
 * Makes node:test set itself up now, in the mood of a file under `node --test`, where `only` filters nothing. It asks the
 * environment for that, which generated code is not to see. Its handlers of stray errors wait for the first test: until then an
 * error is one of loading the file, and ends the process.
 */
function startRunner() {
  const waiting = [];
  process.env.NODE_TEST_CONTEXT = 'file';
  process.on = (...handler) => waiting.push(() => process.on(...handler));
  after(() => {});
  delete process.on;
  delete process.env.NODE_TEST_CONTEXT;
  return waiting;
}

function tell(type, { name, nesting, skip, todo, expectFailure, details, message, counts }) {
  const error = type === 'test:fail' ? reason(details.error) : undefined;
  const more = { error, kind: details?.type, failure: details?.error?.failureType, tests: counts?.tests };
  send({ type, name, nesting, skip, todo: todo ?? expectFailure, message, ...more });
}

function reason(error) {
  const cause = error?.cause;
  return describe(cause !== null && typeof cause === 'object' ? cause : { message: String(cause ?? error?.message ?? error) });
}
