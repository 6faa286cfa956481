// The programs that boxes are given: Node, Python, npm. Found on the host, never in a project.
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { systemProgram } from '../../sandbox/index.ts';
import { RedgreenError } from '../core/errors.ts';
import { trustedPath } from './git.ts';

const exec = promisify(execFile);

/** A Python interpreter: its path, and the folder it lives in when that is not part of the system. */
export interface Python {
  readonly program: string;
  readonly prefix: string | null;
}

export type HostEnv = Readonly<Record<string, string | undefined>>;

/** Packages come from here. `ca` is the text of extra certificates (PEM), or null. */
export interface RegistrySettings {
  readonly url: string;
  readonly ca: string | null;
  /** Scopes that have a registry of their own: `@corp` to its address. */
  readonly scopes?: Readonly<Record<string, string>>;
  /** The registry may have a private address (one inside a company). */
  readonly allowPrivate?: boolean;
}

/**
 * The Python to run in boxes: the system's own, else `path` if given. A version manager's shim is followed to what it starts.
 * Null when there is none.
 */
export async function findPython(path: string | null, env: HostEnv): Promise<Python | null> {
  const system = systemProgram('python3');
  if (path === null && system !== null) return { program: system, prefix: null };
  const candidate = path ?? inPath('python3', env);
  if (candidate === null) return null;
  try {
    const { stdout } = await exec(candidate, ['-I', '-c', 'import sys; print(sys.executable); print(sys.base_prefix)'], {
      env: pick(env, ['HOME', 'PATH']),
      timeout: 10_000,
    });
    const [program = '', prefix = ''] = stdout.trim().split('\n');
    return { program, prefix: prefix.startsWith('/usr') ? null : prefix };
  } catch {
    return null;
  }
}

/** A compiler's folder (`bin/` in it), and the folder of the packages that its user has downloaded. */
export interface Compiler {
  readonly root: string;
  /** Go: the module cache. Rust: cargo's home, of which only `registry` and `git` are for boxes. */
  readonly packages: string;
}

/** The user's Go, asked for its folders outside of any project; null when there is none. */
export async function findGo(env: HostEnv): Promise<Compiler | null> {
  const program = inPath('go', env) ?? systemProgram('go') ?? '/usr/local/go/bin/go';
  const own = { ...pick(env, ['HOME', 'PATH', 'GOPATH', 'GOMODCACHE']), GOTOOLCHAIN: 'local', GOFLAGS: '' };
  const [root, packages] = await linesOf(program, ['env', 'GOROOT', 'GOMODCACHE'], own);
  return root === undefined || packages === undefined ? null : { root, packages };
}

/** The user's Rust with cargo, asked for its folder outside of any project: what rustup has as the default; null when there is none. */
export async function findRust(env: HostEnv): Promise<Compiler | null> {
  const home = env['CARGO_HOME'] ?? join(env['HOME'] ?? '/', '.cargo');
  const program = inPath('rustc', env) ?? systemProgram('rustc') ?? join(home, 'bin/rustc');
  const own = pick(env, ['HOME', 'PATH', 'RUSTUP_HOME', 'CARGO_HOME', 'RUSTUP_TOOLCHAIN']);
  const [root] = await linesOf(program, ['--print', 'sysroot'], own);
  return root === undefined || !existsSync(join(root, 'bin/cargo')) ? null : { root, packages: home };
}

/** Lines that a program of the user's prints, run in the root folder; none when it cannot be run. */
async function linesOf(program: string, args: readonly string[], env: Record<string, string>): Promise<readonly string[]> {
  try {
    const { stdout } = await exec(program, [...args], { cwd: '/', env, timeout: 10_000 });
    return stdout.split('\n').filter((line) => line !== '');
  } catch {
    return [];
  }
}

/** Path of `npm-cli.js`: npm beside `node`, of the system, or in PATH (folders named node_modules are passed over). Null when there is none. */
export function findNpmCli(node: string, env: HostEnv): string | null {
  const own = dirname(realpathSync(node));
  const beside = [join(own, 'npm'), join(own, '../lib/node_modules/npm/bin/npm-cli.js')];
  const system = [
    '/usr/lib/node_modules/npm/bin/npm-cli.js',
    '/usr/local/lib/node_modules/npm/bin/npm-cli.js',
    '/usr/share/nodejs/npm/bin/npm-cli.js',
  ];
  for (const path of [...beside, ...system, inPath('npm', env) ?? '']) {
    if (path === '' || !existsSync(path)) continue;
    const real = realpathSync(path);
    if (real.endsWith('/npm-cli.js')) return real;
  }
  return null;
}

/**
 * Registry, certificates and scopes of the user's own npm configuration, never a project's: npm is asked in the root folder, and what
 * the environment sets for npm is passed over when npm itself started us, for then it may come from the project's .npmrc.
 * Passwords and tokens are not asked for. Throws `RedgreenError('install')` when npm does not answer.
 */
export async function readRegistry(node: string, npmCli: string, env: HostEnv): Promise<RegistrySettings> {
  const isOwn = env['npm_command'] === undefined && env['npm_lifecycle_event'] === undefined;
  const passed = Object.entries(env).filter(([name]) => isOwn && /^npm_config_/i.test(name));
  const npmEnv = Object.fromEntries(passed.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const settings = await askNpm(inPath('node', env) ?? node, npmCli, { ...pick(env, ['HOME', 'PATH', 'XDG_CONFIG_HOME']), ...npmEnv });
  const files = [settings.get('cafile') ?? '', env['NODE_EXTRA_CA_CERTS'] ?? ''].filter((file) => file !== '');
  const scopes = [...settings].flatMap(([name, value]) =>
    name.startsWith('@') ? [[name.slice(0, name.indexOf(':')), value] as const] : [],
  );
  return {
    url: settings.get('registry') ?? 'https://registry.npmjs.org/',
    ca: await readAll([...new Set(files)]),
    scopes: Object.fromEntries(scopes),
  };
}

/** Lines of `npm config list -l`: `name = "value"`. What is secret is shown as `***` there; what is overridden stands behind a semicolon. */
const SETTING = /^(registry|cafile|@[^:\s]+:registry) = (".*")$/;

/** The registries and the certificate file that npm would use. */
async function askNpm(node: string, npmCli: string, env: Record<string, string>): Promise<ReadonlyMap<string, string>> {
  try {
    // npm finds its machine-wide configuration from the Node that runs it, so the user's own one has to be asked.
    const run = await exec(node, [npmCli, 'config', 'list', '-l'], { cwd: '/', env, timeout: 30_000 });
    const found = run.stdout.split('\n').flatMap((line) => {
      const [, name, value] = SETTING.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, withoutUser(JSON.parse(value) as string)] as const];
    });
    return new Map(found);
  } catch (error) {
    throw new RedgreenError('install', `npm did not say which registry you use: ${(error as Error).message}`, { cause: error });
  }
}

/** An address without the user name and password that may stand in it. */
function withoutUser(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  if (url.username === '' && url.password === '') return address;
  url.username = '';
  url.password = '';
  return url.href;
}

async function readAll(files: readonly string[]): Promise<string | null> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  const joined = texts.filter((text) => text !== '').join('\n');
  return joined === '' ? null : joined;
}

/** First executable `name` in PATH that no project brought along. */
function inPath(name: string, env: HostEnv): string | null {
  for (const folder of trustedPath(env['PATH'] ?? '').split(delimiter)) {
    if (folder === '') continue;
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // The next folder.
    }
  }
  return null;
}

function pick(env: HostEnv, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
