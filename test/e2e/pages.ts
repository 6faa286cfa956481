// A small repository with a bug in its pages, and what a model says that mends it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Asked, Reply } from './scripted.ts';

export const PAGES: Readonly<Record<string, string>> = {
  'package.json': '{\n  "name": "pages",\n  "type": "module",\n  "scripts": { "test": "node --test" }\n}\n',
  'README.md': '# pages\n\nCuts lists into pages.\n',
  'AGENTS.md': '- Two spaces, single quotes.\n',
  'src/pages.js': `import { clamp } from './clamp.js';

/** Number of pages of \`total\` items, \`size\` to a page. */
export function pageCount(total, size) {
  return Math.floor(total / size);
}

/** The items of page \`page\` (from 1). */
export function pageOf(items, page, size) {
  const at = clamp(page, 1, pageCount(items.length, size));
  return items.slice((at - 1) * size, at * size);
}
`,
  'src/clamp.js': `/** \`value\`, but not less than \`low\` and not more than \`high\`. */
export function clamp(value, low, high) {
  return Math.max(low, Math.min(high, value));
}
`,
  'test/clamp.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clamp } from '../src/clamp.js';

test('values outside are clamped', () => {
  assert.equal(clamp(5, 1, 3), 3);
  assert.equal(clamp(-5, 1, 3), 1);
});

test('this one has always failed', () => {
  assert.equal(clamp(2, 3, 1), 2);
});
`,
  'test/pages.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageCount, pageOf } from '../src/pages.js';

test('whole pages', () => {
  assert.equal(pageCount(10, 5), 2);
  assert.deepEqual(pageOf([1, 2, 3, 4], 2, 2), [3, 4]);
});
`,
};

export const GIVEN = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageCount, pageOf } from '../src/pages.js';

test('the last page may be short', () => {
  assert.equal(pageCount(11, 5), 3);
  assert.deepEqual(pageOf([1, 2, 3], 2, 2), [3]);
});
`;

/** Makes the repository at \`dir\`, with one commit. */
export function makeRepository(dir: string, files: Readonly<Record<string, string>> = PAGES): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  const git = (...args: string[]) => execFileSync('git', ['-C', dir, '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args]);
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'first');
}

export const mend = {
  name: 'edit',
  args: { path: 'src/pages.js', edits: [{ find: 'Math.floor(total / size)', replace: 'Math.ceil(total / size)' }] },
};

/** Reproduces the bug in a test of its own, then mends it. */
export function pagesModel({ step, n }: Asked): Reply | undefined {
  if (step === 'repair') return n === 1 ? { text: 'It rounds down.', calls: [mend] } : { text: 'Done.' };
  if (step !== 'reproduce') return undefined;
  if (n > 1) return { text: 'It fails because the last page is not counted.' };
  return { text: 'A test of the short last page.', calls: [{ name: 'write', args: { path: 'test/short-page.test.js', content: GIVEN } }] };
}
