import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clean, keepEnds, MESSAGE_LIMIT, normaliseFailure, stripControls } from '../../../src/effects/runners/normalise.ts';

const raw = { name: '', message: '', stack: '', detail: '' };

test('the same failure on two machines gives the same text', () => {
  const at = (dir: string, tmp: string, pid: number, port: number) =>
    normaliseFailure(
      {
        name: 'Error',
        message: `cannot read /tmp/${tmp}/data.csv (pid ${pid}) from 127.0.0.1:${port}\n<Row object at 0x7f${pid}aabb>`,
        stack: `Error: x\n    at read (file://${dir}/src/read%20it.ts:12:5)\n    at node:internal/process:3:4\n    at run (${dir}/node_modules/a/index.js:1:2)\n    at async main (/opt/harness/node_test.mjs:5:6)\n    at ${dir}/test/a.test.ts:3:1`,
        detail: `(node:${pid}) Warning\nNode.js v24.21.0`,
      },
      dir,
      false,
    );
  const here = at('/srv/tree', 'x-a1b2', 1234, 40123);
  expect(at('/home/me/some place', 'x-zzzz', 98765, 39999)).toEqual(here);
  expect(here).toEqual({
    message:
      'Error: cannot read <tmp>/data.csv (pid <pid>) from 127.0.0.1:<port>\n<Row object at <address>>\n(node:<pid>) Warning\n    at read (src/read it.ts:12:5)\n    at test/a.test.ts:3:1',
    frames: [
      { path: 'src/read it.ts', line: 12 },
      { path: 'test/a.test.ts', line: 3 },
    ],
    outside: false,
  });
});

test('values that a test compares are left alone', () => {
  const message = "'1.5s' !== '12ms'\n0xff !== 0xdeadbeef\n'a: 3 (2 items)' !== '127.0.0.1:8080'";
  expect(clean(message, '/work')).toBe(message);
  const routes = "'/work/items' !== '/work', http://x/work/a.ts, /workshop/a.ts, /home/work/a.ts";
  expect(clean(routes, '/work')).toBe(routes);
  expect(clean("open '/work/data/a.csv' in /work", '/work')).toBe("open 'data/a.csv' in /work");
  expect(clean("open '/home/me/tree/data' in /home/me/tree", '/home/me/tree')).toBe("open 'data' in .");
});

test('escape sequences and invisible characters go or become visible', () => {
  expect(stripControls('\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u001b\\ \u009b1mx\r\ny\u0000\tz')).toBe(
    'red link x\ny\tz',
  );
  expect(stripControls('a\u200bb\u202ec\u2066d')).toBe('a<U+200B>b<U+202E>c<U+2066>d');
  expect(stripControls('\u{e0041}')).toBe('<U+E0041>');
});

test('any text becomes a bounded message without control characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer({ min: 1, max: 20 }), (text, times) => {
      const failure = normaliseFailure({ ...raw, message: text.repeat(times), stack: text, detail: text }, '/work', true);
      expect(failure.message.length).toBeLessThanOrEqual(MESSAGE_LIMIT);
      expect(failure.message).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      expect(stripControls(failure.message)).toBe(failure.message);
    }),
  );
});

test('head and tail of a long message are kept, and hostile input is read in linear time', () => {
  const long = `${'a'.repeat(5_000)}END`;
  const kept = keepEnds(long, 1_000);
  expect(kept).toHaveLength(1_000);
  expect(kept).toMatch(/^a+\n… \d+ characters left out …\na+END$/);
  for (const evil of [
    ' ('.repeat(200_000),
    '    at '.repeat(100_000),
    '\u001b]'.repeat(300_000),
    '/tmp/'.repeat(100_000),
    '0x'.repeat(200_000),
    '/work/'.repeat(100_000),
    `/work/${'a-'.repeat(200_000)}`,
    `    at ${'a.b/'.repeat(50_000)}:1`,
  ]) {
    expect(normaliseFailure({ ...raw, message: evil, stack: evil, detail: evil }, '/work', false).message.length).toBeLessThanOrEqual(
      MESSAGE_LIMIT,
    );
  }
});
