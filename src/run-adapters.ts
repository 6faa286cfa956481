// The adapters of a run, made from the settings.
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Dirs, trustFile, userDirs } from './config/dirs.ts';
import { type Config, processEnvironment } from './config.ts';
import { RedgreenError } from './core/errors.ts';
import type { Box, Language, PromptSource, Runner, Workspace } from './core/ports.ts';
import type { Files } from './core/ref.ts';
import type { RepoMap } from './core/repomap.ts';
import type { BoxOptions, HostBox } from './effects/box.ts';
import { readIdentity, trustedPath } from './effects/git.ts';
import { createJavascript } from './effects/languages/javascript.ts';
import { createPlain } from './effects/languages/plain.ts';
import { createPython } from './effects/languages/python.ts';
import { createTypescript, createWorkerClient } from './effects/languages/typescript.ts';
import { builtInPrompts, createPrompts } from './effects/prompts.ts';
import { createCheck } from './effects/runners/check.ts';
import { createRunners } from './effects/runners/index.ts';
import { splitCommand } from './effects/runners/split.ts';
import type { Provided } from './effects/steps/install.ts';
import type { Target } from './effects/target.ts';
import { createTrust } from './effects/trust.ts';
import { createWorkspace } from './effects/workspace.ts';
import { assetsDir, workerFile } from './root.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface LazyBox {
  /** The box, chosen and self-tested once. */
  readonly get: () => Promise<HostBox>;
  close(): Promise<void>;
}

/** A box that is chosen when it is first asked for. */
export function lazyBox(options: { readonly config: Config; readonly target: Pick<Target, 'root'>; readonly env: Env }): LazyBox {
  let made: Promise<HostBox> | null = null;
  const make = async () => {
    const { createBox } = await import('./effects/box.ts');
    const { registry, unsafeNoSandbox } = options.config.values;
    return createBox({
      // Not beside the runs: what comes with a repository must never count as installed by us.
      stateDir: userDirs().cache,
      env: { ...options.env, PATH: trustedPath(options.env['PATH'] ?? '', options.target.root) },
      unsafe: unsafeNoSandbox,
      minAgeMs: options.config.values['packages.minAge'],
      ...sandboxOf(options.config),
      ...(registry === null ? {} : { registry: { url: registry, ca: null } }),
    });
  };
  const get = () => {
    made ??= make();
    return made;
  };
  return { get, close: async () => (await made?.catch(() => null))?.close() };
}

/** Which rung the user wants, on which image, and what boxes may use. */
export function sandboxOf({ values }: Config): Pick<BoxOptions, 'only' | 'image' | 'limits'> {
  const kind = values['sandbox.kind'];
  const processes = values['sandbox.processes'];
  return {
    only: kind === 'auto' ? undefined : kind,
    image: values['sandbox.image'] ?? undefined,
    limits: {
      memoryBytes: values['sandbox.memory'],
      processors: values['sandbox.cpus'] ?? Infinity,
      ...(processes === null ? {} : { processes }),
    },
  };
}

/** Every language; TypeScript and JavaScript share one compiler process. */
export function createLanguages(box: () => Promise<Box>, existing: () => Promise<Files>): readonly Language[] {
  const client = createWorkerClient({ workerPath: workerFile(), cacheDir: join(userDirs().cache, 'compile-worker'), idleMs: 30_000 });
  const typescript = createTypescript({ client, existing });
  return [
    { ...typescript, close: () => client.close() },
    createJavascript({ client, existing }),
    createPython({ box, assetsDir: assetsDir('python'), existing }),
    createPlain('go'),
    createPlain('rust'),
  ];
}

/** Every runner, the default of each language before the others; and one for a command of the user's, where there is one. */
export function createRunnerList(check: readonly string[] | null = null): readonly Runner[] {
  const options = { assetsDir: assetsDir('runners') };
  const runners = createRunners(options);
  const all = runners.ids.map((id) => runners.runner(id));
  return check === null ? all : [...all, createCheck({ ...options, argv: check })];
}

/** The runner of the command that the settings name for JUnit reports; none where they name none. Throws `RedgreenError('config')`. */
export async function junitRunners({ values }: Config): Promise<readonly Runner[]> {
  const command = values['junit.command'];
  if (command === null) return [];
  if (values['junit.report'].length === 0)
    throw new RedgreenError('config', 'junit.command needs junit.report: the globs of the XML files that the command writes.');
  const { createJunit } = await import('./effects/runners/junit.ts');
  return [await createJunit({ assetsDir: assetsDir('runners'), argv: splitCommand(command), report: values['junit.report'] })];
}

/** The map of the base, read when it is first asked for and kept for the next run of this repository. */
export function mapOf(workspace: Workspace, root: string): () => Promise<RepoMap> {
  let made: Promise<RepoMap> | null = null;
  const make = async () => {
    const [{ createRepoMap }, { parsePast, pastArguments }] = await Promise.all([
      import('./effects/repomap/map.ts'),
      import('./effects/repomap/past.ts'),
    ]);
    const { commit } = await workspace.base();
    return createRepoMap({
      files: await workspace.list(),
      read: (paths) => workspace.readMany(paths),
      cacheDir: join(userDirs().cache, 'maps', createHash('sha256').update(root).digest('hex').slice(0, 16)),
      ...(commit === null ? {} : { history: async () => parsePast(await workspace.ask(pastArguments(commit))) }),
    });
  };
  return () => {
    made ??= make();
    return made;
  };
}

/** A Python runner may come from the system; what runs on Node is always the project's own. */
export function providedBySystem(box: () => Promise<HostBox>): Provided {
  return async (runner) => {
    if (!runner.languages.includes('python')) return false;
    const machine = await box();
    const there = await Promise.all(runner.packages.map((p) => machine.hasModule(p.name)));
    return there.every(Boolean);
  };
}

/** Templates: the user's, the trusted project's, the built-in ones. */
export function promptSource(config: Config, target: Target, dirs: Dirs, onIgnored: (note: string) => void): PromptSource {
  const trust = createTrust({ file: trustFile(dirs) });
  const user = config.values.prompts ?? join(dirs.config, 'prompts');
  return createPrompts({ builtIn: builtInPrompts(), user, project: { dir: target.root, trust }, onIgnored });
}

export interface WorkspaceWanted {
  readonly target: Target;
  readonly runId: string;
  readonly base: string | null;
  readonly created: boolean;
  readonly isOurs: (root: string | null) => boolean;
  readonly onNote: (text: string) => void;
  readonly user: UserGit;
  /** Sign the final commit. */
  readonly sign: boolean;
}

/** Where the user's git and its configuration are. */
export interface UserGit {
  readonly path?: string;
  readonly home: { readonly dir: string; readonly xdgConfig?: string | undefined };
}

/** From the process's environment. */
export function userGit(env: Env): UserGit {
  const home = { dir: env['HOME'] ?? homedir(), xdgConfig: env['XDG_CONFIG_HOME'] };
  return env['PATH'] === undefined ? { home } : { path: env['PATH'], home };
}

/** The run's own object store over the target. */
export function openWorkspace(wanted: WorkspaceWanted): Workspace {
  const identity = () => readIdentity({ gitDir: wanted.target.gitDir, ...wanted.user });
  const { user, sign, ...rest } = wanted;
  const signer = sign ? { signer: { ...user, env: processEnvironment() } } : {};
  return createWorkspace({ ...rest, ...(user.path === undefined ? {} : { path: user.path }), identity, ...signer, now: Date.now });
}

/** The code of the base commit that plans may build on, and the package.json that says what it imports; read once. */
export function existingCode(workspace: Workspace): () => Promise<Files> {
  let code: Promise<Files> | null = null;
  const read = async (): Promise<Files> => {
    const { commit } = await workspace.base();
    const files = commit === null ? {} : await workspace.export(commit);
    return Object.fromEntries(Object.entries(files).filter(([path]) => path === 'package.json' || /\.(?:[cm]?[jt]sx?|py)$/.test(path)));
  };
  return () => {
    code ??= read();
    return code;
  };
}
