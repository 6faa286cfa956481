// What a branch is made with: language, runner and packages, told from its files.
import type { Box, Runner } from '../../core/ports.ts';
import type { Files } from '../../core/ref.ts';
import { cannot } from './history.ts';

/** How each runner shows in a test file. The first that shows counts. */
const SIGNS: readonly (readonly [id: string, sign: RegExp])[] = [
  ['vitest', /from ['"]vitest['"]/],
  ['jest', /from ['"]@jest\/globals['"]|require\(['"]@jest\/globals['"]\)/],
  ['node:test', /['"]node:test['"]/],
  ['unittest', /^\s*(?:import unittest|from unittest import)/m],
  ['pytest', /^\s*(?:import pytest|def test_|class Test|from pytest import)/m],
];

/**
 * Language and runner of a project. The commit's own word counts only where the test files leave it open.
 * Throws `RedgreenError('usage')` when no runner of ours fits.
 */
export function detect(
  files: Files,
  locked: readonly string[],
  hint: string | null,
  runners: readonly Runner[],
): { readonly runner: Runner; readonly language: string } {
  const texts = locked.filter((path) => /\.(?:[cm]?[jt]sx?|py)$/.test(path)).map((path) => [path, files[path] ?? ''] as const);
  const python = texts.length > 0 && texts.every(([path]) => path.endsWith('.py'));
  const fits = (runner: Runner | undefined) =>
    runner !== undefined && runner.languages.includes('python') === python && texts.some(([path]) => runner.isTestFile(path));
  const shown = SIGNS.filter(([, sign]) => texts.some(([, text]) => sign.test(text))).map(([id]) => id);
  const chosen = [...shown, ...(hint === null ? [] : [hint])].map((id) => runners.find((one) => one.id === id)).find(fits);
  if (!chosen)
    throw cannot('The tests’ commit holds no test that a runner of redgreen’s can run (node:test, vitest, jest, pytest, unittest).');
  const typescript = Object.keys(files).some((path) => path === 'tsconfig.json' || /\.[cm]?tsx?$/.test(path));
  return { runner: chosen, language: python ? 'python' : typescript ? 'typescript' : 'javascript' };
}

const MANIFESTS = ['package.json', 'pyproject.toml', 'requirements.txt'];

interface Installing {
  readonly box: () => Promise<Box>;
  readonly provided: (runner: Runner) => Promise<boolean>;
  readonly signal: AbortSignal;
}

/** Installs what the locked manifests ask for; gives the folder, or null when there is nothing to install. Throws when it cannot be installed. */
export async function dependencies(files: Files, language: string, runner: Runner, options: Installing): Promise<string | null> {
  const manifests = Object.fromEntries(MANIFESTS.flatMap((path) => (files[path] === undefined ? [] : [[path, files[path]]])));
  const npm = language !== 'python';
  const wanted = npm ? needsNpm(files['package.json']) : await needsPip(files, runner, options);
  if (!wanted) return null;
  const box = await options.box();
  const lock = npm ? (files['package-lock.json'] ?? null) : (files['requirements.lock'] ?? null);
  const installed = await box.install({ manager: npm ? 'npm' : 'pip', manifests, lock, packages: [], signal: options.signal });
  if (installed.problems.length > 0) throw cannot(`Its packages cannot be installed: ${installed.problems.join('; ')}`);
  return installed.deps;
}

function needsNpm(manifest: string | undefined): boolean {
  try {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(manifest ?? '{}') as Record<string, object | undefined>;
    return Object.keys({ ...dependencies, ...devDependencies }).length > 0;
  } catch {
    throw cannot('Its package.json is no JSON.');
  }
}

async function needsPip(files: Files, runner: Runner, options: Installing): Promise<boolean> {
  const asks =
    /^\s*[A-Za-z0-9]/m.test(files['requirements.txt'] ?? '') || /^dependencies\s*=\s*\[\s*["']/m.test(files['pyproject.toml'] ?? '');
  return asks || (runner.packages.length > 0 && !(await options.provided(runner)));
}
