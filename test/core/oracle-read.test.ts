import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOracleFile } from '../../src/core/oracle.ts';
import { checkOracles } from '../../src/core/oracle-check.ts';
import { programsOf, readOracle } from '../../src/core/oracle-read.ts';
import type { Plan } from '../../src/core/plan.ts';
import { plan } from './world.ts';

const read = (cases: unknown[], properties: unknown[] = []) => readOracle(JSON.stringify({ cases, properties }));
const problems = (cases: unknown[], properties: unknown[] = []) => {
  const found = read(cases, properties);
  return 'problems' in found ? found.problems : [];
};
const call = { name: 'one', module: 'src/a.ts', call: 'a', args: [], returns: 1 };

test('oracle files by their name', () => {
  expect(['oracle.json', 'test/oracle.json', 'test/my-oracle.json', 'test/oracle.json/a'].map(isOracleFile)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('the three kinds of case and their defaults', () => {
  const found = read([
    call,
    { name: 'two', argv: ['src/cli.ts', 'x'], stdout: 'y' },
    { name: 'three', serve: ['-m', 'app'], env: { PORT: '{port}' }, requests: [{ path: '/', expect: { status: 200 } }] },
  ]);
  expect(found).toEqual({
    oracle: {
      properties: [],
      cases: [
        {
          kind: 'calls',
          name: 'one',
          module: 'src/a.ts',
          steps: [{ kind: 'call', name: 'a', on: null, args: [], kwargs: {}, as: null, expect: { returns: 1 } }],
        },
        {
          kind: 'commands',
          name: 'two',
          files: {},
          steps: [{ argv: ['src/cli.ts', 'x'], stdin: '', env: {}, exit: 0, stdout: 'y', stderr: null, after: {} }],
        },
        {
          kind: 'server',
          name: 'three',
          argv: ['-m', 'app'],
          env: { PORT: '{port}' },
          files: {},
          steps: [
            {
              method: 'GET',
              path: '/',
              headers: {},
              body: undefined,
              save: {},
              expect: { status: 200, headers: {}, json: undefined, text: null },
            },
          ],
        },
      ],
    },
  });
  expect('oracle' in found && programsOf(found.oracle)).toEqual(['src/cli.ts', 'src/a.ts']);
});

test.each<[string, unknown, string]>([
  ['no kind', { name: 'x' }, 'cases[0]: is none of the three kinds'],
  ['a misspelt field', { ...call, expected: 1 }, 'cases[0].expected: is not known here'],
  ['nothing expected', { name: 'x', module: 'a.ts', call: 'a' }, 'expects nothing'],
  ['both ends', { ...call, throws: true }, 'cannot both return and throw'],
  ['an unknown tag', { ...call, returns: [{ $gt: 3 }] }, 'cases[0].returns: $gt is not known'],
  ['an unusable pattern', { ...call, returns: { $matches: '(' } }, 'a group is not closed'],
  ['no name', { ...call, name: ' ' }, 'the name must be one line'],
  [
    'a step on nothing',
    { name: 'x', module: 'a.ts', steps: [{ on: 'c', call: 'a', returns: 1 }] },
    '"on": "c" is the "as" of no earlier step',
  ],
  ['a shell', { name: 'x', argv: ['npm', 'test'] }, 'argv must begin with the planned file'],
  ['a path that leaves', { name: 'x', argv: ['a.ts'], files: { '../b': '' } }, '"../b" is not a plain relative path'],
  ['a server that may answer anything', { name: 'x', serve: ['a.ts', '{port}'], requests: [{ path: '/' }] }, 'expects nothing'],
  ['a deaf server', { name: 'x', serve: ['a.ts'], requests: [{ path: '/' }] }, 'the server is not told its port'],
  ['a request to elsewhere', { name: 'x', serve: ['a.ts', '{port}'], requests: [{ path: 'http://x' }] }, 'the path must begin with /'],
])('%s is said with its place', (_, item, words) => {
  expect(problems([item]).join('\n')).toContain(words);
});

test.each<[string, object, string]>([
  ['an unknown relation', { holds: 'nice' }, '"holds": "nice" is not known'],
  ['an inverse of nothing', { holds: 'inverse', given: [{ int: [1, 2] }] }, '"inverse" needs "by"'],
  ['no input', { holds: 'sorted', by: 'b' }, '"sorted" has no "by"'],
  ['one argument to exchange', { holds: 'commutative', given: [{ int: [1, 2] }] }, 'needs two generators'],
  ['a range backwards', { holds: 'returns', given: [{ int: [2, 1] }] }, 'given[0].int: must be two whole numbers'],
  ['two generators in one', { holds: 'returns', given: [{ int: [1, 2], text: 'a' }] }, 'needs exactly one of'],
  ['a long list', { holds: 'returns', given: [{ list: { int: [1, 2] }, length: [0, 9999] }] }, '"length" must lie'],
])('%s is said with its place', (_, item, words) => {
  expect(problems([], [{ name: 'p', module: 'a.ts', call: 'a', ...item }]).join('\n')).toContain(words);
});

test('names are unique, and a file that holds nothing is refused', () => {
  expect(problems([call, call])).toEqual(['the file: two cases have the name "one"']);
  expect(problems([])).toEqual(['the file: holds no case']);
});

test('never throws, whatever the text', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((j) => `{"cases":[${j}],"properties":[${j}]}`),
      ),
      (text) => void readOracle(text),
    ),
  );
  expect(readOracle('['.repeat(100_000))).toHaveProperty('problems');
  const deep = `{"cases":[{"name":"x","module":"a.ts","call":"a","returns":${'['.repeat(5_000)}${']'.repeat(5_000)}}]}`;
  expect(readOracle(deep)).toEqual({ problems: ['the file is not valid JSON: it is nested too deep'] });
});

test('against the plan: files, exports, and JSON that needs mending', () => {
  const greeter: Plan = { ...plan, tests: [{ path: 'test/oracle.json', checks: [], uses: [] }] };
  const check = (text: string) => checkOracles(greeter, { 'test/oracle.json': text, 'test/a.test.ts': 'not json' }, ['lib/old.ts']);
  const good = JSON.stringify({ cases: [call, { ...call, name: 'old', module: 'lib/old.ts', call: 'anything' }] });
  expect(check(good)).toEqual({ mended: [], diagnostics: [] });
  const bad = check(
    JSON.stringify({
      cases: [
        { ...call, call: 'b' },
        { ...call, name: 'no', module: 'src/none.ts' },
      ],
    }),
  );
  expect(bad.diagnostics.map((d) => d.message)).toEqual([
    '"src/none.ts" is no planned file',
    '"src/a.ts" exports no b: call what its contract declares',
  ]);
  const mended = check(`{ // a remark\n "cases": [${JSON.stringify(call)},], }`);
  expect(mended.diagnostics).toEqual([]);
  expect(JSON.parse(mended.mended[0]?.text ?? '')).toEqual({ cases: [call] });
});
