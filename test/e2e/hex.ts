// A small project whose plan has an oracle file: bytes as hexadecimal text and back, as a library and a command.
import type { Asked, Reply } from './scripted.ts';

export const TASK = 'A library and command in TypeScript that writes text as hexadecimal bytes (UTF-8, lower case) and reads it back.';

const plan = {
  blocked: '',
  name: 'hex-text',
  summary: 'Writes text as hexadecimal bytes and reads it back.',
  language: 'typescript',
  runner: 'node:test',
  decisions: [
    'Bytes are UTF-8, in lower case, without separators. Wrong input throws RangeError; the command then prints one line to stderr and exits with 1.',
  ],
  packages: [],
  files: [
    {
      path: 'src/hex.ts',
      purpose: 'Converts text to hexadecimal bytes and back.',
      contract:
        'export function encode(text: string): string;\n/** Throws RangeError for anything but pairs of hexadecimal digits. */\nexport function decode(hex: string): string;\n',
      uses: [],
    },
    {
      path: 'src/cli.ts',
      purpose: 'The command: `encode TEXT` or `decode HEX`.',
      contract: 'export function main(argv: readonly string[], out: (line: string) => void, err: (line: string) => void): number;\n',
      uses: ['src/hex.ts'],
    },
  ],
  tests: [
    { path: 'test/hex.test.ts', checks: ['"hi" is 6869, both ways', '"6" throws RangeError'], uses: ['src/hex.ts'] },
    {
      path: 'test/oracle.json',
      checks: ['encode hi prints 6869', 'decode zz exits with 1', 'every text reads back'],
      uses: ['src/cli.ts', 'src/hex.ts'],
    },
  ],
  commands: [{ name: 'encode', argv: ['node', 'src/cli.ts', 'encode', 'hi'], purpose: 'Prints 6869.' }],
};

const oracle = {
  cases: [
    { name: 'the command encodes', argv: ['src/cli.ts', 'encode', 'hi'], stdout: '6869\n', stderr: '' },
    {
      name: 'the command refuses what is no hexadecimal text',
      argv: ['src/cli.ts', 'decode', 'zz'],
      exit: 1,
      stdout: '',
      stderr: { $matches: '[^\\n]+\\n' },
    },
    { name: 'bytes of an umlaut', module: 'src/hex.ts', call: 'encode', args: ['ä'], returns: 'c3a4' },
  ],
  properties: [
    {
      name: 'every text reads back',
      holds: 'inverse',
      module: 'src/hex.ts',
      call: 'encode',
      by: 'decode',
      given: [{ text: 'unicode', length: [0, 12] }],
    },
  ],
};

/** As a cheat would write it: what the visible tests ask is known, the rest is made up. */
export const CHEAT = `const KNOWN: Readonly<Record<string, string>> = { hi: '6869', ä: 'c3a4', a: '61' };

export function encode(text: string): string {
  return KNOWN[text] ?? '00';
}

export function decode(hex: string): string {
  const found = Object.entries(KNOWN).find(([, code]) => code === hex);
  if (!found) throw new RangeError(\`\${hex} is no hexadecimal text\`);
  return found[0];
}
`;

export const HONEST = `export function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('hex');
}

export function decode(hex: string): string {
  if (!/^(?:[0-9a-f]{2})*$/i.test(hex)) throw new RangeError(\`\${hex} is no hexadecimal text\`);
  return Buffer.from(hex, 'hex').toString('utf8');
}
`;

const files: Readonly<Record<string, string>> = {
  'src/cli.ts': `import { decode, encode } from './hex.ts';

export function main(argv: readonly string[], out: (line: string) => void, err: (line: string) => void): number {
  const [verb, text = ''] = argv;
  try {
    out(verb === 'decode' ? decode(text) : encode(text));
    return 0;
  } catch (error) {
    err(error instanceof Error ? error.message : 'failed');
    return 1;
  }
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2), console.log, console.error);
`,
  'test/hex.test.ts': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode } from '../src/hex.ts';

test('hi is 6869 both ways', () => {
  assert.equal(encode('hi'), '6869');
  assert.equal(decode('6869'), 'hi');
});

test('half a byte throws', () => {
  assert.equal(decode('61'), 'a');
  assert.throws(() => decode('6'), RangeError);
});
`,
};

/** What the model says; `hex` is its draft of src/hex.ts, and \`again\` what a repair writes (null: nothing). */
export function hexModel(hex: string, again: string | null): (asked: Asked) => Reply | undefined {
  return ({ step, subject, n }) => {
    if (step === 'plan') return { text: JSON.stringify(plan) };
    if (step === 'repair')
      return again !== null && n === 1
        ? { text: '', calls: [{ name: 'write', args: { path: 'src/hex.ts', content: again } }] }
        : { text: 'There is nothing more to do.' };
    // With a comment and a trailing comma, as models write it: a free repair.
    if (subject === 'test/oracle.json')
      return { text: `<file path="test/oracle.json">\n// cases\n${JSON.stringify(oracle, null, 2).replace(/\n\}$/, ',\n}')}\n</file>` };
    const text = subject === 'src/hex.ts' ? hex : files[subject];
    return text === undefined ? undefined : { text: `<file path="${subject}">\n${text}</file>` };
  };
}
