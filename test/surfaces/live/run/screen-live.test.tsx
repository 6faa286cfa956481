// The live region as it changes: what is drawn anew, and what a screen reader is told.

import { render } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { Paint, type Painting } from '../../../../src/surfaces/live/paint/paint.tsx';
import { asciiSymbols, unicodeSymbols } from '../../../../src/surfaces/live/paint/symbols.ts';
import { Screen } from '../../../../src/surfaces/live/run/screen.tsx';
import { type Beat, chapters, created, delta, plan, result, results, stories, tell } from '../stories.ts';

const c = chapters(plan, results);
let unmount = () => {};
afterEach(() => unmount());

function live(paint: Partial<Painting> = {}) {
  const painting: Painting = { color: false, symbols: unicodeSymbols, reader: false, ...paint };
  const at = (beats: readonly Beat[], later = 0) => {
    const { view, now } = tell(beats);
    return (
      <Paint value={painting}>
        <Screen view={view} columns={90} rows={20} now={now + later} />
      </Paint>
    );
  };
  const app = render(at([created]));
  unmount = app.unmount;
  return {
    show: (beats: readonly Beat[], later = 0) => app.rerender(at(beats, later)),
    frames: app.frames,
    last: () => app.lastFrame() ?? '',
  };
}

const asked = [
  ...c.asking,
  ...c.planned,
  ...c.approved,
  ...c.installed,
  ...c.authors(),
  ...c.written(0, 11),
  ...c.proving,
  ...c.red,
  ...c.checked,
];

describe('the live region', () => {
  it('goes from red to green as results come', () => {
    const { show, last } = live();
    const testing = [...asked, ...c.testing(1)];
    show(asked);
    expect(last()).toContain('46 red tests');
    show(testing);
    expect(last()).toContain(`0 of 46 pass      ${'·'.repeat(46)}`);
    show([...testing, ...results([]).map((line) => result('test/round-1/1', line))]);
    expect(last()).toContain(`46 of 46 pass     ${'✓'.repeat(46)}`);
  });

  it('is nothing before a run begins and after it ended', () => {
    const { show, last } = live();
    show([]);
    expect(last().trim()).toBe('');
    show([...asked, { type: 'ended', outcome: 'green', reason: '', code: null, branch: null, commit: null }]);
    expect(last().trim()).toBe('');
  });

  it('is ASCII where the terminal has nothing else', () => {
    const { show, last } = live({ symbols: asciiSymbols });
    for (const beats of Object.values(stories)) {
      show(beats);
      expect(last()).toMatch(/^[\n\x20-\x7e]*$/);
    }
  });
});

describe('for a screen reader', () => {
  it('the step is said in words, and not again before the next one', () => {
    const { show, frames, last } = live({ reader: true });
    show(c.asking);
    expect(last()).toBe('planning.');
    const before = new Set(frames).size;
    show([...c.asking, delta('plan/plan/1', 'much\ntext')], 5_000);
    show([...c.asking, delta('plan/plan/1', 'much\nmore\ntext')], 65_000);
    expect(new Set(frames).size).toBe(before);
    show([...asked, ...c.testing(1), ...results([]).map((line) => result('test/round-1/1', line))]);
    expect(last()).toBe('running the tests (round 1).');
    show(stories['round with failures'] ?? []);
    expect(last().replaceAll('\n', ' ')).toBe(
      'repairing (round 1). 40 of 46 tests pass, failing: case 7; splits evenly; splits by shares; case 7; settles with the fewest payments and 1 more. $0.15 spent.',
    );
    show(stories['paused'] ?? []);
    expect(last()).toMatch(/^paused\. 40 of 46/);
  });
});
