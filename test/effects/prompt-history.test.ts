import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { addToHistory, readHistory } from '../../src/effects/prompt-history.ts';

const dir = mkdtempSync(join(tmpdir(), 'redgreen-history-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('keeps lines for their owner alone, also those of several lines', () => {
  const file = join(dir, 'state', 'history.jsonl');
  expect(readHistory(file)).toEqual([]);
  addToHistory(file, 'a tool\nthat counts');
  addToHistory(file, '日本 \u001b[31m');
  expect(readHistory(file)).toEqual(['a tool\nthat counts', '日本 \u001b[31m']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).not.toContain('\u001b');
});

it('keeps the newest thousand, and leaves out what is no line of its own', () => {
  const file = join(dir, 'long.jsonl');
  const lines = Array.from({ length: 1300 }, (_, i) => JSON.stringify({ text: `task ${i}` }));
  writeFileSync(file, `${lines.join('\n')}\nnot json\n{"text":3}\n`);
  const read = readHistory(file);
  expect([read.length, read[0], read.at(-1)]).toEqual([998, 'task 302', 'task 1299']);
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1000);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('costs nothing but the history where the folder cannot be written', () => {
  const file = join(dir, 'long.jsonl', 'no-folder', 'history.jsonl');
  expect(() => addToHistory(file, 'text')).not.toThrow();
  expect(readHistory(file)).toEqual([]);
});
