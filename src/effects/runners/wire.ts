// The report that our harness scripts write, and how it is read. The text comes out of a box: nothing in it is trusted.
//
// JSON lines. Each has `seq` (1, 2, 3 …) and `kind`:
//   open      {v: 2, runner}                                     the first line
//   test      {path, names, status, retried, error}              one finished test
//   file      {path, error}                                      a failure outside every test
//   finished  {tests, files, seal}                               the last line: how many of each were written
// While the run lasts there may be lines without `seq`, for those who watch: {kind: 'live', path, names, status, retried, error}, a test that
// is finished before its file is. They come first, and are gone from the sealed report.
// `seal` is the HMAC-SHA256 (hex), under the run's nonce, of all bytes before the last line. Only the script knows the nonce: what
// runs beside it can read the report and write another one, but cannot seal it.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Broken, type TestReport, type TestResult, type TestStatus, testId } from '../../core/report.ts';
import { clean, normaliseFailure, type RawError } from './normalise.ts';

/** Version of the format; the scripts in `assets/` write the same. */
const WIRE_VERSION = 2;

const MAX_BYTES = 8 * 1024 * 1024;
const MAX_TESTS = 10_000;
const MAX_DEPTH = 64;
const MAX_NAMES = 32;
const MAX_NAME = 500;

type Line = Readonly<Record<string, unknown>>;
type FileFailure = TestReport['fileFailures'][number];

interface Reading {
  readonly tests: TestResult[];
  readonly files: FileFailure[];
  readonly seen: Map<string, number>;
  finished: boolean;
}

/**
 * Reads a report. Never throws: anything that is not a complete, consistent report sealed with `nonce` gives `broken`.
 * `tests` lists what was read before the trouble, ordered by path.
 */
export function readReport(text: string | null, treeDir: string, nonce: string): TestReport {
  if (text === null || text.trim() === '') return brokenReport('no-report', 'The test runner wrote no report.');
  if (Buffer.byteLength(text) > MAX_BYTES) return brokenReport('bad-report', 'The report of the test runner is larger than 8 MiB.');
  const reading: Reading = { tests: [], files: [], seen: new Map(), finished: false };
  const problem = readLines(text, treeDir, reading);
  if (problem === null && reading.finished && !isSealed(text, nonce)) return brokenReport('stale', STALE);
  const tests = reading.tests.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const base = { tests, fileFailures: reading.files, finished: reading.finished && problem === null };
  if (problem !== null) return { ...base, broken: { kind: 'bad-report', message: problem } };
  if (!reading.finished) {
    const why = reading.files.findLast((file) => file.path === '')?.failure.message;
    const how = why === undefined ? 'the process was stopped or ended itself.' : why;
    const message = `The test run ended before the runner was done (${tests.length} tests had been reported): ${how}`;
    return { ...base, broken: { kind: 'unfinished', message } };
  }
  return { ...base, broken: null };
}

/** Most characters of a message that is read while a run lasts: enough for its gist. */
const LIVE_MESSAGE = 2_000;

/** Reads lines of a report that is still being written: a finished test with the head of its message, or null for every other text. */
export function createLineReader(treeDir: string): (raw: string) => TestResult | null {
  // Where both kinds tell of a test, each counts repeats of its name by itself.
  const seen = { test: new Map<string, number>(), live: new Map<string, number>() };
  return (raw) => {
    const line = parseLine(raw);
    const kind = line?.['kind'];
    if (line === null || (kind !== 'test' && kind !== 'live')) return null;
    const { name, message } = errorOf(line['error']) ?? NO_ERROR;
    return testOf({ ...line, error: { name, message: message.slice(0, LIVE_MESSAGE) } }, treeDir, seen[kind]);
  };
}

const STALE = 'stale: the report does not carry the seal of this run, so it was not written by its runner.';

function isSealed(text: string, nonce: string): boolean {
  const start = text.lastIndexOf('\n', text.length - 2) + 1;
  const { seal } = JSON.parse(text.slice(start)) as { seal?: unknown };
  const right = createHmac('sha256', nonce).update(text.slice(0, start)).digest('hex');
  return typeof seal === 'string' && seal.length === right.length && timingSafeEqual(Buffer.from(seal, 'latin1'), Buffer.from(right));
}

function brokenReport(kind: Broken, message: string): TestReport {
  return { tests: [], fileFailures: [], finished: false, broken: { kind, message } };
}

/** Reads all lines into `reading`; returns what is wrong, or null. */
function readLines(text: string, treeDir: string, reading: Reading): string | null {
  const lines = text.split('\n');
  // A process that is killed can leave half a line at the end; that is `unfinished`, not `bad`.
  const last = lines.pop();
  let seq = 0;
  for (const raw of lines) {
    if (reading.finished) return 'The report goes on after its end.';
    if (raw.startsWith('{"kind":"live",')) continue;
    const line = parseLine(raw);
    if (line === null || line['seq'] !== ++seq) return `Line ${seq} of the report is not what our reporter writes.`;
    const problem = seq === 1 ? readOpen(line) : readRecord(line, treeDir, reading);
    if (problem !== null) return `Line ${seq} of the report: ${problem}`;
  }
  return reading.finished && last !== '' ? 'The report goes on after its end.' : null;
}

function parseLine(raw: string): Line | null {
  if (depth(raw) > MAX_DEPTH) return null;
  try {
    const value: unknown = JSON.parse(raw);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** Deepest nesting of brackets outside strings. */
function depth(raw: string): number {
  let now = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < raw.length; i++) {
    const c = raw.charCodeAt(i);
    if (inString) {
      if (c === 92) i++;
      else if (c === 34) inString = false;
    } else if (c === 34) inString = true;
    else if (c === 91 || c === 123) deepest = Math.max(deepest, ++now);
    else if (c === 93 || c === 125) now--;
  }
  return deepest;
}

function readOpen(line: Line): string | null {
  return line['kind'] === 'open' && line['v'] === WIRE_VERSION ? null : 'not the opening line.';
}

function readRecord(line: Line, treeDir: string, reading: Reading): string | null {
  if (line['kind'] === 'test') return readTest(line, treeDir, reading);
  if (line['kind'] === 'file') return readFile(line, treeDir, reading);
  if (line['kind'] !== 'finished') return 'unknown kind.';
  if (line['tests'] !== reading.tests.length || line['files'] !== reading.files.length)
    return 'the counts do not agree with what was reported.';
  reading.finished = true;
  return null;
}

function readTest(line: Line, treeDir: string, reading: Reading): string | null {
  if (reading.tests.length >= MAX_TESTS) return `more than ${MAX_TESTS} tests.`;
  const test = testOf(line, treeDir, reading.seen);
  if (test === null) return 'a test without path, name or status.';
  reading.tests.push(test);
  return null;
}

function testOf(line: Line, treeDir: string, seen: Map<string, number>): TestResult | null {
  const path = pathOf(line['path']);
  const names = namesOf(line['names']);
  const status = statusOf(line['status']);
  if (path === null || names === null || status === null || typeof line['retried'] !== 'boolean') return null;
  const error = errorOf(line['error']);
  const failure = status === 'failed' ? normaliseFailure(error ?? NO_ERROR, treeDir, false) : null;
  const cleanNames = names.map((name) => clean(name, treeDir).replaceAll('\n', ' '));
  const id = testId(path, cleanNames, seen);
  return { id, path, name: cleanNames.at(-1) ?? '', status, failure, retried: line['retried'] };
}

function readFile(line: Line, treeDir: string, reading: Reading): string | null {
  if (reading.files.length >= MAX_TESTS) return 'too many failures of files.';
  const path = pathOf(line['path']);
  if (path === null) return 'a failure without a path.';
  reading.files.push({ path, failure: normaliseFailure(errorOf(line['error']) ?? NO_ERROR, treeDir, true) });
  return null;
}

const NO_ERROR: RawError = { name: '', message: '', stack: '', detail: '' };

function isRecord(value: unknown): value is Line {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A relative path with forward slashes; an empty one stands for the run as a whole. */
function pathOf(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 1_024) return null;
  return value.startsWith('/') || value.split('/').includes('..') || /[\u0000-\u001f\u007f-\u009f]/.test(value) ? null : value;
}

function namesOf(value: unknown): string[] | null {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_NAMES) return null;
  const names = value.filter((name): name is string => typeof name === 'string');
  return names.length === value.length ? names.map((name) => name.slice(0, MAX_NAME)) : null;
}

function statusOf(value: unknown): TestStatus | null {
  return value === 'passed' || value === 'failed' || value === 'skipped' || value === 'todo' ? value : null;
}

function errorOf(value: unknown): RawError | null {
  if (!isRecord(value)) return null;
  const text = (key: string): string => {
    const part = value[key];
    return typeof part === 'string' ? part : '';
  };
  return { name: text('name'), message: text('message'), stack: text('stack'), detail: text('detail') };
}
