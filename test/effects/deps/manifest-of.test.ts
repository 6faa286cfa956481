import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { manifestFiles } from '../../../src/effects/deps/manifest-of.ts';

const deps = mkdtempSync(join(tmpdir(), 'redgreen-manifest-'));
mkdirSync(join(deps, 'left-pad'));
writeFileSync(join(deps, 'left-pad', 'package.json'), '{ "name": "left-pad", "version": "1.3.0" }');
afterAll(() => rmSync(deps, { recursive: true, force: true }));

const manifest = '{\n\t"name": "mine",\n\t"devDependencies": { "mocha": "^12.0.0" }\n}\n';
const lockOf = (dependencies: object) =>
  JSON.stringify({ lockfileVersion: 3, packages: { '': { dependencies, devDependencies: { mocha: '^12.0.0' } } } });

test('a package that was asked for stands in package.json, in the range of what was installed', () => {
  const { files, stale } = manifestFiles({ names: ['left-pad'], deps, manifest, lock: null });
  expect(JSON.parse(files['package.json'] ?? '')).toEqual({
    name: 'mine',
    devDependencies: { mocha: '^12.0.0' },
    dependencies: { 'left-pad': '^1.3.0' },
  });
  expect(files['package.json']).toContain('\n\t"name"');
  expect(stale).toBe(false);
});

test('a lock file comes along where it is of that manifest, else it is said to be stale', () => {
  const fits = { path: 'package-lock.json', text: lockOf({ 'left-pad': '^1.3.0' }) };
  expect(manifestFiles({ names: ['left-pad'], deps, manifest, lock: fits }).files['package-lock.json']).toBe(fits.text);
  const other = { path: 'package-lock.json', text: lockOf({}) };
  expect(manifestFiles({ names: ['left-pad'], deps, manifest, lock: other })).toMatchObject({ stale: true });
});
