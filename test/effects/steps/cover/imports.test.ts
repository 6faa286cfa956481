import { expect, test } from 'vitest';
import { withoutIdleImports } from '../../../../src/effects/steps/cover/imports.ts';

const HEAD = `import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { type A, b as c, d, idle } from './code.js';
import './effects.js';

`;

test('names that were used and are not any more go, with their statement when it holds no other', async () => {
  const before = `${HEAD}assert.ok(readFileSync && path && c && d);\nlet a: A;\n`;
  expect(await withoutIdleImports('a.ts', before, `${HEAD}assert.ok(d);\n`)).toBe(`import assert from 'node:assert/strict';
import { d, idle } from './code.js';
import './effects.js';

assert.ok(d);
`);
});

test('what is still used, and what never was, stays', async () => {
  const text = `${HEAD}assert.ok(readFileSync && path && c && d);\nlet a: A;\n`;
  expect(await withoutIdleImports('a.ts', text, text)).toBe(text);
  expect(await withoutIdleImports('a.ts', HEAD, HEAD)).toBe(HEAD);
});
