// What is asked on existing code, with inputs that look like real ones.
import type { ChangeInput, RepositoryInput, ReproduceInput } from '../../src/core/prompt-change.ts';
import type { CoverInput } from '../../src/core/prompt-cover.ts';
import { changeTools } from '../../src/core/tools-change.ts';
import { TASK } from './prompt-fixtures.ts';

const OFFER = { kind: 'repair', large: false, refactor: false, typeCheck: false, packages: false, dispute: true } as const;
const fails = (name: string, message: string, line: number) => ({
  id: `test/pages.test.js › ${name}`,
  message,
  frames: [{ path: 'test/pages.test.js', line }],
});

const REPOSITORY: RepositoryInput = {
  task: TASK,
  about: 'Languages: JavaScript (4 files).\nTests: node:test; files `test/*.test.js`.',
  rules: [{ path: 'AGENTS.md', text: '- Two spaces.\n' }],
  files: [
    { path: 'src/pages.js', text: '   4 export function pageCount(total, size) {\n   5   return 1;', isWhole: false },
    { path: 'src/clamp.js', text: 'export const clamp = 1;\n', isWhole: true },
  ],
  map: 'src/other.js:\n  2: other',
  remarks: [],
  bad: [],
  turnsLeft: null,
  tools: changeTools(OFFER),
};

export const CHANGE: ChangeInput = {
  ...REPOSITORY,
  round: 1,
  failures: [
    fails('short', 'AssertionError: Expected values to be strictly equal:\n\n2 !== 3', 6),
    ...[1, 2, 3, 4].map((n) => fails(`case ${n}`, `AssertionError: ${n} is not ${n + 1}`, 20)),
  ],
  diagnostics: [{ path: 'src/pages.js', line: 3, code: 'TS2322', message: 'Type string is not assignable to type number.' }],
  tests: [{ path: 'test/pages.test.js', text: 'assert.equal(pageCount(11, 5), 3);\n', isWhole: true }],
  given: true,
  untestable: null,
  tried: ['round 0 changed src/pages.js: changed nothing'],
  strategy: 0,
};

export const REPRODUCE: ReproduceInput = {
  ...REPOSITORY,
  example: { path: 'test/pages.test.js', text: "test('whole pages', () => {});\n", isWhole: true },
  tests: [],
  problems: [],
};

export const COVER: CoverInput = {
  ...REPOSITORY,
  code: { path: 'src/pages.js', text: '   4 export function pageCount(total, size) {\n   5   return 1;', isWhole: true },
  example: REPRODUCE.example,
  before: {
    mutants: 40,
    killed: 9,
    survivors: Array.from({ length: 31 }, (_, i) => ({
      path: 'src/pages.js',
      line: i + 1,
      inside: i === 0 ? 'module' : 'pageCount',
      operator: 'boundary',
      behaviour: `a total equal to ${i} is treated like one above it`,
    })),
    lines: { all: 20, unreached: [4, 5, 9] },
  },
  tests: [],
  problems: [],
};
