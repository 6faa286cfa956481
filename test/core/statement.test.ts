import { expect, test } from 'vitest';
import type { State } from '../../src/core/state.ts';
import { type Proven, statementOf, statementText } from '../../src/core/statement.ts';
import { play } from './world.ts';

const ids = [1, 2, 3, 4].map((n) => `test/a.test.ts › t${n}`);
const facts: Proven = { expected: ids, seeds: [0, 7, 9], versions: { node: '24.1.0' }, installed: null };

function green(change: (s: State) => Partial<State> = () => ({})): State {
  const { state } = play();
  return { ...state, ...change(state) };
}

test('a green run is an in-toto statement of a test result', () => {
  expect(statementOf(green(), facts)).toEqual({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'greeter', digest: { gitTree: 'tree' } }],
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result: 'PASSED',
      configuration: [
        { name: 'package.json', digest: { sha256: 'pkg' } },
        { name: 'test/a.test.ts', digest: { sha256: 'blob-test/a.test.ts-1' } },
      ],
      passedTests: ids,
      warnedTests: [],
      failedTests: [],
      redgreen: {
        run: 'r1',
        version: '0',
        box: 'test',
        versions: { node: '24.1.0' },
        runner: 'node:test',
        language: 'typescript',
        base: null,
        tests: { digest: { gitCommit: 'commit-tests-1', gitTree: 'tree' } },
        dependencies: null,
        seeds: [0, 7, 9],
        red: ids.map((id) => ({ id, throwing: 'failed', wrong: 'failed' })),
        reverted: true,
        oracle: [],
        mutation: null,
        disputes: [],
        refusedWrites: 0,
      },
    },
  });
});

test('its bytes are the same each time, whatever the order of the files', () => {
  const s = green();
  const turned = { ...s, installs: { ...s.installs, files: { b: '2', a: '1' } } };
  const straight = { ...s, installs: { ...s.installs, files: { a: '1', b: '2' } } };
  expect(statementText(statementOf(turned, facts))).toBe(statementText(statementOf(straight, facts)));
});

test('tests that passed on both kinds of stub are warned of', () => {
  const s = green(({ red }) => ({
    red: { ...red, tests: red.tests.map((t, i) => (i === 0 ? { ...t, throwing: 'passed', wrong: 'passed' } : t)) },
  }));
  const { predicate } = statementOf(s, facts);
  expect(predicate).toMatchObject({ result: 'WARNED', warnedTests: [ids[0]], passedTests: ids.slice(1) });
});

test('a dispute is in it with both versions of the file, and packages with their lock', () => {
  const s = green(({ tests, installs }) => ({
    tests: Object.fromEntries(Object.values(tests).map((t) => [t.path, { ...t, disputed: 't1: the plan says 3', before: 'old' }])),
    installs: { ...installs, files: { ...installs.files, 'package-lock.json': 'lock' } },
    refused: 2,
  }));
  const { redgreen } = statementOf(s, { ...facts, installed: 'dirhash' }).predicate;
  expect(redgreen.disputes).toEqual([
    { path: 'test/a.test.ts', reason: 't1: the plan says 3', before: { sha256: 'old' }, after: { sha256: 'blob-test/a.test.ts-1' } },
  ]);
  expect(redgreen.dependencies).toEqual({
    lock: { name: 'package-lock.json', digest: { sha256: 'lock' } },
    installed: { dirHash: 'dirhash' },
  });
  expect(redgreen.refusedWrites).toBe(2);
});
