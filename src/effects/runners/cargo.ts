// Tests of Rust: cargo builds them, offline; the test binaries are run by our script, which reads what stable libtest prints.
import type { Runner } from '../../core/ports.ts';
import { type RunnerAssets, readAssets } from './assets.ts';
import { plantRust } from './plant/rust.ts';
import { COMMON_TEST_RULES } from './rules.ts';
import { harnessCommand } from './select.ts';
import { readReport } from './wire.ts';

const RULES = `Tests run with \`cargo test\` (stable), offline: only crates that Cargo.lock already names.

- Tests of what a crate exports are \`tests/<name>.rs\`, with functions \`#[test] fn name()\`. Tests of what is private stand in the source file, in \`#[cfg(test)] mod tests { use super::*; … }\`.
- Compare with \`assert_eq!(got, want)\`, \`assert!(matches!(got, Err(Error::Empty)))\`; \`#[should_panic(expected = "…")]\` only where a panic is what the code promises.
- A test file that does not compile fails all of its tests. No \`std::process::exit\`, no \`#[ignore]\`.
- Tests of one file run at the same time in one process: no shared files, environment variables or ports; \`TcpListener::bind("127.0.0.1:0")\`.
${COMMON_TEST_RULES}`;

/** Milliseconds without a line of output after which a test binary is stopped; libtest speaks when a test ends. */
const SILENCE_MS = 60_000;
/** A build says nothing while it lasts. */
const BUILD_MS = 600_000;

const FLAGS = /^--(?:all-features|no-default-features|release|locked|features=.+|profile=[\w-]+)$/;
/** Those that may stand apart from their value. */
const WITH_VALUE = /^--(?:features|profile)$/;

export interface CargoOptions extends RunnerAssets {
  readonly silenceMs?: number;
}

/**
 * The runner `cargo`. Ids are `path › module › test`, the path being the file of the module where names of files show it, and
 * `path › doc test › item`. Throws `RedgreenError('runner')` when its scripts are missing.
 */
export function createCargo(options: CargoOptions = {}): Runner {
  const limits = { silenceMs: options.silenceMs ?? SILENCE_MS, buildMs: BUILD_MS };
  return {
    id: 'cargo',
    languages: ['rust'],
    plans: false,
    packages: [],
    rules: RULES,
    toolchain: 'rust',
    isTestFile: isRustTest,
    harness: readAssets(options, ['cargo_test.mjs', 'cargo_build.mjs', 'libtest_output.mjs', 'exec.mjs', 'report.mjs']),
    command: (run) => {
      const flags = cargoFlags(run.project?.flags ?? []);
      return harnessCommand(['node', `${run.harnessDir}/cargo_test.mjs`], run, { ...limits, flags });
    },
    parse: readReport,
    plant: plantRust,
  };
}

/** True for files below a folder `tests`, and for modules that are named for tests. Source files with tests in them are told by `holdsRustTests`. */
function isRustTest(path: string): boolean {
  const parts = path.split('/');
  if (parts.includes('target') || parts.includes('vendor') || !path.endsWith('.rs')) return false;
  return parts.slice(0, -1).includes('tests') || /^(?:tests?|.+_tests?|test_.+)\.rs$/.test(parts.at(-1) ?? '');
}

/** True for the text of a Rust file that has tests or doc tests: the runner takes such a file, too, when it is named. */
export function holdsRustTests(text: string): boolean {
  return /^\s*#\[(?:\w+::)*test\b/m.test(text) || /^\s*\/\/[/!].*```/m.test(text);
}

/** The project's flags for `cargo test` that choose what is built; all others are left out. */
export function cargoFlags(flags: readonly string[]): readonly string[] {
  const whole = flags.map((flag, at) => (WITH_VALUE.test(flag) ? `${flag}=${flags[at + 1] ?? ''}` : flag));
  return whole.filter((flag) => FLAGS.test(flag));
}
