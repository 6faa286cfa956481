// Tests of Python by the standard library's unittest; needs nothing installed.
import type { Runner, RunnerOptions, TestCommand } from '../../core/ports.ts';
import { type RunnerAssets, readAssets } from './assets.ts';
import { limitsOf } from './limits.ts';
import { plantUnittest } from './plant/python.ts';
import { COMMON_TEST_RULES } from './rules.ts';
import { harnessCommand } from './select.ts';
import { readReport } from './wire.ts';

const RULES = `Tests run with Python's own \`unittest\` (Python 3.11 or newer).

- Test files are \`tests/test_<name>.py\`; each holds classes \`class <Name>Tests(unittest.TestCase)\` with methods \`test_…\`.
- Imports: \`import unittest\`, then project modules by their full name from the root of the tree: \`from inventory.parse import parse\`.
- Compare with \`assertEqual\`, \`assertAlmostEqual\`, \`assertRaisesRegex(ValueError, 'message')\`; never \`assertTrue(x)\`, \`assertIsNotNone(x)\` or \`assertRaises(Exception)\` alone. Asynchronous code: \`unittest.IsolatedAsyncioTestCase\`.
- A command-line program is tested by calling \`main([...])\` under \`contextlib.redirect_stdout(io.StringIO())\`, checking the returned code and the text, not by starting a process.
- Files: \`tempfile.TemporaryDirectory()\` with \`self.addCleanup\`. Servers: port 0, closed with \`self.addCleanup\`.
${COMMON_TEST_RULES}`;

export interface PythonRunnerOptions extends RunnerAssets {
  /** Seconds after which one test fails. */
  readonly testSeconds?: number;
}

/** True for `test_x.py` and `x_test.py`, outside folders of installed packages. */
export function isPythonTest(path: string): boolean {
  return /(?:^|\/)(?:test_[^/]*|[^/]+_test)\.py$/.test(path) && !path.split('/').includes('site-packages');
}

/** The command both Python runners use: our script under an isolated interpreter that writes no bytecode. */
export function pythonCommand(script: string, run: RunnerOptions, { testSeconds }: PythonRunnerOptions): TestCommand {
  const seconds = testSeconds ?? limitsOf(run, {}).testMs / 1000;
  return harnessCommand(['python3', '-I', '-B', `${run.harnessDir}/${script}`], run, { testSeconds: seconds });
}

/** True for a Python file that may hold canaries: no conftest, and nothing that others import as a package. */
export function isPythonModule(path: string): boolean {
  return path.endsWith('.py') && !/(?:^|\/)(?:conftest|__init__)\.py$/.test(path);
}

/** The runner `unittest`. Throws `RedgreenError('runner')` when its scripts are missing. */
export function createUnittest(options: PythonRunnerOptions = {}): Runner {
  return {
    id: 'unittest',
    languages: ['python'],
    plans: true,
    packages: [],
    rules: RULES,
    isTestFile: isPythonTest,
    harness: readAssets(options, ['unittest_run.py', 'redgreen_report.py']),
    command: (run) => pythonCommand('unittest_run.py', run, options),
    parse: readReport,
    plant: (path, text, nonce) => (isPythonModule(path) ? plantUnittest(path, text, nonce) : null),
  };
}
