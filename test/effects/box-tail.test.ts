import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { followLines } from '../../src/effects/box-tail.ts';

const folder = mkdtempSync(join(tmpdir(), 'redgreen-tail-'));
let count = 0;
beforeEach(() => void vi.useFakeTimers());
afterAll(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

/** A new file that is followed, and the lines that are told. */
function followed(): { readonly path: string; readonly lines: string[]; readonly end: () => void } {
  const path = join(folder, String(count++));
  writeFileSync(path, '');
  const lines: string[] = [];
  return { path, lines, end: followLines(path, (line) => lines.push(line)) };
}

const look = () => vi.advanceTimersByTime(150);

test('whole lines are told as they come', () => {
  const { path, lines, end } = followed();
  appendFileSync(path, 'one\ntw');
  look();
  expect(lines).toEqual(['one']);
  const letters = Buffer.from('o é\nthree');
  appendFileSync(path, letters.subarray(0, 3));
  look();
  appendFileSync(path, letters.subarray(3));
  look();
  expect(lines).toEqual(['one', 'two é']);
  end();
});

test('a line that is too long is left out, and the next one is told', () => {
  const { path, lines, end } = followed();
  writeFileSync(path, `${'x'.repeat(300_000)}\nshort\n${'y'.repeat(65_537)}\n${'z'.repeat(65_536)}\nend\n`);
  for (let i = 0; i < 4; i++) look();
  expect(lines.map((line) => line.length)).toEqual([5, 65_536, 3]);
  end();
});

test('a flood is read slowly and not to its end', () => {
  const { path, lines, end } = followed();
  writeFileSync(path, `${'x'.repeat(1_023)}\n`.repeat(5 * 1_024));
  look();
  expect(lines).toHaveLength(128);
  for (let i = 0; i < 100; i++) look();
  expect(lines).toHaveLength(4 * 1_024);
  end();
});

test('a file that shrinks, or is replaced by what would block, harms nothing', () => {
  const { path, lines, end } = followed();
  appendFileSync(path, 'one\n');
  look();
  truncateSync(path);
  look();
  execFileSync('mkfifo', [`${path}.fifo`]);
  renameSync(`${path}.fifo`, path);
  look();
  expect(lines).toEqual(['one']);
  end();
});

test('what is not there is not followed, and nothing is told after the end', () => {
  followLines(join(folder, 'missing'), () => expect.unreachable())();
  const { path, lines, end } = followed();
  end();
  appendFileSync(path, 'late\n');
  look();
  expect(lines).toEqual([]);
});
