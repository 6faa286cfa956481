import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readGiven } from '../../src/effects/given.ts';

let dir = '';
let root = '';
const BASE: Readonly<Record<string, string>> = {
  'src/a.js': 'export const a = 1;\n',
  'test/a.test.js': 'old\n',
  'test/b.test.js': 'b\n',
  'test/helper.js': 'helper\n',
  'spec/only.test.py': 'py\n',
};

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'redgreen-given-'));
  root = join(dir, 'repo');
  for (const [path, text] of Object.entries(BASE)) put(join('repo', path), text);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function put(path: string, content: string | Buffer): string {
  const file = join(dir, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

const given = (patterns: readonly string[], cwd = root) =>
  readGiven({
    patterns,
    cwd,
    root,
    files: Object.keys(BASE),
    readBase: async (path) => BASE[path] ?? null,
    runners: [{ isTestFile: (path) => path.endsWith('.check.js') }],
  });

test('files of the repository are taken as the working tree has them, from wherever one stands', async () => {
  put('repo/test/a.test.js', 'new\n');
  expect(await given(['test/a.test.js'])).toEqual({ files: { 'test/a.test.js': 'new\n' }, notes: [] });
  expect(await given(['a.test.js', '../test/b.test.js'], join(root, 'test'))).toEqual({
    files: { 'test/a.test.js': 'new\n', 'test/b.test.js': 'b\n' },
    notes: [],
  });
});

test('a folder gives its tests and what is new or changed beside them, nothing of what was installed or built', async () => {
  put('repo/lib/a.test.js', 'a\n');
  put('repo/lib/data.json', '{}\n');
  put('repo/lib/one.check.js', 'one\n');
  put('repo/lib/node_modules/x/x.test.js', 'no\n');
  put('repo/src/new.js', 'new\n');
  expect(Object.keys((await given(['lib'])).files).sort()).toEqual(['lib/a.test.js', 'lib/data.json', 'lib/one.check.js']);
  expect(Object.keys((await given(['src'])).files)).toEqual(['src/new.js']);
});

test('what is no text in a folder does not stand in the way, and is named', async () => {
  for (const name of ['a', 'b', 'c', 'd']) put(`repo/test/${name}.png`, Buffer.from([0x89, 0x50, 0xff, 0xfe]));
  const { files, notes } = await given(['test']);
  expect(Object.keys(files).sort()).toEqual(['test/a.test.js', 'test/b.test.js', 'test/helper.js']);
  expect(notes).toEqual([expect.stringMatching(/no text of at most 1 MB: test\/a\.png, test\/b\.png, test\/c\.png and 1 more\./)]);
});

test('a glob, and the same file more than once', async () => {
  const { files } = await given(['test/*.test.js', 'test/a.test.js', './test/../test/a.test.js']);
  expect(Object.keys(files).sort()).toEqual(['test/a.test.js', 'test/b.test.js']);
});

test('a file from elsewhere goes where tests of its kind are, or in place of the one with its name', async () => {
  const fresh = put('other/c.test.js', 'c\n');
  const twin = put('other/a.test.js', 'theirs\n');
  const { files, notes } = await given([fresh, '../other/a.test.js']);
  expect(files).toEqual({ 'test/c.test.js': 'c\n', 'test/a.test.js': 'theirs\n' });
  expect(notes).toEqual([
    `${fresh} is taken as test/c.test.js.`,
    `${twin} is taken as test/a.test.js, in place of the test that is there.`,
  ]);
});

test('a glob and a folder from elsewhere', async () => {
  put('other/deep/c.test.js', 'c\n');
  expect((await given(['../other/**/*.test.js'])).files).toEqual({ 'test/c.test.js': 'c\n' });
  expect((await given([join(dir, 'other/*/c*')])).files).toEqual({ 'test/c.test.js': 'c\n' });
  expect((await given([join(dir, 'other')])).files).toEqual({ 'test/deep/c.test.js': 'c\n' });
});

test('two files that would be one are refused, not lost', async () => {
  const one = put('one/c.test.js', '1\n');
  const two = put('two/c.test.js', '2\n');
  await expect(given([one, two])).rejects.toThrow(/both be test\/c\.test\.js/);
});

test.each([
  ['missing.test.js', /no test file "missing\.test\.js"/],
  ['test/*.test.rb', /no test file/],
  ['', /empty path/],
  ['src', /names no test file/],
  ['binary.test.js', /no UTF-8 text/],
  ['large.test.js', /larger than 1 MB/],
  ['away', /leads out of the repository by a link/],
  ['pipe.test.js', /no test file/],
])('--tests %j is refused with a sentence', async (pattern, message) => {
  put('repo/binary.test.js', Buffer.from([0xff, 0xfe, 0x00]));
  put('repo/large.test.js', 'x'.repeat(1_000_001));
  put('secret/key.test.js', 'secret\n');
  symlinkSync(join(dir, 'secret'), join(root, 'away'));
  execFileSync('mkfifo', [join(root, 'pipe.test.js')]);
  await expect(given([pattern])).rejects.toMatchObject({ code: 'usage', message: expect.stringMatching(message) });
});
