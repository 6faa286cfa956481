// A run that changes code which exists, in plain lines and in its result.
import { expect, describe as group, it } from 'vitest';
import type { Body } from '../../src/core/events.ts';
import { closing } from '../../src/surfaces/closing.ts';
import { describe } from '../../src/surfaces/describe.ts';
import { doing } from '../../src/surfaces/doing.ts';
import { lineText } from '../../src/surfaces/plain.ts';
import { resultOf } from '../../src/surfaces/result.ts';
import { answered, changing, created, red, shipped, surveying, toolsDone } from './change-events.ts';
import { play } from './events.ts';

const told = (bodies: readonly Body[]) =>
  play(bodies).flatMap(({ event, state }) => describe(event, state).map((one) => lineText(one, false)));
const stateOf = (bodies: readonly Body[]) => play(bodies).at(-1)?.state ?? null;
const doingAfter = (...bodies: readonly Body[]) => {
  const state = stateOf(bodies);
  return state === null ? '' : doing(state);
};

group('plain lines', () => {
  it('tell a change from the task to the branch', () => {
    expect(told(shipped).slice(4).join('\n')).toBe(`repo      JavaScript, npm, node:test
          tests by node:test (package.json scripts.test)
install   what you have installed is used, read-only
box       bubblewrap, own uid, seccomp
baseline  412 tests of the repository pass, 1 already fails · 21 s
tests     wrote test/short-page.test.js; changed test/pages.test.js
amended   test/pages.test.js: it says that a short page is dropped
red       3 tests fail on the code as it is, as they must; 1 pass already; locked
change    changed src/pages.js; wrote src/count.js; removed src/old.js
refused   test/short-page.test.js is locked; it stays as it is
round 1   4 of 6 pass, and 410 that passed before · 24 s · $0.063 so far
          test/cli.test.js › prints pages: got 3 lines, expected 4
          test/web.test.js › links pages: got /3
          unsteady, and counts no more: test/net.test.js › answers in time
change    changed src/pages.js
          the tests of the task pass
round 2   4 of 4 pass (2 failed before), and 411 that passed before · 24 s · $0.075 so far
proof     all 4 tests passed, and 411 that passed before, 3 fresh runs, in a clean room, from the commit alone · 1 min
branch    redgreen/the-last-page at 3333333333`);
  });

  it('say once what a round without tests of its own showed', () => {
    const reason = 'no test of its own, and 2 that passed before';
    const round = shipped.flatMap((body): Body[] =>
      body.type === 'tested' && body.round === 1 ? [{ ...body, verdict: { kind: 'green', reason }, tests: [], unsteady: [] }] : [],
    );
    expect(told([...changing, ...round]).at(-1)).toBe(`round 1   ${reason} · 24 s · $0.050 so far`);
  });

  it('say that no test can show the task', () => {
    const untestable = toolsDone('tests-1', 1, { untestable: 'only a\u001b[31m comment' });
    expect(told([...surveying, answered('reproduce', 'tests-1', 1, ['untestable', { why: 'x' }]), untestable]).at(-1)).toBe(
      'tests     nothing to prove red: only a comment',
    );
  });
});

group('a command of the user’s', () => {
  it('is what is red', () => {
    const check = { id: 'check › make lint', path: 'check', status: 'failed', why: 'exit code 1' } as const;
    const proven = red.map((body): Body => (body.type === 'red.proven' ? { ...body, baseline: [check], tests: [] } : body));
    expect(told(proven).at(-1)).toBe('red       your command fails on the code as it is, as it must');
  });
});

group('what goes on', () => {
  it('is said for each part of it', () => {
    const upTo = (id: string) => surveying.slice(0, surveying.findIndex((body) => body.type === 'started' && body.id === id) + 1);
    expect(doingAfter(...upTo('survey/repository/1'))).toBe('reading the repository');
    expect(doingAfter(...upTo('baseline/tests/1'))).toBe('running the repository’s own tests');
    expect(doingAfter(...surveying)).toBe('writing tests that show the task');
    expect(doingAfter(...red.slice(0, -2))).toBe('trying the tests on the code as it is');
    expect(doingAfter(...changing)).toBe('changing the code');
  });
});

group('the closing lines', () => {
  const end = { outcome: 'green' as const, reason: 'all 4 tests passed', branch: 'redgreen/x', commit: '3'.repeat(40), exitCode: 0 };
  const diff = { from: 'c'.repeat(40), files: 3, added: 15, removed: 41 };

  it('say how much was changed, what of the tests, how to look at it, and how to take it', () => {
    const text = closing(resultOf({ ...end, diff }, stateOf(shipped)))
      .map((one) => lineText(one, false))
      .join('\n');
    expect(text).toContain('3 files, +15 -41');
    expect(text).toContain('amended   test/pages.test.js, a test that was there: it says that a short page is dropped');
    expect(text).toContain('unsteady  counted no more: test/net.test.js › answers in time');
    expect(text).toContain('look      git -C /home/u/pages diff cccccccccccc redgreen/x');
    expect(text).toContain('take      git -C /home/u/pages merge redgreen/x');
  });

  it('do not offer to take what is not green, and show commits where there is nothing to compare', () => {
    const bad = closing(resultOf({ ...end, outcome: 'red', diff }, stateOf(red))).map((one) => lineText(one, false));
    expect(bad.filter((text) => text.startsWith('take'))).toEqual([]);
    const unknown = closing(resultOf(end, stateOf(shipped))).map((one) => lineText(one, false));
    expect(unknown.find((text) => text.startsWith('look'))).toContain('log -p redgreen/x');
  });

  it('have their facts in the result, which says nothing of a change in a new project', () => {
    expect(resultOf({ ...end, diff }, stateOf(shipped)).change).toEqual({
      diff,
      passedBefore: 412,
      amended: [{ path: 'test/pages.test.js', why: 'it says that a short page is dropped' }],
      unsteady: ['test/net.test.js › answers in time'],
      untestable: null,
    });
    expect(resultOf(end, stateOf([{ ...created, mode: 'new' } as Body]))).not.toHaveProperty('change');
  });
});
