// A small project as a model would write it, with one mistake in its first draft: 4 becomes IIII.
import type { Asked, Reply } from './scripted.ts';

export const TASK = 'A library and command that converts whole numbers from 1 to 3999 to Roman numerals and back.';

const plan = {
  name: 'roman-numerals',
  summary: 'Converts whole numbers to Roman numerals and back, as a library and a command.',
  language: 'typescript',
  runner: 'node:test',
  files: [
    {
      path: 'src/roman.ts',
      purpose: 'Converts between numbers and Roman numerals.',
      contract:
        '/** Throws RangeError unless value is a whole number from 1 to 3999. */\nexport function toRoman(value: number): string;\n/** Reads a canonical numeral; throws RangeError for anything else. */\nexport function fromRoman(text: string): number;\n',
      uses: [],
    },
    {
      path: 'src/cli.ts',
      purpose: 'The command: converts each argument, whichever way fits.',
      contract: 'export function main(argv: readonly string[], write: (line: string) => void): number;\n',
      uses: ['src/roman.ts'],
    },
    { path: 'README.md', purpose: 'What it is and how to use it.', contract: '', uses: [] },
  ],
  tests: [
    { path: 'test/roman.test.ts', checks: ['4, 9, 40, 1994 and 3999 convert both ways', '0 and 4000 are refused'], uses: ['src/roman.ts'] },
    {
      path: 'test/cli.test.ts',
      checks: ['numbers and numerals are converted, one a line', 'nonsense gives exit code 1'],
      uses: ['src/cli.ts'],
    },
  ],
  packages: [],
  decisions: ['The command writes one line for each argument; an argument that cannot be converted gives the line "?" and exit code 1.'],
  commands: [{ name: 'start', argv: ['node', 'src/cli.ts', '1994'], purpose: 'Converts 1994.' }],
  blocked: '',
};

const files: Readonly<Record<string, string>> = {
  'src/roman.ts': `const NUMERALS: readonly (readonly [string, number])[] = [
  ['M', 1000],
  ['CM', 900],
  ['D', 500],
  ['CD', 400],
  ['C', 100],
  ['XC', 90],
  ['L', 50],
  ['XL', 40],
  ['X', 10],
  ['IX', 9],
  ['V', 5],
  ['I', 1],
];

export function toRoman(value: number): string {
  if (!Number.isInteger(value) || value < 1 || value > 3999) throw new RangeError(\`\${value} is not from 1 to 3999\`);
  let rest = value;
  let text = '';
  for (const [numeral, worth] of NUMERALS) {
    while (rest >= worth) {
      text += numeral;
      rest -= worth;
    }
  }
  return text;
}

export function fromRoman(text: string): number {
  let at = 0;
  let value = 0;
  for (const [numeral, worth] of NUMERALS) {
    while (text.startsWith(numeral, at)) {
      value += worth;
      at += numeral.length;
    }
  }
  if (value === 0 || at !== text.length || toRoman(value) !== text) throw new RangeError(\`\${text} is no Roman numeral\`);
  return value;
}
`,
  // The import lacks its ending: a free repair, not a round.
  'src/cli.ts': `import { fromRoman, toRoman } from './roman';

export function main(argv: readonly string[], write: (line: string) => void): number {
  let code = 0;
  for (const word of argv) {
    try {
      write(/^\\d+$/.test(word) ? toRoman(Number(word)) : String(fromRoman(word)));
    } catch {
      write('?');
      code = 1;
    }
  }
  return code;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2), (line) => console.log(line));
`,
  'README.md': '# roman-numerals\n\nConverts whole numbers to Roman numerals and back.\n',
  'test/roman.test.ts': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromRoman, toRoman } from '../src/roman.ts';

const known: [number, string][] = [[4, 'IV'], [9, 'IX'], [40, 'XL'], [1994, 'MCMXCIV'], [3999, 'MMMCMXCIX']];

for (const [value, text] of known) {
  test(\`\${value} is \${text}\`, () => {
    assert.equal(toRoman(value), text);
    assert.equal(fromRoman(text), value);
  });
}

test('0 and 4000 are refused', () => {
  assert.throws(() => toRoman(0), RangeError);
  assert.throws(() => toRoman(4000), RangeError);
});
`,
  'test/cli.test.ts': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { main } from '../src/cli.ts';

test('numbers and numerals are converted, one a line', () => {
  const lines: string[] = [];
  assert.equal(main(['10', 'XX'], (line) => lines.push(line)), 0);
  assert.deepEqual(lines, ['X', '20']);
});

test('nonsense gives exit code 1', () => {
  const lines: string[] = [];
  assert.equal(main(['abc'], (line) => lines.push(line)), 1);
  assert.deepEqual(lines, ['?']);
});
`,
};

const mend = { name: 'edit', args: { path: 'src/roman.ts', find: "  ['V', 5],\n", replace: "  ['V', 5],\n  ['IV', 4],\n" } };

/** What the model says: the plan, each file, and in the repair one edit. */
export function romanModel({ step, subject, n }: Asked): Reply | undefined {
  if (step === 'plan') return { text: JSON.stringify(plan) };
  if (step === 'repair') return n === 1 ? { text: 'IV is missing.', calls: [mend] } : { text: 'The table lacked IV.' };
  const text = files[subject];
  return text === undefined ? undefined : { text: `<file path="${subject}">\n${text}</file>` };
}
