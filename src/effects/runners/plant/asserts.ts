// Canaries that use `node:assert`, by each of the ways in which a test file comes by it.
import { type Canary, eachThrows } from './javascript.ts';
import type { Words } from './words.ts';

/** An assert object of a file: the module, and whether its exports are imported one by one. */
export interface AssertUse {
  readonly module: string;
  readonly named: boolean;
}

/** The ways in which a text uses `node:assert`; the strict one when it names none. */
export function assertUses(text: string): readonly AssertUse[] {
  const strict = /['"](?:node:)?assert\/strict['"]|\bstrict\b/.test(text);
  const loose = /['"](?:node:)?assert['"]/.test(text);
  const modules = [...(loose ? ['node:assert'] : []), ...(strict || !loose ? ['node:assert/strict'] : [])];
  const named = /\}\s*from\s*['"](?:node:)?assert|import\s*\*/.test(text);
  return modules.flatMap((module) => (named ? [false, true] : [false]).map((one) => ({ module, named: one })));
}

/** Canaries over one assert object, a local name in the file. */
export function assertCanaries(a: string, words: Words): readonly Canary[] {
  const [x, y] = [words.word(), words.word()];
  const rest = [
    `${a}.equal(1, 2)`,
    `${a}.deepEqual([1], [2])`,
    `${a}.notStrictEqual('${x}', '${x}')`,
    `${a}.notEqual(3, 3)`,
    `${a}.notDeepStrictEqual(['${x}'], ['${x}'])`,
    `${a}.notDeepEqual([4], [4])`,
    `${a}.match('${x}', /^[0-9]+$/)`,
    `${a}.doesNotMatch('${x}', /[a-z]/)`,
    `${a}.throws(() => { throw new Error('${x}'); }, { message: '${y}' })`,
    `${a}.rejects(async () => { throw new Error('${x}'); }, { message: '${y}' })`,
    ...['RangeError', 'TypeError', 'SyntaxError'].map((type) => `${a}.throws(() => { throw new EvalError('${x}'); }, ${type})`),
    `${a}.rejects(async () => { throw new EvalError('${x}'); }, RangeError)`,
    `${a}.doesNotThrow(() => { throw new Error('${x}'); })`,
    `${a}.doesNotReject(async () => { throw new Error('${x}'); })`,
    `${a}.ifError(new Error('${x}'))`,
    `${a}.fail('${x}')`,
  ];
  return [
    { kind: 'strict equality of different texts', body: (name, other) => `${a}.strictEqual('${name}', '${other}');` },
    {
      kind: 'deep equality of different objects',
      body: (name, other) => `${a}.deepStrictEqual({ ${x}: ['${name}'] }, { ${x}: ['${other}'] });`,
    },
    { kind: 'throws, where nothing throws', body: (name) => `${a}.throws(() => {}, '${name}');` },
    { kind: 'rejects, where nothing rejects', body: (name) => `await ${a}.rejects(async () => {}, '${name}');` },
    { kind: 'ok of what is false', body: (name, other) => `${a}.ok('${other}' === '${x}', '${name}');` },
    { kind: 'one of the other assertions', body: eachThrows(rest, words) },
    {
      kind: null,
      body: (name) =>
        `await null; ${a}.strictEqual('${name}', '${name}'); ${a}.deepStrictEqual([{ ${y}: 1 }], [{ ${y}: 1 }]); ` +
        `${a}.throws(() => { throw new Error('${name}'); }, { message: '${name}' });`,
    },
  ];
}
