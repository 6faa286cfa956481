// Tests of TypeScript and JavaScript by Node's own runner; TypeScript runs by type stripping.
import type { Runner } from '../../core/ports.ts';
import { type RunnerAssets, readAssets } from './assets.ts';
import { SILENCE_MS, TEST_MS } from './limits.ts';
import { plantNodeTest } from './plant/node-test.ts';
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

export interface NodeTestOptions extends RunnerAssets {
  /** Milliseconds after which one test fails. */
  readonly testMs?: number;
  /** Milliseconds without news from a file's process after which it is stopped; more than `testMs`. */
  readonly silenceMs?: number;
}

/** The runner `node:test`. Throws `RedgreenError('runner')` when its scripts are missing. */
export function createNodeTest(options: NodeTestOptions = {}): Runner {
  const harness = readAssets(options, ['node_test.mjs', 'node_test_child.mjs', 'report.mjs']);
  const limits = { testMs: options.testMs ?? TEST_MS, silenceMs: options.silenceMs ?? SILENCE_MS };
  return {
    id: 'node:test',
    languages: ['typescript', 'javascript'],
    packages: [],
    rules: RULES,
    isTestFile,
    harness,
    command: (run) => harnessCommand(['node', `${run.harnessDir}/node_test.mjs`], run, limits),
    parse: readReport,
    plant: (path, text, nonce) => (isTestFile(path) ? plantNodeTest(path, text, nonce) : null),
  };
}

function isTestFile(path: string): boolean {
  return /\.(?:test|spec)\.[cm]?[jt]s$/.test(path) && !path.split('/').includes('node_modules');
}
