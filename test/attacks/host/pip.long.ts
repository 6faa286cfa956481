// Wheels from a hostile index, installed by the real pip through the real door.
import { chmodSync, existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedgreenError } from '../../../src/core/errors.ts';
import type { BoxInstall } from '../../../src/core/ports.ts';
import { createBox, type HostBox } from '../../../src/effects/box.ts';
import { wheel, zip } from './archives.ts';
import { type Registry, startRegistry, type Wheel } from './registry.ts';

const DAY = 86_400_000;
let registry: Registry;
let state: string;
let box: HostBox | null = null;

beforeAll(async () => {
  registry = await startRegistry();
  state = mkdtempSync(join(tmpdir(), 'redgreen-pip-'));
  chmodSync(state, 0o755);
  const source = { url: registry.url, ca: registry.ca, allowPrivate: true };
  const pythonIndex = { ...registry.pip, allowPrivate: true };
  try {
    box = await createBox({ stateDir: state, env: process.env, registry: source, pythonIndex, minAgeMs: 3 * DAY });
  } catch (error) {
    if (!(error instanceof RedgreenError && error.code === 'box.none')) throw error;
  }
  if (box !== null && !(await box.hasModule('pip'))) {
    box.close();
    box = null;
  }
});
afterAll(async () => {
  box?.close();
  await registry.close();
  rmSync(state, { recursive: true, force: true });
});

const attack = (name: string, body: (on: HostBox) => Promise<void>) =>
  it(name, async (test) => {
    if (box === null) return test.skip();
    await body(box);
  });

function serve(name: string, version: string, files: Readonly<Record<string, string>>, requires: readonly string[] = []): Wheel {
  return { file: `${name}-${version}-py3-none-any.whl`, bytes: wheel(name, version, files, requires) };
}
const ask = (requirements: readonly string[], more: Readonly<Record<string, string>> = {}): BoxInstall => ({
  manager: 'pip',
  manifests: { 'requirements.txt': `${requirements.join('\n')}\n`, ...more },
  lock: null,
  packages: [],
});
const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString();

describe.each([
  ['JSON (PEP 691)', true],
  ['HTML (PEP 503)', false],
])('Y1 an honest wheel from an index that speaks %s', (_, json) => {
  attack('is installed with what it needs, pinned by checksum, and told', async (on) => {
    registry.json = json;
    const [name, below] = json ? ['honestj', 'belowj'] : ['honesth', 'belowh'];
    registry.wheels.set(name, [serve(name, '1.0.0', { [`${name}.py`]: 'value = 1\n' }, [below])]);
    registry.wheels.set(below, [serve(below, '2.0.0', { [`${below}.py`]: 'value = 2\n' })]);
    const { deps, lock, notes, problems } = await on.install(ask([`${name}>=1`]));
    expect(problems).toEqual([]);
    expect(lock?.text).toMatch(
      new RegExp(`^${below}==2\\.0\\.0 --hash=sha256:[0-9a-f]{64}\n${name}==1\\.0\\.0 --hash=sha256:[0-9a-f]{64}\n$`),
    );
    expect(notes).toEqual([
      `Packages: ${name} 1.0.0 and 1 that they need.`,
      ...(json ? [] : [`The index does not say how old these packages are: ${name}, ${below}.`]),
    ]);
    expect(readFileSync(join(deps ?? '', `${name}.py`), 'utf8')).toBe('value = 1\n');
    registry.json = true;
  });
});

describe('Y2 a hostile wheel', () => {
  const hostile: readonly [string, Record<string, string>][] = [
    ['climbs', { '../../climbed.py': 'x' }],
    ['absolute', { '/tmp/climbed.py': 'x' }],
    ['data', { 'data-1.0.0.data/data/../../../../climbed.py': 'x', 'data-1.0.0.data/scripts/../../climbed.py': 'x' }],
  ];
  for (const [name, files] of hostile)
    attack(`${name}: writes nothing outside its folder`, async (on) => {
      registry.wheels.set(name, [serve(name, '1.0.0', { [`${name}.py`]: '', ...files })]);
      const { deps } = await on.install(ask([name]));
      expect(existsSync('/tmp/climbed.py')).toBe(false);
      if (deps === null) return;
      expect(readdirSync(join(deps, '..')).sort()).toEqual(['meta.json', 'python-packages']);
      for (const path of readdirSync(deps, { recursive: true, encoding: 'utf8' })) {
        const stat = lstatSync(join(deps, path));
        expect(stat.isFile() || stat.isDirectory(), path).toBe(true);
      }
    });

  attack('that Python would load by itself is refused', async (on) => {
    registry.wheels.set('starter', [serve('starter', '1.0.0', { 'sitecustomize.py': 'import os; os._exit(0)\n' })]);
    expect((await on.install(ask(['starter']))).problems.join()).toContain('sitecustomize.py');
  });

  attack('that is only a source archive is never built', async (on) => {
    const bytes = zip({
      'source-1.0.0/setup.py': 'open("/tmp/climbed.py", "w")\n',
      'source-1.0.0/PKG-INFO': 'Name: source\nVersion: 1.0.0\n',
    });
    registry.wheels.set('source', [{ file: 'source-1.0.0.zip', bytes }]);
    expect((await on.install(ask(['source']))).problems.join()).toContain('there is no package source');
    expect(existsSync('/tmp/climbed.py')).toBe(false);
  });

  attack('that asks for another by address is refused', async (on) => {
    registry.wheels.set('pointer', [
      serve('pointer', '1.0.0', { 'pointer.py': '' }, ['other @ https://evil.invalid/other-1.0-py3-none-any.whl']),
    ]);
    const { deps, problems } = await on.install(ask(['pointer']));
    expect(deps).toBeNull();
    expect(problems).toHaveLength(1);
  });
});

describe('Y3 what may be chosen', () => {
  attack('a version of yesterday is passed over for an older one, also below', async (on) => {
    const young = { ...serve('youngster', '1.1.0', { 'youngster.py': 'new = 1\n' }), uploaded: ago(1) };
    registry.wheels.set('youngster', [{ ...serve('youngster', '1.0.0', { 'youngster.py': '' }), uploaded: ago(30) }, young]);
    registry.wheels.set('above', [serve('above', '1.0.0', { 'above.py': '' }, ['youngster'])]);
    expect((await on.install(ask(['above']))).lock?.text).toContain('youngster==1.0.0');
    expect((await on.install(ask(['youngster==1.1.0']))).problems.join()).toContain('old enough');
  });

  attack('the project’s own name is never fetched', async (on) => {
    registry.wheels.set('my-project', [serve('my_project', '1.0.0', { 'x.py': '' })]);
    const before = registry.asked.length;
    const own = { 'pyproject.toml': '[project]\nname = "My_Project"\n' };
    expect((await on.install(ask(['my.project'], own))).problems.join()).toContain('the name of the project itself');
    expect(registry.asked.length).toBe(before);
  });

  const lines = [
    '-r /etc/passwd',
    '--index-url https://evil.invalid/simple',
    '-e .',
    'x @ https://evil.invalid/x.whl',
    'git+https://evil.invalid/x',
    './x.whl',
    '/etc/x.whl',
    'file:///etc/x.whl',
    'x; os.system("id")',
    '$HOME',
    'x --global-option=y',
  ];
  for (const line of lines)
    attack(`the line ${JSON.stringify(line)} is refused before anything runs`, async (on) => {
      const before = registry.asked.length;
      expect((await on.install(ask([line]))).problems.join()).toContain('cannot be installed');
      expect(registry.asked.length).toBe(before);
    });

  attack('a lock file without a checksum, or with an option in it, is refused', async (on) => {
    for (const lock of ['a==1.0.0\n', `a==1.0.0 --hash=sha256:${'0'.repeat(64)} --extra-index-url https://evil.invalid/\n`, '--pre\n'])
      expect((await on.install({ ...ask(['a']), lock })).problems.join()).toContain('cannot be installed');
  });
});
