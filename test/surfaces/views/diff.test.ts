import { diffWordsWithSpace, structuredPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import type { Body } from '../../../src/core/events.ts';
import { type DiffMemory, diffView } from '../../../src/surfaces/views/diff.ts';
import { diffFile } from '../../../src/surfaces/views/diff-file.ts';
import { textOf } from '../../../src/surfaces/views/styled.ts';
import { closing, created, middle, opening } from '../events.ts';
import { blobs, countText, meeting, snapshot, stateAfter } from './story.ts';

const lib = { structuredPatch, diffWordsWithSpace };
const onBase = (files: readonly string[], bodies: readonly Body[]): readonly Body[] => [
  { ...created, base: { commit: '9'.repeat(40), files } } as Body,
  ...bodies.slice(1),
];

describe('the diff of a run', () => {
  it('shows what came so far while the rest is still being written', async () => {
    const pages = await diffView(meeting(), stateAfter(opening));
    await expect(snapshot(pages)).toMatchFileSnapshot('snapshots/diff-drafting.txt');
  });

  it('shows new and changed files after a round, with the words that changed', async () => {
    const before = { 'src/cli.ts': blobs['c'.repeat(64)] ?? '' };
    const pages = await diffView(meeting(blobs, before), stateAfter(onBase(['src/cli.ts'], [...opening, ...middle])));
    await expect(snapshot(pages)).toMatchFileSnapshot('snapshots/diff-round.txt');
  });

  it('shows at its end what the repair made, and no file that is as it was', async () => {
    const texts = {
      ...blobs,
      ['3'.repeat(64)]: countText.replace('return words.length;', "return text.trim() === '' ? 0 : words.length;"),
    };
    const base = { 'src/cli.ts': blobs['f'.repeat(64)] ?? '', 'src/count.ts': countText };
    const pages = await diffView(
      meeting(texts, base),
      stateAfter(onBase(['src/cli.ts', 'src/count.ts'], [...opening, ...middle, ...closing])),
    );
    expect(pages.map((page) => page.title)).toEqual(['summary', 'src/count.ts', 'test/count.test.ts']);
    expect(pages[1]?.lines.map(textOf)).toContain("+  return text.trim() === '' ? 0 : words.length;");
  });

  it('compares a file once while it does not change', async () => {
    let read = 0;
    const run = meeting();
    const counting = {
      ...run,
      read: (ref: string) => {
        read += 1;
        return run.read(ref);
      },
    };
    const memory: DiffMemory = new Map();
    await diffView(counting, stateAfter(), memory);
    const first = read;
    const again = await diffView(counting, stateAfter(), memory);
    expect([first, read]).toEqual([3, 3]);
    expect(snapshot(again)).toBe(snapshot(await diffView(run, stateAfter())));
  });

  it('says that nothing is changed before there is a plan, and what cannot be compared', async () => {
    expect(snapshot(await diffView(meeting(), stateAfter([created])))).toContain('Nothing is changed so far.');
    const pages = await diffView(meeting(), stateAfter(onBase(['src/count.ts'], [...opening, ...middle])));
    expect(pages[1]?.lines.map(textOf).join('\n')).toContain('is no text or too large');
  });
});

describe('one file', () => {
  const text = (n: number, of = (i: number) => `line ${i}`) => Array.from({ length: n }, (_, i) => `${of(i)}\n`).join('');
  const shown = (before: string | null, after: string | null) => diffFile('a.ts', before, after, lib);

  it('is new, changed, deleted or the same', () => {
    expect(
      [shown(null, 'a\n'), shown('a\n', 'b\n'), shown('a\n', null), shown('a\n', 'a\n')].map(({ kind, added, removed }) => [
        kind,
        added,
        removed,
      ]),
    ).toEqual([
      ['new', 1, 0],
      ['changed', 1, 1],
      ['deleted', 0, 1],
      ['same', 0, 0],
    ]);
  });

  it('is said instead of shown when it is no text or huge', () => {
    expect(shown(null, 'a\0b').lines.map(textOf)).toEqual(['This file is no text, and is not shown.']);
    const huge = shown('x\n', text(60_000));
    expect(huge.lines.map(textOf)).toEqual(['This file is too large to be shown here: 649 kB in 60000 lines, before 2 B.']);
    expect([huge.added, huge.removed]).toEqual([60_000, 1]);
  });

  it('is shown as rewritten when nearly every line is another one', () => {
    const { added, removed, lines } = shown(
      text(4000),
      text(4000, (i) => `other ${i}`),
    );
    expect([added, removed, lines.length]).toEqual([4000, 4000, 8001]);
    expect(lines[1] && textOf(lines[1])).toBe('-line 0');
    expect(lines.at(-1) && textOf(lines.at(-1) ?? { spans: [] })).toBe('+other 3999');
  });

  it('shows line ends, missing ones too, and nothing that a terminal would obey', () => {
    expect(shown('a\r\nb', 'a\nb\n').lines.map(textOf)).toEqual([
      '@@ -1,2 +1,2 @@',
      '-a␍',
      '-b',
      '\\ No newline at end of file',
      '+a',
      '+b',
    ]);
    const hostile = shown(null, '\u001b]52;c;aGk=\u0007 \u202e \u009b2J\n');
    expect(hostile.lines.map(textOf).join('\n')).not.toMatch(/[\u001b\u0007\u009b\u202e]/);
  });

  it('marks words only where a line became another form of itself', () => {
    const bold = (before: string, after: string) =>
      shown(before, after).lines.flatMap((line) => line.spans.filter((one) => one.bold).map((one) => one.text));
    expect(bold('const a = 1;\n', 'const a = 2;\n')).toEqual(['1', '2']);
    expect(bold('const a = 1;\n', 'return something else entirely\n')).toEqual([]);
    expect(bold('a = 1\n', 'a = 2\nb = 3\n')).toEqual([]);
  });
});
