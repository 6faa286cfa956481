// Canaries for test files of JavaScript and TypeScript.
import type { Planted } from '../../../core/ports.ts';
import { testId } from '../../../core/report.ts';
import type { Words } from './words.ts';

/** A test of ours: `body` is a function's body, with `await` where needed. One that must fail names `name` in its failure. */
export interface Canary {
  /** In words; null for one that must pass. */
  readonly kind: string | null;
  /** Name of the function's parameter, the test's context; left out where it takes none. */
  readonly parameter?: string;
  body(name: string, other: string): string;
}

/** How a file comes by the runner's functions. */
export interface Frame {
  /** Statements for the head of what is appended. */
  readonly head: readonly string[];
  /** Local names of `test` and of its aliases. */
  readonly tests: readonly string[];
  /** Local name of `describe`. */
  readonly describe: string;
  /** Expression: the path of the file whose tests are being collected. */
  readonly running: string;
}

/**
 * Appends the canaries in random order, some in a suite of their own, under random names. How many of each is no matter of chance:
 * what a runner shuffles by a seed depends on it. A file that another one loads (a helper that lies among the tests) adds none to that one's.
 */
export function plantJavaScript(path: string, text: string, frame: Frame, canaries: readonly Canary[], words: Words): Planted {
  const pass: string[] = [];
  const fail: Record<string, string> = {};
  const lines: string[] = [];
  for (const { kind, parameter = '', body } of words.mix(canaries)) {
    const suite = (pass.length + Object.keys(fail).length) % 3 === 0 ? words.word() : null;
    const name = words.name(' ');
    const id = testId(path, suite === null ? [name] : [suite, name], new Map());
    if (kind === null) pass.push(id);
    else fail[id] = kind;
    const source = `${words.pick(frame.tests)}('${name}', ${asyncFunction(parameter, body(name, words.word()), words)});`;
    lines.push(suite === null ? source : `${frame.describe}('${suite}', () => { ${source} });`);
  }
  // A project's runner may check types; what it would say of these lines is nobody's concern.
  const glue = /\.[cm]?tsx?$/.test(path) ? '\n// @ts-ignore\n' : '\n';
  const all = [...frame.head, `if (${frame.running}.endsWith(${JSON.stringify(`/${path}`)})) {`, ...lines];
  return { text: `${text}\n;${all.map((line) => glue + line).join('')}\n}\n`, pass, fail };
}

/** True for a file that may hold canaries: one of code, which nothing but a runner loads. */
export function isScript(path: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(path) && !path.split('/').includes('node_modules');
}

function asyncFunction(parameter: string, body: string, words: Words): string {
  const rest = `(${parameter}) { ${body} }`;
  return words.pick([`async (${parameter}) => { ${body} }`, `async function ${rest}`, `async function ${words.word()}${rest}`]);
}

/** Fails with the name only when each of the expressions throws or rejects. */
export function eachThrows(expressions: readonly string[], words: Words): Canary['body'] {
  const [count, one] = [words.word(), words.word()];
  return (name) =>
    `let ${count} = 0; for (const ${one} of [${words
      .mix(expressions)
      .map((e) => `() => ${e}`)
      .join(', ')}]) try { await ${one}(); } catch { ${count} += 1; } ` +
    `if (${count} === ${expressions.length}) throw new Error('${name}');`;
}

/** What every runner's files get, whichever assertions they use. */
export const THROWN: readonly Canary[] = [
  { kind: 'a thrown error', body: (name) => `throw new Error('${name}');` },
  { kind: 'a rejected promise', body: (name) => `await null; await Promise.reject(new Error('${name}'));` },
];
