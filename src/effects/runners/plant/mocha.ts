// Canaries for files of mocha, in the interface that the file finds: BDD or TDD.
import type { Planted } from '../../../core/ports.ts';
import { assertCanaries, assertUses } from './asserts.ts';
import { type Canary, plantJavaScript, THROWN } from './javascript.ts';
import { isModule } from './module-kind.ts';
import { createWords, type Words } from './words.ts';

/**
 * Plants canaries into a test file for mocha, as ES module or CommonJS like the file itself. Null for a file that exports its tests (the interface
 * `exports`), or in which a suite is a title without a function (`qunit`): what is appended would not be a test there.
 */
export function plantMocha(path: string, text: string, nonce: string): Planted | null {
  if (!/\b(?:it|test|specify|describe|context|suite)\b/.test(text) && /\bexports\b/.test(text)) return null;
  if (/^\s*suite\(\s*(['"`])[^'"`]*\1\s*\)/m.test(text)) return null;
  const words = createWords(nonce, path, text);
  const [test, describe, chai] = [words.word(), words.word(), words.word()];
  const asserts = /['"](?:node:)?assert/.test(text) ? assertUses(text).map((use) => ({ ...use, local: words.word() })) : [];
  const usesChai = /['"]chai['"]/.test(text);
  const imports = [
    ...asserts.map((use) => ({ local: use.local, named: use.named, from: use.module })),
    ...(usesChai ? [{ local: chai, named: true, from: 'chai' }] : []),
  ];
  const load = isModule(path, text)
    ? imports.map(({ local, named, from }) => `import ${named ? `* as ${local}` : local} from '${from}';`)
    : imports.map(({ local, from }) => `const ${local} = require('${from}');`);
  const head = [
    ...load,
    `const ${test} = typeof it === 'function' ? it : globalThis.test;`,
    `const ${describe} = typeof it === 'function' ? globalThis.describe : suite;`,
  ];
  const more = [...asserts.flatMap(({ local }) => assertCanaries(local, words)), ...(usesChai ? chaiCanaries(chai, words) : [])];
  return plantJavaScript(
    path,
    text,
    { head, tests: [test], describe, running: `${describe}('${words.word()}', () => {}).file` },
    [...THROWN, PASS, ...more],
    words,
  );
}

const PASS: Canary = { kind: null, body: () => 'await null;' };

/** Canaries over `c`, a local name of chai's exports. */
function chaiCanaries(c: string, words: Words): readonly Canary[] {
  const x = words.word();
  return [
    { kind: 'equal of different texts', body: (name, other) => `${c}.expect('${name}').to.equal('${other}');` },
    {
      kind: 'deep equality of different objects',
      body: (name, other) => `${c}.expect({ ${x}: '${name}' }).to.deep.equal({ ${x}: '${other}' });`,
    },
    { kind: 'throw, where nothing throws', body: (name) => `${c}.expect(() => {}, '${name}').to.throw();` },
    { kind: 'assert of different texts', body: (name, other) => `${c}.assert.strictEqual('${name}', '${other}');` },
    { kind: 'assert of what is false', body: (name, other) => `${c}.assert('${other}' === '', '${name}');` },
    { kind: null, body: (name) => `${c}.expect({ ${x}: ['${name}'] }).to.deep.equal({ ${x}: ['${name}'] });` },
  ];
}
