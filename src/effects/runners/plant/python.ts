// Canaries for test files of Python: how they are laid out. What they do is in python-canaries.ts.
import type { Planted } from '../../../core/ports.ts';
import { testId } from '../../../core/report.ts';
import { caseCanaries, functionCanaries, type PythonCanary } from './python-canaries.ts';
import { createWords, type Words } from './words.ts';

interface Group {
  readonly lines: readonly string[];
  readonly pass: readonly string[];
  readonly fail: Readonly<Record<string, string>>;
}

/** Plants two classes of canaries into a file of unittest. */
export function plantUnittest(path: string, text: string, nonce: string): Planted {
  const words = createWords(nonce, path, text);
  const unittest = words.word();
  const canaries = caseCanaries(words);
  const named = ['TestCase', 'IsolatedAsyncioTestCase'].map((base) => {
    const name = capital(words.word());
    const some = canaries.filter((c) => (base === 'TestCase') !== (c.isAsync === true));
    return { name, ...inClass(path, `${name}(${unittest}.${base})`, ['self'], some, words) };
  });
  const classes = named.flatMap((group) => group.lines);
  const names = named.map((group) => group.name);
  const lines = /^def load_tests\b/m.test(text) ? throughLoadTests(classes, names, unittest, words) : classes;
  return planted(text, [`import unittest as ${unittest}`, ...lines], named);
}

/** Plants functions and a class of canaries into a file of pytest. */
export function plantPytest(path: string, text: string, nonce: string): Planted {
  const words = createWords(nonce, path, text);
  const [pytest, unittest] = [words.word(), words.word()];
  const parameters = markedParameters(text);
  const canaries = words.mix(functionCanaries(pytest, words));
  const half = Math.ceil(canaries.length / 2);
  const groups = [
    functions(path, [], parameters, canaries.slice(0, half), words),
    inClass(path, `Test${capital(words.word())}`, ['self', ...parameters], canaries.slice(half), words),
  ];
  if (/\bunittest\b/.test(text) && parameters.length === 0) {
    const some = caseCanaries(words).filter((c) => c.isAsync !== true);
    groups.push(inClass(path, `Test${capital(words.word())}(${unittest}.TestCase)`, ['self'], some, words));
  }
  return planted(text, [`import pytest as ${pytest}`, `import unittest as ${unittest}`, ...groups.flatMap((g) => g.lines)], groups);
}

function planted(text: string, lines: readonly string[], groups: readonly Group[]): Planted {
  return {
    text: `${text}\n\n${lines.join('\n')}\n`,
    pass: groups.flatMap((g) => g.pass),
    fail: Object.assign({}, ...groups.map((g) => g.fail)),
  };
}

function inClass(path: string, head: string, parameters: readonly string[], canaries: readonly PythonCanary[], words: Words): Group {
  const group = functions(path, [head.replace(/\(.*/, '')], parameters, canaries, words);
  return { ...group, lines: [`class ${head}:`, ...indented(group.lines)] };
}

function functions(
  path: string,
  suite: readonly string[],
  parameters: readonly string[],
  canaries: readonly PythonCanary[],
  words: Words,
): Group {
  const pass: string[] = [];
  const fail: Record<string, string> = {};
  const lines: string[] = [];
  for (const { kind, isAsync, body } of words.mix(canaries)) {
    const name = `test_${words.name('_')}`;
    const id = testId(path, [...suite, name], new Map());
    if (kind === null) pass.push(id);
    else fail[id] = kind;
    lines.push(`${isAsync === true ? 'async ' : ''}def ${name}(${parameters.join(', ')}):`, ...indented(body(name, words.word())));
  }
  return { lines, pass, fail };
}

/** A file that chooses its tests itself would leave out what it does not know: the classes go into what it chose, and only there. */
function throughLoadTests(classes: readonly string[], names: readonly string[], unittest: string, words: Words): readonly string[] {
  const [theirs, loader, tests, suite] = [words.word(), words.word(), words.word(), words.word()];
  const plain = classes.map((line) => line.replace(/^class (\w+)(.*)$/, `class $1$2\n        __qualname__ = '$1'`));
  return [
    `${theirs} = load_tests`,
    `def load_tests(${loader}, ${tests}, pattern):`,
    ...indented([
      ...plain,
      `${suite} = ${unittest}.TestSuite([${theirs}(${loader}, ${tests}, pattern)])`,
      ...names.map((name) => `${suite}.addTests(${loader}.loadTestsFromTestCase(${name}))`),
      `return ${suite}`,
    ]),
  ];
}

/** Parameters that a `pytestmark` of the file gives to each of its tests. */
function markedParameters(text: string): readonly string[] {
  const mark = /^pytestmark\b[^\n]*(?:\n[ \t)\]][^\n]*)*/m.exec(text)?.[0] ?? '';
  const lists = [...mark.matchAll(/parametrize\(\s*(\[[^\]]*\]|\([^)]*\)|'[^']*'|"[^"]*")/g)].map((match) => match[1] ?? '');
  return lists.flatMap((list) => list.match(/[A-Za-z_]\w*/g) ?? []);
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `    ${line}`);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
