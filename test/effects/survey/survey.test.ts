import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { survey } from '../../../src/effects/survey/survey.ts';
import { openTarget } from '../../../src/effects/target.ts';
import { createWorkspace } from '../../../src/effects/workspace.ts';
import { git, repository, write } from '../repository.ts';
import { sourceOf, surveyOf } from './reading.ts';

it('reads a repository of git through the workspace, and executes nothing of it', async () => {
  const dir = repository({ 'README.md': '# A library\n' });
  const mark = join(dir, '.git', 'executed');
  const hostile = `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '')`;
  write(dir, {
    'package.json': JSON.stringify({ name: 'lib', scripts: { pretest: `touch ${mark}`, test: `touch ${mark} && jest $(touch ${mark})` } }),
    'jest.config.js': `${hostile}; module.exports = { testMatch: ['<rootDir>/spec/**/*.js'] }`,
    '.prettierrc.js': `${hostile}; module.exports = { semi: false }`,
    'setup.py': `open(${JSON.stringify(mark)}, "w")`,
    'conftest.py': `open(${JSON.stringify(mark)}, "w")`,
    'spec/a.js': "test('a', () => {})",
    'logo.png': Buffer.from([0x89, 0x50, 0, 1]),
  });
  git(dir, 'add', '-A');
  git(dir, 'commit', '-qm', 'feat: a library');
  const target = await openTarget({ cwd: dir, dir: null });
  const workspace = createWorkspace({ target, runId: '20261124-020000-abcd', base: target.head, created: false, now: () => 0 });
  const base = await workspace.base();
  const found = await survey({ files: base.files, read: workspace.readBase, subjects: () => workspace.subjects(30) });
  expect(found.packages[0]?.setups.map((one) => [one.runner, one.include])).toEqual([
    ['jest', ['spec/**/*.js']],
    ['pytest', []],
  ]);
  expect(found.conventions).toMatchObject({
    readme: '# A library',
    style: expect.arrayContaining(['format: prettier (.prettierrc.js: no semicolons)']),
  });
  expect(existsSync(mark)).toBe(false);
});

const MANIFESTS = {
  'package.json': {
    name: 'r',
    workspaces: ['packages/*'],
    scripts: { test: 'npm run a && cross-env A=1 vitest run -c x.ts', a: 'mocha -r x "t/**"' },
    jest: { roots: ['a'] },
  },
  'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
  'vitest.config.ts': "export default { test: { include: ['a/**'] } }",
  'pyproject.toml': '[tool.pytest.ini_options]\ntestpaths = ["tests"]\n',
  'tox.ini': '[pytest]\ntestpaths = a\n',
  'Cargo.toml': '[workspace]\nmembers = ["c/*"]\n[package]\nname = "x"\n',
  'go.mod': 'module x\n',
  'go.work': 'use (\n./a\n)\n',
  '.mocharc.yaml': 'spec: [a]\n',
  '.prettierrc': 'semi: false\n',
  'tsconfig.json': '{ "compilerOptions": { "strict": true } }',
  '.editorconfig': '[*]\nindent_style = tab\n',
  'AGENTS.md': 'x',
  'README.md': '# x',
  'a.test.ts': "import 'vitest'",
  'test_a.py': 'import pytest',
  'src/lib.rs': '#[test]\n',
};

it('is not thrown by any garbage in manifests, and gives only paths that are in the tree', async () => {
  const paths = Object.keys(MANIFESTS) as (keyof typeof MANIFESTS)[];
  const texts = Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, (await sourceOf(MANIFESTS).read(path)) ?? ''] as const)),
  );
  const odd = fc.constantFrom(
    'null',
    '[]',
    '"x"',
    '1',
    '{"a":null}',
    '\u0000',
    '../../etc',
    '{"scripts":[1],"workspaces":{"packages":7},"jest":1,"name":{}}',
  );
  const damage = fc.record({
    path: fc.constantFrom(...paths),
    from: fc.nat(120),
    to: fc.nat(200),
    put: fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 6 })),
    whole: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 6 }), async (damages) => {
      const files: Record<string, string> = { ...texts };
      for (const { path, from, to, put, whole } of damages)
        files[path] = whole ? put : (files[path] ?? '').slice(0, from) + put + (files[path] ?? '').slice(to);
      const found = await surveyOf(files);
      for (const setup of found.packages.flatMap((one) => one.setups)) {
        expect(setup.config === null || setup.config in files).toBe(true);
        expect([...setup.include, ...setup.exclude].filter((glob) => glob.startsWith('/') || glob.split('/').includes('..'))).toEqual([]);
      }
    }),
    { numRuns: 150 },
  );
});

it('is done with 30,000 files, and reads few of them', async () => {
  const files: Record<string, unknown> = {
    'package.json': { name: 'r', scripts: { test: 'turbo run test' } },
    'pnpm-workspace.yaml': 'packages: [packages/*]',
  };
  for (let p = 0; p < 200; p += 1) {
    files[`packages/p${p}/package.json`] = { name: `p${p}`, scripts: { test: 'vitest run' } };
    for (let i = 0; i < 150; i += 1) files[`packages/p${p}/src/part${i % 9}/${i}${i % 8 === 0 ? '.test' : ''}.ts`] = '';
  }
  const seen: string[] = [];
  const found = await survey(sourceOf(files, { seen }));
  expect(found.packages.filter((one) => one.setups[0]?.runner === 'vitest')).toHaveLength(200);
  expect(found.languages).toEqual([{ language: 'typescript', files: 30_000 }]);
  expect(seen.length).toBeLessThan(250);
  expect(seen).toEqual([...new Set(seen)]);
});
