import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EVENT_VERSION, type Event } from '../../src/core/events.ts';
import { readJournal } from '../../src/effects/journal.ts';
import { eachEvent } from '../../src/effects/journal-stream.ts';
import { folder } from './repository.ts';

const note = (seq: number, text = `n${seq}`): Event => ({ v: EVENT_VERSION, seq, at: 1_700_000_000_000 + seq, type: 'note', text });

function streamed(path: string): readonly Event[] {
  const events: Event[] = [];
  eachEvent(path, (event) => events.push(event));
  return events;
}

function fileWith(text: string): string {
  const path = join(folder(), 'journal.jsonl');
  writeFileSync(path, text);
  return path;
}

it('gives what readJournal gives, wherever a crash cut the file, also over the borders of chunks', () => {
  const lines = [note(1), note(2, 'ü€😀'.repeat(300_000)), note(3), note(4, 'x'.repeat(1_048_000))].map((e) => `${JSON.stringify(e)}\n`);
  const path = fileWith(lines.join(''));
  const whole = readFileSync(path);
  expect(streamed(path)).toHaveLength(4);
  for (const length of [0, 1, 90, 1_048_576, 1_048_577, whole.length - 1, whole.length]) {
    writeFileSync(path, whole.subarray(0, length));
    expect(streamed(path)).toEqual(readJournal(path));
  }
});

it('reads formats 2 and 3, and refuses what readJournal refuses', () => {
  for (const v of [2, 3]) expect(streamed(fileWith(`${JSON.stringify({ ...note(1), v })}\n`))).toEqual([note(1)]);
  const [one, two] = [JSON.stringify(note(1)), JSON.stringify(note(2))];
  for (const text of [`${one}\nno json\n${two}\n`, `${two}\n`, `${one.replace(/"v":\d+/, '"v":9')}\n`]) {
    const path = fileWith(text);
    let refused = '';
    try {
      readJournal(path);
    } catch (thrown) {
      refused = String(thrown);
    }
    expect(refused).not.toBe('');
    expect(() => streamed(path)).toThrow(refused.replace('RedgreenError: ', ''));
  }
  expect(() => streamed('/nowhere/journal.jsonl')).toThrow('There is no readable journal');
});

it('passes over a last line that is whole and damaged, as readJournal does', () => {
  const path = fileWith(`${JSON.stringify(note(1))}\n{"v":3,"se\n`);
  expect(streamed(path)).toEqual(readJournal(path));
});
