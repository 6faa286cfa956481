// Settings from five layers: default, the user's file, the project's file, environment, flags. Where each came from is kept.
import { join } from 'node:path';
import { readConfigFile } from './config/files.ts';
import { nearest } from './config/nearest.ts';
import { flagName, KEYS, type Key, settingOf, type Values } from './config/table.ts';
import { RedgreenError } from './core/errors.ts';
import type { Limits, RoleModels } from './core/events.ts';
import type { Role } from './core/model.ts';

export type { Key, Values } from './config/table.ts';
export { KEYS, SETTINGS } from './config/table.ts';

export type Layer = 'default' | 'user' | 'project' | 'environment' | 'flag';

/** Which layer a value came from, and its place there: a path, a variable, a flag. */
export interface Origin {
  readonly layer: Layer;
  readonly where: string;
}

export interface Config {
  readonly values: Values;
  readonly origins: Readonly<Record<Key, Origin>>;
  /** First choice and fallbacks of each role; an empty list means: choose by what is there. */
  readonly models: RoleModels;
  readonly limits: Limits;
  /** Sentences on what was left out and why; to be shown once. */
  readonly notes: readonly string[];
}

export interface ConfigSources {
  /** Options as commander gives them, by camel-cased name; strings or true. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder whose `.redgreen/config.yaml` is the project's file: the target repository. */
  readonly project: string;
  /** The user's config folder, which may hold `config.yaml`. */
  readonly configDir: string;
}

interface Written {
  readonly layer: Layer;
  readonly where: (key: Key) => string;
  readonly entries: ReadonlyMap<Key, unknown>;
}

/** The environment of this process. `.env` files are never loaded. */
export function processEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

/** Reads every layer. Throws `RedgreenError('config')`, or `('usage')` when a flag is at fault. */
export async function loadConfig(sources: ConfigSources): Promise<Config> {
  const notes: string[] = [];
  const layers = [await userLayer(sources), await projectLayer(sources), environmentLayer(sources, notes), flagLayer(sources)];
  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  for (const key of KEYS) {
    values[key] = settingOf(key).fallback;
    origins[key] = { layer: 'default', where: 'default' };
  }
  for (const layer of layers) if (layer !== null) apply(layer, values, origins, notes);
  const typed = values as Values;
  checkRunner(typed, origins as Record<Key, Origin>);
  return { values: typed, origins: origins as Record<Key, Origin>, models: roleModels(typed), limits: limitsOf(typed), notes };
}

const PYTHON_RUNNERS: readonly string[] = ['unittest', 'pytest'];
/** Runners of languages that no new project is written in. */
const COMPILED: readonly string[] = ['go', 'cargo'];

/** A planner that is asked for two things that exclude each other could only fail, at a price. */
function checkRunner({ language, runner }: Values, origins: Record<Key, Origin>): void {
  if (language === null || runner === null || runner === 'junit') return;
  if ((language === 'python') === PYTHON_RUNNERS.includes(runner) && !COMPILED.includes(runner)) return;
  const code = origins.runner.layer === 'flag' || origins.language.layer === 'flag' ? 'usage' : 'config';
  throw new RedgreenError(
    code,
    `The test runner ${runner} (${origins.runner.where}) cannot run ${language} (${origins.language.where}); leave one of them out.`,
  );
}

async function userLayer({ configDir }: ConfigSources): Promise<Written | null> {
  const path = join(configDir, 'config.yaml');
  const entries = await readConfigFile(path, { follow: true });
  if (entries === null) return null;
  for (const key of entries.keys()) {
    const { file, env, flag } = settingOf(key);
    if (!file)
      throw new RedgreenError('config', `${path} sets "${key}", which may stand in no file; use ${env[0] ?? flag ?? 'a flag'} instead.`);
  }
  return { layer: 'user', where: () => path, entries };
}

async function projectLayer({ project, configDir }: ConfigSources): Promise<Written | null> {
  const path = join(project, '.redgreen', 'config.yaml');
  const entries = await readConfigFile(path, { follow: false });
  if (entries === null) return null;
  for (const key of entries.keys()) {
    if (settingOf(key).project === 'never') {
      throw new RedgreenError(
        'config',
        `${path} sets "${key}", which a project may not decide for you; remove it, or set it in ${join(configDir, 'config.yaml')}.`,
      );
    }
  }
  return { layer: 'project', where: () => path, entries };
}

function environmentLayer({ env }: ConfigSources, notes: string[]): Written {
  const entries = new Map<Key, unknown>();
  const names = new Map<Key, string>();
  const known = KEYS.flatMap((key) => settingOf(key).env);
  for (const key of KEYS) {
    const name = settingOf(key).env.find((variable) => (env[variable] ?? '') !== '');
    if (name === undefined) continue;
    entries.set(key, env[name]);
    names.set(key, name);
  }
  if ((env['NO_COLOR'] ?? '') !== '' && !entries.has('color')) {
    entries.set('color', 'never');
    names.set('color', 'NO_COLOR');
  }
  for (const name of Object.keys(env)) {
    if (!name.startsWith('REDGREEN_') || known.includes(name)) continue;
    const guess = nearest(name, known);
    if (guess !== null) notes.push(`The variable ${name} is no setting; did you mean ${guess}?`);
  }
  return { layer: 'environment', where: (key) => names.get(key) ?? key, entries };
}

function flagLayer({ flags }: ConfigSources): Written {
  const entries = new Map<Key, unknown>();
  for (const key of KEYS) {
    const value = flags[flagName(key) ?? ''];
    // commander turns --no-color into color: false.
    if (value !== undefined) entries.set(key, key === 'color' && value === false ? 'never' : value);
  }
  return { layer: 'flag', where: (key) => /--[a-z-]+/.exec(settingOf(key).flag ?? '')?.[0] ?? key, entries };
}

const ROLES: readonly Role[] = ['plan', 'tests', 'draft', 'repair'];

function apply(layer: Written, values: Record<string, unknown>, origins: Record<string, Origin>, notes: string[]): void {
  for (const [key, written] of layer.entries) {
    const origin: Origin = { layer: layer.layer, where: layer.where(key) };
    const value = parseOne(key, written, origin);
    if (layer.layer === 'project' && settingOf(key).project === 'tighten' && !isTighter(value, values[key])) {
      if (value !== values[key])
        notes.push(
          `${origin.where} asks for ${key} ${String(written)}; a project may only tighten it, so ${shown(key, values[key])} stays.`,
        );
      continue;
    }
    values[key] = value;
    origins[key] = origin;
    // A later layer's `model` also outranks an earlier layer's choice for one role.
    if (key === 'model') {
      for (const role of ROLES) {
        if (layer.entries.has(`models.${role}`)) continue;
        values[`models.${role}`] = value;
        origins[`models.${role}`] = origin;
      }
    }
  }
}

function parseOne(key: Key, written: unknown, origin: Origin): unknown {
  const { parse, secret } = settingOf(key);
  try {
    return parse(written);
  } catch (error) {
    const what = secret ? 'is not usable' : error instanceof Error ? error.message : String(error);
    const subject = origin.layer === 'flag' || origin.layer === 'environment' ? origin.where : `${origin.where}: ${key}`;
    throw new RedgreenError(origin.layer === 'flag' ? 'usage' : 'config', `${subject} ${what}.`);
  }
}

function isTighter(value: unknown, current: unknown): boolean {
  if (typeof value === 'boolean') return value && current !== true;
  if (typeof value !== 'number') return false;
  return current === null || (typeof current === 'number' && value < current);
}

function shown(key: Key, value: unknown): string {
  if (value === null) return 'no cap';
  if (key === 'sandbox.memory') return `${Number(value) / 1024 ** 2}m`;
  return key === 'budget.time' || key === 'testTimeout' || key === 'tests.baselineTime' ? `${Number(value) / 60_000}m` : String(value);
}

function roleModels(values: Values): RoleModels {
  const of = (role: Role) => [...new Set([...values[`models.${role}`], ...(values[`models.${role}`].length > 0 ? values.fallbacks : [])])];
  return { plan: of('plan'), tests: of('tests'), draft: of('draft'), repair: of('repair') };
}

function limitsOf(values: Values): Limits {
  return {
    money: values['budget.money'],
    tokens: values['budget.tokens'],
    requests: values['budget.requests'],
    rounds: values['budget.rounds'],
    wallMs: values['budget.time'],
  };
}
