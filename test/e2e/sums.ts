// A small library in three parts, and what a model says that builds it one after the other.
import type { Asked, Reply } from './scripted.ts';

const NAMES = ['add', 'twice', 'square'] as const;
export type Name = (typeof NAMES)[number];
export const BODY: Readonly<Record<Name, string>> = { add: 'a + b', twice: 'a * 2 + b * 0', square: 'a * a + b * 0' };
const WANTED: Readonly<Record<Name, number>> = { add: 7, twice: 6, square: 9 };
export const TASK = 'A library of sums: add, twice and square, each a function of two numbers in a file of its own.';

const part = (name: Name) => ({ title: `Provide ${name}`, task: `src/${name}.ts exports ${name}(a, b).` });
export const divided = (now: Name, ...later: Name[]) => JSON.stringify({ now: part(now), later: later.map(part) });

function planOf(name: Name): string {
  return JSON.stringify({
    name: 'sums',
    summary: `Provides ${name}.`,
    language: 'typescript',
    runner: 'node:test',
    files: [
      { path: `src/${name}.ts`, purpose: `Has ${name}.`, contract: `export function ${name}(a: number, b: number): number;`, uses: [] },
    ],
    tests: [{ path: `test/${name}.test.ts`, checks: [`${name} of 3 and 4 is ${WANTED[name]}`], uses: [`src/${name}.ts`] }],
    packages: [],
    decisions: [],
    commands: [],
    blocked: '',
  });
}

export const testOf = (name: Name, type: 'ts' | 'js') =>
  `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { ${name} } from '../src/${name}.${type}';\n\ntest('${name}', () => {\n  assert.equal(${name}(3, 4), ${WANTED[name]});\n});\n`;
export const codeOf = (name: Name) => `export function ${name}(a: number, b: number): number {\n  return ${BODY[name]};\n}\n`;

/** Plans and writes what the last division says comes now; `code` is what it writes as the code of a part. */
export function builder(division: readonly string[], code: (name: Name) => string = codeOf) {
  let now: Name = 'add';
  return ({ step, subject, n }: Asked): Reply | undefined => {
    if (step === 'slices') {
      const text = division[n - 1] ?? '';
      now = NAMES.find((name) => text.startsWith(`{"now":{"title":"Provide ${name}"`)) ?? now;
      return { text };
    }
    if (step === 'plan') return { text: planOf(now) };
    if (step === 'repair') return { text: 'Nothing to do.' };
    const text = subject.startsWith('test/') ? testOf(now, 'ts') : subject.startsWith('src/') ? code(now) : undefined;
    return text === undefined ? undefined : { text: `<file path="${subject}">\n${text}</file>` };
  };
}
