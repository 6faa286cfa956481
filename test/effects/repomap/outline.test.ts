import { expect, test } from 'vitest';
import { quickOutline } from '../../../src/effects/repomap/quick.ts';
import { scan } from '../../../src/effects/repomap/scan.ts';
import type { MapLanguage } from '../../../src/effects/repomap/sources.ts';
import { createTreeOutline } from '../../../src/effects/repomap/tree.ts';

function quick(text: string, language: MapLanguage) {
  const { definitions, imports } = quickOutline(text, scan(text, language).code, language);
  return { definitions: definitions.map((d) => `${d.line} ${d.kind} ${d.name}${d.exported ? ' !' : ''}`), imports };
}

const names = (text: string, language: MapLanguage) => quick(text, language).definitions;

test('TypeScript: what it declares and imports', () => {
  const text = `import { a } from './a.js';
import type { B } from "../b.ts";
export * from './c';
const dd = await import('./d.ts');
export interface Options<T> extends Base { limit: number }
export type Id = string;
export const enum Kind { One }
export class Queue extends B {
  #timer?: number;
  constructor(private readonly options: Options) {
    super();
  }
  static async #run<T>(
    task: Task<T>,
    limit = count(3),
  ): Promise<T> {
    if (limit > 3) { return task(); }
    while (true) {
      call(limit);
    }
  }
  get size(): number { return 1; }
  onEmpty = async (): Promise<void> => {};
}
export const parse = (text: string) => text;
export default function main() {}
function inner() {
  const helper = (x: number) => x;
}
`;
  expect(quick(text, 'typescript')).toEqual({
    imports: ['./a.js', '../b.ts', './c', './d.ts'],
    definitions: [
      '4 value dd',
      '5 type Options !',
      '6 type Id !',
      '7 type Kind !',
      '8 class Queue !',
      '10 method constructor',
      '13 method run',
      '22 method size',
      '23 method onEmpty',
      '25 value parse !',
      '26 function main !',
      '27 function inner',
      '28 function helper',
    ],
  });
});

test('JavaScript of the older kind', () => {
  const text = `'use strict'
const { x } = require('./x')
const y = require('../y.json')
function Reply (raw) {}
Reply.prototype.send = function (payload) {}
exports.build = build
module.exports.end = function end () {}
app.handle = function handle (req) {}
module.exports = {
  list (a) {
    return a
  },
  find: function (b) {}
}
`;
  expect(quick(text, 'javascript')).toEqual({
    imports: ['./x', '../y.json'],
    definitions: [
      '4 function Reply',
      '5 function send',
      '6 function build !',
      '7 function end !',
      '8 function handle',
      '10 method list',
      '13 method find',
    ],
  });
});

test('comments, strings and regular expressions define nothing', () => {
  const text = [
    '// function commented() {}',
    '/* class Gone {',
    'function inside() {} */',
    'const text = `\nfunction written() {}\nexport class Told {}\n`;',
    'const quote = /[\'"`]/;',
    'function real() {}',
    "const more = 'it\\'s'; // don't",
    'function last() {}',
  ].join('\n');
  expect(names(text, 'typescript').map((d) => d.split(' ')[2])).toEqual(['text', 'quote', 'real', 'more', 'last']);
});

test.each([
  [
    'python',
    `from .base import Thing, Other as O\nimport os.path\nLIMIT = 3\nclass Queue(Thing):\n    """def hidden(): pass"""\n    async def add(self):\n        pass\ndef _run():\n    pass\n`,
    ['3 value LIMIT', '4 class Queue', '6 add', '8 function _run'],
  ],
  [
    'go',
    `package a\nimport (\n\t"fmt"\n)\ntype Queue struct{}\nfunc (q *Queue) Add(n int) {}\nfunc newQueue() *Queue { return nil }\nconst Limit = 3\n`,
    ['5 type Queue', '6 method Add', '7 function newQueue', '8 value Limit'],
  ],
  [
    'rust',
    `use crate::util::retry;\nmod util;\npub struct Queue { n: u8 }\nimpl Queue {\n    pub(crate) async fn add(&mut self) {}\n}\npub trait Runs { fn run(&self); }\nmacro_rules! times { () => {} }\n`,
    ['3 type Queue', '5 function add', '7 type Runs', '8 function times'],
  ],
] as const)('%s: patterns and the parser agree', async (language, text, expected) => {
  const plain = (list: readonly { line: number; kind: string; name: string }[]) => list.map((d) => `${d.line} ${d.name}`);
  const parsed = (await createTreeOutline()(text, language)) ?? [];
  const byPatterns = quickOutline(text, scan(text, language).code, language).definitions;
  for (const one of expected) {
    const words = one.split(' ');
    expect(plain(parsed)).toContain(`${words[0]} ${words.at(-1)}`);
    expect(plain(byPatterns)).toContain(`${words[0]} ${words.at(-1)}`);
  }
});

test.each([
  ['java', 'class A {\n  int add(int n) { return n; }\n}\n', ['A', 'add']],
  ['ruby', 'module M\n  class A\n    def self.add(n)\n    end\n  end\nend\n', ['M', 'A', 'add']],
  ['php', '<?php\nclass A {\n  public function add($n) {}\n}\nfunction go() {}\n', ['A', 'add', 'go']],
  ['c-sharp', 'public class A {\n  public int Add(int n) { return n; }\n}\n', ['A', 'Add']],
  ['cpp', 'class A {\n public:\n  int add(int n);\n};\nint A::add(int n) {\n  return n;\n}\n', ['A', 'add']],
] as const)('%s by its parser', async (language, text, expected) => {
  const found = (await createTreeOutline()(text, language)) ?? [];
  expect(found.map((d) => d.name)).toEqual(expect.arrayContaining([...expected]));
});

test('no grammar for TypeScript here: null, so that patterns are used', async () => {
  expect(await createTreeOutline()('const a = 1;', 'typescript')).toBeNull();
});

/** Texts that make a careless pattern try again and again; each takes milliseconds here and minutes there. */
test.each([
  ['indented call without an end', `  a(\n${'      x\n'.repeat(20_000)}`],
  ['blanks', `${' '.repeat(200_000)}x`],
  ['blank lines', ' \n'.repeat(150_000)],
  ['open brackets', `  a${'('.repeat(100_000)}`],
  ['slashes', '/ '.repeat(100_000)],
  ['regular expressions that do not end', '(/['.repeat(100_000)],
  ['imports that do not end', 'from a import (\n'.repeat(20_000)],
  ['generics', `  a${'<'.repeat(100_000)}`],
  ['quotes', `${"'".repeat(99_999)}`],
  ['words', `${'a '.repeat(100_000)}(`],
  ['dots', `${'a.'.repeat(100_000)}`],
])(
  'hostile text is read in linear time: %s',
  (_name, text) => {
    for (const language of ['typescript', 'python', 'go', 'rust', 'java', 'php', 'pattern'] as const) names(text, language);
  },
  20_000,
);
