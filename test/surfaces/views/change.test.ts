import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/core/change.ts';
import type { Body } from '../../../src/core/events.ts';
import { GONE } from '../../../src/core/ref.ts';
import type { State } from '../../../src/core/state.ts';
import { changeView } from '../../../src/surfaces/views/change.ts';
import { countLines, diffView } from '../../../src/surfaces/views/diff.ts';
import { type Page, textOf } from '../../../src/surfaces/views/styled.ts';
import { testsView } from '../../../src/surfaces/views/tests.ts';
import { broken, changing, created, red, survey, surveying } from '../change-events.ts';
import { snapshot, stateAfter } from './story.ts';

const none = { tests: [], fileFailures: [], broken: null };
const blobs: Readonly<Record<string, string>> = {
  survey: JSON.stringify(survey),
  pages: 'one\nthree\nfour\n',
  'pages-2': 'one\ntwo\nthree\n',
  count: 'a\nb\n',
  'new-test': 'test\n',
  'old-test': 'old\n',
  'report-base': JSON.stringify(none),
  'report-1': JSON.stringify({ ...none, output: 'said' }),
};
const base: Readonly<Record<string, string>> = {
  'src/pages.js': 'one\ntwo\n',
  'src/old.js': 'gone\nsoon\n',
  'test/pages.test.js': 'older\n',
};
const run = {
  read: async (ref: string) =>
    blobs[ref] ??
    (ref === state(created).run?.prompt ? 'The last page is lost\u001b[2J when it is short.' : Promise.reject(new Error(ref))),
  base: async (path: string) => base[path] ?? null,
};
const texts = (pages: readonly Page[]) => pages.flatMap((page) => page.lines.map(textOf)).join('\n');
const state = (...bodies: readonly Body[]): State => stateAfter(bodies);
const changeOf = (s: State): Change => s.change ?? expect.fail('there is no change');
const pageOf = async (bodies: readonly Body[]) => {
  const s = state(...bodies);
  return changeView(run, s, changeOf(s));
};

describe('what a change is made of', () => {
  it('is shown whole: the task, the repository, its tests, the tests that show it, what is changed', async () => {
    await expect(snapshot(await pageOf(broken))).toMatchFileSnapshot('snapshots/change.txt');
  });

  it('says what is not there yet', async () => {
    const text = texts(await pageOf(surveying));
    expect(text).toContain('None is written yet.');
    expect(text).not.toContain('its own tests');
    expect(text).not.toContain('changed so far');
  });

  it('names the command of a user, and why nothing could be tested', async () => {
    const checked = { ...created, check: ['make', 'lint'] } as Body;
    expect(texts(await pageOf([checked, ...surveying.slice(1)]))).toContain('make lint  has to end with 0');
    const untestable = { ...red.find((body) => body.type === 'tools.done'), untestable: 'a comment' } as Body;
    const at = red.findIndex((body) => body.type === 'tools.done');
    expect(texts(await pageOf([...red.slice(0, at), untestable]))).toContain('None: a comment');
  });
});

describe('the diff of a change', () => {
  it('counts the lines of what is new, changed and removed, before any round', async () => {
    const s = state(...changing);
    expect(s.sources['src/old.js']).toBe(GONE);
    const counts = await countLines(run, s, new Map());
    const told = Object.entries(counts).map(([path, { kind, added, removed }]) => `${path} ${kind} +${added} -${removed}`);
    expect(told.sort()).toEqual([
      'src/count.js new +2 -0',
      'src/old.js deleted +0 -2',
      'src/pages.js changed +2 -1',
      'test/pages.test.js changed +1 -1',
      'test/short-page.test.js new +1 -0',
    ]);
    const pages = await diffView(run, s);
    expect(pages.map((page) => page.title)).toContain('src/old.js');
  });
});

describe('the tests of a change', () => {
  it('are red on the code as it is, before the first round', async () => {
    const text = texts(await testsView(run, state(...red)));
    expect(text).toContain('○ red      the last page may be short');
    expect(text).toContain('on the code as it is');
    expect(text).toContain('412 tests of the repository passed before');
    expect(text).toContain('amended  test/pages.test.js: it says that a short page is dropped');
    expect(text).not.toContain('failed');
  });

  it('name the repository’s own that fail now, and those that count no more', async () => {
    const text = texts(await testsView(run, state(...broken)));
    expect(text).toContain('✗ failed   test/cli.test.js › prints pages');
    expect(text).toContain('unsteady, counts no more  test/net.test.js › answers in time');
  });
});
