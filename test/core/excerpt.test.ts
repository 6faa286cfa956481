import { expect, test } from 'vitest';
import { excerpt, numbered } from '../../src/core/excerpt.ts';

const CODE = `import { a } from './a.js';

/** Adds. */
export function add(x, y) {
  return x + y;
}

export class Pages {
  constructor(size) {
    this.size = size;
  }

  // How many.
  count(total) {
    if (total === 0) {
      return 0;
    }
    return Math.floor(total / this.size);
  }
}
`;

test('a definition is shown whole, with its comment', () => {
  expect(excerpt(CODE, [4], 1_000)).toBe('   3 /** Adds. */\n   4 export function add(x, y) {\n   5   return x + y;\n   6 }');
});

test('a line inside shows the innermost block around it; what lies apart is marked', () => {
  expect(excerpt(CODE, [18, 5], 1_000)).toBe(
    [
      '   3 /** Adds. */\n   4 export function add(x, y) {\n   5   return x + y;\n   6 }',
      '  13   // How many.\n  14   count(total) {\n  15     if (total === 0) {\n  16       return 0;\n  17     }\n  18     return Math.floor(total / this.size);\n  19   }',
    ].join('\n   …\n'),
  );
});

test('the first lines matter most: what does not fit is left out', () => {
  expect(excerpt(CODE, [4, 18], 90)).toBe('   3 /** Adds. */\n   4 export function add(x, y) {\n   5   return x + y;\n   6 }');
});

test('Python blocks end where the indentation does', () => {
  const text = 'import a\n\n\n@cached\ndef one(x):\n    if x:\n        return 1\n    return 2\n\n\ndef two():\n    return 3\n';
  expect(excerpt(text, [7], 500)).toBe('   6     if x:\n   7         return 1');
  expect(excerpt(text, [5], 500)).toBe('   4 @cached\n   5 def one(x):\n   6     if x:\n   7         return 1\n   8     return 2');
});

test('a very long block is shown by its head and around the place', () => {
  const text = ['function long() {', ...Array.from({ length: 300 }, (_, i) => `  step(${i});`), '}', ''].join('\n');
  const shown = excerpt(text, [200], 10_000);
  expect(shown).toContain('   1 function long() {\n   …\n');
  expect(shown).toContain(' 200   step(198);');
  expect(shown.split('\n').length).toBeLessThan(60);
});

test('lines that are not there are passed over, and the size is kept', () => {
  expect(excerpt(CODE, [0, 99], 1_000)).toBe('');
  expect(excerpt('x'.repeat(10_000), [1], 500).length).toBeLessThan(620);
  expect(numbered(['a', 'b'], 9)).toBe('   9 a\n  10 b');
});

test('a long block that is named itself is shown by its head', () => {
  const text = ['class Long {', ...Array.from({ length: 300 }, (_, i) => `  field${i} = ${i};`), '}', ''].join('\n');
  expect(excerpt(text, [1], 10_000).split('\n')).toHaveLength(25);
});
