// Canaries for files of node:test.
import type { Planted } from '../../../core/ports.ts';
import { assertCanaries, assertUses } from './asserts.ts';
import { type Canary, plantJavaScript, THROWN } from './javascript.ts';
import { isModule } from './module-kind.ts';
import { createWords } from './words.ts';

/** Plants canaries into a test file for node:test, as ES module or CommonJS like the file itself. */
export function plantNodeTest(path: string, text: string, nonce: string): Planted {
  const words = createWords(nonce, path, text);
  const [test, it, describe, load] = [words.word(), words.word(), words.word(), words.word()];
  const asserts = assertUses(text).map((use) => ({ ...use, local: words.word() }));
  const head = isModule(path, text)
    ? [
        `import { test as ${test}, it as ${it}, describe as ${describe} } from 'node:test';`,
        ...asserts.map(({ module, named, local }) => `import ${named ? `* as ${local}` : local} from '${module}';`),
      ]
    : [
        // A file without any import may still be an ES module, where there is no `require`.
        `const ${load} = typeof require === 'function' ? require : process.getBuiltinModule;`,
        `const { test: ${test}, it: ${it}, describe: ${describe} } = ${load}('node:test');`,
        ...asserts.map(({ module, local }) => `const ${local} = ${load}('${module}');`),
      ];
  const [suite, file] = [words.word(), words.word()];
  const running = `((${file}) => (${describe}('${suite}', (c) => { ${file} = c.filePath; }), ${file}))()`;
  const canaries = [
    ...THROWN,
    ...asserts.flatMap(({ local }) => assertCanaries(local, words)),
    ...(text.includes('.assert') ? CONTEXT : []),
  ];
  return plantJavaScript(path, text, { head, tests: [test, it], describe, running }, canaries, words);
}

/** Assertions of the test's context, `t.assert`. */
const CONTEXT: readonly Canary[] = [
  {
    kind: 'strict equality by the test context',
    parameter: 'c',
    body: (name, other) => `c.assert.strictEqual('${name}', '${other}');`,
  },
  {
    kind: 'deep equality by the test context',
    parameter: 'c',
    body: (name, other) => `c.assert.deepStrictEqual(['${name}'], ['${other}']);`,
  },
];
