import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedgreenError } from '../../src/core/errors.ts';
import type { BoxTest } from '../../src/core/ports.ts';
import type { HostBox } from '../../src/effects/box.ts';
import { createBox } from '../../src/effects/box.ts';
import { stampOf } from '../../src/effects/deps/stamp.ts';
import { folder, write } from './repository.ts';

/** A test run of a script of the test's own, with Node; it prints what is to be seen. */
function scripted(body: string, more: Partial<BoxTest>): BoxTest {
  return {
    tree: {},
    runner: {
      harness: {},
      command: (options) => ({
        argv: ['node', '--input-type=commonjs', '-e', `const fs = require('fs');\nconst o = ${JSON.stringify(options)};\n${body}`],
        env: {},
      }),
    },
    tests: [],
    only: null,
    deps: null,
    readOnlyTree: false,
    order: null,
    nonce: 'n',
    timeoutMs: 30_000,
    ...more,
  };
}

/** What a checkout holds: owner-only, with a binary, a program and links. */
function checkout(): string {
  const base = join(folder(), 'files');
  write(base, {
    'a.txt': 'base a',
    'b.txt': 'base b',
    'sub/c.txt': 'base c',
    'sub/d.txt': 'base d',
    'bin.dat': Buffer.from([0, 255, 10, 13, 128]),
    'run.sh': '#!/bin/sh\necho ran\n',
  });
  chmodSync(join(base, 'run.sh'), 0o755);
  symlinkSync('sub', join(base, 'way'));
  symlinkSync('a.txt', join(base, 'twin'));
  chmodSync(base, 0o700);
  return base;
}

const isNone = (error: unknown) => error instanceof RedgreenError && error.code === 'box.none';

describe.each([
  ['bubblewrap', { hide: ['perl'] as const }],
  ['perl', { hide: ['bubblewrap'] as const }],
  ['none', { unsafe: true }],
])('a repository in a box on the rung %s', (_, options) => {
  let box: HostBox | null = null;
  beforeAll(async () => {
    try {
      box = await createBox({ stateDir: folder(), env: process.env, ...options });
    } catch (error) {
      if (!isNone(error) || String(error).includes('broke out')) throw error;
      console.warn(`skipped: ${error}`);
    }
  });
  afterAll(() => box?.close());
  const boxed = (name: string, body: (box: HostBox) => Promise<void>) =>
    it(name, async (test) => {
      if (box === null) return test.skip();
      await body(box);
    });

  const LOOK = `
    const read = (path) => { try { return fs.readFileSync(path, 'latin1') } catch (e) { return e.code } };
    const paths = ['a.txt', 'b.txt', 'sub/c.txt', 'sub/d.txt', 'bin.dat', 'way/c.txt', 'twin', 'new/e.txt'];
    const ran = require('child_process').spawnSync('./run.sh').stdout?.toString() ?? '';
    console.log(JSON.stringify({ ...Object.fromEntries(paths.map((path) => [path, read(path)])), ran }));`;

  for (const readOnlyTree of [true, false])
    boxed(`is seen as it is, with what a run changed over it (${readOnlyTree ? 'read-only' : 'writable'})`, async (on) => {
      const base = checkout();
      const before = (await stampOf(base)).stamp;
      const see = async (more: Partial<BoxTest>) =>
        JSON.parse((await on.test(scripted(LOOK, { base, readOnlyTree, ...more }))).result.stdout) as Record<string, string>;
      const plain = {
        'a.txt': 'base a',
        'b.txt': 'base b',
        'sub/c.txt': 'base c',
        'sub/d.txt': 'base d',
        'bin.dat': '\x00\xff\n\r\x80',
        'way/c.txt': 'base c',
        twin: 'base a',
        'new/e.txt': 'ENOENT',
        ran: 'ran\n',
      };
      expect(await see({})).toEqual(plain);
      const changed = { 'a.txt': 'new a', 'new/e.txt': 'e' };
      const tree = { ...changed, 'run.sh': '#!/bin/sh\necho other\n' };
      expect(await see({ tree, removed: ['b.txt', 'sub/d.txt', 'never/was', '../x'] })).toEqual({
        ...plain,
        ...changed,
        twin: 'new a',
        'b.txt': 'ENOENT',
        'sub/d.txt': 'ENOENT',
        ran: 'other\n',
      });
      // A file where a link was; a folder where a link was; a file where a folder was.
      expect(await see({ tree: { twin: 'own', 'way/c.txt': 'own way', sub: 'file' } })).toMatchObject({
        'a.txt': 'base a',
        twin: 'own',
        'way/c.txt': 'own way',
        'sub/c.txt': 'ENOTDIR',
      });
      expect(await see({ removed: ['way', 'sub'] })).toMatchObject({ 'way/c.txt': 'ENOENT', 'sub/c.txt': 'ENOENT' });
      expect(await see({ removed: ['way/c.txt'] })).toMatchObject({ 'sub/c.txt': 'base c' });
      expect((await stampOf(base)).stamp).toBe(before);
    });

  boxed('cannot be changed by what runs', async (on) => {
    const base = checkout();
    const before = (await stampOf(base)).stamp;
    const harm = `
      for (const path of ['a.txt', 'twin', 'sub/c.txt', 'way/d.txt', 'run.sh']) {
        try { fs.appendFileSync(path, 'harm') } catch {}
        try { fs.truncateSync(path, 1) } catch {}
        try { fs.chmodSync(path, 0o777) } catch {}
        try { fs.utimesSync(path, 1, 1) } catch {}
      }
      try { fs.writeFileSync('new.txt', 'x') } catch {}
      try { fs.rmSync('sub', { recursive: true }) } catch {}
      console.log(fs.existsSync('new.txt'), fs.readFileSync('a.txt', 'utf8'));`;
    const open = await on.test(scripted(harm, { base }));
    const locked = await on.test(scripted(harm, { base, readOnlyTree: true }));
    expect(open.result.stdout).toBe('true b\n');
    if (on.safe) expect(locked.result.stdout).toBe('false base a\n');
    expect((await stampOf(base)).stamp).toBe(before);
    expect(lstatSync(join(base, 'a.txt')).mode & 0o777).toBe(0o644);
  });

  boxed('is there for tools, too', async (on) => {
    const argv = ['python3', '-c', 'print(open("a.txt").read(), open("b.txt").read())'];
    if (!(await on.hasModule('ast'))) return;
    const result = await on.run({ argv, base: checkout(), tree: { 'b.txt': 'laid over' }, timeoutMs: 20_000 });
    expect(result).toMatchObject({ reason: 'ok', stdout: 'base a laid over\n' });
  });

  boxed('has a folder for what vite writes beside its packages, and no other', async (on) => {
    const base = checkout();
    const user = folder();
    write(user, { 'node_modules/vite/index.js': '', 'node_modules/.cache/a': '' });
    const before = (await stampOf(user)).stamp;
    const body = `for (const path of ['.vite-temp/x', '.cache/b', 'vite/new'])
      try { fs.writeFileSync('node_modules/' + path, ''); console.log('written') } catch (e) { console.log(e.code) }`;
    const deps = join(user, 'node_modules');
    const { result } = await on.test(scripted(body, { base, deps, readOnlyTree: true }));
    if (on.safe) expect(result.stdout).toBe('written\nEROFS\nEROFS\n');
    expect((await stampOf(user)).stamp).toBe(before);
    expect(existsSync(join(deps, '.vite-temp'))).toBe(false);
  });

  for (const readOnlyTree of [true, false])
    boxed(`has its members' dependencies where they belong (${readOnlyTree ? 'read-only' : 'writable'})`, async (on) => {
      const base = join(folder(), 'files');
      write(base, {
        'package.json': '{"workspaces":["packages/*"]}',
        'packages/a/index.js': 'exports.a = require("only-a") + " " + require("shared") + " " + require("@x/b").b;',
        'packages/b/index.js': 'exports.b = "b of the tree";',
      });
      const user = folder();
      write(user, {
        'node_modules/shared/index.js': 'module.exports = "shared";',
        'packages/a/node_modules/only-a/index.js': 'module.exports = "only a";',
        'packages/b/index.js': 'exports.b = "b of the working tree";',
      });
      mkdirSync(join(user, 'node_modules/@x'));
      symlinkSync('../../packages/b', join(user, 'node_modules/@x/b'));
      chmodSync(user, 0o700);
      const before = (await stampOf(user)).stamp;
      const body = `console.log(require('./packages/a').a);
        for (const path of ['node_modules/shared/index.js', 'packages/a/node_modules/only-a/index.js', 'packages/a/beside.txt'])
          try { fs.writeFileSync(path, 'harm'); console.log('written', path) } catch (e) { console.log(e.code) }`;
      const { result } = await on.test(
        scripted(body, {
          base,
          readOnlyTree,
          deps: join(user, 'node_modules'),
          memberDeps: { 'packages/a/node_modules': join(user, 'packages/a/node_modules') },
        }),
      );
      expect(result.stderr).toBe('');
      expect(result.stdout.split('\n')[0]).toBe('only a shared b of the tree');
      if (on.safe) expect(result.stdout.split('\n').slice(1, 3)).toEqual(['EROFS', 'EROFS']);
      if (on.safe) expect(result.stdout.includes('written packages/a/beside.txt')).toBe(!readOnlyTree);
      expect((await stampOf(user)).stamp).toBe(before);
      expect(existsSync(join(base, 'node_modules'))).toBe(false);
      expect(readFileSync(join(user, 'node_modules/shared/index.js'), 'utf8')).toBe('module.exports = "shared";');
    });
});
