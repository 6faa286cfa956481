// Tests of TypeScript and JavaScript by vitest as installed in the project, under our own configuration.
import type { Runner } from '../../core/ports.ts';
import { type RunnerAssets, readAssets } from './assets.ts';
import { type Limits, limitsOf } from './limits.ts';
import { plantVitest } from './plant/expecting.ts';
import { isScript } from './plant/javascript.ts';
import { nodeCommand } from './project-flags.ts';
import { COMMON_TEST_RULES } from './rules.ts';
import { readReport } from './wire.ts';

/** The vitest that a project gets; our harness script was tried with this major version. */
const VITEST_RANGE = '^5.1.0';

const RULES = `Tests run with vitest ${VITEST_RANGE}, under a configuration of our own (no configuration file of the project is read).

- Test files are \`test/<name>.test.ts\` (\`.test.js\` in JavaScript projects, \`.test.tsx\` for components).
- Imports: \`import { describe, expect, test } from 'vitest';\` (there are no globals). Project files are imported relatively with their real extension: \`import { parse } from '../src/parse.ts';\`. Types with \`import type\`.
- Compare with \`toBe\`, \`toEqual\`, \`toStrictEqual\`, \`toThrow('message')\`, \`await expect(promise).rejects.toThrow('message')\`; never \`toBeDefined\`, \`toBeTruthy\` or \`expect.anything()\` alone; always \`await\` promises.
- The environment is Node: there is no DOM.
- A command-line program is tested by importing its main function and passing argv and streams (or what the plan gives it), not by starting a process. \`process.exit\` fails a test.
- Files: a fresh folder of \`fs.mkdtempSync(path.join(os.tmpdir(), 'test-'))\`, removed in \`onTestFinished\`. Servers: \`listen(0)\`, closed in \`onTestFinished\`.
${COMMON_TEST_RULES}`;

const HARNESS = ['vitest_run.mjs', 'vitest_reporter.mjs', 'vitest_legacy.mjs', 'vitest_project.mjs', 'project.mjs', 'report.mjs'];

/** The runner `vitest`. Throws `RedgreenError('runner')` when its scripts are missing. */
export function createVitest(options: RunnerAssets & Limits = {}): Runner {
  const harness = readAssets(options, HARNESS);
  return {
    id: 'vitest',
    languages: ['typescript', 'javascript'],
    plans: true,
    packages: [{ name: 'vitest', range: VITEST_RANGE, dev: true }],
    rules: RULES,
    isTestFile,
    harness,
    command: (run) => nodeCommand('vitest_run.mjs', [], run, limitsOf(run, options)),
    parse: readReport,
    plant: (path, text, nonce) => (isScript(path) ? plantVitest(path, text, nonce) : null),
  };
}

function isTestFile(path: string): boolean {
  return /\.(?:test|spec)\.[cm]?[jt]sx?$/.test(path) && !path.split('/').includes('node_modules');
}
