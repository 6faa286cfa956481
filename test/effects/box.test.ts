import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedgreenError } from '../../src/core/errors.ts';
import type { Runner, RunnerOptions, TestCommand } from '../../src/core/ports.ts';
import type { HostBox } from '../../src/effects/box.ts';
import { createBox } from '../../src/effects/box.ts';

/** A runner whose command is a script of the test's own. */
function runnerOf(command: (options: RunnerOptions) => TestCommand): Runner {
  return {
    id: 'script',
    languages: ['javascript'],
    packages: [],
    rules: '',
    plans: false,
    isTestFile: () => true,
    harness: { 'helper.mjs': 'export const help = "helped";' },
    command,
    plant: () => null,
    parse: () => ({ tests: [], fileFailures: [], finished: true, broken: null }),
  };
}

/** Runs `script` with Node; `o` is what the runner was given. */
const script = (body: string, env: Record<string, string> = {}) =>
  runnerOf((options) => ({
    argv: ['node', '--input-type=module', '-e', `const o = ${JSON.stringify(options)};\nimport fs from 'node:fs';\n${body}`],
    env,
  }));

const TREE = { 'src/a.js': 'export const a = 1;', 'package.json': '{"type":"module"}' };
const base = { tests: ['a.test.js'], only: null, deps: null, readOnlyTree: true, order: null, nonce: 'n', timeoutMs: 30_000 };

let state: string;
beforeAll(() => {
  state = mkdtempSync(join(tmpdir(), 'box-state-'));
  chmodSync(state, 0o755);
});
afterAll(() => rmSync(state, { recursive: true, force: true }));

const isNone = (error: unknown) => error instanceof RedgreenError && error.code === 'box.none';

describe.each([
  ['bubblewrap', { hide: ['perl'] as const }],
  ['perl', { hide: ['bubblewrap'] as const }],
  ['none', { unsafe: true }],
])('the box on the rung %s', (kind, options) => {
  let box: HostBox | null = null;
  beforeAll(async () => {
    try {
      box = await createBox({ stateDir: join(state, kind), env: process.env, ...options });
    } catch (error) {
      if (!isNone(error) || String(error).includes('broke out')) throw error;
      console.warn(`skipped: ${error}`);
    }
  });
  afterAll(() => {
    box?.close();
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`redgreen-box-${process.pid}-`))).toEqual([]);
  });
  const boxed = (name: string, body: (box: HostBox) => Promise<void>) =>
    it(name, async (test) => {
      if (box === null) return test.skip();
      await body(box);
    });

  boxed('says what it is', async (on) => {
    expect(on.safe).toBe(kind !== 'none');
    expect(on.rung.startsWith(kind)).toBe(true);
  });

  boxed('runs a test over a tree and reads its report', async (on) => {
    const body = `
      const { a } = await import(o.treeDir + '/src/a.js');
      const { help } = await import(o.harnessDir + '/helper.mjs');
      fs.writeFileSync(o.reportPath, JSON.stringify({ a, help, extra: process.env.EXTRA, here: process.cwd() === fs.realpathSync(o.treeDir), treeDir: o.treeDir }));
      process.exit(3);`;
    const { result, report, treeDir } = await on.test({ ...base, tree: TREE, runner: script(body, { EXTRA: 'yes' }) });
    expect(result).toMatchObject({ reason: 'exit', exitCode: 3, stderr: '' });
    expect(JSON.parse(report ?? '')).toEqual({ a: 1, help: 'helped', extra: 'yes', here: true, treeDir });
  });

  boxed('gives an environment made from nothing', async (on) => {
    const { result } = await on.test({ ...base, tree: TREE, runner: script('console.log(JSON.stringify(process.env))') });
    const env = JSON.parse(result.stdout) as Record<string, string>;
    delete env['PWD'];
    delete env['OLDPWD'];
    expect(Object.keys(env).sort()).toEqual(['CI', 'HOME', 'LANG', 'NO_COLOR', 'PATH', 'TMPDIR', 'TZ']);
  });

  boxed('keeps a read-only tree as it is, and a writable one apart', async (on) => {
    const body = `try { fs.writeFileSync('src/a.js', 'changed'); console.log('written'); } catch (e) { console.log(e.code); }
      try { fs.writeFileSync(o.harnessDir + '/helper.mjs', ''); console.log('harness written'); } catch (e) { console.log(e.code); }`;
    const locked = await on.test({ ...base, tree: TREE, runner: script(body) });
    const open = await on.test({ ...base, tree: TREE, readOnlyTree: false, runner: script(body) });
    if (on.safe) expect(locked.result.stdout).toBe('EROFS\nEROFS\n');
    if (on.safe) expect(open.result.stdout).toBe('written\nEROFS\n');
    expect((await on.test({ ...base, tree: TREE, runner: script("console.log(fs.readFileSync('src/a.js', 'utf8'))") })).result.stdout).toBe(
      'export const a = 1;\n',
    );
  });

  boxed('takes a report only when it is a plain file of its own', async (on) => {
    const reports = async (body: string) => (await on.test({ ...base, tree: TREE, runner: script(body) })).report;
    expect(await reports("fs.rmSync(o.reportPath); fs.symlinkSync('/etc/hostname', o.reportPath)")).toBeNull();
    expect(await reports('fs.rmSync(o.reportPath); fs.mkdirSync(o.reportPath)')).toBeNull();
    expect(await reports("fs.writeFileSync(o.reportPath, 'x'); fs.linkSync(o.reportPath, o.reportPath + '2')")).toBe(on.safe ? 'x' : null);
    expect(await reports('fs.writeFileSync(o.reportPath, Buffer.alloc(9 * 1024 * 1024))')).toBeNull();
    expect(
      await reports("fs.rmSync(o.reportPath); (await import('node:child_process')).execFileSync('mkfifo', [o.reportPath])"),
    ).toBeNull();
    expect(await reports('')).toBeNull();
    expect(await reports("fs.writeFileSync(o.reportPath, '{}')")).toBe('{}');
  });

  boxed('ends a test at its time', async (on) => {
    const { result } = await on.test({ ...base, tree: TREE, timeoutMs: 400, runner: script('setInterval(() => {}, 1000)') });
    expect(result.reason).toBe('time');
  });

  boxed('refuses a tree that would lie outside', async (on) => {
    for (const path of ['../x', '/etc/x', 'a/../../x', 'a//b', './x', 'a\0b']) {
      await expect(on.test({ ...base, tree: { [path]: '' }, runner: script('') })).rejects.toMatchObject({ code: 'box.failed' });
    }
  });

  boxed('runs tools with standard input over a read-only tree', async (on) => {
    if (!(await on.hasModule('ast'))) return;
    const result = await on.run({
      argv: ['python3', '-c', 'import sys; print(sys.stdin.read() + open("a.py").read())'],
      tree: { 'a.py': 'file' },
      stdin: 'input ',
      timeoutMs: 20_000,
    });
    expect(result).toMatchObject({ reason: 'ok', stdout: 'input file\n' });
    expect(await on.hasModule('no_such_module_here')).toBe(false);
  });

  boxed('installs a package from the registry, once, and tests can use it', async (on) => {
    const install = {
      manager: 'npm' as const,
      manifests: {
        'package.json': JSON.stringify({
          name: 'x',
          version: '1.0.0',
          scripts: { preinstall: 'touch /work/ran' },
          dependencies: { 'is-number': '7.0.0' },
        }),
      },
      lock: null,
      packages: [],
    };
    const first = await on.install(install).catch((error: unknown) => {
      if (error instanceof RedgreenError && error.retryable) return null;
      throw error;
    });
    if (first === null) return console.warn('skipped: no registry can be reached');
    expect(first.problems).toEqual([]);
    expect(first.lock?.path).toBe('package-lock.json');
    const deps = first.deps ?? '';
    expect(readFileSync(join(deps, 'is-number/package.json'), 'utf8')).toContain('"7.0.0"');
    expect(existsSync(join(deps, '../ran'))).toBe(false);
    expect(statSync(join(deps, 'is-number/index.js')).mode & 0o222).toBe(0);
    expect(statSync(deps).uid).toBe(process.getuid?.());

    expect(await on.install(install)).toEqual(first);
    expect(await on.install({ ...install, lock: first.lock?.text ?? null })).toEqual(first);
    for (const readOnlyTree of [true, false]) {
      const { result } = await on.test({
        ...base,
        readOnlyTree,
        tree: TREE,
        deps,
        runner: script(
          `import isNumber from 'is-number'; console.log(isNumber(3), o.depsDir !== null); ${on.safe} && fs.writeFileSync(o.depsDir + '/is-number/index.js', '')`,
        ),
      });
      expect(result.stdout).toBe('true true\n');
      if (on.safe) expect(result.stderr).toContain('EROFS');
    }
  });

  boxed('says in words what cannot be installed', async (on) => {
    const ask = (name: string, range: string) =>
      on.install({
        manager: 'npm',
        manifests: { 'package.json': '{"name":"project"}' },
        lock: null,
        packages: [{ name, range, dev: true }],
      });
    expect((await ask('x', 'git+https://host.invalid/x.git')).problems.join()).toContain('no git');
    const lock = JSON.stringify({
      lockfileVersion: 3,
      packages: { 'node_modules/x': { version: '1.0.0', resolved: 'https://evil.invalid/x.tgz', integrity: 'sha512-aaaa' } },
    });
    const foreign = await on.install({ manager: 'npm', manifests: { 'package.json': '{"name":"project"}' }, lock, packages: [] });
    expect(foreign.problems.join()).toContain('not the registry');
    if (kind !== 'bubblewrap') return;
    try {
      expect((await ask('redgreen-no-such-package-7f3a', '')).problems).toEqual([
        'there is no package "redgreen-no-such-package-7f3a" in the registry',
      ]);
      expect((await ask('is-number', '99.0.0')).problems).toEqual(['no version of is-number@99.0.0 exists in the registry']);
    } catch (error) {
      if (!(error instanceof RedgreenError && error.retryable)) throw error;
      console.warn('skipped in part: no registry can be reached');
    }
  });
});

describe('a box without a way out', () => {
  it('tells an unreachable registry from a missing package', async (test) => {
    const box = await createBox({
      stateDir: join(state, 'away'),
      env: process.env,
      registry: { url: 'https://registry.invalid/', ca: null },
    }).catch((error: unknown) => {
      if (isNone(error)) return null;
      throw error;
    });
    if (box === null) return test.skip();
    const install = box.install({ manager: 'npm', manifests: {}, lock: null, packages: [{ name: 'x', range: '', dev: false }] });
    await expect(install).rejects.toMatchObject({
      code: 'install',
      retryable: true,
      message: expect.stringContaining('cannot be reached'),
    });
    expect(readdirSync(join(state, 'away/deps'))).toEqual([]);
    const away = { url: 'https://index.invalid/simple/', files: 'https://files.invalid/' };
    box.close();
    const python = await createBox({ stateDir: join(state, 'away'), env: process.env, pythonIndex: away });
    const wanted = await python.install({
      manager: 'pip',
      manifests: {},
      lock: null,
      packages: [{ name: 'redgreen-no-such-package-7f3a', range: '', dev: true }],
    });
    expect(wanted).toMatchObject({ deps: null, problems: [expect.stringMatching(/cannot be reached|pip is not installed/)] });
    if (await python.hasModule('pytest')) {
      const present = await python.install({
        manager: 'pip',
        manifests: {},
        lock: null,
        packages: [{ name: 'pytest', range: '>=1', dev: true }],
      });
      expect(present).toEqual({ deps: null, lock: null, problems: [], notes: [] });
    }
    const odd = await python.install({
      manager: 'pip',
      manifests: { 'requirements.txt': '--index-url https://evil.invalid\n-e git+https://evil.invalid/x' },
      lock: null,
      packages: [],
    });
    expect(odd.problems).toHaveLength(2);
    python.close();
  });

  it('refuses to work where no rung does', async () => {
    const none = createBox({ stateDir: state, env: {}, hide: ['bubblewrap', 'perl'] });
    await expect(none).rejects.toMatchObject({ code: 'box.none', message: expect.stringContaining('no sandbox works') });
  });

  it('reads nothing of the registry from a project', async () => {
    const project = mkdtempSync(join(tmpdir(), 'project-'));
    writeFileSync(join(project, '.npmrc'), 'registry=https://evil.invalid/\n');
    const before = process.cwd();
    process.chdir(project);
    const { findNpmCli, readRegistry } = await import('../../src/effects/toolchain.ts');
    const npm = findNpmCli(process.execPath, process.env);
    const settings = npm === null ? null : await readRegistry(process.execPath, npm, process.env);
    process.chdir(before);
    rmSync(project, { recursive: true });
    expect(settings?.url).not.toContain('evil');
    expect(settings?.url).toMatch(/^https:/);
  });
});
