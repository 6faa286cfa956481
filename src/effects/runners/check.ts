// A command of the user's as the only test there is: its exit code decides. For repositories that no other runner fits.
import { CHECK_PATH } from '../../core/change.ts';
import type { Runner, Toolchain } from '../../core/ports.ts';
import { type RunnerAssets, readAssets } from './assets.ts';
import { harnessCommand } from './select.ts';
import { readReport } from './wire.ts';

export const CHECK_WEAK = "a command's exit code, no test report: nothing says which tests ran, or that any did";

/** Milliseconds without output; builds and test runs that print only at their end need more than a test runner. */
const SILENCE_MS = 300_000;

const LANGUAGES = ['typescript', 'javascript', 'python', 'go', 'rust'] as const;
const TOOLCHAINS: Readonly<Record<string, Toolchain>> = { go: 'go', cargo: 'rust', rustc: 'rust' };

export interface CheckOptions extends RunnerAssets {
  /** From `splitCommand`, given by the user and nobody else. */
  readonly argv: readonly string[];
  readonly silenceMs?: number;
}

/** The runner `check`. Its one test passes when the command ends with exit code 0. Throws `RedgreenError('runner')` when its scripts are missing. */
export function createCheck(options: CheckOptions): Runner {
  const { argv } = options;
  const toolchain = TOOLCHAINS[argv[0] ?? ''];
  const more = { argv, name: argv.join(' '), silenceMs: options.silenceMs ?? SILENCE_MS };
  return {
    id: 'check',
    languages: LANGUAGES,
    plans: false,
    packages: [],
    rules: `The only test is the command \`${argv.join(' ')}\`: it passes when it ends with exit code 0.`,
    weak: CHECK_WEAK,
    ...(toolchain === undefined ? {} : { toolchain }),
    isTestFile: (path) => path === CHECK_PATH,
    harness: readAssets(options, ['check_run.mjs', 'command.mjs', 'exec.mjs', 'report.mjs']),
    command: (run) => harnessCommand(['node', `${run.harnessDir}/check_run.mjs`], run, { ...more, dir: run.project?.dir ?? '' }),
    parse: readReport,
    plant: () => null,
  };
}
