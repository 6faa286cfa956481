// Tests of JavaScript and TypeScript by jest as installed in the project, under our own configuration.
import type { Runner } from '../../core/ports.ts';
import { type RunnerAssets, readAssets } from './assets.ts';
import { type Limits, limitsOf } from './limits.ts';
import { plantJest } from './plant/expecting.ts';
import { isScript } from './plant/javascript.ts';
import { nodeCommand } from './project-flags.ts';
import { COMMON_TEST_RULES } from './rules.ts';
import { readReport } from './wire.ts';

/** The jest that a project gets; our harness script was tried with this major version. */
const JEST_RANGE = '^30.5.0';

const RULES = `Tests run with jest ${JEST_RANGE} as ES modules, under a configuration of our own (no configuration file of the project is read, no Babel).

- Test files are \`test/<name>.test.js\` (\`.test.ts\` in TypeScript projects, run by type stripping: no enum, no namespace, no parameter properties, no decorators, no .tsx).
- Imports: \`import { describe, expect, jest, test } from '@jest/globals';\`. Project files are imported relatively with their real extension: \`import { parse } from '../src/parse.js';\`. Types with \`import type\`.
- Compare with \`toBe\`, \`toEqual\`, \`toStrictEqual\`, \`toThrow('message')\`, \`await expect(promise).rejects.toThrow('message')\`; never \`toBeDefined\`, \`toBeTruthy\` or \`expect.anything()\` alone; always \`await\` promises.
- \`jest.mock\` does not work with ES modules: pass what is to be replaced. The environment is Node: there is no DOM.
- A command-line program is tested by importing its main function and passing argv and streams (or what the plan gives it), not by starting a process. \`process.exit\` fails a test.
- Files: a fresh folder of \`fs.mkdtempSync(path.join(os.tmpdir(), 'test-'))\`, removed in \`afterEach\`. Servers: \`listen(0)\`, closed in \`afterEach\`.
${COMMON_TEST_RULES}`;

const HARNESS = [
  'jest_run.mjs',
  'jest_project.mjs',
  'jest_reporter.mjs',
  'jest_sequencer.mjs',
  'jest_strip_types.cjs',
  'project.mjs',
  'report.mjs',
];

/** Jest runs ES modules only under this flag of Node. */
const FLAGS = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];

/** The runner `jest`. Throws `RedgreenError('runner')` when its scripts are missing. */
export function createJest(options: RunnerAssets & Limits = {}): Runner {
  const harness = readAssets(options, HARNESS);
  return {
    id: 'jest',
    languages: ['javascript', 'typescript'],
    plans: true,
    packages: [{ name: 'jest', range: JEST_RANGE, dev: true }],
    rules: RULES,
    isTestFile,
    harness,
    command: (run) => nodeCommand('jest_run.mjs', FLAGS, run, limitsOf(run, options)),
    parse: readReport,
    plant: (path, text, nonce) => (isScript(path) ? plantJest(path, text, nonce) : null),
  };
}

function isTestFile(path: string): boolean {
  return /\.(?:test|spec)\.[cm]?[jt]s$/.test(path) && !path.split('/').includes('node_modules');
}
