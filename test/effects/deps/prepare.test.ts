import { describe, expect, it } from 'vitest';
import type { Survey } from '../../../src/core/survey.ts';
import { prepareInstall } from '../../../src/effects/deps/prepare.ts';

const json = JSON.stringify;

async function prepared(files: Record<string, string>, survey: Partial<Survey>, dirs: readonly string[] = ['']) {
  const packages = dirs.map((dir) => ({ dir, name: dir, languages: [], setups: [] }));
  const made = await prepareInstall(async (path) => files[path] ?? null, { manager: 'npm', lock: null, packages, ...survey });
  if (made === null) throw new Error('nothing is installed');
  return {
    ...made,
    manifests: Object.fromEntries(Object.entries(made.manifests).map(([p, text]) => [p, p.endsWith('.json') ? JSON.parse(text) : text])),
  };
}

describe('npm', () => {
  const ROOT = {
    name: 'x',
    version: '1.0.0',
    scripts: { preinstall: 'rm -rf /' },
    engines: { node: '1' },
    devEngines: { runtime: { name: 'node', onFail: 'error' } },
    dependencies: { a: '^1.0.0', x: '*', gone: 'github:o/gone', alias: 'npm:@s/real@^2' },
    devDependencies: { t: 'latest', '@x/m': 'workspace:^' },
  };
  const MEMBER = { name: '@x/m', dependencies: { a: '^2.0.0' }, peerDependencies: { p: '>=1', q: 'link:../q' } };

  it('gets dependencies, members and nothing that could run or come from elsewhere', async () => {
    const files = { 'package.json': json(ROOT), 'packages/m/package.json': json(MEMBER) };
    const { manifests, notes, lock, repository } = await prepared(files, {}, ['', 'packages/m']);
    expect(manifests).toEqual({
      'package.json': {
        name: 'x',
        version: '1.0.0',
        private: true,
        dependencies: { a: '^1.0.0', alias: 'npm:@s/real@^2' },
        devDependencies: { t: 'latest', '@x/m': '*' },
        workspaces: ['packages/m'],
      },
      'packages/m/package.json': {
        name: '@x/m',
        version: '0.0.0',
        private: true,
        dependencies: { a: '^2.0.0' },
        peerDependencies: { p: '>=1' },
      },
    });
    expect({ lock, repository }).toEqual({ lock: null, repository: true });
    expect(notes).toEqual([
      'gone is not installed: "github:o/gone" is not in the registry.',
      'No lock file is committed: versions were chosen from the ranges of package.json.',
    ]);
  });

  it("keeps npm's own lock file, for the user's registry", async () => {
    const packages = {
      '': { name: 'x' },
      'node_modules/a': { version: '1.0.0', resolved: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz', integrity: 'sha512-a' },
      'node_modules/gone': { version: '1.0.0', resolved: 'git+ssh://git@host/gone.git#1' },
      'node_modules/@x/m': { resolved: 'packages/m', link: true },
    };
    const files = { 'package.json': json(ROOT), 'package-lock.json': json({ name: 'x', lockfileVersion: 3, packages }) };
    const { lock } = await prepared(files, { lock: 'package-lock.json' });
    expect(JSON.parse(lock ?? '')).toEqual({
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name: 'x' },
        'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
        'node_modules/@x/m': { resolved: 'packages/m', link: true },
      },
    });
  });

  it('takes versions from the lock files of others', async () => {
    const pnpm = `lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      a:\n        specifier: catalog:\n        version: 1.4.0(p@1.0.0)\n      '@s/b':\n        specifier: ^1\n        version: 1.1.0\n\n  packages/m:\n    dependencies:\n      a:\n        specifier: ^2.0.0\n        version: 2.5.0\n      b:\n        specifier: workspace:*\n        version: link:../b\n\npackages:\n\n  a@1.4.0:\n    resolution: {}\n\n  a@2.5.0:\n    resolution: {}\n\n  '@s/deep@3.1.0':\n    resolution: {}\n\n  twice@1.0.0:\n    resolution: {}\n\n  twice@2.0.0:\n    resolution: {}\n`;
    const root = { name: 'x', dependencies: { a: 'catalog:', '@s/b': '^1' }, pnpm: { overrides: { z: '1.0.0', 'p>q': '2' } } };
    const files = { 'package.json': json(root), 'packages/m/package.json': json(MEMBER), 'pnpm-lock.yaml': pnpm };
    const { manifests, notes } = await prepared(files, { manager: 'pnpm', lock: 'pnpm-lock.yaml' }, ['', 'packages/m']);
    expect(manifests['package.json']).toMatchObject({
      dependencies: { a: '1.4.0', '@s/b': '1.1.0' },
      overrides: { '@s/deep': '3.1.0', z: '1.0.0' },
    });
    expect(manifests['package.json'].overrides).not.toHaveProperty('twice');
    expect(manifests['packages/m/package.json'].dependencies).toEqual({ a: '2.5.0' });
    expect(notes.join()).toContain("in place of the project's own package manager");

    const yarn = '"a@^1.0.0", a@^1.2.0:\n  version "1.4.0"\n\ndeep@*:\n  version "3.0.0"\n';
    const other = await prepared(
      { 'package.json': json({ name: 'x', dependencies: { a: '^1.2.0' } }), 'yarn.lock': yarn },
      { manager: 'yarn', lock: 'yarn.lock' },
    );
    expect(other.manifests['package.json']).toMatchObject({ dependencies: { a: '1.4.0' }, overrides: { deep: '3.0.0' } });
  });
});

describe('python', () => {
  it('gets the requirements of the project, of its groups and of its lists, each once', async () => {
    const files = {
      'pyproject.toml':
        '[project]\nname = "My.App"\ndependencies = ["requests>=2", "my-app[x]", "bad @ https://evil.example/x.whl"]\n[project.optional-dependencies]\ntest = ["pytest (>=7)"]\n[dependency-groups]\ndev = ["ruff", {include-group = "more"}]\nmore = ["tomli>=2 ; python_version < \'3.11\'"]\n',
      'requirements.txt': '-r requirements/base.txt\n--index-url https://evil.example\n-e .\nRequests==2.31.0 --hash=sha256:00  # pinned\n',
      'requirements/base.txt': 'idna\n',
    };
    const { manifests, notes } = await prepared(files, { manager: 'pip' });
    expect(manifests['requirements.txt'].split('\n')).toEqual([
      'Requests==2.31.0',
      'pytest>=7',
      'ruff',
      "tomli>=2 ; python_version < '3.11'",
      'idna',
      '',
    ]);
    expect(notes[0]).toContain('evil.example');
  });

  it('takes versions from uv.lock and poetry.lock, and reads the ranges of poetry', async () => {
    const poetry =
      '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.11"\na = "^1.2.3"\nb = "~2.1"\nc = "*"\nd = {version = "^0.3", extras = ["e"]}\nf = {git = "https://x"}\ng = {version = "1", optional = true}\n[tool.poetry.group.test.dependencies]\nh = "3.0"\n';
    const lines = async (more: Record<string, string>, lock: string | null) =>
      (await prepared({ 'pyproject.toml': poetry, ...more }, { manager: 'poetry', lock })).manifests['requirements.txt'].trim().split('\n');
    expect(await lines({}, null)).toEqual(['a>=1.2.3,<2', 'b>=2.1,<2.2', 'c', 'd[e]>=0.3,<0.4', 'h==3.0']);
    const lock =
      '[[package]]\nname = "a"\nversion = "1.9.0"\n\n[[package]]\nname = "c"\nversion = "1.0"\n\n[[package]]\nname = "c"\nversion = "2.0"\n';
    expect((await lines({ 'poetry.lock': lock }, 'poetry.lock')).slice(0, 3)).toEqual(['a==1.9.0', 'b>=2.1,<2.2', 'c']);
  });
});

it('says when there is nothing that is installed here', async () => {
  expect(await prepareInstall(async () => null, { manager: 'go', lock: 'go.sum', packages: [] })).toBe(null);
  await expect(prepareInstall(async () => null, { manager: 'npm', lock: null, packages: [] })).rejects.toMatchObject({ code: 'install' });
});
