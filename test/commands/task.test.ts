import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { readTask } from '../../src/commands/task.ts';

const cwd = mkdtempSync(join(tmpdir(), 'redgreen-task-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const write = (name: string, content: string | Buffer) => writeFileSync(join(cwd, name), content);
const read = (words: string[], file: string | null = null, stdin = '') =>
  readTask({ words, file, stdin: Readable.from([Buffer.from(stdin)]), cwd });

describe('a task', () => {
  it('comes from words', async () => expect(await read(['count', 'words'])).toBe('count words'));
  it('comes from a file, with Windows line ends mended', async () => {
    write('spec.md', '# Spec\r\nCount words – fast\r\n');
    expect(await read([], 'spec.md')).toBe('# Spec\nCount words – fast\n');
  });
  it('comes from standard input', async () => {
    expect(await read(['-'], null, 'count')).toBe('count');
    expect(await read([], '-', 'count')).toBe('count');
  });
});

describe('no task', () => {
  write('binary', Buffer.from([0x66, 0, 0x6f]));
  write('latin1', Buffer.from([0x63, 0xe9]));
  write('large', 'x'.repeat(1_000_001));
  write('empty', ' \n');
  const cases: [string, () => Promise<string>, string][] = [
    ['nothing', () => read([]), 'Say what to build: redgreen "a tool that …", redgreen -f spec.md, or redgreen - to read standard input.'],
    ['an empty prompt', () => read(['  ']), 'The prompt is empty; say what to build.'],
    ['words and a file', () => read(['x'], 'spec.md'), 'Give the task as words or with --file, not both.'],
    ['a missing file', () => read([], 'none.md'), 'The file none.md does not exist.'],
    ['a folder', () => read([], '.'), '. is a folder; --file takes one text file.'],
    ['zero bytes', () => read([], 'binary'), 'binary is binary; a task is a text.'],
    ['another encoding', () => read([], 'latin1'), 'latin1 is no UTF-8 text.'],
    ['more than 1 MB', () => read([], 'large'), 'large is larger than 1 MB; a task is a text that a person could read.'],
    [
      'more than 1 MB of input',
      () => read(['-'], null, 'x'.repeat(1_000_001)),
      'Standard input is larger than 1 MB; a task is a text that a person could read.',
    ],
    ['blanks', () => read([], 'empty'), 'empty is empty; say what to build.'],
  ];
  for (const [name, task, message] of cases) {
    it(`is ${name}`, () => expect(task()).rejects.toMatchObject({ name: 'RedgreenError', code: 'usage', message }));
  }
});
