// Loaded into the process of each test file before anything else: takes node:test's events there and hands them on, each in a
// frame of its own. The frames go through a socket that nothing else uses, and each begins with a secret that only this
// module and the parent know, so that what tests and code print or write is never taken for a result.
import fs from 'node:fs';
import { after } from 'node:test';
import { isMainThread } from 'node:worker_threads';
import { describe } from './report.mjs';

const CHANNEL = 3;
const EVENTS = new Set(['test:enqueue', 'test:start', 'test:pass', 'test:fail', 'test:diagnostic', 'test:summary']);
// What is used later is kept from before any generated code could replace it.
const { readSync, writeSync } = fs;
const { stringify } = JSON;
const { from } = Buffer;
const secret = isMainThread ? readSecret() : '';
const handlers = isMainThread ? startRunner() : [];
// Processes that tests fork would inherit these.
process.execArgv.length = 0;

/** The reporter: what node:test says of each test. Errors are made texts here. */
// biome-ignore lint/style/noDefaultExport: node:test takes a reporter as a module's default export.
export default async function* report(source) {
  for await (const { type, data } of source) {
    if (type === 'test:enqueue') for (const add of handlers.splice(0)) add();
    if (EVENTS.has(type)) send(type, data);
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

function send(type, { name, nesting, skip, todo, expectFailure, details, message, counts }) {
  const error = type === 'test:fail' ? reason(details.error) : undefined;
  const said = {
    name,
    nesting,
    skip,
    todo: todo ?? expectFailure,
    message,
    error,
    kind: details?.type,
    failure: details?.error?.failureType,
    tests: counts?.tests,
  };
  write(stringify({ __proto__: null, type, ...said }));
}

function reason(error) {
  const cause = error?.cause;
  return describe(cause !== null && typeof cause === 'object' ? cause : { message: String(cause ?? error?.message ?? error) });
}

function write(text) {
  const bytes = from(`${secret}${text}\n`);
  for (let at = 0; at < bytes.length; ) at += writeSync(CHANNEL, bytes, at);
}

/** The parent writes 64 characters as soon as this process stands. */
function readSecret() {
  const bytes = Buffer.alloc(64);
  for (let at = 0; at < bytes.length; ) {
    const read = readSync(CHANNEL, bytes, at, bytes.length - at, null);
    if (read === 0) process.exit(1);
    at += read;
  }
  return bytes.toString('latin1');
}
