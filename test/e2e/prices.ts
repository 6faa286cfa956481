// A small repository whose tests leave much open, and tests that a model writes for it: each of another kind.
import type { Asked, Reply } from './scripted.ts';

export const PRICES: Readonly<Record<string, string>> = {
  'package.json': '{\n  "name": "prices",\n  "type": "module",\n  "scripts": { "test": "node --test" }\n}\n',
  'src/prices.js': `/** Price of \`count\` items: ten or more are a tenth cheaper. */
export function total(count, price) {
  if (count < 0) throw new RangeError('count is negative');
  const full = count * price;
  return count >= 10 ? full - full / 10 : full;
}

/** \`text\`, cut to at most \`most\` characters; what is cut ends with an ellipsis. */
export function clip(text, most) {
  return text.length > most ? \`\${text.slice(0, most)}…\` : text;
}
`,
  'test/prices.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clip, total } from '../src/prices.js';

test('a few items', () => {
  assert.equal(total(2, 5), 10);
});

test('short texts stay', () => {
  assert.equal(clip('abc', 5), 'abc');
});
`,
};

export const MORE = 'test/more-prices.test.js';

const HEAD = `import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { clip, total } from '../src/prices.js';

const seen = [];
`;

/** The tests by name: what is kept is \`ten or more are cheaper\` alone. */
export const CASES: Readonly<Record<string, string>> = {
  'ten or more are cheaper': `  seen.push('ten');
  assert.equal(total(9, 10), 90);
  assert.equal(total(10, 10), 90);
  assert.equal(total(20, 10), 180);`,
  'totals can be had': `  seen.push('had');
  total(3, 5);`,
  'a total is a total': `  seen.push('same');
  assert.equal(total(4, 5), total(4, 5));`,
  'long texts are cut to the limit': `  seen.push('cut');
  assert.ok(clip('abcdef', 3).length <= 3);`,
  'the code is as long as ever': `  seen.push('text');
  assert.equal(readFileSync(new URL('../src/prices.js', import.meta.url), 'utf8').length, ${PRICES['src/prices.js']?.length});`,
  'everything runs in its order': `  assert.deepEqual(seen, ['ten', 'had', 'same', 'cut', 'text']);`,
};

/** The file with these tests of \`CASES\`. */
export function testFile(names: readonly string[] = Object.keys(CASES)): string {
  return `${HEAD}${names.map((name) => `\ntest('${name}', () => {\n${CASES[name]}\n});\n`).join('')}`;
}

/** Writes all of them in one file; asked again, its author leaves them as they are. */
export function pricesModel({ step, n }: Asked): Reply | undefined {
  if (step !== 'reproduce') return undefined;
  if (n > 1) return { text: 'The code cuts to one character too many: the test is right.' };
  return { text: 'Tests of what is open.', calls: [{ name: 'write', args: { path: MORE, content: testFile() } }] };
}
