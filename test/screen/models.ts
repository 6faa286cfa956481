// What models say in the scenarios: streaming, large, hostile, busy.
import type { Asked, Reply } from '../e2e/scripted.ts';
import type { Model } from './desk.ts';

const file = (path: string, text: string) => `<file path="${path}">\n${text}</file>`;

/** `model`, with its texts coming bit by bit. */
export function streaming(model: Model, tokensPerSecond: number): Model {
  return (asked) => {
    const reply = model(asked);
    return reply && { tokensPerSecond, ...reply };
  };
}

/** `model`, which answers what `held` names only after a minute. */
export function holding(model: Model, held: (asked: Asked) => boolean): Model {
  return (asked) => {
    const reply = model(asked);
    return reply && held(asked) ? { ...reply, afterMs: 60_000 } : reply;
  };
}

/** A door before some of the replies, which stays shut until it is opened. */
export function door(): { readonly open: () => void; readonly before: (model: Model, held: (asked: Asked) => boolean) => Model } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    open: () => resolve(),
    before: (model, held) => (asked) => {
      const reply = model(asked);
      return reply && held(asked) ? { ...reply, when: promise } : reply;
    },
  };
}

/** `model` behind a provider that turns the first request of each kind away for `seconds`. */
export function busy(model: Model, seconds: number): Model {
  const seen = new Set<string>();
  return (asked) => {
    const key = `${asked.step} ${asked.subject}`;
    // What was turned away does not count.
    if (seen.has(key)) return model({ ...asked, n: asked.n - 1 });
    seen.add(key);
    return { status: 429, headers: { 'retry-after': String(seconds) } };
  };
}

const FILES = 56;
const TEST_FILES = 24;
const TESTS_EACH = 21;
const two = (n: number) => String(n).padStart(2, '0');
const source = (n: number) => `src/part${two(n)}.ts`;
const testFile = (n: number) => `test/group${two(n)}.test.ts`;

const bigPlan = {
  blocked: '',
  name: 'big-one',
  summary: 'Many small functions, each in a file of its own.',
  language: 'typescript',
  runner: 'node:test',
  decisions: ['Every function adds its own number.'],
  packages: [],
  files: Array.from({ length: FILES }, (_, i) => ({
    path: source(i),
    purpose: `Adds ${i}.`,
    contract: `/** Adds ${i}. */\nexport function add${two(i)}(value: number): number;\n`,
    uses: [],
  })),
  tests: Array.from({ length: TEST_FILES }, (_, i) => ({
    path: testFile(i),
    checks: [`add${two(2 * i)} and add${two(2 * i + 1)} add`],
    uses: [source(2 * i), source(2 * i + 1)],
  })),
  commands: [{ name: 'none', argv: ['node', source(0)], purpose: 'Does nothing.' }],
};

function bigSource(n: number, right: boolean): string {
  const padding = Array.from({ length: 20 }, (_, i) => `// ${i}: what is said about the number ${n} fills a line that streams by.`);
  return `${padding.join('\n')}\nexport function add${two(n)}(value: number): number {\n  return value + ${right ? n : n + 1};\n}\n`;
}

function bigTests(n: number): string {
  const [a, b] = [2 * n, 2 * n + 1];
  const tests = Array.from({ length: TESTS_EACH }, (_, i) => {
    const part = i % 2 === 0 ? a : b;
    return `test('group ${two(n)} case ${two(i)}: ${part} is added to ${i + 3}', () => assert.equal(add${two(part)}(${i + 3}), ${i + 3 + part}));`;
  });
  const imports = [a, b].map((part) => `import { add${two(part)} } from '../${source(part)}';`);
  return `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n${imports.join('\n')}\n\n${tests.join('\n')}\n`;
}

/** Parts whose first draft is wrong. */
const WRONG = [3, 17, 30];

/** 80 files and 504 tests; three parts are wrong at first. */
export function bigModel({ step, subject, n }: Asked): Reply | undefined {
  if (step === 'plan') return { text: JSON.stringify(bigPlan) };
  if (step === 'repair')
    return n === 1
      ? {
          text: 'Three parts add one too many.',
          calls: WRONG.map((part) => ({ name: 'write', args: { path: source(part), content: bigSource(part, true) } })),
        }
      : { text: 'They add what they should.' };
  const number = Number(/(\d+)\./.exec(subject)?.[1]);
  if (subject.startsWith('test/')) return { text: file(subject, bigTests(number)) };
  return subject.startsWith('src/') ? { text: file(subject, bigSource(number, !WRONG.includes(number))) } : undefined;
}

/** What tries to leave its place on the screen; each would do harm where it reached a terminal as it is. */
export const EVIL = {
  osc52: '\u001b]52;c;ZXZpbA==\u0007',
  title: '\u001b]0;owned\u0007',
  link: '\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007',
  clear: '\u001b[2J\u001b[3J\u001b[H',
  up: '\u001b[10A\u001b[2K',
  alternate: '\u001b[?1049h',
  mouse: '\u001b[?1003h',
  reset: '\u001bc',
  query: '\u001b[6n\u001b[c',
  colour: '\u001b[38;5;196mred\u001b[0m',
  eight: '\u009b2J',
  bell: '\u0007\b\b\b',
  return: 'over\rwritten',
  bidi: '\u202egnisrever\u2066',
  hidden: 'a\u200bb\ufeffc\u{e0041}',
} as const;
const ALL = Object.values(EVIL).join(' ');
const WIDE_TEXT = '日本語のテスト 👩‍👩‍👧‍👦 🇪🇺 e\u0301\u0302\u0303\u0304\u0305\u0306';
const LONG = `${'long '.repeat(1_000)}${'x'.repeat(5_000)}`;

const hostilePlan = {
  blocked: '',
  name: 'hostile',
  summary: `Doubles ${ALL} ${WIDE_TEXT} ${'much '.repeat(200)}`,
  language: 'typescript',
  runner: 'node:test',
  decisions: [`Nothing ${ALL}`, `${WIDE_TEXT} ${WIDE_TEXT} ${WIDE_TEXT} ${WIDE_TEXT}`],
  packages: [],
  files: [
    { path: 'src/double.ts', purpose: `Doubles ${ALL}.`, contract: 'export function double(value: number): number;\n', uses: [] },
    {
      path: 'src/日本語のとても長いファイル名日本語のとても長いファイル名.ts',
      purpose: WIDE_TEXT,
      contract: 'export const NAME: string;\n',
      uses: [],
    },
    { path: 'src/עברית.ts', purpose: 'A name from right to left.', contract: 'export const RIGHT: string;\n', uses: [] },
  ],
  tests: [{ path: 'test/double.test.ts', checks: [`two is four ${ALL}`, WIDE_TEXT], uses: ['src/double.ts'] }],
  commands: [],
};

const hostileTests = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { double } from '../src/double.ts';
import { NAME } from '../src/日本語のとても長いファイル名日本語のとても長いファイル名.ts';
import { RIGHT } from '../src/עברית.ts';

test(${JSON.stringify(`one ${ALL}`)}, () => assert.equal(double(1), 2, ${JSON.stringify(`wrong ${ALL}`)}));
test(${JSON.stringify(WIDE_TEXT.repeat(5))}, () => assert.equal(NAME + double(2), ${JSON.stringify(`${WIDE_TEXT}4`)}));
test('rechts', () => assert.equal(RIGHT + double(3), ${JSON.stringify(`${LONG}6`)}));
test('printed', () => {
  console.log(${JSON.stringify(ALL)});
  console.error(${JSON.stringify(ALL)});
  assert.equal(double(4), 8);
});
`;

/** Every text that a model or a test can bring holds what would harm a terminal. */
export function hostileModel({ step, subject, n }: Asked): Reply | undefined {
  if (step === 'plan') return { text: JSON.stringify(hostilePlan) };
  if (step === 'repair')
    return n === 1
      ? {
          text: `${ALL} ${LONG}`,
          calls: [
            { name: 'read', args: { path: `src/${ALL}` } },
            { name: 'write', args: { path: `test/${ALL}`, content: ALL } },
            {
              name: 'write',
              args: { path: 'src/double.ts', content: 'export function double(value: number): number {\n  return value * 2;\n}\n' },
            },
          ],
        }
      : { text: ALL };
  // Comments may hold anything but line breaks, which would end them.
  const comment = `// ${ALL.replace(/[\r\n\u2028\u2029]/g, ' ')} ${WIDE_TEXT}\n// ${LONG}\n`;
  if (subject === 'test/double.test.ts') return { text: file(subject, hostileTests) };
  if (subject === 'src/double.ts')
    return { text: file(subject, `${comment}export function double(value: number): number {\n  return value + 2;\n}\n`) };
  if (subject.includes('עברית')) return { text: file(subject, `${comment}export const RIGHT = ${JSON.stringify(LONG)};\n`) };
  return subject === '' ? undefined : { text: file(subject, `${comment}export const NAME = ${JSON.stringify(WIDE_TEXT)};\n`) };
}
