import { describe, expect, it } from 'vitest';
import { auditLock, auditManifest, lockedPackages } from '../../src/effects/box-lock.ts';

const REGISTRY = 'https://registry.example/';
const INTEGRITY = 'sha512-41Cifkg6e8TylSpdtTpeLVMqvSBEVzTttHvERD741+pnZ8ANv0004MRL43QKPDlK9cGvNp6NZWZUBlbGXYxxng==';

const manifest = (dependencies: Record<string, unknown>) => auditManifest('package.json', JSON.stringify({ name: 'x', dependencies }));
const lock = (packages: Record<string, unknown>) =>
  auditLock(JSON.stringify({ lockfileVersion: 3, packages: { '': { name: 'x' }, ...packages } }), REGISTRY);
const good = { version: '1.0.0', resolved: 'https://registry.example/a/-/a-1.0.0.tgz', integrity: INTEGRITY };

describe('a manifest', () => {
  it('may ask for versions, ranges and tags of the registry', () => {
    expect(manifest({ a: '^1.0.0', '@scope/b': '>=1 <2 || 3.x', c: 'latest', d: '', e: '*', f: '1.0.0-beta.1' })).toEqual([]);
  });

  it.each([
    'git+https://host/x.git',
    'github:a/b',
    'a/b',
    'file:../x',
    'link:../x',
    'https://host/x.tgz',
    'npm:other@1',
    'workspace:*',
    '../x',
    'git@host:a/b',
    7,
  ])('may not ask for %j', (spec) => {
    expect(manifest({ a: spec })).toEqual([expect.stringContaining('only versions from the registry')]);
  });

  it('may not have strange names, workspaces or broken JSON', () => {
    expect(manifest({ '../x': '1' })).toEqual([expect.stringContaining('not a package name')]);
    expect(auditManifest('package.json', '{"workspaces":["a"]}')).toEqual([expect.stringContaining('workspaces')]);
    expect(auditManifest('package.json', '{')).toEqual(['package.json is not valid JSON']);
  });
});

describe('a lock file', () => {
  it('passes when everything comes from the registry with a checksum', () => {
    expect(
      lock({
        'node_modules/a': good,
        'node_modules/@s/b/node_modules/a': good,
        'node_modules/a/node_modules/bundled': { version: '1.0.0', inBundle: true },
      }),
    ).toEqual([]);
    expect(lock({ 'node_modules/a': { version: '1.0.0', integrity: INTEGRITY } })).toEqual([]);
  });

  it.each([
    [{ ...good, resolved: 'https://registry.example.evil.test/a.tgz' }, 'not the registry'],
    [{ ...good, resolved: 'http://registry.example/a.tgz' }, 'not the registry'],
    [{ ...good, resolved: 'https://registry.example:444/a.tgz' }, 'not the registry'],
    [{ ...good, resolved: 'https://user@registry.example/a.tgz' }, 'not the registry'],
    [{ ...good, resolved: 'git+ssh://git@host/a.git#1234' }, 'not the registry'],
    [{ ...good, resolved: 'file:../a' }, 'not the registry'],
    [{ version: '1.0.0', resolved: good.resolved }, 'no checksum'],
    [{ ...good, integrity: 'md5-abc' }, 'no checksum'],
    [{ resolved: '../a', link: true }, 'link to a folder'],
  ])('is refused for %j', (entry, why) => {
    expect(lock({ 'node_modules/a': entry }).join()).toContain(why);
  });

  it('may hold an alias that an installed package asks for, and no other', () => {
    const alias = { 'node_modules/b-cjs': { ...good, name: 'b' } };
    const asking = { 'node_modules/a': { ...good, dependencies: { 'b-cjs': 'npm:b@^1.0.0' } } };
    expect(lock({ ...asking, ...alias })).toEqual([]);
    expect(lock(alias)).toEqual(['"b-cjs" in package-lock.json is an alias of "b"']);
    expect(lock({ ...asking, 'node_modules/b-cjs': { ...good, name: 'evil' } })).toEqual([
      '"b-cjs" in package-lock.json is an alias of "evil"',
    ]);
    const text = JSON.stringify({ lockfileVersion: 3, packages: alias });
    expect(lockedPackages(text)).toEqual([{ name: 'b', version: '1.0.0', script: false }]);
  });

  it('is refused for paths outside node_modules and for old or broken formats', () => {
    expect(lock({ '../a': good, 'packages/a': good }).every((problem) => problem.includes('outside node_modules'))).toBe(true);
    expect(lock({ 'node_modules/../../a': good }).join()).toContain('outside node_modules');
    expect(auditLock('{"lockfileVersion":1,"dependencies":{}}', REGISTRY)).toEqual([expect.stringContaining('old version')]);
    expect(auditLock('nothing', REGISTRY)).toEqual(['package-lock.json is not valid JSON']);
  });
});

describe("a user's own repository", () => {
  const repository = { members: new Set(['packages/m']) };
  const manifest = (more: object) => auditManifest('package.json', JSON.stringify({ name: 'x', ...more }), repository);
  const lock = (packages: Record<string, unknown>) =>
    auditLock(
      JSON.stringify({ lockfileVersion: 3, packages: { '': { devDependencies: { old: 'npm:a@1' } }, ...packages } }),
      REGISTRY,
      repository,
    );

  it('may name its members, and packages by an alias', () => {
    expect(manifest({ workspaces: ['packages/m'], dependencies: { old: 'npm:@s/a@^1' } })).toEqual([]);
    expect(manifest({ workspaces: ['packages/*'] })).toEqual([expect.stringContaining('workspaces')]);
    expect(manifest({ dependencies: { old: 'npm:../x@1' } })).toEqual([expect.stringContaining('only versions')]);
    expect(manifest({ dependencies: { a: 'file:../x' } })).toEqual([expect.stringContaining('only versions')]);
  });

  it('may link to its members alone, and have packages below them', () => {
    const link = (resolved: string) => ({ 'node_modules/@x/m': { resolved, link: true } });
    expect(lock({ 'packages/m': { version: '1.0.0' }, ...link('packages/m'), 'packages/m/node_modules/a': good })).toEqual([]);
    expect(lock({ 'node_modules/old': { ...good, name: 'a' } })).toEqual([]);
    for (const path of ['', '../m', '/etc', 'packages/other'])
      expect(lock(link(path))).toEqual([expect.stringContaining('a link to a folder')]);
    expect(lock({ 'packages/other/node_modules/a': good })).toEqual([expect.stringContaining('lies outside')]);
    expect(lock({ '../packages/m/node_modules/a': good })).toEqual([expect.stringContaining('lies outside')]);
    expect(lock({ 'packages/m/lib': good })).toEqual([expect.stringContaining('lies outside')]);
    expect(lock({ 'node_modules/other': { ...good, name: 'a' } })).toEqual([expect.stringContaining('alias')]);
  });

  it('installs its links without naming them as packages', () => {
    const text = JSON.stringify({
      packages: { '': {}, 'packages/m': {}, 'node_modules/m': { link: true, resolved: 'packages/m' }, 'packages/m/node_modules/a': good },
    });
    expect(lockedPackages(text)).toEqual([{ name: 'a', version: '1.0.0', script: false }]);
  });
});
