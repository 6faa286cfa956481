// Writes the report of a test run: JSON lines, see src/effects/runners/wire.ts. Runs inside the box.
import { createHmac } from 'node:crypto';
import { ftruncateSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { inspect } from 'node:util';

const TEXT = 6000;
const ENOUGH = 4 * 1024 * 1024;

/** What the harness asks for: JSON on standard input, which (unlike argv and the environment) the processes of tests cannot look up. */
export function readSettings() {
  return JSON.parse(readFileSync(0, 'utf8'));
}

/**
 * Opens the report. `test` and `file` write a record; `finish` writes the last line, which seals the report with the run's nonce. `live` writes of a
 * test that is finished before its file is, for those who watch; it is no part of the report.
 */
export function openReport(settings, runner) {
  const { reportPath: path, nonce } = settings;
  // A project's configuration runs in this process too: what it could find is not to hold the seal's key.
  delete settings.nonce;
  const fd = openSync(path, 'w');
  const lines = [];
  const seal = createHmac('sha256', nonce);
  let seq = 0;
  let bytes = 0;
  let tests = 0;
  let files = 0;
  let liveBytes = 0;
  let finished = false;
  const add = (record) => {
    const text = `${JSON.stringify({ seq: ++seq, ...record })}\n`;
    bytes += text.length;
    lines.push(text);
    writeSync(fd, text);
    return text;
  };
  const line = (record) => {
    if (!finished) seal.update(add(record));
  };
  const small = (error) => (bytes > ENOUGH ? { name: error.name, message: cut(error.message, 200), stack: '', detail: '' } : error);
  line({ kind: 'open', v: 2, runner });
  return {
    test(path, names, status, retried, error) {
      tests++;
      line({ kind: 'test', path, names: namesOf(names), status, retried, error: error ? small(error) : null });
    },
    live(path, names, status, retried, error) {
      if (finished || liveBytes > ENOUGH) return;
      const head = error && { name: error.name, message: cut(error.message, 1000) };
      const text = `${JSON.stringify({ kind: 'live', path, names: namesOf(names), status, retried, error: head })}\n`;
      liveBytes += text.length;
      writeSync(fd, text);
    },
    file(path, error) {
      files++;
      line({ kind: 'file', path, error: small(error) });
    },
    finish() {
      if (finished) return;
      finished = true;
      add({ kind: 'finished', tests, files, seal: seal.digest('hex') });
      replace(path, fd, lines.join(''));
    },
  };
}

function namesOf(names) {
  return names.map((name) => String(name).slice(0, 500));
}

/** Writes the whole report anew: a test's process could have changed what was on disk, but not what is in this one's memory. */
function replace(path, fd, text) {
  try {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  } catch {
    ftruncateSync(fd, 0);
    writeSync(fd, text, 0);
  }
}

/** What is said of an error: name, message, stack and more, as texts. Takes anything that was thrown. */
export function describe(error, more = '') {
  if (error === null || typeof error !== 'object') return said('', `thrown: ${show(error)}`, '', more);
  try {
    const { name, message, stack } = error;
    return said(string(name), string(message) || show(error), string(stack), [causes(error), more].filter(Boolean).join('\n'));
  } catch {
    return said('', 'an error that cannot be read was thrown', '', more);
  }
}

/** An error of our own making. */
export function said(name, message, stack = '', detail = '') {
  return { name: cut(name, 200), message: cut(message, TEXT), stack: cut(stack, TEXT), detail: cut(detail, TEXT) };
}

function causes(error) {
  const lines = [];
  let cause = error.cause;
  for (let i = 0; i < 3 && cause !== null && typeof cause === 'object'; i++) {
    lines.push(`caused by ${string(cause.name)}: ${string(cause.message)}`);
    cause = cause.cause;
  }
  for (const one of Array.isArray(error.errors) ? error.errors.slice(0, 3) : [])
    lines.push(`one of them: ${string(one?.name)}: ${string(one?.message ?? one)}`);
  return lines.join('\n');
}

function show(value) {
  try {
    return cut(
      inspect(value, { depth: 4, maxArrayLength: 50, maxStringLength: 1000, breakLength: 100, getters: false, customInspect: false }),
      2000,
    );
  } catch {
    return 'a value that cannot be shown';
  }
}

function string(value) {
  return typeof value === 'string' ? value : '';
}

/** Head and tail of a long text. */
export function cut(text, limit) {
  if (text.length <= limit) return text;
  const half = Math.floor((limit - 5) / 2);
  return `${text.slice(0, half)}\n…\n${text.slice(text.length - half)}`;
}
