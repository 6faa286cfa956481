import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVENT_VERSION, type Event } from '../../src/core/events.ts';
import { openJournal, readJournal } from '../../src/effects/journal.ts';
import { folder } from './repository.ts';

const note = (seq: number, text = `n${seq}`): Event => ({ v: EVENT_VERSION, seq, at: 1_700_000_000_000 + seq, type: 'note', text });

function journalWith(count: number): string {
  const path = join(folder(), 'runs', 'journal.jsonl');
  const journal = openJournal(path);
  for (let seq = 1; seq <= count; seq++) journal.append(note(seq));
  journal.close();
  return path;
}

describe('journal', () => {
  it('gives back the events in order, one line each, for its owner only', () => {
    const path = journalWith(3);
    expect(readJournal(path)).toEqual([note(1), note(2), note(3)]);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(4);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('goes on after a reopen', () => {
    const path = journalWith(2);
    const journal = openJournal(path);
    expect(journal.events).toEqual([note(1), note(2)]);
    journal.append(note(3, 'line\nbreak \u2028 ü'));
    journal.close();
    expect(readJournal(path).at(-1)).toEqual(note(3, 'line\nbreak \u2028 ü'));
  });

  it('keeps every whole line and no torn one, wherever a crash cuts the file', () => {
    const path = journalWith(4);
    const whole = readFileSync(path);
    for (let length = whole.length; length >= 0; length--) {
      writeFileSync(path, whole.subarray(0, length));
      const lines = whole.subarray(0, length).toString('utf8').split('\n').length - 1;
      expect(readJournal(path)).toEqual([1, 2, 3, 4].slice(0, lines).map((seq) => note(seq)));
      if (length % 37 !== 0) continue;
      const journal = openJournal(path);
      journal.append(note(lines + 1, 'after the crash'));
      journal.close();
      expect(readJournal(path).at(-1)).toEqual(note(lines + 1, 'after the crash'));
      expect(readJournal(path)).toHaveLength(lines + 1);
    }
  });

  it('treats a last line of zeros (lost pages) as torn', () => {
    const path = journalWith(2);
    appendFileSync(path, Buffer.concat([Buffer.alloc(50), Buffer.from('\n')]));
    expect(readJournal(path)).toHaveLength(2);
    openJournal(path).close();
    expect(readFileSync(path).includes(0)).toBe(false);
  });

  it.each([
    [
      'another version',
      (lines: string[]) => lines.with(0, (lines[0] ?? '').replace(`"v":${EVENT_VERSION}`, '"v":99')),
      'line 1 has format 99',
    ],
    ['no version', (lines: string[]) => lines.with(2, '{"seq":3,"at":1,"type":"note"}'), 'line 3 has no format version'],
    ['a gap', (lines: string[]) => lines.toSpliced(1, 1), 'line 2 should be event 2 but is event 3'],
    ['a line twice', (lines: string[]) => lines.toSpliced(1, 0, lines[0] ?? ''), 'line 2 should be event 2 but is event 1'],
    ['a broken line in the middle', (lines: string[]) => lines.with(1, '{"v":1,'), 'line 2 is no event'],
    ['an array', (lines: string[]) => lines.with(1, '[]'), 'line 2 is no event'],
    ['no type', (lines: string[]) => lines.with(1, `{"v":${EVENT_VERSION},"seq":2,"at":1}`), 'line 2 has no time or no type'],
  ])('refuses %s', (_, change, message) => {
    const path = journalWith(4);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    writeFileSync(path, `${change(lines).join('\n')}\n`);
    const wanted = expect.objectContaining({ code: 'journal', message: expect.stringContaining(message) });
    expect(() => readJournal(path)).toThrow(wanted);
    expect(() => openJournal(path)).toThrow(wanted);
  });

  it('takes the next event only', () => {
    const journal = openJournal(journalWith(2));
    expect(() => journal.append(note(2))).toThrow(/cannot follow/);
    expect(() => journal.append(note(4))).toThrow(/cannot follow/);
    journal.append(note(3));
    journal.close();
    journal.close();
    expect(() => journal.append(note(4))).toThrow(/closed/);
  });

  it('writes nowhere through a link, and says when there is none to read', () => {
    const dir = folder();
    writeFileSync(join(dir, 'victim'), 'precious');
    symlinkSync(join(dir, 'victim'), join(dir, 'journal.jsonl'));
    expect(() => openJournal(join(dir, 'journal.jsonl'))).toThrow(expect.objectContaining({ code: 'journal' }));
    expect(readFileSync(join(dir, 'victim'), 'utf8')).toBe('precious');
    expect(() => readJournal(join(dir, 'none'))).toThrow(expect.objectContaining({ code: 'journal' }));
  });

  it('takes back a line that did not fit, and takes nothing more', () => {
    const path = join(folder(), 'journal.jsonl');
    const script = `
      import { openJournal } from ${JSON.stringify(new URL('../../src/effects/journal.ts', import.meta.url).href)};
      const journal = openJournal(${JSON.stringify(path)});
      const said = [];
      for (let seq = 1; seq <= 30; seq++) {
        try { journal.append({ v: ${EVENT_VERSION}, seq, at: 1, type: 'note', text: 'x'.repeat(100) }); } catch (error) { said.push(error.code + ': ' + error.message); }
      }
      console.log(JSON.stringify(said.slice(0, 2)));`;
    // A limit of two 512-byte blocks on the size of files stands for a full disk.
    const output = execFileSync('sh', ['-c', 'ulimit -f 2; exec "$0" --input-type=module-typescript -e "$1"', process.execPath, script], {
      encoding: 'utf8',
    });
    const [first, second] = JSON.parse(output) as string[];
    expect(first).toMatch(/^journal: .*could not be written.*resume/);
    expect(second).toMatch(/^journal: .*earlier failed write/);
    expect(readFileSync(path, 'utf8').endsWith('\n')).toBe(true);
    expect(readJournal(path).length).toBeGreaterThan(3);
  });
});
