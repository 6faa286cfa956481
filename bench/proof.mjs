// What proving adds to a run, in time: projects of 100 tests whose first draft is right, from the times in the run's events.
// usage: node bench/proof.mjs [--runs 3] [--files 10]
import { option, shown, table, tempFolder } from './measure.mjs';
import { commands, wholeRun } from './runs.mjs';

const FILES = option('files', 10);
const TESTS = 100;

const range = (n) => Array.from({ length: n }, (_, i) => i + 1);

/** `FILES` modules of one function each, and as many test files. */
const PROJECTS = {
  'node:test': {
    language: 'typescript',
    code: (n) => [`src/times${n}.ts`, `export function times${n}(value: number): number {\n  return value * ${n + 1};\n}\n`],
    contract: (n) => `export function times${n}(value: number): number;\n`,
    tests: (n) => [
      `test/times${n}.test.ts`,
      `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { times${n} } from '../src/times${n}.ts';\n\n${cases((i) => `test('${i}', () => assert.equal(times${n}(${i}), ${i * (n + 1)}));`)}\n`,
    ],
  },
  unittest: {
    language: 'python',
    code: (n) => [`times${n}.py`, `def times${n}(value: int) -> int:\n    return value * ${n + 1}\n`],
    contract: (n) => `def times${n}(value: int) -> int: ...\n`,
    tests: (n) => [
      `tests/test_times${n}.py`,
      `import unittest\nfrom times${n} import times${n}\n\n\nclass Times${n}Tests(unittest.TestCase):\n${cases((i) => `    def test_${i}(self):\n        self.assertEqual(times${n}(${i}), ${i * (n + 1)})\n`)}`,
    ],
  },
};

function cases(one) {
  return range(TESTS / FILES)
    .map(one)
    .join('\n');
}

function modelOf(runner) {
  const { language, code, contract, tests } = PROJECTS[runner];
  const all = range(FILES);
  const plan = {
    name: 'times',
    summary: 'Multiplies.',
    language,
    runner,
    files: all.map((n) => ({ path: code(n)[0], purpose: `Multiplies by ${n + 1}.`, contract: contract(n), uses: [] })),
    tests: all.map((n) => ({ path: tests(n)[0], checks: [`products with ${n + 1} are right`], uses: [code(n)[0]] })),
    packages: [],
    decisions: [],
    commands: [],
    blocked: '',
  };
  const files = Object.fromEntries(all.flatMap((n) => [code(n), tests(n)]));
  return ({ step, subject }) =>
    step === 'plan' ? { text: JSON.stringify(plan) } : { text: `<file path="${subject}">\n${files[subject]}</file>` };
}

const sum = (list) => list.reduce((a, b) => a + b, 0);

/** Milliseconds of one run, by what was done. */
async function measure(temp, runner, n) {
  const { events } = await wholeRun({
    dir: temp.at(`${runner.replace(':', '-')}-${n}`),
    home: temp.at('home'),
    task: 'Multiply.',
    script: modelOf(runner),
  });
  const took = (kind) => commands(events).filter((c) => c.started.kind === kind);
  return {
    once: took('test').map((c) => c.ended.ms)[0],
    tests: sum([...took('red'), ...took('test')].map((c) => c.ms)),
    mutants: sum(took('mutate').map((c) => c.ms)),
    proof: sum(took('prove').map((c) => c.ms)),
  };
}

/** A row for each runner. */
export async function proof(runs) {
  const temp = tempFolder();
  const rows = [];
  for (const runner of Object.keys(PROJECTS)) {
    const seen = [];
    for (const n of range(runs)) seen.push(await measure(temp, runner, n));
    const of = (value) => shown(seen.map(value));
    rows.push([
      runner,
      of((s) => s.once),
      of((s) => s.proof),
      shown(
        seen.map((s) => s.proof / s.once),
        1,
      ),
      of((s) => s.tests),
      of((s) => s.mutants),
    ]);
  }
  temp.clean();
  return rows;
}

export const PROOF_HEAD = [
  `proof of ${TESTS} tests in ${FILES} files`,
  'the tests once, ms',
  'the proof, ms',
  'proof ÷ once (naive: 4)',
  'red proof and rounds before it, ms',
  'mutants before it, ms',
];

if (import.meta.main) {
  console.log(table([PROOF_HEAD, ...(await proof(option('runs', 3)))]));
  process.exit();
}
