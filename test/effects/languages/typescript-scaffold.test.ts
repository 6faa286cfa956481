import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createJavascript } from '../../../src/effects/languages/javascript.ts';
import { createTypescript } from '../../../src/effects/languages/typescript.ts';
import { ownDeps } from '../runners/host.ts';
import { GOOD, SHOP } from './typescript-plan.ts';

const language = createTypescript();
const folder = mkdtempSync(join(tmpdir(), 'scaffold-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PLAN = {
  ...SHOP,
  packages: [
    { name: 'zod', range: '^4.0.0', dev: false },
    { name: 'chalk', range: '', dev: false },
    { name: 'msw', range: '', dev: true },
  ],
  commands: [
    { name: 'Serve it', argv: ['node', 'src/server.ts'], purpose: 'Serves.' },
    { name: 'import', argv: ['node', 'src/cli.ts', 'import'], purpose: 'Imports.' },
    { name: 'odd', argv: ['node', 'src/cli.ts', '<file name>'], purpose: 'Has an argument of the user.' },
  ],
};

test('the manifest holds packages, scripts and the floor', () => {
  const files = language.scaffold(PLAN, [
    { name: 'vitest', range: '^5', dev: true },
    { name: 'zod', range: '1', dev: true },
  ]);
  expect(Object.keys(files)).toEqual(['package.json', '.gitignore', 'tsconfig.json']);
  expect(JSON.parse(files['package.json'] ?? '')).toMatchObject({
    name: 'shop',
    version: '0.1.0',
    private: true,
    type: 'module',
    engines: { node: '>=24.2' },
    scripts: {
      start: 'node src/server.ts',
      import: 'node src/cli.ts import',
      test: expect.stringMatching(/node --test "test\/\*\*\/\*\.test\.ts"$/),
    },
    dependencies: { chalk: '*', zod: '^4.0.0' },
    devDependencies: { msw: '*', vitest: '^5' },
  });
  expect(language.scaffold(PLAN, [])).toEqual(language.scaffold(PLAN, []));
  expect(Object.keys(createJavascript().scaffold(PLAN, []))).toEqual(['package.json', '.gitignore']);
});

test('vitest runs by its own command, and tests beside the sources are found', () => {
  const scripts = (more: object): Record<string, string> =>
    JSON.parse(language.scaffold({ ...PLAN, ...more }, [])['package.json'] ?? '').scripts;
  expect(scripts({ runner: 'vitest' })['test']).toMatch(/ && vitest run$/);
  const tests = ['a.test.ts', 'src/x.spec.ts', 'test/deep/y.test.ts', 'test/z.test.ts', 'check.ts'].map((path) => ({
    path,
    checks: ['x'],
    uses: [],
  }));
  expect(scripts({ tests })['test']).toMatch(/--test "a\.test\.ts" "check\.ts" "src\/\*\*\/\*\.spec\.ts" "test\/\*\*\/\*\.test\.ts"$/);
});

function project(name: string): string {
  const at = join(folder, name);
  const text =
    "import { test } from 'node:test';\nimport { total } from '../src/parse.ts';\ntest('total', () => { if (total([]) !== 0) throw new Error('no'); });\n";
  for (const [path, content] of Object.entries({ ...GOOD, ...language.scaffold(SHOP, []), 'test/shop.test.ts': text })) {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), content);
  }
  return at;
}

test('the test script runs the tests, and stops on an older Node', () => {
  const at = project('runs');
  const script: string = JSON.parse(language.scaffold(SHOP, [])['package.json'] ?? '').scripts.test;
  const path = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };
  expect(execFileSync('sh', ['-c', script], { cwd: at, encoding: 'utf8', env: path })).toMatch(/pass 1/);
  const old = script.replace('process.versions.node', "'22.18.0'");
  const stopped = spawnSync('sh', ['-c', old], { cwd: at, encoding: 'utf8', env: path });
  expect([stopped.status, stopped.stdout]).toEqual([1, '']);
  expect(stopped.stderr).toContain('needs Node 24.2');
});

test('jest runs TypeScript in a project without a transpiler', () => {
  const dir = join(folder, 'jest');
  const files = language.scaffold({ ...SHOP, runner: 'jest' }, [{ name: 'jest', range: '^30.5.0', dev: true }]);
  const tests = `import { expect, test } from '@jest/globals';\nimport { two } from '../src/two.ts';\ntest('two', () => { expect(two).toBe(2); });\n`;
  for (const [path, text] of Object.entries({ ...files, 'src/two.ts': 'export const two: number = 2;\n', 'test/two.test.ts': tests })) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  symlinkSync(ownDeps, join(dir, 'node_modules'));
  const ran = spawnSync('sh', ['-c', JSON.parse(files['package.json'] ?? '').scripts.test], {
    cwd: dir,
    encoding: 'utf8',
    env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: dir },
  });
  expect(ran.stderr).toMatch(/Tests: +1 passed, 1 total/);
  expect(ran.status).toBe(0);
});
