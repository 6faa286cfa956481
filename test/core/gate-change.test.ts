import { describe, expect, test } from 'vitest';
import { codeGate, testsGate } from '../../src/core/gate-change.ts';

const existing = [
  ...['src/a.ts', 'src/spec/parse.ts', 'src/routes/[id].ts', 'lib/fixtures/x.js', 'test/a.test.ts', 'test/helper.ts', 'src/b.test.ts'],
  ...[
    'src/tests/util.ts',
    'package.json',
    'tsconfig.json',
    'pnpm-lock.yaml',
    'AGENTS.md',
    'Makefile',
    'dist/a.js',
    'vendor/x.go',
    'api.pb.go',
  ],
  ...['README.md', 'types/index.d.ts', '.github/workflows/ci.yml'],
];
const rules = { existing, locked: ['test/given.test.ts'], isTest: (path: string) => /\.test\.ts$/.test(path) };
const ok = (gate: ReturnType<typeof codeGate>, path: string) => 'ok' in gate(path);

describe('the code’s author', () => {
  const gate = codeGate(rules);
  test.each([
    ...['src/a.ts', 'src/spec/parse.ts', 'src/routes/[id].ts', 'lib/fixtures/x.js', 'README.md', 'types/index.d.ts', 'Makefile'],
    ...['src/new.ts', 'src/deep/er/new.ts', 'CHANGES.md'],
  ])('may write %s', (path) => expect(gate(path)).toEqual({ ok: true }));

  test.each([
    ['test/given.test.ts', 'locked'],
    ['test/a.test.ts', 'tests are locked'],
    ['test/helper.ts', 'tests are locked'],
    ['src/b.test.ts', 'tests are locked'],
    ['src/tests/util.ts', 'tests are locked'],
    ['test/new.test.ts', 'may not add tests'],
    ['package.json', 'steers a tool'],
    ['tsconfig.json', 'steers a tool'],
    ['pnpm-lock.yaml', 'steers a tool'],
    ['AGENTS.md', 'steers a tool'],
    ['vitest.config.ts', 'steers a tool'],
    ['.npmrc', 'steers a tool'],
    ['dist/a.js', 'generated or foreign'],
    ['vendor/x.go', 'generated or foreign'],
    ['vendor/new.go', 'generated or foreign'],
    ['api.pb.go', 'generated or foreign'],
    ['SRC/a.ts', 'differs only in case'],
    ['src/a.ts/b.ts', 'is a file'],
    ['../a.ts', '`..`'],
    ['.git/hooks/pre-commit', '.git'],
  ])('may not write %s', (path, reason) => expect(gate(path)).toEqual({ reason: expect.stringContaining(reason) }));
});

describe('the tests’ author', () => {
  const gate = testsGate(rules);
  test.each(['test/a.test.ts', 'test/new.test.ts', 'src/new.test.ts', 'test/fixtures/data.json'])('may write %s', (path) =>
    expect(gate(path)).toEqual({ ok: true }),
  );
  test.each([
    'src/a.ts',
    'src/new.ts',
    'test/helper.ts',
    'package.json',
    'test/conftest.py',
    'test/__snapshots__/a.snap',
    'test/given.test.ts',
  ])('may not write %s', (path) => expect(ok(gate, path)).toBe(false));
});
