// A change to the project of roman.ts: small letters are read, too. The first draft forgets the range, which a test from before notices.
import { romanModel } from './roman.ts';
import type { Asked, Reply } from './scripted.ts';

export const CHANGE = 'Also read numerals in small letters.';

const plan = {
  name: 'roman-numerals',
  summary: 'Read numerals in small letters. Nothing else changes.',
  language: 'typescript',
  runner: 'node:test',
  files: [
    {
      path: 'src/roman.ts',
      purpose: 'Converts between numbers and Roman numerals.',
      contract:
        '/** Throws RangeError unless value is a whole number from 1 to 3999. */\nexport function toRoman(value: number): string;\n/** Reads a canonical numeral in large or small letters; throws RangeError for anything else. */\nexport function fromRoman(text: string): number;\n',
      uses: [],
    },
  ],
  tests: [{ path: 'test/lower.test.ts', checks: ['iv and mcmxciv are read', 'XL still is'], uses: ['src/roman.ts'] }],
  packages: [],
  decisions: ['A numeral of large and small letters is read, too.'],
  commands: [],
  blocked: '',
};

export const lowerTests = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromRoman } from '../src/roman.ts';

test('small letters are read', () => {
  assert.equal(fromRoman('iv'), 4);
  assert.equal(fromRoman('mcmxciv'), 1994);
});

test('large letters still are', () => assert.equal(fromRoman('XL'), 40));
`;

const RANGE = `  if (!Number.isInteger(value) || value < 1 || value > 3999) throw new RangeError(\`\${value} is not from 1 to 3999\`);\n`;
const HEAD = '  let rest = value;\n';

/** The code of the first run as it was in the end, for `drafted` to be made of. */
function draft(isRight: boolean): string {
  const before = romanModel({ step: 'draft', subject: 'src/roman.ts', n: 1 } as Asked)?.text ?? '';
  const mended = before.replace("  ['V', 5],\n", "  ['V', 5],\n  ['IV', 4],\n");
  const lower = mended
    .replace(
      'export function fromRoman(text: string): number {\n',
      'export function fromRoman(written: string): number {\n  const text = written.toUpperCase();\n',
    )
    .replace(`\${text} is no`, `\${written} is no`);
  return isRight ? lower : lower.replace(RANGE, '');
}

interface Other {
  readonly tests?: string;
  /** An export that the plan forgets. */
  readonly drop?: string;
}

/** What the model says in the second run, with other tests or another plan where these are wanted. */
export function lowerModel({ step, subject, n }: Asked, { tests = lowerTests, drop }: Other = {}): Reply | undefined {
  if (step === 'plan') return { text: JSON.stringify(plan).replace(`function ${drop}(`, 'function other(') };
  if (step === 'repair')
    return n === 1
      ? { text: 'The range is gone.', calls: [{ name: 'edit', args: { path: 'src/roman.ts', find: HEAD, replace: `${RANGE}${HEAD}` } }] }
      : { text: 'The range is checked again.' };
  if (subject === 'test/lower.test.ts') return { text: `<file path="${subject}">\n${tests}</file>` };
  return subject === 'src/roman.ts' ? { text: draft(false) } : undefined;
}

/** The same without the mistake. */
export function lowerAtOnce(asked: Asked): Reply | undefined {
  return asked.step === 'draft' ? { text: draft(true) } : lowerModel(asked);
}

const noPlan = {
  ...plan,
  summary: 'Write "no" for what cannot be converted.',
  files: [
    {
      path: 'src/cli.ts',
      purpose: 'The command: converts each argument, whichever way fits.',
      contract: 'export function main(argv: readonly string[], write: (line: string) => void): number;\n',
      uses: ['src/roman.ts'],
    },
  ],
  tests: [{ path: 'test/cli.test.ts', checks: ['numbers and numerals are converted', 'nonsense gives "no"'], uses: ['src/cli.ts'] }],
};

/** A change of what an earlier test asks for: the command writes "no" instead of "?". */
export function noModel({ step, subject }: Asked): Reply | undefined {
  if (step === 'plan') return { text: JSON.stringify(noPlan) };
  const before = romanModel({ step, subject, n: 1 } as Asked)?.text;
  return before === undefined ? undefined : { text: before.replaceAll("'?'", "'no'").replace("'./roman'", "'./roman.ts'") };
}
