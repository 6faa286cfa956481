// Tests of Go by the test binaries that `go test -c` builds, in module mode and without network.
import type { Runner } from '../../core/ports.ts';
import { type RunnerAssets, readAssets } from './assets.ts';
import { plantGo } from './plant/go.ts';
import { COMMON_TEST_RULES } from './rules.ts';
import { harnessCommand } from './select.ts';
import { readReport } from './wire.ts';

const RULES = `Tests run with Go's own \`testing\` package, offline: only the standard library and modules that go.mod already names.

- Test files are \`<name>_test.go\` beside the code, with functions \`func TestName(t *testing.T)\`; cases of one check are a table with \`t.Run(name, …)\`.
- \`import "testing"\` under its own name. Compare with \`if got != want { t.Errorf("F(%q) = %v, want %v", in, got, want) }\`; \`errors.Is\` for errors; \`t.Fatalf\` where going on makes no sense.
- A test file that does not compile fails every test of its package.
- Files: \`t.TempDir()\`. Servers: \`httptest.NewServer\`, closed with \`t.Cleanup\`. No \`os.Exit\`, no \`log.Fatal\`: they end the tests of the whole package.
${COMMON_TEST_RULES}`;

/** Milliseconds without a line of output after which a test binary is stopped: -test.v says of each test when it starts and ends. */
const SILENCE_MS = 60_000;
/** A build says nothing while it lasts. */
const BUILD_MS = 600_000;

const BUILD_FLAGS = /^-{1,2}(?:race|trimpath|tags|ldflags|gcflags|mod)(?:=|$)/;
const RUN_FLAGS = /^-{1,2}(short|parallel|cpu)(?:=|$)/;
/** Those of them that may stand apart from their value. */
const WITH_VALUE = /^-{1,2}(?:tags|ldflags|gcflags|mod|parallel|cpu)$/;

export interface GoOptions extends RunnerAssets {
  readonly silenceMs?: number;
}

/**
 * The runner `go`. Ids are `path › TestName › subtest`, the path being the file that declares the test; a test with subtests is a test of its own, too.
 * Throws `RedgreenError('runner')` when its scripts are missing.
 */
export function createGo(options: GoOptions = {}): Runner {
  const limits = { silenceMs: options.silenceMs ?? SILENCE_MS, buildMs: BUILD_MS };
  return {
    id: 'go',
    languages: ['go'],
    plans: false,
    packages: [],
    rules: RULES,
    toolchain: 'go',
    isTestFile: isGoTest,
    harness: readAssets(options, ['go_test.mjs', 'go_output.mjs', 'exec.mjs', 'report.mjs']),
    command: (run) => {
      const own = goFlags(run.project?.flags ?? []);
      return harnessCommand(['node', `${run.harnessDir}/go_test.mjs`], run, { ...limits, ...own });
    },
    parse: readReport,
    plant: (path, text, nonce) => (isGoTest(path) ? plantGo(path, text, nonce) : null),
  };
}

/** True for `x_test.go` where the go command looks: not in vendor, testdata, or folders that begin with `.` or `_`. */
function isGoTest(path: string): boolean {
  const folders = path.split('/').slice(0, -1);
  return /[^/]_test\.go$/.test(path) && !folders.some((name) => name === 'vendor' || name === 'testdata' || /^[._]/.test(name));
}

/** The project's flags for `go test`, as those of the build and those of the test binary; what steers neither (`-v`, `-count`, `-cover`) is left out. */
export function goFlags(flags: readonly string[]): { readonly build: readonly string[]; readonly run: readonly string[] } {
  const build: string[] = [];
  const run: string[] = [];
  for (const [at, flag] of flags.entries()) {
    const value = WITH_VALUE.test(flag) ? `=${flags[at + 1] ?? ''}` : '';
    if (BUILD_FLAGS.test(flag)) build.push(`${flag}${value}`);
    else if (RUN_FLAGS.test(flag)) run.push(`-test.${flag.replace(/^-+/, '')}${value}`);
  }
  return { build, run };
}
