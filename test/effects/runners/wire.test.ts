import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readReport } from '../../../src/effects/runners/wire.ts';

type Row = Record<string, unknown>;

const OPEN = { kind: 'open', v: 2, runner: 'x' };
const passed = (name: string, path = 'test/a.test.ts'): Row => ({
  kind: 'test',
  path,
  names: ['s', name],
  status: 'passed',
  retried: false,
  error: null,
});
const done = (tests: number, files = 0): Row => ({ kind: 'finished', tests, files });
/** The report's text; what says that it is finished is sealed. */
const text = (...rows: Row[]) => {
  let all = '';
  for (const [i, row] of rows.entries()) {
    const seal = row['kind'] === 'finished' ? { seal: createHmac('sha256', 'n').update(all).digest('hex') } : {};
    all += `${JSON.stringify({ seq: i + 1, ...row, ...seal })}\n`;
  }
  return all;
};

test('a complete report is read, ordered by path, with ordinals for repeats', () => {
  const report = readReport(
    text(OPEN, passed('b', 'test/b.test.ts'), passed('x'), passed('x'), { kind: 'file', path: '', error: { message: 'lost' } }, done(3, 1)),
    '/work',
    'n',
  );
  expect(report).toMatchObject({ finished: true, broken: null });
  expect(report.tests.map((one) => one.id)).toEqual(['test/a.test.ts › s › x', 'test/a.test.ts › s › x #2', 'test/b.test.ts › s › b']);
  expect(report.fileFailures).toEqual([{ path: '', failure: { message: 'lost', frames: [], outside: true } }]);
});

test('no report, no tests and an unfinished run are told apart', () => {
  expect(readReport(null, '/work', 'n').broken?.kind).toBe('no-report');
  expect(readReport(' \n', '/work', 'n').broken?.kind).toBe('no-report');
  expect(readReport(text(OPEN, done(0)), '/work', 'n')).toEqual({ tests: [], fileFailures: [], finished: true, broken: null });
  const cut = text(OPEN, passed('a'), passed('b'));
  for (const part of [cut, cut.slice(0, -10)]) {
    const report = readReport(part, '/work', 'n');
    expect(report.broken?.kind).toBe('unfinished');
    expect(report.finished).toBe(false);
    expect(report.tests.length).toBeGreaterThan(0);
  }
});

test('a report that this run did not seal is stale, whatever it says', () => {
  const good = text(OPEN, passed('a'), done(1));
  expect(readReport(good, '/work', 'n').broken).toBeNull();
  const forged = [good.replace('"passed"', '"todo"'), good.replace(/"seal":"[^"]*"/, '"seal":""'), good.replace(/,"seal":"[^"]*"/, '')];
  for (const other of [readReport(good, '/work', 'm'), ...forged.map((one) => readReport(one, '/work', 'n'))]) {
    expect(other).toMatchObject({ tests: [], finished: false, broken: { kind: 'stale' } });
    expect(other.broken?.message).toMatch(/^stale: /);
  }
});

test('lines for those who watch are no part of a report, and no report that is sealed may hold them', () => {
  const live = `${JSON.stringify({ kind: 'live', path: 'test/a.test.ts', names: ['a'], status: 'passed', retried: false, error: null })}\n`;
  const [open = '', test = ''] = text(OPEN, passed('a')).split(/(?<=\n)/);
  for (const unfinished of [open + live + test, live + open + test + live, open + test + live.slice(0, -5)])
    expect(readReport(unfinished, '/work', 'n')).toMatchObject({ tests: [{ name: 'a' }], finished: false, broken: { kind: 'unfinished' } });
  const sealed = text(OPEN, passed('a'), done(1));
  expect(readReport(open + live + sealed.slice(open.length), '/work', 'n').broken?.kind).toBe('stale');
  for (const after of [live, '{"kind":"live",', '{"kind":"live",\n'])
    expect(readReport(sealed + after, '/work', 'n').broken?.message).toBe('The report goes on after its end.');
});

const many = Array.from({ length: 10_001 }, (_, i) => passed(`n${i}`));
const nested = `{"seq":1,"kind":"open","v":2,"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n`;

test.each<[string, string]>([
  ['garbage', 'PASS all tests\n'],
  ['an array', '[]\n'],
  ['deep nesting', nested],
  ['deep nesting without an end', `${'['.repeat(1_000_000)}\n`],
  ['another version', text({ ...OPEN, v: 1 }, done(0))],
  ['no opening line', text(passed('a'), done(1))],
  ['a wrong count', text(OPEN, passed('a'), done(2))],
  ['two ends', text(OPEN, done(0), done(0))],
  ['tests after the end', text(OPEN, passed('a'), done(1), passed('b'))],
  ['half a line after the end', `${text(OPEN, passed('a'), done(1))}{"seq":4`],
  ['a repeated number', text(OPEN, passed('a')) + text(OPEN, passed('a'), done(1))],
  ['an unknown status', text(OPEN, { ...passed('a'), status: 'green' }, done(1))],
  ['a path outside the tree', text(OPEN, passed('a', '../a.ts'), done(1))],
  ['an absolute path', text(OPEN, passed('a', '/etc/passwd'), done(1))],
  ['a path with a newline', text(OPEN, passed('a', 'a\nb'), done(1))],
  ['names that are no list', text(OPEN, { ...passed('a'), names: { length: 3 } }, done(1))],
  ['prototype keys', '{"seq":1,"__proto__":{"kind":"open","v":2}}\n'],
  ['too many tests', text(OPEN, ...many, done(10_001))],
  ['too large', text(OPEN, { kind: 'file', path: '', error: { message: 'x'.repeat(9 * 1024 * 1024) } }, done(0, 1))],
])('%s is a bad report', (_, report) => {
  const read = readReport(report, '/work', 'n');
  expect(read.broken?.kind).toBe('bad-report');
  expect(read.finished).toBe(false);
});

test('no text makes the reader throw or finish without an end', () => {
  const rows = fc.array(
    fc.oneof(
      fc.json(),
      fc.string(),
      fc.constantFrom(text(OPEN), text(OPEN, passed('a')), '{"seq":2,"kind":"finished","tests":0,"files":0}'),
    ),
  );
  fc.assert(
    fc.property(rows, (lines) => {
      const report = readReport(lines.join('\n'), '/work', 'n');
      expect(report.finished).toBe(report.broken === null);
    }),
  );
});
