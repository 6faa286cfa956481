import { describe, expect, test } from 'vitest';
import type { RepoMap } from '../../../../src/core/repomap.ts';
import { GIVEN, PAGES } from '../../../e2e/pages.ts';
import { type Said, type Talk, talk, textOf } from './talk.ts';

const WRONG = 'Math.floor(total / size)';
const edit = (find: string, replace: string, path = 'src/pages.js'): NonNullable<Said['calls']>[number] => [
  'edit',
  { path, edits: [{ find, replace }] },
];
const MEND = edit(WRONG, 'Math.ceil(total / size)');
const given = { 'test/short-page.test.js': GIVEN };

/** Given tests, and what the code's author says turn by turn. */
function repair(turns: readonly Said[], more: Partial<Talk> = {}) {
  return talk({ files: PAGES, task: 'make these pass', given, says: (_, n) => turns[n - 1], ...more });
}
const map: RepoMap = {
  rank: async () => [{ path: 'src/pages.js', score: 1, lines: [4] }],
  render: async () => 'src/pages.js:\n  4: pageCount\nsrc/clamp.js:\n  2: clamp',
  dependents: async () => [],
  references: async () => [{ path: 'src/pages.js', line: 10, text: 'clamp(page)', isDefinition: false }],
};

test('the opening shows the failure, the test, the likely code, the rules and the rest of the map; one turn is enough', async () => {
  const { requests, state, last, text } = await repair([{ calls: [MEND] }], { map });
  expect(requests).toHaveLength(1);
  expect(state.last?.verdict.kind).toBe('green');
  expect(await text('src/pages.js')).toContain('Math.ceil');
  const opening = last(1);
  for (const part of [
    '2 !== 3',
    'assert.equal(pageCount(11, 5), 3)',
    `return ${WRONG}`,
    'Two spaces, single quotes.',
    'src/clamp.js:\n  2: clamp',
  ])
    expect(opening).toContain(part);
  expect(opening).not.toContain('src/pages.js:\n  4: pageCount');
  const size = JSON.stringify(requests[0]).length;
  expect(size).toBeLessThan(7_000);
});

test('without a map the tools find the place', async () => {
  const broken: RepoMap = {
    rank: () => Promise.reject(new Error('no')),
    render: () => Promise.reject(new Error('no')),
    dependents: async () => [],
    references: async () => [],
  };
  const turns = [
    { calls: [['search', { pattern: 'pageCount(', under: 'src' }] as const, ['read', { path: 'src/pages.js' }] as const] },
    { calls: [MEND] },
  ];
  const { requests, last, state } = await repair(turns, { map: broken });
  expect(requests).toHaveLength(2);
  expect(last(2)).toContain('src/pages.js\n   4 export function pageCount(total, size) {\n  10 const at');
  expect(last(2)).toContain('   5   return Math.floor(total / size);');
  expect(state.last?.verdict.kind).toBe('green');
});

test('an edit that does not help is answered with its place and with what the tests show', async () => {
  const { requests, last, state } = await repair([
    { calls: [edit(WRONG, 'Math.round(total / size)')] },
    { calls: [edit('Math.round', 'Math.ceil')] },
  ]);
  expect(last(2)).toContain('src/pages.js is changed:\n   3 /** Number');
  expect(last(2)).toContain('   5   return Math.round(total / size);');
  expect(last(2)).toMatch(
    /The tests of the task after this turn:\n0 passed, 1 failed\n\n✗ test\/short-page\.test\.js › the last page may be short\n[\s\S]*2 !== 3/,
  );
  expect([requests.length, state.last?.verdict.kind]).toEqual([2, 'green']);
});

test('an edit that does not fit is told with the nearest lines; only that hunk is sent again, and all are made together', async () => {
  const edits = [
    { find: 'Math.floor(sum / size)', replace: 'x' },
    { find: 'Number of pages', replace: 'How many pages' },
  ];
  const { last, state, text } = await repair([{ calls: [['edit', { path: 'src/pages.js', edits }]] }, { calls: [MEND] }]);
  expect(last(2)).toContain('Nothing in src/pages.js was changed.\nedits[0]:');
  expect(last(2)).toContain('   5   return Math.floor(total / size);');
  expect(last(2)).toContain('Send only what failed: edits[1] fitted');
  expect(last(2)).not.toContain('The tests of the task after');
  expect(state.last?.verdict.kind).toBe('green');
  expect(await text('src/pages.js')).toContain('How many pages');
});

test('tests wait until every edit of a turn was made', async () => {
  const calls = [MEND, edit('nothing like this', 'x', 'src/clamp.js')];
  const { requests, last } = await repair([{ calls }, { text: 'The other one was not needed.' }]);
  expect(last(2)).toContain('The tests were not run, because not every edit was made.');
  expect(requests).toHaveLength(2);
});

test.each([
  ['a patch', `*** Begin Patch\n*** Update File: src/pages.js\n@@\n-  return ${WRONG};\n+  return Math.ceil(total / size);\n*** End Patch`],
  ['blocks', `src/pages.js\n<<<<<<< SEARCH\n  return ${WRONG};\n=======\n  return Math.ceil(total / size);\n>>>>>>> REPLACE`],
  [
    'a diff',
    `--- a/src/pages.js\n+++ b/src/pages.js\n@@ -4,3 +4,3 @@\n export function pageCount(total, size) {\n-  return ${WRONG};\n+  return Math.ceil(total / size);\n }`,
  ],
])('edits in the text of a reply count: %s', async (_, text) => {
  const { requests, state } = await repair([{ text: `I round up.\n\n${text}` }]);
  expect([requests.length, state.last?.verdict.kind]).toEqual([1, 'green']);
});

test('what is wrong with edits in a text is said to it as a user would', async () => {
  const { requests, state } = await repair([
    { text: 'src/pages.js\n<<<<<<< SEARCH\nnothing like it\n=======\nx\n>>>>>>> REPLACE' },
    { calls: [MEND] },
  ]);
  const [, reply, answer] = requests[1]?.messages ?? [];
  expect([reply?.role, answer?.role]).toEqual(['assistant', 'user']);
  expect(textOf(answer)).toContain('Nothing in src/pages.js was changed.');
  expect(state.last?.verdict.kind).toBe('green');
});

test('a fence under a path is a quotation', async () => {
  const { state } = await repair([{ text: 'src/pages.js\n```js\nnothing\n```' }], { rounds: 1 });
  expect(state.sources).toEqual({});
});

describe('what may not be written', () => {
  test('tests, configuration and what is outside; each touch is counted', async () => {
    const calls = [
      'test/short-page.test.js',
      'test/clamp.test.js',
      'test/more.test.js',
      'package.json',
      'AGENTS.md',
      '../x.js',
      '.git/config',
    ].map((path) => ['write', { path, content: 'x' }] as const);
    const { last, state } = await repair([{ calls }, { calls: [MEND] }]);
    expect(last(2).split('\n---\n').slice(0, 5)).toEqual(Array.from({ length: 5 }, () => expect.stringContaining('may not be written')));
    expect(last(2)).toContain('`path` "../x.js"');
    expect(state.refused).toBe(5);
    expect(Object.keys(state.sources)).toEqual(['src/pages.js']);
  });
});

test('a file can be written anew, moved into place and removed', async () => {
  const calls = [
    ['write', { path: 'src/count.js', content: 'export const pageCount = (total, size) => Math.ceil(total / size);' }] as const,
    ['write', { path: 'src/clamp.js', content: '' }] as const,
    [
      'write',
      {
        path: 'src/pages.js',
        content:
          "import { pageCount } from './count.js';\nexport { pageCount };\nexport const pageOf = (items, page, size) => items.slice((page - 1) * size, page * size);\n",
      },
    ] as const,
  ];
  const { last, state, text } = await repair([{ calls }], { rounds: 1 });
  expect(await text('src/count.js')).toMatch(/;\n$/);
  expect(state.sources['src/clamp.js']).toBe('gone');
  // test/clamp.test.js passed before and cannot be loaded now.
  expect(state.last?.verdict).toEqual({ kind: 'red', reason: expect.stringContaining('passed before') });
  expect(last(1)).toContain('# 1 failing test');
});

test('in the round after, what broke is run with the tests of the task', async () => {
  const breaks = edit(WRONG, 'Math.floor(total / size) + 1');
  const mends = edit('Math.floor(total / size) + 1', 'Math.ceil(total / size)');
  const { requests, last, state } = await repair([{ calls: [breaks] }, { calls: [edit(' + 1', ' + 1 ')] }, { calls: [mends] }]);
  expect(last(2)).toContain('test/pages.test.js › whole pages');
  expect(last(2)).toMatch(/round 0 changed src\/pages.js|# 1 failing test after round 1/);
  expect(last(3)).toContain('✗ test/pages.test.js › whole pages');
  expect([requests.length, state.last?.verdict.kind]).toEqual([3, 'green']);
});

test('tests by id, by file, by a part of the name; and what is no test', async () => {
  const run = (tests: readonly string[]) => ['run_tests', { tests }] as const;
  const calls = [
    run([]),
    run(['test/clamp.test.js']),
    run(['test/clamp.test.js › values outside are clamped']),
    run(['whole pages']),
    run(['nonsense']),
  ];
  const { last } = await repair([{ calls }, { calls: [MEND] }]);
  const [all, file, id, part, none] = last(2).split('\n---\n');
  expect(all).toContain('0 passed, 1 failed');
  expect(file).toContain('1 passed, 1 failed');
  expect(id).toBe('1 passed, 0 failed');
  expect(part).toBe('1 passed, 0 failed');
  expect(none).toContain('no test is called "nonsense"');
});

test('the last turns are counted down', async () => {
  const look: Said = { calls: [['read', { path: 'README.md' }]] };
  const { requests } = await repair(
    Array.from({ length: 30 }, () => look),
    { rounds: 1 },
  );
  expect(requests).toHaveLength(24);
  expect(requests.slice(-4).map((r) => textOf(r.messages.at(-1)).trim())).toEqual([
    expect.stringContaining('# pages'),
    '3 turns are left: what is not changed by then is not tried.',
    '2 turns are left: what is not changed by then is not tried.',
    'This is the last turn: what is not changed by then is not tried.',
  ]);
  expect(requests.map((r) => textOf(r.messages[0]))).toEqual(requests.map(() => textOf(requests[0]?.messages[0])));
});
