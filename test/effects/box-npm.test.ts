import { existsSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RedgreenError } from '../../src/core/errors.ts';
import { createBox } from '../../src/effects/box.ts';
import { checkDeps } from '../../src/effects/box-store.ts';
import { prepareInstall } from '../../src/effects/deps/prepare.ts';
import { folder, write } from './repository.ts';

const FILES = {
  'package.json': JSON.stringify({ name: 'root', devDependencies: { 'is-number': '7.0.0' }, scripts: { preinstall: 'touch /work/ran' } }),
  'packages/a/package.json': JSON.stringify({
    name: '@x/a',
    version: '1.0.0',
    dependencies: { 'is-number': '^6.0.0', '@x/b': 'workspace:*' },
  }),
  'packages/b/package.json': JSON.stringify({ name: '@x/b', version: '1.0.0', main: 'b.js' }),
  'packages/a/a.js': 'console.log(require("is-number/package.json").version, require("@x/b"));',
  'packages/b/b.js': 'module.exports = "b of the tree, " + require("is-number/package.json").version;',
};

it('installs a workspace with all its members, whose links lead to the tree', { timeout: 120_000 }, async (test) => {
  const box = await createBox({ stateDir: folder(), env: process.env }).catch((error: unknown) => {
    if (error instanceof RedgreenError && error.code === 'box.none') return null;
    throw error;
  });
  if (box === null) return test.skip();
  try {
    const packages = ['', 'packages/a', 'packages/b'].map((dir) => ({ dir, name: dir, languages: [], setups: [] }));
    const wanted = await prepareInstall(async (path) => FILES[path as keyof typeof FILES] ?? null, {
      manager: 'pnpm',
      lock: null,
      packages,
    });
    if (wanted === null) throw new Error('nothing is installed');
    const made = await box.install(wanted).catch((error: unknown) => {
      if (error instanceof RedgreenError && error.retryable) return null;
      throw error;
    });
    if (made === null) return test.skip('no registry can be reached');
    expect(made.problems).toEqual([]);
    const deps = made.deps ?? '';
    expect(Object.keys(made.memberDeps ?? {})).toEqual(['packages/a/node_modules']);
    expect(lstatSync(join(deps, '@x/b')).isSymbolicLink()).toBe(true);
    expect(existsSync(join(deps, '../ran'))).toBe(false);
    expect(await checkDeps(deps)).toMatchObject({ intact: true });
    expect(await box.install(wanted)).toEqual(made);

    const base = join(folder(), 'files');
    write(base, FILES);
    const { result } = await box.test({
      base,
      tree: {},
      runner: { harness: {}, command: () => ({ argv: ['node', 'packages/a/a.js'], env: {} }) },
      ...{ tests: [], only: null, readOnlyTree: true, order: null, nonce: 'n', timeoutMs: 30_000 },
      deps,
      memberDeps: made.memberDeps ?? {},
    });
    expect(result).toMatchObject({ reason: 'ok', stdout: '6.0.0 b of the tree, 7.0.0\n' });
  } finally {
    box.close();
  }
});
