import { describe, expect, test } from 'vitest';
import { freshTurns } from '../../src/core/fresh-turns.ts';
import type { Message } from '../../src/core/model.ts';

let next = 0;
/** A turn with one call and its result. */
function turn(name: string, args: Record<string, unknown>, text: string, isError = false): readonly Message[] {
  const id = `c${next++ % 3}`;
  return [
    { role: 'assistant', text: '', calls: [{ id, name, args, raw: JSON.stringify(args) }] },
    { role: 'tool', results: [{ id, text, isError }] },
  ];
}
const long = (size: number) => 'x'.repeat(size);
const texts = (messages: readonly Message[]) => messages.flatMap((m) => (m.role === 'tool' ? m.results.map((r) => r.text) : []));
const GONE = '[src/a.ts as it was: dropped; ask again if you need it]';

test('nothing goes while little could', () => {
  const turns = [...turn('read', { path: 'src/a.ts', from: 0, to: 0 }, long(20_000)), ...turn('edit', { path: 'src/a.ts' }, 'changed')];
  expect(freshTurns(turns)).toBe(turns);
});

test('views of a file that changed or was read again go in one batch; all else stays', () => {
  const turns = [
    ...turn('read', { path: 'src/a.ts', from: 0, to: 0 }, long(20_000)),
    ...turn('read', { path: 'src/b.ts', from: 0, to: 0 }, long(9_000)),
    ...turn('edit', { path: './src/a.ts' }, 'changed'),
    ...turn('read', { path: 'src/a.ts' }, long(12_000)),
    ...turn('edit', { path: 'src/a.ts' }, 'changed again'),
  ];
  expect(texts(freshTurns(turns))).toEqual([GONE, long(9_000), 'changed', GONE, 'changed again']);
});

test('what is dropped stays dropped, and the rest stays the same, as the conversation goes on', () => {
  const turns = [
    ...turn('read', { path: 'src/a.ts' }, long(40_000)),
    ...turn('edit', { path: 'src/a.ts' }, 'changed'),
    ...turn('read', { path: 'src/a.ts' }, long(5_000)),
    ...turn('edit', { path: 'src/a.ts' }, 'changed again'),
  ];
  const before = freshTurns(turns.slice(0, 6));
  const after = freshTurns(turns);
  expect(texts(before)).toEqual([GONE, 'changed', long(5_000)]);
  expect(after.slice(0, 6)).toEqual(before);
});

describe('what makes a view outdated', () => {
  const seen = turn('read', { path: 'src/a.ts', from: 10, to: 400 }, long(31_000));
  test.each([
    ['reading more of it', turn('read', { path: 'src/a.ts', from: 5, to: 400 }, 'x'), true],
    ['reading another part', turn('read', { path: 'src/a.ts', from: 300, to: 500 }, 'x'), false],
    ['an edit that was refused', turn('edit', { path: 'src/a.ts' }, 'no', true), false],
    ['an edit of another file', turn('edit', { path: 'src/b.ts' }, 'x'), false],
    ['an edit in another agent’s words', turn('str_replace', { file_path: 'src/a.ts' }, 'x'), true],
    ['a change by meaning', turn('refactor', { path: 'src/b.ts' }, 'x'), true],
  ])('%s', (_, turns, gone) => expect(texts(freshTurns([...seen, ...turns]))[0] === GONE).toBe(gone));

  test('a later run of the tests', () => {
    const turns = [...turn('run_tests', { tests: [] }, long(31_000)), ...turn('run_tests', { tests: [] }, 'x')];
    expect(texts(freshTurns(turns))[0]).toBe('[what run_tests showed then: dropped; ask again if you need it]');
  });
});
