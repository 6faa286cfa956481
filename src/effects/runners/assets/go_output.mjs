// Reads what a test binary of Go prints with -test.v. Runs inside the box.
import { cut } from './report.mjs';

const HEADER = /^=== (RUN|PAUSE|CONT|NAME) +(\S+)\s*$/;
const END = /^\s*--- (PASS|FAIL|SKIP): (\S+) \(\d[\d.]*s\)$/;
const STATUS = { PASS: 'passed', FAIL: 'failed', SKIP: 'skipped' };
/** From Go 1.20 on, every line of the testing package begins with this character when it is asked for (`-test.v=test2json`). */
const MARK = '\u0016';

/**
 * A reader of lines. `tests` maps each name that was started or ended to {status, ends, paused, output}; `status` null: not ended. `finished` is true after the
 * last word of the testing package, PASS or FAIL. Without `marked` a test's own output can look like these lines: one that ends twice shows it.
 */
export function readOutput(marked, onEnd = () => {}) {
  const tests = new Map();
  const state = { tests, finished: false, current: null, loose: '' };
  const of = (name) => {
    if (!tests.has(name)) tests.set(name, { status: null, ends: 0, paused: false, output: '' });
    return tests.get(name);
  };
  const say = (text) => {
    const test = state.current === null ? null : tests.get(state.current);
    if (test) test.output = cut(`${test.output}${text}\n`, 20_000);
    else state.loose = cut(`${state.loose}${text}\n`, 20_000);
  };
  const framework = (line) => {
    const [, kind, name] = HEADER.exec(line) ?? [];
    if (kind !== undefined) {
      if (kind !== 'NAME') of(name).paused = kind === 'PAUSE';
      state.current = kind === 'PAUSE' ? null : name;
      return true;
    }
    const [, word, ended] = END.exec(line) ?? [];
    if (word === undefined) {
      if (line.startsWith('-test.shuffle ')) return true;
      if (line === 'PASS' || line === 'FAIL') state.finished = true;
      return line === 'PASS' || line === 'FAIL';
    }
    const test = of(ended);
    test.status = STATUS[word];
    test.ends++;
    // What follows indented belongs to it.
    state.current = ended;
    onEnd(ended, test);
    return true;
  };
  state.line = (raw) => {
    const at = marked ? raw.indexOf(MARK) : 0;
    // The last word has no mark of its own in every version.
    if (at === -1) return raw === 'PASS' || raw === 'FAIL' ? framework(raw) : say(raw);
    const before = raw.slice(0, at);
    const line = marked ? raw.slice(at + 1) : raw;
    if (before !== '') say(before);
    if (framework(line)) return;
    // Without marks, what a test prints without a line's end stands before the line of the testing package.
    const glued = marked ? null : /^(.+?)(--- (?:PASS|FAIL|SKIP): \S+ \(\d[\d.]*s\)|=== (?:RUN|PAUSE|CONT) +\S+)$/.exec(line);
    if (glued && isCurrent(glued[2], state.current)) {
      say(glued[1]);
      framework(glued[2]);
    } else say(line);
  };
  return state;
}

/** True for the end of the test that is running, or the beginning of another. */
function isCurrent(line, current) {
  const ended = END.exec(line);
  return ended === null || ended[2] === current;
}
