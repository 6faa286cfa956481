import { expect, test } from 'vitest';
import type { RepoMap } from '../../../../src/core/repomap.ts';
import { GIVEN, PAGES } from '../../../e2e/pages.ts';
import { type Said, talk } from './talk.ts';

const MEND = ['edit', { path: 'src/pages.js', edits: [{ find: 'Math.floor(total / size)', replace: 'Math.ceil(total / size)' }] }] as const;
const NEW = ['write', { path: 'test/short-page.test.js', content: GIVEN }] as const;
const CASE = "test('the last page may be short', () => {\n  assert.equal(pageCount(11, 5), 3);\n});\n";
const map: RepoMap = {
  rank: async () => [{ path: 'src/pages.js', score: 1, lines: [4] }],
  render: async () => '',
  dependents: async () => [],
  references: async () => [],
};

/** What the tests' author says turn by turn; the code's author mends the bug. */
function reproduce(turns: readonly Said[]) {
  const says = (step: string, n: number) => (step === 'repair' ? { calls: [MEND] } : turns[n - 1]);
  return talk({ files: PAGES, task: 'The last page is lost when it is short', says, map });
}

const PASSING = GIVEN.replace('pageCount(11, 5), 3', 'pageCount(10, 5), 2').replace(
  'pageOf([1, 2, 3], 2, 2), [3]',
  'pageOf([1, 2], 1, 2), [1, 2]',
);

test('the author sees the code and how tests are written, what the tests do where none fails, and is done when one does', async () => {
  const passing = ['write', { path: 'test/short-page.test.js', content: PASSING }] as const;
  const { requests, last, state } = await reproduce([{ calls: [passing] }, { calls: [NEW] }]);
  expect(last(1)).toContain('# How tests are written here\n\n`test/pages.test.js`');
  expect(last(1)).toContain('return Math.floor(total / size);');
  expect(last(2)).toMatch(
    /test\/short-page\.test\.js is written\n\nThe tests on the code as it is, before the task is done:\n1 passed, 0 failed/,
  );
  expect(requests.map((r) => r.step)).toEqual(['reproduce', 'reproduce', 'repair']);
  expect(requests[0]?.tools.map((t) => t.name)).toContain('amend_test');
  expect([state.last?.verdict.kind, Object.keys(state.tests)]).toEqual(['green', ['test/short-page.test.js']]);
});

test('an existing test file is added to, line for line; a changed line needs a reason, which is kept', async () => {
  const spoil = { path: 'test/pages.test.js', edits: [{ find: 'pageCount(10, 5), 2', replace: 'pageCount(10, 5), 3' }] };
  const add = { path: 'test/pages.test.js', edits: [{ find: "test('whole pages'", replace: `${CASE}\ntest('whole pages'` }] };
  const { last, state, text } = await reproduce([{ calls: [['edit', spoil]] }, { calls: [['edit', add]] }]);
  expect(last(2)).toContain(
    'Line 6 (`assert.equal(pageCount(10, 5), 2);`) would be lost. Where the task makes an existing test wrong, use `amend_test`.',
  );
  expect(await text('test/pages.test.js')).toContain(CASE);
  expect([state.last?.verdict.kind, state.change?.amended]).toEqual(['green', []]);

  const amended = await reproduce([
    { calls: [['amend_test', { ...spoil, why: 'pages are counted anew' }]] },
    { calls: [['blocked', { why: 'enough' }]] },
  ]);
  expect(amended.state.change?.amended).toEqual([{ path: 'test/pages.test.js', why: 'pages are counted anew' }]);
});

test('the author writes tests and what they need, and no code', async () => {
  const calls = ['src/pages.js', 'src/new.js', 'test/helper.py', 'package.json', 'test/fixtures/rows.json'].map(
    (path) => ['write', { path, content: '[]' }] as const,
  );
  const { last, state } = await reproduce([{ calls }, { calls: [NEW] }]);
  const said = last(2).split('\n---\n');
  expect(said.slice(0, 2)).toEqual([
    expect.stringContaining('others change the code'),
    expect.stringContaining('no runner of the project'),
  ]);
  expect(said[3]).toContain('steers a tool');
  expect(said[4]).toContain('test/fixtures/rows.json is written');
  expect(Object.keys(state.tests)).toContain('test/fixtures/rows.json');
  expect(state.last?.verdict.kind).toBe('green');
});

test('tests that prove nothing come back with what is wrong and as they stand', async () => {
  const { requests, last } = await reproduce([
    { calls: [['write', { path: 'test/short-page.test.js', content: PASSING }]] },
    { text: 'Done.' },
    { calls: [['read', { path: 'src/clamp.js' }]] },
    { calls: [NEW] },
  ]);
  expect(last(3)).toContain('# Your tests so far\n\n`test/short-page.test.js`');
  expect(last(3)).toContain('assert.equal(pageCount(10, 5), 2)');
  expect(last(3)).toContain('every test passes on the code as it is');
  // The opening stays the same while the conversation goes on.
  expect(requests[3]?.messages[0]).toEqual(requests[2]?.messages[0]);
  expect(requests.at(-1)?.step).toBe('repair');
});

test('what no test can show is changed without one, and said', async () => {
  const readme = ['edit', { path: 'README.md', edits: [{ find: 'Cuts lists', replace: 'Cuts long lists' }] }] as const;
  const says = (step: string, n: number): Said | undefined =>
    step === 'reproduce' ? { calls: [['untestable', { why: 'it is a text' }]] } : n === 1 ? { calls: [readme] } : undefined;
  const { requests, last, state } = await talk({ files: PAGES, task: 'Say long lists in the README', says, map });
  expect(last(2)).toContain('# No test shows this task\n\nit is a text.');
  expect(requests.map((r) => r.step)).toEqual(['reproduce', 'repair', 'repair']);
  expect([state.change?.untestable, Object.keys(state.sources)]).toEqual(['it is a text', ['README.md']]);
});

test('a disputed test goes to its author, who sees nothing of the change', async () => {
  const dispute = [
    'dispute_test',
    { path: 'test/short-page.test.js', test: 'the last page may be short', why: 'the task says "short"' },
  ] as const;
  const readme = ['write', { path: 'SECRET.md', content: 'the change' }] as const;
  const says = (step: string, n: number): Said | undefined => {
    if (step === 'reproduce') return n === 1 ? { calls: [NEW] } : n === 2 ? { calls: [['read', { path: 'SECRET.md' }]] } : undefined;
    return n === 1 ? { calls: [readme, dispute] } : { calls: [MEND] };
  };
  const { requests, state } = await talk({ files: PAGES, task: 'The last page is lost when it is short', says, map });
  const judged = requests.filter((r) => r.step === 'reproduce').slice(1);
  expect(JSON.stringify(judged[0]?.messages)).toContain('the author of the code disputes it');
  expect(JSON.stringify(judged[1]?.messages)).toContain('there is no file SECRET.md');
  expect(state.last?.verdict.kind).toBe('green');
});
