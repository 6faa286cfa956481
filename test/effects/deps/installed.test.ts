import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Survey } from '../../../src/core/survey.ts';
import { findInstalled, isUnchanged } from '../../../src/effects/deps/installed.ts';
import { folder, write } from '../repository.ts';

type Files = Record<string, string>;

const json = JSON.stringify;
const pack = (dir: string) => ({ dir, name: dir, languages: [], setups: [] });

/** Looks at a working tree; `committed` are the files of its commit. */
function find(root: string, committed: Files, survey: Partial<Survey>, python: string | null = '3.11') {
  return findInstalled({
    root,
    read: async (path) => committed[path] ?? null,
    survey: { manager: 'npm', lock: null, packages: [pack('')], ...survey },
    python: async () => python,
  });
}

const because = async (...wanted: Parameters<typeof find>) => {
  const found = await find(...wanted);
  return found.deps === null ? found.why : `found: ${found.why}`;
};

describe('npm', () => {
  const MANIFEST = json({ name: 'x', workspaces: ['packages/*'], dependencies: { a: '^1.0.0' } });
  const MEMBER = json({ name: '@x/m', dependencies: { b: '^2.0.0' } });
  const PACKAGES = {
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/@x/m': { resolved: 'packages/m', link: true },
    'packages/m/node_modules/b': { version: '2.0.0', integrity: 'sha512-b' },
  };
  const OPTIONAL = { 'node_modules/fsevents': { version: '2.3.3', integrity: 'sha512-f', optional: true } };
  const lockOf = (packages: object) =>
    json({ lockfileVersion: 3, packages: { '': { name: 'x' }, 'packages/m': { name: '@x/m' }, ...packages } });
  const committed = {
    'package.json': MANIFEST,
    'packages/m/package.json': MEMBER,
    'package-lock.json': lockOf({ ...PACKAGES, ...OPTIONAL }),
  };
  const survey = { lock: 'package-lock.json', packages: [pack(''), pack('packages/m')] };

  /** As npm leaves it: the record is the youngest of all. */
  function installed(record: object = PACKAGES): string {
    const root = folder();
    write(root, {
      ...committed,
      'node_modules/a/package.json': json({ version: '1.0.0' }),
      'packages/m/node_modules/b/package.json': json({ version: '2.0.0' }),
    });
    mkdirSync(join(root, 'node_modules/@x'));
    symlinkSync('../../packages/m', join(root, 'node_modules/@x/m'));
    mkdirSync(join(root, 'node_modules/.bin'));
    symlinkSync('../a/package.json', join(root, 'node_modules/.bin/a'));
    writeFileSync(join(root, 'node_modules/.package-lock.json'), json({ lockfileVersion: 3, packages: record }));
    return root;
  }

  it('is used when its record agrees with the lock file, members and all', async () => {
    const root = installed();
    expect(await find(root, committed, survey)).toEqual({
      deps: join(root, 'node_modules'),
      memberDeps: { 'packages/m/node_modules': join(root, 'packages/m/node_modules') },
      stamp: expect.stringMatching(/^[0-9a-f]{64} [0-9a-f]{64}$/),
      why: 'The packages installed in node_modules are used, read-only: they are what package-lock.json says.',
    });
  });

  it.each<[string, object]>([
    ['node_modules/a is 1.1.0, and package-lock.json says 1.0.0', { ...PACKAGES, 'node_modules/a': { version: '1.1.0' } }],
    ['node_modules/a has another checksum', { ...PACKAGES, 'node_modules/a': { version: '1.0.0', integrity: 'sha512-z' } }],
    ['packages/m/node_modules/b is not installed', { ...PACKAGES, 'packages/m/node_modules/b': undefined }],
    ['node_modules/c is installed and not in package-lock.json', { ...PACKAGES, 'node_modules/c': { version: '1.0.0' } }],
    ['node_modules/@x/m leads elsewhere', { ...PACKAGES, 'node_modules/@x/m': { resolved: 'packages/other', link: true } }],
  ])('is not used when %s', async (why, record) => {
    expect(await because(installed(record), committed, survey)).toContain(`because ${why}`);
  });

  it('is not used when a package was changed by hand, or is gone', async () => {
    const root = installed();
    const later = Date.now() / 1000 + 60;
    utimesSync(join(root, 'node_modules/a'), later, later);
    expect(await because(root, committed, survey)).toContain('node_modules/a was changed after it was installed');
    rmSync(join(root, 'node_modules/a'), { recursive: true });
    expect(await because(root, committed, survey)).toContain('node_modules/a is gone');
  });

  it('is not used when the manifest here is another one, but line endings do not matter', async () => {
    const root = installed();
    write(root, { 'package.json': `${MANIFEST}\r\n` });
    expect(await because(root, { ...committed, 'package.json': `${MANIFEST}\n` }, survey)).toContain('found');
    write(root, { 'package.json': MANIFEST, 'packages/m/package.json': json({ name: '@x/m', dependencies: { b: '*' } }) });
    expect(await because(root, committed, survey)).toContain('packages/m/package.json here is not the committed one');
  });

  it.each<[string, string]>([
    ['an absolute path', '/usr/share'],
    ['a way out', '../../../elsewhere'],
  ])('is not used when a link is %s', async (_, text) => {
    const root = installed();
    symlinkSync(text, join(root, 'node_modules/a/linked'));
    expect(await because(root, committed, survey)).toBe(
      'What is installed here is not used, because the link a/linked leads out of the repository.',
    );
  });

  it('is not used when node_modules is a link, is missing or has no record', async () => {
    const root = installed();
    renameSync(join(root, 'node_modules'), join(root, 'elsewhere'));
    expect(await because(root, committed, survey)).toContain('there is no node_modules');
    symlinkSync('elsewhere', join(root, 'node_modules'));
    expect(await because(root, committed, survey)).toContain('node_modules is a link');
    const other = installed();
    rmSync(join(other, 'node_modules/.package-lock.json'));
    expect(await because(other, committed, survey)).toContain('npm left no record');
    writeFileSync(join(other, 'node_modules/.package-lock.json'), '{"packages":');
    expect(await because(other, committed, survey)).toContain('old version');
    expect(await because(other, { ...committed, 'package-lock.json': '{"lockfileVersion":1}' }, survey)).toContain('old version');
  });

  it('tells a change while a run goes on', async () => {
    const root = installed();
    const found = await find(root, committed, survey);
    if (found.deps === null) throw new Error(found.why);
    expect(await isUnchanged(found)).toBe(true);
    write(root, { 'node_modules/.vite/deps/a.js': 'cached', 'node_modules/.cache/x': '' });
    expect(await isUnchanged(found)).toBe(true);
    writeFileSync(join(root, 'packages/m/node_modules/b/package.json'), json({ version: '9.9.9' }));
    expect(await isUnchanged(found)).toBe(false);
    rmSync(join(root, 'packages/m/node_modules'), { recursive: true });
    expect(await isUnchanged(found)).toBe(false);
  });
});

describe('without a lock file', () => {
  const at = (dependencies: Files, versions: Files, more: object = {}) => {
    const root = folder();
    const manifest = json({ name: 'x', devDependencies: dependencies, ...more });
    write(root, { 'package.json': manifest });
    mkdirSync(join(root, 'node_modules'));
    for (const [name, version] of Object.entries(versions)) write(root, { [`node_modules/${name}/package.json`]: json({ name, version }) });
    return because(root, { 'package.json': manifest }, {});
  };

  it('what is installed is used when it is in the ranges', async () => {
    const asked = { a: '^1.2.0', '@s/b': '1.x || 2', c: 'latest', d: 'npm:@s/other@~3.0.0' };
    expect(await at(asked, { a: '1.9.0', '@s/b': '2.1.0', c: '5.0.0', d: '3.0.4' }, { optionalDependencies: { never: '1' } })).toContain(
      'found: The packages installed in node_modules are used, read-only: they are in the ranges of package.json.',
    );
    expect(await at({ a: '^1.2.0' }, { a: '2.0.0' })).toContain('a 2.0.0 is installed, and package.json asks for ^1.2.0');
    expect(await at({ a: '^1.2.0' }, {})).toContain('a is not installed');
    expect(await at({ a: 'github:x/y' }, { a: '1.0.0' })).toContain('cannot be compared');
  });
});

describe('pnpm', () => {
  const LOCK = `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true

importers:

  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0

packages:

  '@s/native@1.0.0':
    resolution: {integrity: sha512-n}
    cpu: [arm64]

  a@1.0.0:
    resolution: {integrity: sha512-a}

snapshots:

  '@s/native@1.0.0':
    optional: true

  a@1.0.0:
    optionalDependencies:
      '@s/native': 1.0.0
`;
  const HAVE = LOCK.replace(/ {2}'@s\/native@1\.0\.0':\n(?: {4}.*\n)+\n/g, '');
  const committed = { 'package.json': json({ name: 'x', dependencies: { a: '^1.0.0' } }), 'pnpm-lock.yaml': LOCK };
  const survey = { manager: 'pnpm' as const, lock: 'pnpm-lock.yaml' };

  function installed(kept: string): string {
    const root = folder();
    write(root, {
      ...committed,
      'node_modules/.modules.yaml': '{"skipped": []}',
      'node_modules/.pnpm/lock.yaml': kept,
      'node_modules/.pnpm/a@1.0.0/node_modules/a/index.js': '',
    });
    symlinkSync('.pnpm/a@1.0.0/node_modules/a', join(root, 'node_modules/a'));
    return root;
  }

  it('is used when the lock file that it keeps agrees, but for what is optional', async () => {
    expect(HAVE).not.toContain('cpu');
    expect(await because(installed(LOCK), committed, survey)).toContain('found');
    expect(await because(installed(HAVE), committed, survey)).toContain('found: ');
  });

  it.each<[string, string]>([
    ['a@1.0.0 was installed from another pnpm-lock.yaml', HAVE.replace('sha512-a', 'sha512-b')],
    ['what was installed is of another pnpm-lock.yaml (importers)', HAVE.replace('version: 1.0.0', 'version: 1.0.1')],
    ['a@1.0.0 is not installed', HAVE.replace(/\n {2}a@1\.0\.0:\n {4}resolution.*\n/, '\n')],
  ])('is not used when %s', async (why, kept) => {
    expect(kept).not.toBe(HAVE);
    expect(await because(installed(kept), committed, survey)).toContain(why);
  });

  it('is not used when its packages are kept outside of the repository', async () => {
    const root = installed(HAVE);
    const store = folder();
    renameSync(join(root, 'node_modules/.pnpm/a@1.0.0'), join(store, 'a'));
    symlinkSync(join(store, 'a'), join(root, 'node_modules/.pnpm/a@1.0.0'));
    expect(await because(root, committed, survey)).toContain('leads out of the repository');
  });
});

describe('yarn', () => {
  const manifest = json({ name: 'x', dependencies: { a: '^1.0.0' } });

  it('1 is used when its integrity file agrees', async () => {
    const lock = `# yarn lockfile v1\n\n\na@^1.0.0, "a@>= 1":\n  version "1.0.1"\n  resolved "https://r.example/a-1.0.1.tgz#abc"\n  integrity sha512-a\n`;
    const committed = { 'package.json': manifest, 'yarn.lock': lock };
    const entries = { 'a@^1.0.0': 'https://r.example/a-1.0.1.tgz#abc', 'a@>= 1': 'https://r.example/a-1.0.1.tgz#abc' };
    const at = (lockfileEntries: object) => {
      const root = folder();
      write(root, { ...committed, 'node_modules/.yarn-integrity': json({ lockfileEntries }), 'node_modules/a/index.js': '' });
      return because(root, committed, { manager: 'yarn', lock: 'yarn.lock' });
    };
    expect(await at(entries)).toContain('found: ');
    expect(await at({ ...entries, 'a@>= 1': 'https://r.example/a-1.0.2.tgz#abd' })).toContain(
      'a@>= 1 was installed from another yarn.lock',
    );
    expect(await at({ ...entries, 'b@1': 'x' })).toContain('b@1 was installed from another yarn.lock');
  });

  it('of later versions is used when its state agrees, but not with PnP', async () => {
    const lock = `__metadata:\n  version: 8\n\n"a@npm:^1.0.0":\n  version: 1.0.1\n  resolution: "a@npm:1.0.1"\n\n"f@npm:2":\n  version: 2.0.0\n  resolution: "f@npm:2.0.0"\n  conditions: os=darwin\n\n"x@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "x@workspace:."\n`;
    const committed = { 'package.json': manifest, 'yarn.lock': lock };
    const state = (version: string) =>
      `__metadata:\n  version: 1\n\n"a@npm:${version}":\n  locations:\n    - "node_modules/a"\n\n"x@workspace:.":\n  locations:\n    - ""\n`;
    const root = folder();
    write(root, { ...committed, 'node_modules/.yarn-state.yml': state('1.0.1'), 'node_modules/a/index.js': '' });
    const look = () => because(root, committed, { manager: 'yarn', lock: 'yarn.lock' });
    expect(await look()).toContain('found: ');
    write(root, { 'node_modules/.yarn-state.yml': state('1.0.2') });
    expect(await look()).toContain('a@npm:1.0.1 is not installed');
    write(root, { '.pnp.cjs': '' });
    expect(await look()).toContain("Plug'n'Play");
  });
});

describe('python', () => {
  const PROJECT =
    '[project]\nname = "x"\ndependencies = ["Requests>=2", "tomli; python_version < \'3.11\'"]\n\n[dependency-groups]\ndev = ["pytest==8.3.0"]\n';
  const LOCK = '[[package]]\nname = "requests"\nversion = "2.32.0"\n\n[[package]]\nname = "pytest"\nversion = "8.3.0"\n';
  const committed = { 'pyproject.toml': PROJECT, 'uv.lock': LOCK };
  const survey = { manager: 'uv' as const, lock: 'uv.lock' };
  const site = '.venv/lib/python3.11/site-packages';

  function venv(packages: readonly string[]): string {
    const root = folder();
    write(root, { ...committed, '.venv/pyvenv.cfg': 'home = /usr/bin\nversion = 3.11.2\n' });
    for (const name of packages) write(root, { [`${site}/${name}.dist-info/METADATA`]: '' });
    return root;
  }

  it('is used when its packages are those of the lock file, and its Python is the one in boxes', async () => {
    const root = venv(['requests-2.32.0', 'pytest-8.3.0', 'pip-24.0']);
    expect(await find(root, committed, survey)).toMatchObject({ deps: join(root, site), memberDeps: {} });
    expect(await because(root, committed, survey, '3.12')).toContain('.venv is of Python 3.11, and boxes have 3.12');
    expect(await because(root, committed, survey, null)).toContain('boxes have none');
    expect(await because(venv(['requests-2.31.0', 'pytest-8.3.0']), committed, survey)).toContain('requests 2.31.0 is installed');
    expect(await because(venv(['requests-2.32.0']), committed, survey)).toContain('pytest is not installed');
    expect(await because(folder(), committed, survey)).toContain('no virtual environment');
  });

  it('is used by its pins where there is no lock file', async () => {
    const root = venv(['requests-2.32.0', 'pytest-8.3.1']);
    expect(await because(root, { 'pyproject.toml': PROJECT }, { manager: 'pip' })).toContain(
      'pytest 8.3.1 is installed, and 8.3.0 is asked for',
    );
  });
});

it('is honest about what it does not know', async () => {
  expect(await because(folder(), {}, { manager: 'cargo' })).toContain('not known how cargo');
  expect(await because(folder(), {}, { manager: null })).toContain('this project');
});
