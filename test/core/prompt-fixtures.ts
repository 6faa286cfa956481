// A plan and inputs that look like real ones.
import type { Plan } from '../../src/core/plan.ts';
import type { AuthorInput, PlanInput, RepairInput } from '../../src/core/prompt.ts';

export const TASK = 'Write a command `split` that splits shared expenses.\n\nIt reads a CSV with {{ braces }} and ``` fences.';

export const PLAN: Plan = {
  name: 'expense-splitter',
  summary: 'Splits shared expenses and says who pays whom.',
  language: 'typescript',
  runner: 'node:test',
  files: [
    {
      path: 'src/money.ts',
      purpose: 'Amounts in cents.',
      contract: '/** "12.30" */\nexport function formatCents(cents: number): string;',
      uses: [],
    },
    {
      path: 'src/split.ts',
      purpose: 'Splits one expense.',
      contract: "import type { Share } from './types.ts';\nexport function split(cents: number, people: readonly string[]): Share[];",
      uses: ['src/types.ts', 'src/money.ts', 'node:util'],
    },
    {
      path: 'src/types.ts',
      purpose: 'Shared types.',
      contract: 'export interface Share { readonly person: string; readonly cents: number }',
      uses: [],
    },
    { path: 'README.md', purpose: 'What it is and how to run it.', contract: '', uses: [] },
  ],
  tests: [
    { path: 'test/split.test.ts', checks: ['1000 by 3 is 334, 333, 333.', 'No people throws RangeError.'], uses: ['src/split.ts'] },
    { path: 'test/money.test.ts', checks: ['5 is "0.05".'], uses: ['src/money.ts'] },
  ],
  packages: [{ name: 'csv-parse', range: '^6.0.0', dev: false }],
  decisions: ['Amounts are integers in cents.', 'The remainder goes one cent each to the first people.'],
  commands: [{ name: 'split', argv: ['node', 'src/cli.ts', 'a file.csv'], purpose: 'Split the expenses of a file.' }],
};

export const AUTHOR: AuthorInput = {
  task: TASK,
  plan: PLAN,
  languageRules: '- ES modules only.',
  runnerRules: '- Files end in `.test.ts`.',
  remarks: [],
};

export const PLAN_INPUT: PlanInput = {
  task: TASK,
  baseFiles: [],
  language: null,
  runner: null,
  languageRules: [
    { id: 'typescript', text: '- Strict.' },
    { id: 'python', text: '- Type hints.' },
  ],
  runnerRules: [
    { id: 'node:test', text: '- `test/x.test.ts`.' },
    { id: 'unittest', text: '- `tests/test_x.py`.' },
  ],
  previous: null,
  remarks: [],
};

export const REPAIR: RepairInput = {
  task: TASK,
  plan: PLAN,
  round: 2,
  failures: [
    { id: 'test/split.test.ts › split › thirds', message: 'Expected 334\nReceived 333', frames: [{ path: 'test/split.test.ts', line: 2 }] },
    { id: 'test/split.test.ts › split › one', message: 'TypeError: x is null at 12', frames: [{ path: 'src/split.ts', line: 1 }] },
    { id: 'test/money.test.ts › five', message: 'TypeError: x is null at 34', frames: [{ path: 'src/split.ts', line: 1 }] },
  ],
  diagnostics: [{ path: 'src/split.ts', line: 3, code: 'TS2322', message: 'Type string is not assignable to type number.' }],
  files: { 'src/split.ts': 'export const wrong = 1;\n' },
  lockedTests: { 'test/split.test.ts': "import { split } from '../src/split.ts';\nassert.equal(split(1000, p)[0].cents, 334);\n" },
  otherPaths: ['src/money.ts', 'README.md'],
  tried: ['round 1 changed src/split.ts: changed nothing'],
  remarks: [],
  strategy: 0,
  bad: [],
};
