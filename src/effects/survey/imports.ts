// Which runner a JavaScript test file is written for, by what it imports.

/** Runners that we have. */
const OURS: Readonly<Record<string, string>> = {
  vitest: 'vitest',
  'node:test': 'node:test',
  test: 'node:test',
  '@jest/globals': 'jest',
  mocha: 'mocha',
};
const FOREIGN = new Set(['ava', 'tap', 'tape', 'bun:test', 'uvu', 'jasmine', 'qunit', '@playwright/test', 'cypress', 'zora', 'node-tap']);

/** A module that is loaded by `import … from`, `import '…'` or `require('…')`. */
const LOADED = /(?:\bfrom\s{0,20}|\bimport\s{0,20}|\brequire\s{0,5}\(\s{0,20})(["'])([^"'\n]{1,100})\1/g;

export type Written = { readonly runner: string } | { readonly foreign: string } | 'globals' | null;

/** The first 20,000 characters say it: a runner, `globals` (describe and it from nowhere), or null when it is no test. */
export function writtenFor(text: string): Written {
  const head = text.slice(0, 20_000);
  for (const [, , name = ''] of head.matchAll(LOADED)) {
    if (Object.hasOwn(OURS, name)) return { runner: OURS[name] ?? '' };
    if (FOREIGN.has(name)) return { foreign: name };
  }
  return /\b(?:describe|it|test)\s{0,5}\(\s{0,40}["'`]/.test(head) ? 'globals' : null;
}
