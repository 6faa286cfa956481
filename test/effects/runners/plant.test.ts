import { expect, test } from 'vitest';
import { createRunners } from '../../../src/effects/runners/index.ts';
import { assertUses } from '../../../src/effects/runners/plant/asserts.ts';
import { isModule } from '../../../src/effects/runners/plant/module-kind.ts';

const runners = createRunners();
const nonces = ['a'.repeat(64), 'b'.repeat(64)] as const;
const files: readonly (readonly [string, string])[] = [
  ['node:test', 'test/a.test.ts'],
  ['vitest', 'test/a.test.tsx'],
  ['jest', 'test/a.test.js'],
  ['unittest', 'tests/test_a.py'],
  ['pytest', 'tests/test_a.py'],
];

test.each(files)('%s: canaries come after the file, under names that only the nonce gives', (id, path) => {
  const text = "one\ntwo # assert 'node:assert' unittest\r\nthree";
  const [one, other] = nonces.map((nonce) => runners.runner(id).plant(path, text, nonce));
  if (!one || !other) throw new Error('nothing was planted');
  expect(one).toEqual(runners.runner(id).plant(path, text, nonces[0]));
  expect(one.text.startsWith(`${text}\n`)).toBe(true);
  expect(one.text).not.toMatch(/canary|redgreen|planted|a{10}/i);
  const ids = (planted: typeof one) => [...planted.pass, ...Object.keys(planted.fail)];
  expect(ids(one).filter((each) => ids(other).includes(each))).toEqual([]);
  expect(new Set(ids(one)).size).toBe(ids(one).length);
  expect(one.pass.length).toBeGreaterThan(0);
  expect(new Set(Object.values(one.fail)).size).toBeGreaterThan(5);
  for (const each of ids(one)) {
    const name = each.split(' › ').at(-1) ?? '';
    expect(name).toMatch(/^(?:test_)?[a-z]{8,10}$/);
    expect(one.text).toContain(name);
    expect(text).not.toContain(name);
  }
});

test('files that hold no tests get none', () => {
  for (const [id, path] of files) {
    expect(runners.runner(id).plant('test/oracle.json', '{}', nonces[0])).toBeNull();
    expect(runners.runner(id).plant('conftest.py', '', nonces[0])).toBeNull();
    expect(runners.runner(id).plant(path, '', nonces[0])).not.toBeNull();
  }
});

test.each<[string, string, boolean]>([
  ['a.mjs', 'module.exports = 1;', true],
  ['a.cjs', 'import x from "y";', false],
  ['a.js', '#!/usr/bin/env node\nconst x = require("y");\nreturn;', false],
  ['a.js', 'const code = `\nimport x from "y";\n`; // import\n', false],
  ['a.js', 'import("y").then(console.log);', false],
  ['a.js', 'import x from "y";', true],
  ['a.js', 'await 1;', true],
  ['a.js', 'console.log(import.meta.url);', true],
  ['a.ts', 'import type { X } from "y";\nconst a: number = 1;', true],
  ['a.ts', 'export {};', true],
  ['a.ts', 'import fs = require("fs");\nexport = 1;', false],
  ['a.ts', 'const fs: unknown = require("fs");\nimport("y");', false],
  ['a.cts', 'export const a = 1;', false],
])('%s with %j: an ES module is %s', (path, text, expected) => {
  expect(isModule(path, text)).toBe(expected);
});

test('assertions are tried by each way in which a file comes by them', () => {
  const modules = (text: string) => assertUses(text).map((use) => `${use.module}${use.named ? ' *' : ''}`);
  expect(modules("import assert from 'node:assert/strict';")).toEqual(['node:assert/strict']);
  expect(modules("const assert = require('assert');")).toEqual(['node:assert']);
  expect(modules("import { strict as assert } from 'node:assert';")).toEqual([
    'node:assert',
    'node:assert *',
    'node:assert/strict',
    'node:assert/strict *',
  ]);
  expect(modules('t.assert.equal(1, 1)')).toEqual(['node:assert/strict']);
});
