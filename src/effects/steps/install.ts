// Writes the manifests and installs the packages, through the registry's door alone.
import type { Command } from '../../core/events.ts';
import type { PlannedPackage } from '../../core/plan.ts';
import type { Ports, Runner } from '../../core/ports.ts';
import type { Files } from '../../core/ref.ts';
import type { State } from '../../core/state.ts';
import type { StepContext } from '../../driver.ts';
import { mergeManifest, mergeRequirements } from '../languages/manifest.ts';
import { languageOf, runnerOf } from './adapters.ts';

/** True when the machine's toolchain already has what a runner needs, so that nothing is installed for it. */
export type Provided = (runner: Runner) => Promise<boolean>;

/** Emits `installed`. A new project's manifests come from the language adapter; files that the base has are kept. */
export async function install(command: Command, ports: Ports, context: StepContext, provided: Provided): Promise<void> {
  const s = context.state();
  if (!s.plan) return;
  const plan = { ...s.plan, packages: [...s.plan.packages, ...s.installs.extra.map(asPackage)] };
  const runner = runnerOf(ports, plan.runner);
  const scaffold = languageOf(ports, plan.language).scaffold(plan, runner.packages);
  const { files, manifests, lock } = await overBase(ports, s, scaffold);
  const own = runner.packages.length > 0 && (await provided(runner)) ? [] : runner.packages;
  const packages = distinct([...plan.packages, ...own]);
  let deps: string | null = null;
  let problems: readonly string[] = [];
  const manager = plan.language === 'python' ? 'pip' : 'npm';
  if (packages.length > 0 || (manager === 'pip' && lock !== null) || hasDependencies(manifests['package.json'])) {
    const box = await ports.box();
    const installed = await box.install({ manager, manifests, lock: lock?.text ?? null, packages, signal: context.signal });
    if (context.signal.aborted) return;
    deps = installed.deps;
    problems = installed.problems;
    for (const text of installed.notes) context.emit({ type: 'note', text });
    if (installed.lock && lock?.foreign !== true) files[installed.lock.path] = installed.lock.text;
  }
  const blobs = await Promise.all(Object.entries(files).map(async ([path, text]) => [path, await ports.blobs.put(text)] as const));
  context.emit({ type: 'installed', id: command.id, attempt: command.attempt, files: Object.fromEntries(blobs), deps, problems });
}

function asPackage(name: string): PlannedPackage {
  return { name, range: '', dev: false };
}

function distinct(packages: readonly PlannedPackage[]): readonly PlannedPackage[] {
  return [...new Map(packages.map((p) => [p.name, p])).values()];
}

/** Lock files of other package managers: with one of them, ours is used for the run and not committed. */
const FOREIGN_LOCKS = ['yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb'];

interface Laid {
  /** To be committed: what the repository does not have, and its package.json with what was missing in it. */
  readonly files: Record<string, string>;
  readonly manifests: Files;
  readonly lock: { readonly text: string | null; readonly foreign: boolean } | null;
}

/** A new project's manifests as they are; in a repository that has some, only what is missing. */
async function overBase(ports: Ports, s: State, scaffold: Files): Promise<Laid> {
  const base = new Set(s.run?.base.files ?? []);
  const files = Object.fromEntries(Object.entries(scaffold).filter(([path]) => !base.has(path)));
  const wanted = scaffold['package.json'];
  const existing = base.has('package.json') && wanted !== undefined ? await ports.workspace.readBase('package.json') : null;
  if (existing === null || wanted === undefined) return overRequirements(ports, s, { files, manifests: manifestsOf(scaffold), lock: null });
  const merged = mergeManifest(existing, wanted);
  if (merged !== existing) files['package.json'] = merged;
  const foreign = FOREIGN_LOCKS.some((path) => base.has(path));
  const text = base.has('package-lock.json') ? await ports.workspace.readBase('package-lock.json') : null;
  return { files, manifests: { 'package.json': merged }, lock: { text, foreign } };
}

/** On a branch of redgreen's what it asked of pip before is asked for again, from its lock file where nothing is added to that. */
async function overRequirements(ports: Ports, s: State, laid: Laid): Promise<Laid> {
  const had = s.run?.onto ? await ports.workspace.readBase('requirements.txt') : null;
  const pins = had === null ? null : await ports.workspace.readBase('requirements.lock');
  if (had === null || pins === null) return laid;
  const merged = mergeRequirements(had, laid.manifests['requirements.txt'] ?? '');
  const files = merged === had ? laid.files : { ...laid.files, 'requirements.txt': merged };
  return {
    files,
    manifests: { ...laid.manifests, 'requirements.txt': merged },
    lock: { text: merged === had ? pins : null, foreign: false },
  };
}

function hasDependencies(manifest: string | undefined): boolean {
  if (manifest === undefined) return false;
  const { dependencies = {}, devDependencies = {} } = JSON.parse(manifest) as Record<string, object | undefined>;
  return Object.keys({ ...dependencies, ...devDependencies }).length > 0;
}

const MANIFESTS = new Set(['package.json', 'pyproject.toml', 'requirements.txt']);

function manifestsOf(scaffold: Files): Files {
  return Object.fromEntries(Object.entries(scaffold).filter(([path]) => MANIFESTS.has(path)));
}
