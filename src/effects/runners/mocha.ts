// Tests of JavaScript and TypeScript by mocha as installed in the project; for repositories that have it, not for plans.
import type { Runner, RunnerOptions, TestCommand } from '../../core/ports.ts';
import { type RunnerAssets, readAssets } from './assets.ts';
import { type Limits, limitsOf } from './limits.ts';
import { isScript } from './plant/javascript.ts';
import { plantMocha } from './plant/mocha.ts';
import { partFlags } from './project-flags.ts';
import { COMMON_TEST_RULES } from './rules.ts';
import { harnessCommand } from './select.ts';
import { readReport } from './wire.ts';

const RULES = `Tests run with mocha; \`describe\` and \`it\` (or \`suite\` and \`test\`) are globals.

- Assertions are those that the project's other tests use; else \`node:assert/strict\`.
- Asynchronous tests return a promise or are \`async\`; arrow functions where \`this\` is not needed.
${COMMON_TEST_RULES}`;

const HARNESS = ['mocha_run.mjs', 'mocha_start.mjs', 'mocha_child.mjs', 'mocha_tests.mjs', 'frames.mjs', 'project.mjs', 'report.mjs'];

/** The runner `mocha`. Throws `RedgreenError('runner')` when its scripts are missing. */
export function createMocha(options: RunnerAssets & Limits = {}): Runner {
  return {
    id: 'mocha',
    languages: ['javascript', 'typescript'],
    plans: false,
    packages: [{ name: 'mocha', range: '^12.0.0', dev: true }],
    rules: RULES,
    isTestFile: (path) => isScript(path) && /\.(?:test|spec)\.\w+$/.test(path),
    harness: readAssets(options, HARNESS),
    command: (run) => mochaCommand(run, limitsOf(run, options)),
    parse: readReport,
    plant: (path, text, nonce) => (isScript(path) ? plantMocha(path, text, nonce) : null),
  };
}

/** `--require` is mocha's: what it loads may hold hooks. */
function mochaCommand(run: RunnerOptions, limits: Required<Limits>): TestCommand {
  const { node, rest } = partFlags(run.project?.flags ?? []);
  const required = node.filter((flag) => flag.startsWith('--require='));
  const nodeFlags = node.filter((flag) => !required.includes(flag));
  return harnessCommand(['node', `${run.harnessDir}/mocha_run.mjs`], run, { ...limits, nodeFlags }, [...required, ...rest]);
}
