// Writes the manifests and installs the packages, through the registry's door alone.
import type { Command } from '../../core/events.ts';
import type { PlannedPackage } from '../../core/plan.ts';
import type { Ports, Runner } from '../../core/ports.ts';
import type { Files } from '../../core/ref.ts';
import type { StepContext } from '../../driver.ts';
import { languageOf, runnerOf } from './adapters.ts';

/** True when the machine's toolchain already has what a runner needs, so that nothing is installed for it. */
export type Provided = (runner: Runner) => Promise<boolean>;

/** Emits `installed`. A new project's manifests come from the language adapter; files that the base has are kept. */
export async function install(command: Command, ports: Ports, context: StepContext, provided: Provided): Promise<void> {
  const s = context.state();
  if (!s.plan) return;
  const plan = { ...s.plan, packages: [...s.plan.packages, ...s.installs.extra.map(asPackage)] };
  const runner = runnerOf(ports, plan.runner);
  const base = new Set(s.run?.base.files ?? []);
  const scaffold = languageOf(ports, plan.language).scaffold(plan, runner.packages);
  const files: Record<string, string> = Object.fromEntries(Object.entries(scaffold).filter(([path]) => !base.has(path)));
  const own = runner.packages.length > 0 && (await provided(runner)) ? [] : runner.packages;
  const packages = distinct([...plan.packages, ...own]);
  let deps: string | null = null;
  let problems: readonly string[] = [];
  if (packages.length > 0) {
    const box = await ports.box();
    const manager = plan.language === 'python' ? 'pip' : 'npm';
    const installed = await box.install({ manager, manifests: manifestsOf(scaffold), lock: null, packages, signal: context.signal });
    if (context.signal.aborted) return;
    deps = installed.deps;
    problems = installed.problems;
    if (installed.lock) files[installed.lock.path] = installed.lock.text;
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

const MANIFESTS = new Set(['package.json', 'pyproject.toml', 'requirements.txt']);

function manifestsOf(scaffold: Files): Files {
  return Object.fromEntries(Object.entries(scaffold).filter(([path]) => MANIFESTS.has(path)));
}
