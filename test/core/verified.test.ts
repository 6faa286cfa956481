import { describe, expect, test } from 'vitest';
import { lockFindings, recordFindings, type Shape } from '../../src/core/verified.ts';

const shape = (more: Partial<Shape> = {}): Shape => ({
  locked: ['package.json', '.gitignore', 'tsconfig.json', 'test/a.test.ts'],
  removed: [],
  code: ['src/a.ts', 'README.md'],
  before: new Set(['package.json', 'test/a.test.ts']),
  odd: [],
  isTest: (path) => path.endsWith('.test.ts'),
  ...more,
});

describe('what the two commits may change', () => {
  test('what a run makes', () => expect(lockFindings(shape())).toEqual([]));

  test('code whose names look like tests, and build files that a plan may hold, are code', () => {
    expect(lockFindings(shape({ code: ['src/spec/parse.ts', 'fixtures/sample.csv', 'Dockerfile', '.github/workflows/ci.yml'] }))).toEqual(
      [],
    );
  });

  const LATE = 'steers the tests or is one, but it comes with the code';
  test.each([
    [{ code: ['test/a.test.ts'] }, 'test/a.test.ts was locked with the tests, and the code’s commit changes it'],
    [{ code: ['TEST/A.test.ts'] }, 'TEST/A.test.ts was locked with the tests, and the code’s commit changes it'],
    ...[
      'test/b.test.ts',
      'conftest.py',
      'vitest.config.ts',
      '.npmrc',
      'sitecustomize.py',
      'src/package.json',
      'requirements.lock',
      'pytest.toml',
    ].map((path) => [{ code: [path] }, `${path} ${LATE}`] as const),
    ...['src/__snapshots__/a.test.ts.snap', '__mocks__/fs.js'].map((path) => [{ code: [path] }, `${path} ${LATE}`] as const),
    [{ code: [] }, 'the code’s commit changes nothing'],
    [{ locked: ['package.json'] }, 'the commit before the code’s adds no test'],
    [{ locked: ['test/a.test.ts'], removed: ['test/a.test.ts'] }, 'the commit before the code’s adds no test'],
    [{ locked: ['test/a.test.ts', 'test/old.test.ts'], removed: ['test/old.test.ts'] }, 'test/old.test.ts is removed by the tests’ commit'],
    [
      { locked: ['test/a.test.ts', 'src/a.ts'], code: ['src/b.ts'] },
      'src/a.ts is neither a test nor does it steer one, but it comes with the tests',
    ],
    [
      { locked: ['test/a.test.ts', 'tests/conftest.py'] },
      'tests/conftest.py steers tools and comes with the tests, but no run of redgreen’s brings such a file',
    ],
    [
      { before: new Set(['test/helpers.ts']), code: ['test/helpers.ts'] },
      'test/helpers.ts belongs to the tests that were there, and the code’s commit changes it',
    ],
    [{ odd: ['src/link'] }, 'src/link is a link, a nested repository or an unsafe name'],
  ] as const)('%o', (more, finding) => expect(lockFindings(shape(more))).toContain(finding));
});

describe('a record held against what was found', () => {
  const derived = {
    tree: 't',
    tests: 'c',
    base: null,
    digest: 'sha256:d',
    locked: { a: '1' },
    unchanged: { b: '3' },
    passed: new Set(['x › y']),
  };
  const record = (change: (predicate: { redgreen: Record<string, unknown>; passedTests: unknown }) => void = () => {}) => {
    const predicate = {
      result: 'PASSED',
      configuration: [{ name: 'a', digest: { sha256: '1' } }],
      passedTests: ['x › y'] as unknown,
      warnedTests: [],
      redgreen: { base: null, tests: { digest: { gitCommit: 'c' } } } as Record<string, unknown>,
    };
    change(predicate);
    return JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'p', digest: { gitTree: 't' } }],
      predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
      predicate,
    });
  };

  test('agrees', () => expect(recordFindings(record(), 'sha256:d', derived)).toEqual([]));
  test('whose digest the commit does not name', () =>
    expect(recordFindings(record(), 'sha256:e', derived)).toEqual([expect.stringContaining('another digest')]));
  test('about other commits', () => {
    expect(recordFindings(record(), null, { ...derived, tree: 'u', tests: 'b', base: 'z' })).toHaveLength(3);
  });
  test('with other locked files', () => {
    expect(recordFindings(record(), null, { ...derived, locked: { a: '2', b: '3' } })).toHaveLength(2);
  });
  test('with a file of the frame that was there before, where it is that', () => {
    const named = record().replace('"configuration":[', '"configuration":[{"name":"b","digest":{"sha256":"3"}},');
    expect(recordFindings(named, null, derived)).toEqual([]);
    expect(recordFindings(named, null, { ...derived, unchanged: { b: '4' } })).toHaveLength(1);
  });
  test('with tests that did not pass here; names made at run time are not compared, nor anything where nothing was run', () => {
    const more = record((p) => {
      p.passedTests = ['x › y', 'x › z', 'x › (name made at run time) #2'];
    });
    expect(recordFindings(more, null, derived)).toEqual(['its record names one test that did not pass here: x › z']);
    expect(recordFindings(more, null, { ...derived, passed: null })).toEqual([]);
  });
  test.each(['', '{}', '[]', 'null', '{"predicate":{}}', record().replace('PASSED', 'FAILED'), '['.repeat(100_000)])(
    'that is none: %#',
    (text) => expect(recordFindings(text, null, derived)).toEqual(['its record is no in-toto statement of a test result']),
  );
});
