// Tests of TypeScript and JavaScript by vitest as installed in the project, under our own configuration.
import type { Runner } from '../../core/ports.ts';
import { type RunnerAssets, readAssets } from './assets.ts';
import { SILENCE_MS, TEST_MS } from './limits.ts';
import { plantVitest } from './plant/expecting.ts';
import { COMMON_TEST_RULES } from './rules.ts';
import { harnessCommand } from './select.ts';
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

export interface VitestOptions extends RunnerAssets {
  /** Milliseconds after which one test or hook fails. */
  readonly testMs?: number;
  /** Milliseconds without any news from vitest after which the run is stopped; more than `testMs`. */
  readonly silenceMs?: number;
}

/** The runner `vitest`. Throws `RedgreenError('runner')` when its scripts are missing. */
export function createVitest(options: VitestOptions = {}): Runner {
  const harness = readAssets(options, ['vitest_run.mjs', 'report.mjs']);
  const limits = { testMs: options.testMs ?? TEST_MS, silenceMs: options.silenceMs ?? SILENCE_MS };
  return {
    id: 'vitest',
    languages: ['typescript', 'javascript'],
    packages: [{ name: 'vitest', range: VITEST_RANGE, dev: true }],
    rules: RULES,
    isTestFile,
    harness,
    command: (run) => harnessCommand(['node', `${run.harnessDir}/vitest_run.mjs`], run, limits),
    parse: readReport,
    plant: (path, text, nonce) => (isTestFile(path) ? plantVitest(path, text, nonce) : null),
  };
}

function isTestFile(path: string): boolean {
  return /\.(?:test|spec)\.[cm]?[jt]sx?$/.test(path) && !path.split('/').includes('node_modules');
}
