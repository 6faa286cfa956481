import fc from 'fast-check';
import type { Key } from 'ink';
import { describe, expect, it } from 'vitest';
import { columns } from '../../../../src/core/sanitise.ts';
import { statusRow, textRows } from '../../../../src/surfaces/live/pager/pager-frame.ts';
import { pasted, pressed } from '../../../../src/surfaces/live/pager/pager-keys.ts';
import { find, openReading, type Reading, renewed, type Size } from '../../../../src/surfaces/live/pager/pager-reading.ts';
import { type Page, span, styled } from '../../../../src/surfaces/views/styled.ts';

const SIZE: Size = { columns: 80, rows: 10 };
const page = (title: string, count: number, text = (i: number) => `${title} ${i}`): Page => ({
  title,
  lines: Array.from({ length: count }, (_, i) => styled(span(text(i + 1)))),
});
const pages = [page('one', 50), page('two', 3), page('three', 30)];

const NAMES = {
  down: { downArrow: true },
  up: { upArrow: true },
  pageDown: { pageDown: true },
  pageUp: { pageUp: true },
  home: { home: true },
  end: { end: true },
  left: { leftArrow: true },
  right: { rightArrow: true },
  tab: { tab: true },
  backTab: { tab: true, shift: true },
  enter: { return: true },
  escape: { escape: true },
  backspace: { backspace: true },
} as const;
type Name = keyof typeof NAMES;

/** Presses keys by their names (`<down>`, `<ctrl-d>`) or characters, each an event of its own. */
function press(reading: Reading, keys: string, size = SIZE): Reading | 'leave' | 'interrupt' {
  let step: Reading | 'leave' | 'interrupt' = reading;
  for (const [, name, char] of keys.matchAll(/<([\w-]+)>|([^<])/g)) {
    if (typeof step === 'string') throw new Error(`left before ${name ?? char}`);
    const ctrl = name?.startsWith('ctrl-') === true;
    const input = ctrl ? name.slice(5) : (char ?? '');
    step = pressed(step, input, { ctrl, ...(name && !ctrl ? NAMES[name as Name] : {}) } as Key, size);
  }
  return step;
}

function after(keys: string, from = openReading(pages, false), size = SIZE): Reading {
  const step = press(from, keys, size);
  if (typeof step === 'string') throw new Error(`${keys} left the view`);
  return step;
}

const rows = (reading: Reading, size = SIZE) => textRows(reading, size).map((spans) => spans.map((one) => one.text).join(''));
const first = (keys: string, from?: Reading) => rows(after(keys, from))[0];
const status = (reading: Reading, size = SIZE) =>
  statusRow(reading, 'view', 'repairing', size)
    .spans.map((one) => one.text)
    .join('');

describe('the keys of the pager', () => {
  it.each([
    ['j', 'one 2'],
    ['jj<down><enter>', 'one 5'],
    ['jjjk<up>', 'one 2'],
    [' ', 'one 11'],
    ['<pageDown><pageDown>', 'one 21'],
    [' <ctrl-f>b', 'one 11'],
    ['<ctrl-d>', 'one 6'],
    ['<ctrl-d><ctrl-d><ctrl-u>', 'one 6'],
    ['G', 'one 41'],
    ['<end>jjj', 'one 41'],
    ['Gg', 'one 1'],
    ['G<home>', 'one 1'],
    ['kkk', 'one 1'],
    ['<tab>', 'two 1'],
    [']]', 'three 1'],
    [']]]', 'one 1'],
    ['<backTab>', 'three 1'],
    ['[[', 'two 1'],
    ['z', 'one 1'],
  ])('%s', (keys, shown) => {
    expect(first(keys)).toBe(shown);
  });

  it('take several characters of one event one after the other', () => {
    const fast = pressed(openReading(pages, false), 'jj]/hree 7\r', {} as Key, SIZE);
    expect(typeof fast === 'string' ? fast : rows(fast)[0]).toBe('three 7');
  });

  it('leave by q and Esc, and stop the run by Ctrl-C from anywhere', () => {
    const open = openReading(pages, false);
    expect(['q', '<escape>', '<ctrl-c>', '/ab<ctrl-c>', 'h<ctrl-c>'].map((keys) => press(open, keys))).toEqual([
      'leave',
      'leave',
      'interrupt',
      'interrupt',
      'interrupt',
    ]);
    expect(after('/q<escape>').typing).toBeNull();
    expect(after('hq').help).toBe(false);
  });

  it('search downwards and upwards, over all pages in a circle', () => {
    expect(first('/one 3<enter>')).toBe('one 3');
    expect(rows(after('/one 3<enter>n'))[0]).toBe('one 30');
    expect(rows(after('/one 3<enter>nN'))[0]).toBe('one 3');
    expect(first('/three 2<enter>')).toBe('three 2');
    expect(status(after('/two 3<enter>n'))).toContain('found from the other end');
    expect(status(after('/nowhere<enter>'))).toContain('not found: nowhere');
    expect(status(after('n'))).toContain('nothing to search for yet');
  });

  it('go from hit to hit at the end of a page, where the window moves no more', () => {
    const hits = ['one 46', 'one 47', 'one 48'].map((_, i) => after(`/one 4${'<enter>'}${'n'.repeat(6 + i)}`).hit);
    expect(hits).toEqual([44, 45, 46]);
  });

  it('show only the lines that hold what is typed, as it is typed', () => {
    const typing = after('&4');
    expect(rows(typing).slice(0, 3)).toEqual(['one 4', 'one 14', 'one 24']);
    expect(rows(after('<enter>', typing))).toEqual(rows(typing));
    expect(status(after('<enter>', typing))).toContain('line 1 of 14, 0 % with "4"');
    expect(rows(after('&47<backspace><backspace>'))[0]).toBe('one 1');
    expect(rows(after('&4<enter><escape>'))[0]).toBe('one 1');
    expect(status(after('&nothing<enter>'))).toContain('no line with "nothing"');
  });

  it('cut long lines and move sideways', () => {
    const long = openReading([page('long', 2, (i) => `${i} ${'x'.repeat(100)} end ${i}`)], false);
    expect(rows(long).length).toBe(4);
    expect(rows(after('w', long))).toEqual([`1 ${'x'.repeat(78)}`, `2 ${'x'.repeat(78)}`]);
    expect(rows(after('w<right>', long))[0]).toBe(`${'x'.repeat(62)} end 1`);
    expect(rows(after('w<right><left>', long))[0]).toBe(`1 ${'x'.repeat(78)}`);
    expect(status(after('<right>', long))).toContain('w cuts long lines');
  });

  it('put what is pasted where something is typed, sanitised, and nowhere else', () => {
    const open = openReading(pages, false);
    expect(pasted(open, 'q')).toBe(open);
    expect(pasted(after('/'), 'a\u001b[2Jb\nc').typing?.text).toBe('a␛b c');
  });

  it('show themselves', () => {
    const help = rows(after('h'), { columns: 80, rows: 30 });
    expect(help.join('\n')).toContain('q, Esc');
    expect(rows(after('h'), { columns: 30, rows: 5 }).every((row) => columns(row) <= 30)).toBe(true);
  });
});

describe('reading', () => {
  it('goes to a page by its title or else to the lines that hold it', () => {
    const open = openReading(pages, false);
    expect(rows(find(open, 'two'))[0]).toBe('two 1');
    expect(rows(find(open, 'thr'))[0]).toBe('three 1');
    expect(rows(find(open, 'ne 49'))).toEqual(['one 49']);
  });

  it('follows a page that grows, from its end, until somebody moves up', () => {
    const grown = [page('log', 60)];
    const log = openReading([page('log', 50)], true);
    expect([rows(log).at(-1), rows(renewed(log, grown)).at(-1)]).toEqual(['log 50', 'log 60']);
    expect(rows(renewed(after('k', log), grown)).at(-1)).toBe('log 49');
    expect(rows(renewed(after('kG', log), grown)).at(-1)).toBe('log 60');
    expect(rows(renewed(after('kj', log), grown)).at(-1)).toBe('log 60');
    expect(status(log)).toContain('50 lines, following');
  });

  it('stays on its page and line when the pages are read anew', () => {
    const there = after(']]jjj');
    const now = renewed(there, [page('new', 5), ...pages]);
    expect([rows(now)[0], now.page]).toEqual(['three 4', 3]);
    expect(rows(renewed(there, [page('one', 2)]))).toEqual(['one 1', 'one 2']);
    expect(rows(renewed(there, []))).toEqual([]);
  });

  it('fills the window whatever is pressed and however the window changes', () => {
    const mixed = [page('mixed', 40, (i) => 'word 漢字 '.repeat((i * 7) % 30)), page('empty', 0)];
    const keys = fc.array(
      fc.constantFrom(
        'j',
        'k',
        ' ',
        'b',
        'd',
        'u',
        'g',
        'G',
        'w',
        ']',
        '[',
        '<right>',
        '<left>',
        'n',
        '/w<enter>',
        '&字<enter>',
        '<escape>',
      ),
      {
        maxLength: 12,
      },
    );
    const size = fc.record({ columns: fc.integer({ min: 2, max: 90 }), rows: fc.integer({ min: 1, max: 30 }) });
    fc.assert(
      fc.property(keys, size, size, (all, then, now) => {
        let reading = openReading(mixed, false);
        for (const key of all) {
          const step = press(reading, key, then);
          if (typeof step !== 'string') reading = step;
        }
        const shown = rows(reading, now);
        expect(shown.length).toBeLessThanOrEqual(now.rows);
        if (reading.lines.length >= now.rows) expect(shown.length).toBe(now.rows);
        for (const row of shown) expect(columns(row)).toBeLessThanOrEqual(now.columns);
        expect(columns(status(reading, now))).toBeLessThanOrEqual(now.columns);
      }),
    );
  });

  it('says where one is', () => {
    expect(status(openReading([page('one', 5)], false))).toMatch(/^view · one {2}5 lines · repairing {30,}h keys · q back$/);
    expect(status(after('jj'))).toMatch(/^view · one \(1 of 3\) {2}line 3 of 50, 4 % · repairing +h keys · q back$/);
    expect(status(after('G'))).toContain('line 41 of 50, end');
    expect(status(openReading([page('漢字'.repeat(60), 50)], false))).toMatch(/^view · 漢字.*… {2}line 1 of 50, 0 % +h keys · q back$/);
  });

  it('keeps the end of what is typed in sight, and the cursor after it', () => {
    const typing = after(`/${'漢字'.repeat(50)}`);
    const shown = statusRow(typing, 'view', '', SIZE);
    expect(shown.spans.map((one) => one.text).join('')).toMatch(/^\/(漢|字)+字$/);
    expect(shown.cursor).toBeLessThan(SIZE.columns);
    expect(statusRow(after('/ab'), 'view', '', SIZE).cursor).toBe(3);
  });
});
