// Tests of TypeScript and JavaScript by Node's own runner; TypeScript runs by type stripping.
import type { Runner, RunnerOptions, TestCommand } from '../../core/ports.ts';
import { type RunnerAssets, readAssets } from './assets.ts';
import { type Limits, limitsOf, MOST_TEST_MS } from './limits.ts';
import { isScript } from './plant/javascript.ts';
import { plantNodeTest } from './plant/node-test.ts';
import { numberOf, partFlags } from './project-flags.ts';
import { COMMON_TEST_RULES } from './rules.ts';
import { harnessCommand } from './select.ts';
import { readReport } from './wire.ts';

const RULES = `Tests run with Node's own runner, \`node:test\` (Node 24), one process a file.

- Test files are \`test/<name>.test.ts\` (\`.test.js\` in JavaScript projects).
- Imports: \`import { test, describe } from 'node:test';\` and \`import assert from 'node:assert/strict';\`. Project files are imported relatively with their real extension: \`import { parse } from '../src/parse.ts';\`. Types with \`import type\`.
- Only TypeScript that can be erased: no enum, no namespace, no parameter properties, no decorators. No .tsx.
- Compare with \`assert.equal\`, \`assert.deepEqual\` (both strict here) and \`assert.throws(() => …, { name, message })\` (with the fields that the plan fixes, such as \`line\`, and no others) or \`assert.rejects\`; always \`await\` promises.
- A command-line program is tested by importing its main function and passing argv and streams (or what the plan gives it), not by starting a process.
- Files: a fresh folder of \`fs.mkdtempSync(path.join(os.tmpdir(), 'test-'))\`, removed with \`t.after\`. Servers: \`listen(0)\`, closed with \`t.after\`; a file whose process does not end by itself fails.
${COMMON_TEST_RULES}`;

const HARNESS = ['node_test.mjs', 'node_test_child.mjs', 'frames.mjs', 'project.mjs', 'report.mjs'];

/** Files that run at the same time. */
const JOBS = 2;

/** The runner `node:test`. Throws `RedgreenError('runner')` when its scripts are missing. */
export function createNodeTest(options: RunnerAssets & Limits = {}): Runner {
  const harness = readAssets(options, HARNESS);
  return {
    id: 'node:test',
    languages: ['typescript', 'javascript'],
    plans: true,
    packages: [],
    rules: RULES,
    isTestFile,
    harness,
    command: (run) => nodeTestCommand(run, limitsOf(run, options)),
    parse: readReport,
    plant: (path, text, nonce) => (isScript(path) ? plantNodeTest(path, text, nonce) : null),
  };
}

/** The project's flags of Node are for the processes of its test files, not for the harness. */
function nodeTestCommand(run: RunnerOptions, limits: Required<Limits>): TestCommand {
  const flags = run.project?.flags ?? [];
  const { node, rest } = partFlags(flags);
  const testMs = Math.max(limits.testMs, Math.min(numberOf(flags, '--test-timeout') ?? 0, MOST_TEST_MS));
  const silenceMs = Math.max(limits.silenceMs, 1.5 * testMs);
  const jobs = Math.min(JOBS, numberOf(flags, '--test-concurrency') ?? JOBS);
  return harnessCommand(['node', `${run.harnessDir}/node_test.mjs`], run, { testMs, silenceMs, jobs }, [...node, ...rest]);
}

function isTestFile(path: string): boolean {
  return /\.(?:test|spec)\.[cm]?[jt]s$/.test(path) && !path.split('/').includes('node_modules');
}
