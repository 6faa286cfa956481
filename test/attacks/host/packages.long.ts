// Packages from a hostile registry, installed by the real npm through the real door.
import { chmodSync, existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedgreenError } from '../../../src/core/errors.ts';
import type { BoxInstall } from '../../../src/core/ports.ts';
import { createBox, type HostBox } from '../../../src/effects/box.ts';
import { bomb, type TarEntry } from './archives.ts';
import { type Registry, startRegistry, type Version } from './registry.ts';

const DAY = 86_400_000;
let registry: Registry;
let state: string;
let box: HostBox | null = null;

beforeAll(async () => {
  registry = await startRegistry();
  state = mkdtempSync(join(tmpdir(), 'redgreen-packages-'));
  chmodSync(state, 0o755);
  box = await open({});
});
afterAll(async () => {
  box?.close();
  await registry.close();
  rmSync(state, { recursive: true, force: true });
});

async function open(more: { readonly scopes?: Readonly<Record<string, string>>; readonly minAgeMs?: number }): Promise<HostBox | null> {
  const { scopes = {}, minAgeMs = 3 * DAY } = more;
  const source = { url: registry.url, ca: registry.ca, allowPrivate: true, scopes };
  try {
    return await createBox({ stateDir: state, env: process.env, registry: source, minAgeMs });
  } catch (error) {
    if (error instanceof RedgreenError && error.code === 'box.none') return null;
    throw error;
  }
}

const attack = (name: string, body: (on: HostBox) => Promise<void>) =>
  it(name, async (test) => {
    if (box === null) return test.skip();
    await body(box);
  });

const serve = (name: string, version: Version, number = '1.0.0') => registry.npm.set(name, { [number]: version });
const ask = (dependencies: Readonly<Record<string, string>>, more: Readonly<Record<string, unknown>> = {}): BoxInstall => ({
  manager: 'npm',
  manifests: { 'package.json': JSON.stringify({ name: 'project', version: '1.0.0', dependencies, ...more }) },
  lock: null,
  packages: [],
});
const index: TarEntry = { name: 'package/index.js', text: 'module.exports = 1;\n' };

/** Every path below a folder with what it is. */
function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}

describe('N1 an honest package', () => {
  attack('is installed, told to the user, and comes from the cache the second time', async (on) => {
    serve('honest', { entries: [index], manifest: { dependencies: { below: '^1.0.0' } } });
    serve('below', { entries: [index] });
    const first = await on.install(ask({ honest: '^1.0.0' }));
    expect(first.problems).toEqual([]);
    expect(first.notes).toEqual(['Packages: honest 1.0.0 and 1 that they need.']);
    expect(readFileSync(join(first.deps ?? '', 'below/index.js'), 'utf8')).toBe('module.exports = 1;\n');
    const before = registry.asked.length;
    expect(await on.install(ask({ honest: '^1.0.0' }))).toEqual(first);
    expect(registry.asked.length).toBe(before);
  });

  attack('is asked for without any credential', async (on) => {
    serve('plain', { entries: [index] });
    await on.install(ask({ plain: '*' }));
    expect(registry.headers.join('\n')).not.toMatch(/authorization|cookie|npm-session-token/i);
  });
});

describe('N2 what a package says of itself', () => {
  attack('runs no script of any phase, of the root or a dependency, and is told', async (on) => {
    const scripts = Object.fromEntries(
      ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish', 'dependencies'].map((phase) => [
        phase,
        'touch /work/ran && touch ran',
      ]),
    );
    const gyp = { name: 'package/binding.gyp', text: '{"targets":[{"target_name":"x","actions":[{"action":["touch","/work/ran"]}]}]}' };
    serve('scripted', { manifest: { scripts, hasInstallScript: true }, entries: [index, gyp] });
    const result = await on.install(ask({ scripted: '1.0.0' }, { scripts }));
    expect(result.problems).toEqual([]);
    expect(result.notes).toContain('Install scripts were not run: scripted.');
    expect(listing(result.deps ?? '').filter((path) => path.endsWith('ran'))).toEqual([]);
    expect(existsSync(join(result.deps ?? '', '../ran'))).toBe(false);
  });

  attack('puts no command outside its folder', async (on) => {
    const bin = { '../../escaped': 'index.js', inside: '../../../outside.js', away: '/etc/hostname' };
    serve('binned', { manifest: { bin, man: ['/etc/hostname'], directories: { bin: '/etc' } }, entries: [index] });
    const { deps, problems } = await on.install(ask({ binned: '1.0.0' }));
    expect(problems).toEqual([]);
    for (const path of listing(deps ?? '')) {
      const full = join(deps ?? '', path);
      if (lstatSync(full).isSymbolicLink()) expect(realpathSync(full).startsWith(`${realpathSync(deps ?? '')}/`)).toBe(true);
    }
    expect(existsSync(join(deps ?? '', '../escaped'))).toBe(false);
  });
});

describe('N3 an archive', () => {
  const hostile: readonly [string, TarEntry[]][] = [
    [
      'that climbs out',
      [
        { name: 'package/../../../climbed', text: 'x' },
        { name: '../climbed', text: 'x' },
      ],
    ],
    [
      'with absolute names',
      [
        { name: '/tmp/climbed', text: 'x' },
        { name: '//climbed', text: 'x' },
      ],
    ],
    ['with a link to the host', [{ name: 'package/link', type: '2', link: '/etc/passwd' }]],
    [
      'that writes through a link',
      [
        { name: 'package/dir', type: '2', link: '/work' },
        { name: 'package/dir/climbed', text: 'x' },
      ],
    ],
    ['with a hard link', [{ name: 'package/hard', type: '1', link: '/etc/passwd' }]],
    [
      'with a device and a FIFO',
      [
        { name: 'package/dev', type: '3' },
        { name: 'package/fifo', type: '6' },
      ],
    ],
    ['with setuid programs', [{ name: 'package/suid', text: '#!/bin/sh\n', mode: '0006755' }]],
    [
      'with nested manifests',
      [
        { name: 'package/node_modules/.hooks/x', text: 'x' },
        { name: 'package/.npmrc', text: 'script-shell=/bin/x\n' },
      ],
    ],
  ];
  for (const [what, entries] of hostile)
    attack(`${what} leaves plain files in its own folder, or nothing`, async (on) => {
      const name = `tar-${what.replace(/[^a-z]+/gi, '-').toLowerCase()}`;
      serve(name, { entries: [index, ...entries] });
      const result = await on.install(ask({ [name]: '1.0.0' })).catch((error: unknown) => {
        if (error instanceof RedgreenError && error.code === 'install') return null;
        throw error;
      });
      const deps = result?.deps ?? null;
      if (deps === null) return;
      expect(existsSync(join(deps, '../climbed')) || existsSync('/tmp/climbed')).toBe(false);
      for (const path of listing(deps)) {
        const stat = lstatSync(join(deps, path));
        expect(stat.isFile() || stat.isDirectory(), path).toBe(true);
        expect(stat.mode & 0o7022, path).toBe(0);
        if (stat.isFile()) expect(stat.nlink).toBe(1);
      }
    });

  attack('with another checksum is refused', async (on) => {
    serve('forged', { entries: [index], integrity: `sha512-${Buffer.alloc(64).toString('base64')}` });
    const { problems, deps } = await on.install(ask({ forged: '1.0.0' }));
    expect(problems.join()).toContain('checksum');
    expect(deps).toBeNull();
  });

  attack('with no more than sha1 is refused', async (on) => {
    serve('weak', { entries: [index], integrity: `sha1-${Buffer.alloc(20).toString('base64')}` });
    expect((await on.install(ask({ weak: '1.0.0' }))).problems.join()).toContain('sha1');
  });

  attack('from another host is refused before it is fetched', async (on) => {
    serve('elsewhere', { entries: [index], tarball: 'https://evil.invalid/x.tgz' });
    expect((await on.install(ask({ elsewhere: '1.0.0' }))).problems.join()).toContain('not the registry');
  });

  attack('that redirects to another host is not followed', async (on) => {
    serve('moved', { entries: [index], redirect: 'https://evil.invalid/x.tgz' });
    await expect(on.install(ask({ moved: '1.0.0' }))).rejects.toMatchObject({
      code: 'install',
      message: expect.stringContaining('evil.invalid:443'),
    });
  });

  attack('that is a bomb ends the install and leaves nothing', async (on) => {
    serve('bomb', { bytes: bomb(7, 200) });
    await expect(on.install(ask({ bomb: '1.0.0' }))).rejects.toMatchObject({ code: 'install', message: 'npm was stopped: disk' });
    expect(readdirSync(state, { recursive: true, encoding: 'utf8' }).filter((path) => path.includes('filler'))).toEqual([]);
  });
});

describe('N4 what may be chosen', () => {
  const days = (n: number) => new Date(Date.now() - n * DAY).toISOString();

  attack('a version of yesterday is passed over for an older one', async (on) => {
    registry.npm.set('young', { '1.0.0': { entries: [index], published: days(30) }, '1.1.0': { entries: [index], published: days(1) } });
    expect((await on.install(ask({ young: '^1.0.0' }))).notes[0]).toContain('young 1.0.0');
    expect((await on.install(ask({ young: '1.1.0' }))).problems.join()).toContain('old enough');
    const any = await open({ minAgeMs: 0 });
    expect((await any?.install(ask({ young: '^1.0.0' })))?.notes[0]).toContain('young 1.1.0');
    any?.close();
  });

  attack('a locked version stays, whatever its age', async (on) => {
    registry.npm.set('kept', { '1.0.0': { entries: [index], published: days(1) } });
    const any = await open({ minAgeMs: 0 });
    const lock = (await any?.install(ask({ kept: '^1.0.0' })))?.lock?.text ?? null;
    any?.close();
    expect((await on.install({ ...ask({ kept: '^1.0.0' }), lock })).notes[0]).toContain('kept 1.0.0');
  });

  attack('the project’s own name is never fetched', async (on) => {
    serve('project', { entries: [index] });
    const before = registry.asked.length;
    expect((await on.install(ask({ project: '1.0.0' }))).problems.join()).toContain('the name of the project itself');
    expect(registry.asked.length).toBe(before);
  });

  attack('a scope with a registry of its own is never asked for at the usual one', async () => {
    const scoped = await open({ scopes: { '@corp': 'https://npm.corp.invalid/' } });
    serve('@corp/secret', { entries: [index] });
    serve('around', { entries: [index], manifest: { dependencies: { '@corp/secret': '1.0.0' } } });
    const before = registry.asked.length;
    const direct = await scoped?.install(ask({ '@corp/secret': '1.0.0' }));
    expect(direct?.problems.join()).toContain('"@corp/secret" comes from a registry of its own');
    expect(registry.asked.length).toBe(before);
    expect((await scoped?.install(ask({ around: '1.0.0' })))?.problems.join()).toContain('"@corp/secret" comes from a registry of its own');
    scoped?.close();
  });

  attack('an override asks for nothing but the registry', async (on) => {
    const overrides = { honest: { below: 'npm:evil@1', '.': 'https://evil.invalid/x.tgz' } };
    const { problems } = await on.install(ask({ honest: '^1.0.0' }, { overrides }));
    expect(problems.filter((problem) => problem.startsWith('an override'))).toHaveLength(2);
  });
});
