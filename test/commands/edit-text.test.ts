import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, expect, it } from 'vitest';
import { editText } from '../../src/commands/edit-text.ts';

const dir = mkdtempSync(join(tmpdir(), 'redgreen-editor-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const stdin = new PassThrough() as unknown as NodeJS.ReadStream;

function script(name: string, body: string): string {
  const path = join(dir, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

it('opens the editor, with its own arguments, on a private copy that is gone afterwards', async () => {
  const editor = script('editor', `ls -l "$2" > ${dir}/listing; echo "$1 $2" > ${dir}/argv; printf 'second' >> "$2"`);
  const text = await editText({ env: { EDITOR: `${editor} --wait`, VISUAL: '' }, stdin }, 'first ', {
    name: 'plan.json',
    signal: new AbortController().signal,
  });
  expect(text).toBe('first second');
  const [wait = '', path = ''] = readFileSync(join(dir, 'argv'), 'utf8').trim().split(' ');
  expect([wait, path.endsWith('/plan.json')]).toEqual(['--wait', true]);
  expect(readFileSync(join(dir, 'listing'), 'utf8')).toMatch(/^-rw-------/);
  expect(() => readFileSync(path)).toThrow('ENOENT');
});

it('says in a sentence that the editor ended badly or is not there', async () => {
  const failing = script('failing', 'exit 3');
  await expect(
    editText({ env: { VISUAL: failing, EDITOR: 'true' }, stdin }, 'x', { name: 'plan.json', signal: new AbortController().signal }),
  ).rejects.toThrow('ended with 3; nothing was changed');
  await expect(
    editText({ env: { EDITOR: 'no-such-editor' }, stdin }, 'x', { name: 'plan.json', signal: new AbortController().signal }),
  ).rejects.toThrow('The editor (no-such-editor) was not found');
});

it('ends the editor when it is told to', async () => {
  const stopping = new AbortController();
  const text = editText({ env: { EDITOR: script('slow', 'exec sleep 30') }, stdin }, 'x', { name: 'plan.json', signal: stopping.signal });
  setTimeout(() => stopping.abort(), 100);
  await expect(text).rejects.toThrow('nothing was changed');
});
