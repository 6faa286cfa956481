// Tests of Python by pytest: the system's, or one that is installed in the project's dependency folder.
import type { Box, Runner, RunnerOptions } from '../../core/ports.ts';
import { readAssets } from './assets.ts';
import { plantPytest } from './plant/python.ts';
import { COMMON_TEST_RULES } from './rules.ts';
import { isPythonModule, isPythonTest, type PythonRunnerOptions, pythonCommand } from './unittest.ts';
import { readReport } from './wire.ts';

const RULES = `Tests run with pytest (7 or newer), under a configuration of our own (no pytest settings of the project are read; plugins only from planned packages).

- Test files are \`tests/test_<name>.py\` with functions \`test_…\`, grouped in classes \`Test…\` where that helps. Fixtures stand in the test file; there is no conftest.py.
- Imports: \`import pytest\`, then project modules by their full name from the root of the tree: \`from inventory.parse import parse\`.
- Compare with plain \`assert actual == expected\`, \`pytest.approx\`, \`pytest.raises(ValueError, match='message')\`; \`@pytest.mark.parametrize\` for tables, with short \`ids\`. Asynchronous code: \`asyncio.run(…)\` inside the test.
- A command-line program is tested by calling \`main([...])\` and reading \`capsys\`, checking the returned code and the text, not by starting a process.
- Files: \`tmp_path\`. Servers: port 0, closed at the end of the test.
${COMMON_TEST_RULES}`;

/**
 * The runner `pytest`. A `conftest.py` is honoured only when it is among the tests of the run (and so locked).
 * Throws `RedgreenError('runner')` when its scripts are missing.
 */
export function createPytest(options: PythonRunnerOptions = {}): Runner {
  return {
    id: 'pytest',
    languages: ['python'],
    plans: true,
    packages: [{ name: 'pytest', range: '>=7', dev: true }],
    rules: RULES,
    isTestFile: (path) => isPythonTest(path) || /(?:^|\/)conftest\.py$/.test(path),
    harness: readAssets(options, ['pytest_run.py', 'redgreen_report.py']),
    command: (run) => pythonCommand('pytest_run.py', withConftests(run), options),
    parse: readReport,
    plant: (path, text, nonce) => (isPythonModule(path) ? plantPytest(path, text, nonce) : null),
  };
}

/** A narrowed run still needs the conftest files that were among the tests. */
function withConftests(run: RunnerOptions): RunnerOptions {
  if (run.only === null) return run;
  const conftests = run.tests.filter((path) => path === 'conftest.py' || path.endsWith('/conftest.py'));
  return { ...run, only: [...run.only, ...conftests] };
}

/** Whether `python3` in the box has pytest; when not, `message` says so and what can be done. */
export async function pytestAvailable(box: Pick<Box, 'run'>): Promise<{ readonly available: boolean; readonly message: string }> {
  const script = 'import pytest; print(pytest.__version__)';
  const result = await box.run({ argv: ['python3', '-I', '-B', '-c', script], tree: {}, timeoutMs: 30_000 });
  if (result.reason === 'ok' && /^\d+\./.test(result.stdout)) return { available: true, message: `pytest ${result.stdout.trim()}` };
  return {
    available: false,
    message:
      'pytest is not installed for the python3 that runs in the box; install it (for example `apt install python3-pytest`) or use `--runner unittest`, which needs nothing.',
  };
}
