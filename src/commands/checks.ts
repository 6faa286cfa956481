// What redgreen needs, looked at and never changed: the rows of `doctor`.
import { statfs } from 'node:fs/promises';
import { settingOf } from '../config/table.ts';
import { type Config, KEYS, type Key } from '../config.ts';
import { asError } from '../core/errors.ts';
import { checkGitVersion } from '../effects/git.ts';
import { discoverServers } from '../effects/models/discover.ts';
import { sandboxOf } from '../run-adapters.ts';

/** One thing that was looked at. `fail` stands in the way of every run. */
export interface Row {
  readonly id: 'node' | 'git' | 'box' | 'models' | 'settings' | 'disk';
  readonly status: 'ok' | 'warn' | 'fail';
  /** One sentence or less. Never a key. */
  readonly text: string;
  /** More lines: where values come from, what to do. */
  readonly more: readonly string[];
}

const row = (id: Row['id'], status: Row['status'], text: string, more: readonly string[] = []): Row => ({ id, status, text, more });

export async function checkNode(): Promise<Row> {
  return row('node', 'ok', `Node ${process.versions.node} at ${process.execPath}`);
}

export async function checkGit(env: Readonly<Record<string, string | undefined>>): Promise<Row> {
  try {
    const version = await checkGitVersion(env['PATH'] === undefined ? {} : { path: env['PATH'] });
    return row('git', 'ok', `git ${version}`);
  } catch (thrown) {
    return row('git', 'fail', asError(thrown).message);
  }
}

/** Makes a real box and lets the self-test try to break out of it. */
export async function checkBox(config: Config): Promise<Row> {
  const { chooseRung } = await import('../../sandbox/index.ts');
  const choice = await chooseRung({ node: process.execPath, ...sandboxOf(config) });
  const more = choice.remedy === null ? [] : choice.remedy.split('\n');
  if (choice.rung === null) return row('box', 'fail', 'no sandbox works here, so nothing generated is run', more);
  const text = `${choice.rung.name}; the self-test could not break out`;
  choice.rung.close();
  return row('box', choice.failures.length === 0 ? 'ok' : 'warn', text, more);
}

/** Which keys are there (never what they are), which models are named, which servers run on this machine. */
export async function checkModels(config: Config): Promise<Row> {
  const { values, origins, models } = config;
  const secrets = KEYS.filter((key) => settingOf(key).secret && values[key] !== null).map((key) => `${origins[key].where} is set`);
  const addresses = (['baseUrl', 'anthropicBaseUrl'] as const)
    .filter((key) => values[key] !== null)
    .map((key) => `${key}: ${values[key]} (${origins[key].where})`);
  const named = Object.entries(models)
    .filter(([, names]) => names.length > 0)
    .map(([role, names]) => `${role}: ${names.join(', then ')}`);
  const servers = (await discoverServers()).map((server) => `${server.name} at ${server.baseUrl}: ${some(server.models)}`);
  const more = [...secrets, ...addresses, ...named, ...servers];
  const usable = secrets.length + addresses.length + servers.length;
  if (usable > 0)
    return row('models', 'ok', servers.length > 0 ? 'a model can be asked, also on this machine' : 'a model can be asked', more);
  return row(
    'models',
    'warn',
    'no key is set and no local server runs: set OPENAI_API_KEY or ANTHROPIC_API_KEY, or start Ollama; redgreen demo needs neither',
    more,
  );
}

function some(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

/** Every setting that is not the default, and where it was set. */
export async function checkSettings(config: Config): Promise<Row> {
  const set = KEYS.filter((key) => config.origins[key].layer !== 'default');
  const more = [...set.map((key) => `${key}: ${shown(config, key)} (${config.origins[key].where})`), ...config.notes];
  const status = config.notes.length > 0 ? 'warn' : 'ok';
  return row('settings', status, set.length === 0 ? 'all defaults' : `${set.length} of ${KEYS.length} set`, more);
}

function shown({ values }: Config, key: Key): string {
  if (settingOf(key).secret) return 'set, not shown';
  const value = values[key];
  return Array.isArray(value) ? value.join(', ') : String(value ?? 'none');
}

const LEAST_FREE = 2e9;

export async function checkDisk(dir: string): Promise<Row> {
  try {
    const { bavail, bsize } = await statfs(dir);
    const free = bavail * bsize;
    const text = `${(free / 1e9).toFixed(1)} GB free at ${dir}`;
    return free < LEAST_FREE ? row('disk', 'warn', `${text}: installing packages may need more`) : row('disk', 'ok', text);
  } catch (error) {
    return row('disk', 'warn', `the free space at ${dir} is not known (${(error as NodeJS.ErrnoException).code ?? 'no reason given'})`);
  }
}
