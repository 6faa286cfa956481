// Header, tree, grid, round and meter: what a picture at three sizes does not show.
import { describe, expect, it } from 'vitest';
import type { Body, Limits } from '../../../../src/core/events.ts';
import { columns } from '../../../../src/core/sanitise.ts';
import { fit, keepEnd, type Pieces, padText, widthOf } from '../../../../src/surfaces/live/paint/paint-spans.ts';
import { asciiSymbols, unicodeSymbols as symbols, symbolsFor, toAscii } from '../../../../src/surfaces/live/paint/symbols.ts';
import { gridRows } from '../../../../src/surfaces/live/run/grid.ts';
import { activityOf, headerRows } from '../../../../src/surfaces/live/run/header.ts';
import { meterRow, tightest } from '../../../../src/surfaces/live/run/meter.ts';
import { screenRows } from '../../../../src/surfaces/live/run/screen-layout.ts';
import { treeRows } from '../../../../src/surfaces/live/run/tree.ts';
import { fileRows } from '../../../../src/surfaces/live/run/tree-files.ts';
import { broken, created as changed, changing, red, reproducing, answered as said, toolsDone } from '../../change-events.ts';
import { answered, type Beat, box, chapters, created, delta, plan, results, started, stories, tell } from '../stories.ts';

const textOf = (pieces: Pieces) => pieces.map((p) => p.text).join('');
const tonesOf = (pieces: Pieces) => pieces.filter((p) => p.text.trim() !== '').map((p) => `${p.tone} ${p.text.trim()}`);
const c = chapters(plan, results);
const limited = (limits: Partial<Limits>): Body =>
  ({ ...created, limits: { money: 2, tokens: null, requests: null, rounds: 12, wallMs: 3_600_000, ...limits } }) as Body;
const meter = (beats: readonly Beat[], width = 200) => {
  const { view, now } = tell(beats);
  return meterRow(view.state, symbols, width, now);
};

describe('the header', () => {
  const header = (beats: readonly Beat[], width: number) => {
    const { view, now } = tell(beats);
    return headerRows(view, symbols, width, now, 3).map(textOf);
  };
  it('warns of a box that is none before all else, in yellow', () => {
    const { view, now } = tell(stories['no sandbox, unknown price'] ?? []);
    expect(headerRows(view, symbols, 80, now, 3)[1]?.[0]).toEqual({ text: 'NO SANDBOX: never green', tone: 'warn', bold: true });
  });
  it('names the tape instead of a model that is not asked', () =>
    expect(header([{ ...created, source: 'demo' } as Body, box], 80).at(-1)).toBe('bubblewrap · tape (demo)'));
  it('names the branch that a run goes on with', () =>
    expect(header([{ ...created, onto: { branch: 'redgreen/earlier', run: null } } as Body, box], 80).at(-1)).toContain(
      'redgreen/earlier · ',
    ));
  it('names the model that answers for the role at work', () => {
    const body = answered('draft', 'src/cli.ts', { kind: 'bad', violations: [] }) as Extract<Body, { type: 'answered' }>;
    const beats = [
      created,
      box,
      started('ask', 'draft', 'src/cli.ts'),
      { ...body, model: 'ollama/other' },
      started('ask', 'draft', 'src/cli.ts', 2),
    ];
    expect(header(beats, 80).at(-1)).toBe('bubblewrap · ollama/other');
  });
  it('says why it waits where that has room, else that it waits', () => {
    const waiting = (reason: string) =>
      header([created, started('ask', 'plan', 'plan'), { type: 'waiting', id: 'plan/plan/1', ms: 60_000, reason }], 120)[0];
    expect(waiting('openai is busy or failing (429). It said: slow down')).toContain('‖ openai is busy or failing (429) · ');
    expect(waiting('The server at http://127.0.0.1:11434/v1 is busy or failing (429).')).toContain('‖ waiting for the model · ');
  });
  it('has a mark that changes once a second, and nothing else that does', () => {
    const { view, now } = tell([created, box, started('ask', 'plan', 'plan')]);
    const at = (ms: number) => textOf(activityOf(view, symbols, Math.ceil(now / 1000) * 1000 + ms));
    expect(at(0)).toBe(at(999));
    expect(at(0)[0]).not.toBe(at(1000)[0]);
  });
});

describe('the meter', () => {
  it('is yellow over 80 % of the cap, and red at it', () => {
    const spent = [limited({ money: 0.015 }), answered('plan', 'plan', { kind: 'plan', plan })];
    expect(tonesOf(meter(spent)).slice(0, 2)).toEqual(['warn money', 'warn ━━━━━━━']);
    expect(tonesOf(meter([limited({ money: 0.0125 }), ...spent.slice(1)]))[0]).toBe('bad money');
    expect(tonesOf(meter([limited({}), ...spent.slice(1)]))[0]).toBe('quiet money');
  });
  it('points out another cap when more of that is gone', () => {
    expect(textOf(meter([limited({ wallMs: 60_000 }), 40_000]))).toContain('time ━━━━━╌╌╌ 41 s of 1 min');
    expect(textOf(meter([limited({ tokens: 5_000 }), answered('plan', 'plan', { kind: 'plan', plan })]))).toContain(
      'tokens ━━━━━━╌╌ 3.9k of 5.0k tokens',
    );
    expect(textOf(meter([limited({ rounds: 2 }), ...c.tested(1, ['case 7'])]))).toContain('rounds ━━━━╌╌╌╌ 1 of 2');
  });
  it('leaves pauses out of the time', () =>
    expect(textOf(meter([created, { type: 'paused' }, 600_000, { type: 'continued' }]))).toContain(' · 2 s of 1 h'));
  it('shows what is reserved, apart', () =>
    expect(textOf(meter([created, started('ask', 'plan', 'plan')]))).toContain('$0.00 (+$0.040 in flight) of $2.00'));
  it('never shows an unknown price as nothing', () => {
    const free = answered('plan', 'plan', { kind: 'plan', plan }, 1, null);
    expect(textOf(meter([created, free]))).not.toContain('$0.00');
    expect(textOf(meter([created, free]))).toContain('1 answer of unknown price');
    expect(textOf(meter([created, free], 40))).toContain('price unknown');
    expect(textOf(meter([created, free, answered('plan', 'plan', { kind: 'plan', plan }, 2)], 50))).toContain(
      '$0.013 of $2.00 + 1 unpriced',
    );
  });
  it('says that a tape costs nothing', () =>
    expect(textOf(meter([{ ...created, source: 'demo' } as Body, answered('plan', 'plan', { kind: 'plan', plan })]))).toContain(
      'nothing spent (recorded: $0.013)',
    ));
  it('has no bar without a cap', () =>
    expect(tightest(tell([limited({ money: null, wallMs: null, rounds: 0 })]).view.state, 0)).toBeNull());
});

describe('the grid', () => {
  const grid = (name: string, width: number, most: number) => gridRows(tell(stories[name] ?? []).view.grid, symbols, width, most);
  it('has a mark for each test while there is room, each kind in its colour', () =>
    expect(tonesOf(grid('tests running', 80, 3)[0] ?? [])).toEqual([
      'plain 25 of 46 pass',
      'good ✓✓✓✓✓✓',
      'bad ✗',
      'good ✓✓✓✓✓✓✓✓✓',
      'bad ✗',
      'good ✓',
      'bad ✗',
      'good ✓✓✓',
      'bad ✗',
      'good ✓✓✓✓✓✓',
      `quiet ${'·'.repeat(17)}`,
    ]));
  it('lets a mark stand for the worst of several tests, and says so', () => {
    const rows = grid('big repairing', 80, 3).map(textOf);
    expect(rows).toHaveLength(3);
    expect(rows[1]).toContain('1 mark = 3 tests');
    // 7 failures, of which 3 and 4, and 444 and 445, share a mark.
    expect(rows.join('').match(/✗/g)).toHaveLength(5);
    expect(textOf(grid('big repairing', 80, 1)[0] ?? [])).toContain('(10 each)');
  });
  it('is a count where there is no room for marks', () => expect(grid('big repairing', 24, 3).map(textOf)).toEqual(['493 of 500 pass']));
});

describe('the tree', () => {
  const rows = (name: string, width: number, most: number) =>
    treeRows(fileRows(tell(stories[name] ?? []).view), symbols, width, most).map(textOf);
  it('shows what is active first, and counts the rest by state', () => {
    const shown = rows('drafting', 60, 6);
    expect(shown.slice(0, 5).every((row) => row.startsWith('› '))).toBe(true);
    expect(shown[5]).toBe('+ 3 planned, 3 drafted');
    expect(rows('big drafting', 60, 5).at(-1)).toBe('+ 4 drafting, 52 planned, 30 drafted');
  });
  it('keeps its columns with wide characters and with names that are too long', () => {
    const files = ['src/合計計算.ts', 'src/a.ts', `src/${'很'.repeat(60)}.ts`, 'src/🎉.ts'].map(
      (path) => ({ path, state: 'checked', detail: 'said', live: '' }) as const,
    );
    const all = treeRows(files, symbols, 60, 10).slice(1);
    const starts = all.map((row) => widthOf(row.slice(0, 2)));
    expect(new Set(starts).size).toBe(1);
    expect(all.every((row) => textOf(row).endsWith('  said'))).toBe(true);
    expect(textOf(all[2] ?? [])).toMatch(/…很+\.ts/);
  });
});

describe('pieces', () => {
  it('are cut and padded by columns', () => {
    expect(
      textOf(
        fit(
          [
            { text: 'ab合計', tone: 'plain' },
            { text: 'cd', tone: 'bad' },
          ],
          5,
        ),
      ),
    ).toBe('ab合…');
    expect(padText('合', 4)).toBe('合  ');
    expect(keepEnd('src/合計/long.ts', 8)).toBe('…long.ts');
    expect(keepEnd('合計合計', 4)).toBe('…計');
  });
});

describe('symbols', () => {
  it('are ASCII where the locale or the terminal cannot show others', () => {
    const ascii = (env: Record<string, string>) => symbolsFor(env, 'linux').ascii;
    expect([{ LANG: 'en_US.UTF-8' }, { LC_ALL: 'C.utf8' }, {}].map(ascii)).toEqual([false, false, false]);
    expect(
      [
        { LANG: 'C' },
        { LC_ALL: 'POSIX', LANG: 'en_US.UTF-8' },
        { LANG: 'de_DE.ISO-8859-1' },
        { TERM: 'linux', LANG: 'C.UTF-8' },
        { TERM: 'dumb' },
      ].map(ascii),
    ).toEqual([true, true, true, true, true]);
  });
  it('and everything else is ASCII then, as wide as it was', () => {
    expect(toAscii('✓ 合計 … › é')).toBe('+ ???? ~ > ?');
    for (const beats of Object.values(stories)) {
      const { view, now } = tell(beats);
      for (const row of screenRows(view, asciiSymbols, { columns: 80, rows: 20 }, now)) {
        const text = textOf(row);
        expect(toAscii(text)).toMatch(/^[\x20-\x7e]*$/);
        expect(toAscii(text).length).toBe(columns(text));
      }
    }
  });
});

describe('hostile text', () => {
  const EVIL = '\u001b]52;c;aGk=\u0007\u001b[2J\u202egnp\u0000\u009b31m\n\nline';
  it('is inert wherever it comes from', () => {
    const evil = JSON.parse(
      JSON.stringify(plan).replaceAll('money', 'mo\\u001b[2Jney').replaceAll('What there is', JSON.stringify(EVIL).slice(1, -1)),
    );
    const lines = (failing: readonly string[]) =>
      results(failing).map((t) => ({ ...t, id: `${t.id}${EVIL}`, why: t.status === 'failed' ? EVIL : '' }));
    const e = chapters(evil, lines);
    const base = [{ ...created, title: EVIL } as Body, box, ...e.planned, ...e.approved, ...e.installed, ...e.authors()];
    const call = (name: string) => ({ id: '1', name, args: { path: EVIL }, raw: '' });
    const moments: readonly (readonly Beat[])[] = [
      base.slice(0, 5),
      [...base, delta('draft/src/split.ts/1', EVIL), { type: 'waiting', id: 'draft/src/split.ts/1', ms: 9, reason: EVIL }],
      [
        ...base,
        ...e.written(0, 11),
        ...e.red,
        ...e.tested(1, ['case 7']),
        { type: 'remark', text: EVIL },
        answered('repair', 'round-1', { kind: 'turn', text: '', calls: [call('read'), call(EVIL)] }),
        started('ask', 'repair', 'round-1', 2),
        delta('repair/round-1/2', EVIL),
      ],
    ];
    for (const beats of moments) {
      const { view, now } = tell(beats);
      for (const row of screenRows(view, symbols, { columns: 100, rows: 40 }, now)) {
        expect(textOf(row)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
        expect(widthOf(row)).toBeLessThanOrEqual(400);
      }
    }
  });
});

describe('a change', () => {
  const rows = (beats: readonly Beat[]) => {
    const { view, now } = tell(beats);
    return screenRows(view, symbols, { columns: 200, rows: 40 }, now).map(textOf);
  };

  it('tells what the tests’ author does, as the tools of other agents, too, and forgets it when the code’s author begins', () => {
    expect(rows(reproducing).find((row) => row.includes('turn 1'))).toContain('read test/pages.test.js:10-40 · searched for “pageOf”');
    const grep = said('reproduce', 'tests-1', 2, ['grep', { pattern: 'a\u001b[2Jb' }], ['untestable', { why: 'words' }]);
    const text = rows([...reproducing, grep]).join('\n');
    expect(text).toContain('searching for “a');
    expect(text).not.toContain('\u001b');
    expect(text).toContain('says that no test can show it: words');
    expect(rows(red).join('\n')).not.toContain('searched');
  });

  it('says what an edit became, and nothing of another conversation with the same number', () => {
    const before = tell([...reproducing, toolsDone('tests-1', 2)]).view.work.turns;
    const after = tell([...reproducing, toolsDone('tests-1', 2), said('reproduce', 'tests-2', 1, ['read', { path: 'b.js' }])]).view.work
      .turns;
    expect(before.map((t) => t.of)).toEqual(['tests-1']);
    expect(after.map((t) => [t.of, t.done])).toEqual([['tests-2', false]]);
  });

  it('counts the repository’s own tests in one line, also when some of them fail now', () => {
    expect(rows(reproducing)).toContain('412 passed before');
    expect(rows(broken)).toContain('412 passed before, 2 of them fail now · 1 unsteady');
    expect(rows(broken).join('\n')).toContain('test/cli.test.js › prints pages');
    expect(rows([changed as Body])).not.toContain('passed before');
  });

  it('has the tests that pass on the code as it is among those that are red', () => {
    expect(tell(red).view.grid.counts).toMatchObject({ red: 3, passed: 1 });
  });

  it('names files before their lines are counted', () => {
    expect(fileRows(tell(changing).view).map((row) => `${row.path} ${row.detail}`)).toContain('src/pages.js changed');
  });
});
