import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { RedgreenError } from '../src/core/errors.ts';

let root: string;
let project: string;
let configDir: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'redgreen-config-'));
  project = join(root, 'project');
  configDir = join(root, 'config');
  mkdirSync(join(project, '.redgreen'), { recursive: true });
  mkdirSync(configDir);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const userFile = () => join(configDir, 'config.yaml');
const projectFile = () => join(project, '.redgreen', 'config.yaml');
const load = (flags: Record<string, unknown> = {}, env: Record<string, string> = {}) => loadConfig({ flags, env, project, configDir });

/** The code and message of the error that `promise` ends with; the folders' random names are cut out. */
async function problem(promise: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RedgreenError)) throw new Error(`expected a RedgreenError, got ${String(error)}`);
  return { code: error.code, message: error.message.replaceAll(root, '') };
}

describe('layers', () => {
  it('give the defaults of the design when nothing is said', async () => {
    const { limits, models, origins, notes, values } = await load();
    expect(limits).toEqual({ money: 2, tokens: null, requests: null, rounds: 12, wallMs: 3_600_000 });
    expect(models).toEqual({ plan: [], tests: [], draft: [], repair: [] });
    expect(values.concurrency).toBe(8);
    expect(new Set(Object.values(origins).map((o) => o.layer))).toEqual(new Set(['default']));
    expect(notes).toEqual([]);
  });

  it('go from the user’s file over the project’s, the environment and flags, and say where each value is from', async () => {
    writeFileSync(userFile(), 'budget:\n  money: 1.5\n  rounds: 10\n  time: 30m\n  tokens: 500k\nlanguage: typescript\n');
    writeFileSync(projectFile(), 'budget: { rounds: 6, time: 20m, tokens: 400k }\nlanguage: python\n');
    const { limits, origins, values } = await load({ tokens: '100k' }, { REDGREEN_TIME: '10m' });
    expect(limits).toEqual({ money: 1.5, tokens: 100_000, requests: null, rounds: 6, wallMs: 600_000 });
    expect(values.language).toBe('python');
    expect(origins['budget.money']).toEqual({ layer: 'user', where: userFile() });
    expect(origins['budget.rounds']).toEqual({ layer: 'project', where: projectFile() });
    expect(origins['budget.time']).toEqual({ layer: 'environment', where: 'REDGREEN_TIME' });
    expect(origins['budget.tokens']).toEqual({ layer: 'flag', where: '--tokens' });
  });

  it('let a later model for every role outrank an earlier one for a single role', async () => {
    writeFileSync(userFile(), 'models: { plan: a/one, draft: [a/two, a/three] }\nfallbacks: z/last\n');
    expect((await load()).models).toEqual({ plan: ['a/one', 'z/last'], tests: [], draft: ['a/two', 'a/three', 'z/last'], repair: [] });
    expect((await load({ model: 'b/all', modelRepair: 'b/fix, b/spare' })).models).toEqual({
      plan: ['b/all', 'z/last'],
      tests: ['b/all', 'z/last'],
      draft: ['b/all', 'z/last'],
      repair: ['b/fix', 'b/spare', 'z/last'],
    });
  });

  it('take an empty variable as not set, NO_COLOR as no colour, and no cap for none', async () => {
    const { values } = await load({}, { REDGREEN_BUDGET: 'none', REDGREEN_TIME: '', NO_COLOR: '1' });
    expect([values['budget.money'], values['budget.time'], values.color]).toEqual([null, 3_600_000, 'never']);
  });

  it('never load a .env file', async () => {
    writeFileSync(join(project, '.env'), 'OPENAI_BASE_URL=http://evil.example\nOPENAI_API_KEY=x\n');
    const { values } = await load();
    expect([values.baseUrl, values.openaiKey]).toEqual([null, null]);
  });

  it('point out a mistyped variable', async () => {
    expect((await load({}, { REDGREEN_BUGET: '1', REDGREEN_LONG: '1' })).notes).toEqual([
      'The variable REDGREEN_BUGET is no setting; did you mean REDGREEN_BUDGET?',
    ]);
  });
});

describe('a project’s file', () => {
  it('only tightens: what is looser is left out, with a note', async () => {
    writeFileSync(projectFile(), 'budget: { money: 50, rounds: 5, tokens: 9000, time: none }\nconcurrency: 64\napprove: true\n');
    const { limits, values, notes } = await load();
    expect(limits).toEqual({ money: 2, tokens: 9000, requests: null, rounds: 5, wallMs: 3_600_000 });
    expect([values.concurrency, values.approve]).toEqual([8, true]);
    expect(notes.map((note) => note.replaceAll(root, ''))).toEqual([
      '/project/.redgreen/config.yaml asks for budget.money 50; a project may only tighten it, so 2 stays.',
      '/project/.redgreen/config.yaml asks for budget.time none; a project may only tighten it, so 60m stays.',
      '/project/.redgreen/config.yaml asks for concurrency 64; a project may only tighten it, so 8 stays.',
    ]);
  });

  it('cannot take back the user’s --approve', async () => {
    writeFileSync(userFile(), 'approve: true\n');
    writeFileSync(projectFile(), 'approve: false\n');
    expect((await load()).values.approve).toBe(true);
  });

  for (const entry of [
    'baseUrl: http://evil.example/v1',
    'model: evil/model',
    'models: { plan: evil/model }',
    'openaiKey: k',
    'unsafeNoSandbox: true',
    'registry: http://evil.example',
    'prompts: ./p',
  ]) {
    it(`may not say ${entry}`, async () => {
      writeFileSync(projectFile(), `${entry}\n`);
      const { code, message } = await problem(load());
      expect(code).toBe('config');
      expect(message).toContain('/project/.redgreen/config.yaml sets "');
      expect(message).toContain('which a project may not decide for you');
    });
  }

  it('is no link', async () => {
    writeFileSync(join(root, 'elsewhere'), 'language: python\n');
    symlinkSync(join(root, 'elsewhere'), projectFile());
    expect(await problem(load())).toEqual({
      code: 'config',
      message: '/project/.redgreen/config.yaml must be an ordinary file, not a link or folder.',
    });
  });

  it('is data only: tags, alias bombs and large files are refused', async () => {
    writeFileSync(projectFile(), 'language: !!js/function "x"\n');
    expect((await problem(load())).message).toContain('is no valid YAML: Unresolved tag');
    const layers = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(10)}]`);
    writeFileSync(projectFile(), `a0: &a0 [x]\n${layers.join('\n')}\n`);
    expect((await problem(load())).message).toContain('is no valid YAML: Excessive alias count');
    writeFileSync(projectFile(), `#${'x'.repeat(70_000)}`);
    expect((await problem(load())).message).toContain('larger than 64 kB');
  });
});

describe('what is wrong is said in one sentence', () => {
  const cases: [string, string][] = [
    ['budgets: { money: 1 }', '/config/config.yaml sets "budgets", which is no setting; did you mean "budget"?'],
    ['budget: { mony: 1 }', '/config/config.yaml sets "budget.mony", which is no setting; did you mean "budget.money"?'],
    ['money: 1', '/config/config.yaml sets "money", which is no setting; did you mean "budget.money"?'],
    ['langauge: python', '/config/config.yaml sets "langauge", which is no setting; did you mean "language"?'],
    ['__proto__: { money: 1 }', '/config/config.yaml sets "__proto__", which is no setting; docs/config.md lists them all.'],
    ['- a', '/config/config.yaml must hold settings as "name: value".'],
    ['budget: 3', '/config/config.yaml must hold settings as "name: value" under budget.'],
    ['openaiKey: secret', '/config/config.yaml sets "openaiKey", which may stand in no file; use OPENAI_API_KEY instead.'],
    ['unsafeNoSandbox: true', '/config/config.yaml sets "unsafeNoSandbox", which may stand in no file; use --unsafe-no-sandbox instead.'],
    ['budget: { time: 30 }', '/config/config.yaml: budget.time is 30, but must be a time with its unit, like 90s, 30m or 1h30m.'],
    ['budget: { money: -1 }', '/config/config.yaml: budget.money is -1, but must be US dollars, like 2.50, or none.'],
    ['language: rust', '/config/config.yaml: language is "rust", but must be one of typescript, javascript, python.'],
    ['baseUrl: ftp://x', '/config/config.yaml: baseUrl is "ftp://x", but must be an address that starts with http:// or https://.'],
    ['baseUrl: http://me:pw@x', '/config/config.yaml: baseUrl must not carry a user name or password in the address.'],
    ['concurrency: 1.5', '/config/config.yaml: concurrency is 1.5, but must be a whole number from 1 to 64.'],
  ];
  for (const [yaml, message] of cases) {
    it(yaml, async () => {
      writeFileSync(userFile(), `${yaml}\n`);
      expect(await problem(load())).toEqual({ code: 'config', message });
    });
  }

  it('for YAML that is none', async () => {
    writeFileSync(userFile(), 'a: [1\n');
    const { code, message } = await problem(load());
    expect(code).toBe('config');
    expect(message).toMatch(/^\/config\/config\.yaml is no valid YAML: [^\n]+\.$/);
  });

  it('for a misspelt group of settings', async () => {
    writeFileSync(userFile(), 'budgt: 3\n');
    expect((await problem(load())).message).toContain('sets "budgt", which is no setting; did you mean "budget"?');
  });

  it('for a runner that cannot run the language', async () => {
    expect(await problem(load({ runner: 'pytest' }, { REDGREEN_LANGUAGE: 'typescript' }))).toEqual({
      code: 'usage',
      message: 'The test runner pytest (--runner) cannot run typescript (REDGREEN_LANGUAGE); leave one of them out.',
    });
    expect((await load({ runner: 'vitest', language: 'javascript' })).values.runner).toBe('vitest');
  });

  it('for flags, as a mistake in usage', async () => {
    expect(await problem(load({ budget: 'much' }))).toEqual({
      code: 'usage',
      message: '--budget is "much", but must be US dollars, like 2.50, or none.',
    });
    expect(await problem(load({}, { REDGREEN_ROUNDS: '0' }))).toEqual({
      code: 'config',
      message: 'REDGREEN_ROUNDS is "0", but must be a whole number from 1 to 1000.',
    });
  });
});

describe('values as written', () => {
  const cases: [Record<string, string>, string, unknown][] = [
    [{ time: '1h30m' }, 'budget.time', 5_400_000],
    [{ time: '1.5h' }, 'budget.time', 5_400_000],
    [{ time: '500ms' }, 'budget.time', 500],
    [{ tokens: '1.5m' }, 'budget.tokens', 1_500_000],
    [{ budget: '$0.50' }, 'budget.money', 0.5],
    [{ budget: '0' }, 'budget.money', 0],
    [{ baseUrl: 'http://localhost:11434/v1' }, 'baseUrl', 'http://localhost:11434/v1'],
  ];
  for (const [flags, key, value] of cases) {
    it(JSON.stringify(flags), async () => {
      const { values } = await load(flags);
      expect(values[key as keyof typeof values]).toBe(value);
    });
  }
});
