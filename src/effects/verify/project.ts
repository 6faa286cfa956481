// What a branch is made with: language, runner and packages, told from its files.
import { isSteering } from '../../core/guard.ts';
import { isOracleFile } from '../../core/oracle.ts';
import type { CodeLanguage } from '../../core/plan.ts';
import type { Box, Runner } from '../../core/ports.ts';
import type { Files } from '../../core/ref.ts';
import { cannot } from './cannot.ts';

/** How each runner shows in a test file. The first that shows in any of them counts. */
const SIGNS: readonly (readonly [id: string, sign: RegExp])[] = [
  ['vitest', /from ['"]vitest['"]/],
  ['jest', /from ['"]@jest\/globals['"]|require\(['"]@jest\/globals['"]\)/],
  ['node:test', /['"]node:test['"]/],
  ['pytest', /^(?:import pytest\b|from pytest import|(?:async )?def test_|class Test\w*\s*:)/m],
  ['unittest', /\bTestCase\b/],
];

export interface Project {
  readonly runner: Runner;
  readonly language: CodeLanguage;
}

/**
 * Language and runner of a project, from the texts of its test files. The commit's own word (`hint`) counts only where these leave it open.
 * Null when no runner of ours would run any of them.
 *
 * @param before the files of the tests' commit
 * @param after the files of the code's commit
 * @param locked paths that the tests' commit changes
 */
export function detect(
  before: Files,
  after: Files,
  locked: readonly string[],
  hint: string | null,
  runners: readonly Runner[],
): Project | null {
  const texts = locked
    .filter((path) => /\.(?:[cm]?[jt]sx?|py)$/.test(path) && before[path] !== undefined && !isSteering(path))
    .map((path) => [path, before[path] ?? ''] as const);
  const onlyOracle = !texts.some(([path]) => runners.some((one) => one.isTestFile(path))) && locked.some(isOracleFile);
  const language = languageOf(onlyOracle ? Object.keys(after) : texts.map(([path]) => path), after);
  const fits = (runner: Runner | undefined) =>
    runner?.languages.includes(language) === true && (onlyOracle || texts.some(([path]) => runner.isTestFile(path)));
  const shown = SIGNS.filter(([, sign]) => texts.some(([, text]) => sign.test(text))).map(([id]) => id);
  const ids = [...shown, ...(hint === null ? [] : [hint]), ...(onlyOracle ? runners.map((one) => one.id) : [])];
  const runner = ids.map((id) => runners.find((one) => one.id === id)).find(fits);
  return runner ? { runner, language } : null;
}

function languageOf(paths: readonly string[], after: Files): CodeLanguage {
  const code = paths.filter((path) => /\.(?:[cm]?[jt]sx?|py)$/.test(path));
  if (code.length > 0 && code.every((path) => path.endsWith('.py'))) return 'python';
  return Object.keys(after).some((path) => path === 'tsconfig.json' || /\.[cm]?tsx?$/.test(path)) ? 'typescript' : 'javascript';
}

/** Whether `runner` or the harness runs the file at `path` as a test. */
export function isTestOf(runner: Runner | undefined, path: string): boolean {
  return isOracleFile(path) || (runner?.isTestFile(path) === true && !isSteering(path));
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

/** Without a lock file the run found everything in the system's Python. */
async function needsPip(files: Files, runner: Runner, options: Installing): Promise<boolean> {
  return files['requirements.lock'] !== undefined || (runner.packages.length > 0 && !(await options.provided(runner)));
}
