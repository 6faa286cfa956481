import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdit, applyHunks, applyShownHunks, type Hunk } from '../../src/core/edits.ts';

const made = (text: string, hunks: readonly Hunk[], order: 'free' | 'ordered' = 'free') => {
  const result = applyHunks(text, hunks, order);
  return 'text' in result ? result.text : result.failed.map((each) => `${each.index}: ${each.problem}`).join('\n');
};

describe('applyHunks', () => {
  it('makes all hunks or none, and says which would have fitted', () => {
    const result = applyHunks('a\nb\nc\n', [
      { find: 'a', replace: 'A' },
      { find: 'nowhere', replace: 'x' },
      { find: 'c', replace: 'C' },
    ]);
    expect(result).toMatchObject({ failed: [{ index: 1, problem: expect.stringContaining('not in the file') }], ok: [0, 2] });
    expect(
      made('a\nb\n', [
        { find: 'a', replace: 'c' },
        { find: 'c\nb', replace: 'd' },
      ]),
    ).toBe('d\n');
  });

  it('replaces every place only where that is asked for', () => {
    expect(made('aaaa x aa', [{ find: 'aa', replace: 'b', all: true }])).toBe('bb x b');
    expect(made('x\n  go();\nx\n\tgo();\n', [{ find: 'go();', replace: 'stop();', all: true }])).toBe('x\n  stop();\nx\n\tstop();\n');
    expect(made('a\nb\na\n', [{ find: 'a\n', replace: '', all: true }])).toBe('b\n');
    expect(made('a a', [{ find: 'a', replace: 'b' }])).toContain('2 places');
    expect(made(Array(500).fill('x').join(' '), [{ find: 'x', replace: 'y', all: true }])).toBe(Array(500).fill('y').join(' '));
  });

  it('inserts before and after lines, with their indentation and line ends', () => {
    const text = 'class A {\r\n    one() {}\r\n}\r\n';
    const both = 'class A {\r\n    one() {}\r\n    two() {}\r\n}\r\n';
    expect(made(text, [{ find: 'one() {}', replace: 'two() {}', insert: 'after' }])).toBe(both);
    expect(made(text, [{ find: '  one() {}', replace: '  two() {}', insert: 'after' }])).toBe(both);
    expect(made(text, [{ find: '    one() {}', replace: '    two() {}', insert: 'after' }])).toBe(both);
    expect(made(text, [{ find: '\tone() {}', replace: '\ttwo() {}', insert: 'before' }])).toBe(
      'class A {\r\n    two() {}\r\n    one() {}\r\n}\r\n',
    );
    expect(made('a\nb', [{ find: 'b', replace: 'c', insert: 'after' }])).toBe('a\nb\nc');
    expect(made('a\nb\n', [{ find: '', replace: 'x', insert: 'after', line: 1 }])).toBe('a\nx\nb\n');
    expect(made('a\nb\n', [{ find: '', replace: 'x', insert: 'after', line: 0 }])).toBe('x\na\nb\n');
    expect(made('a\nb\n', [{ find: '', replace: 'x', insert: 'after', line: Number.POSITIVE_INFINITY }])).toBe('a\nb\nx\n');
    expect(made('a\nb\n', [{ find: '', replace: 'x', insert: 'before', line: 9 }])).toContain('the file has 2 lines');
  });

  it('lets a line number decide between places that are alike, and nothing else', () => {
    const text = 'a\nx\nb\nx\n';
    expect(made(text, [{ find: 'x', replace: 'y', line: 4 }])).toBe('a\nx\nb\ny\n');
    expect(made(text, [{ find: 'x', replace: 'y', line: 3 }])).toContain('2 places');
    expect(made('a\nx\n', [{ find: 'x', replace: 'y', line: 40 }])).toBe('a\ny\n');
    expect(
      made(text, [
        { find: 'a', replace: 'a\na2' },
        { find: 'x', replace: 'y', line: 4 },
      ]),
    ).toBe('a\na2\nx\nb\ny\n');
  });

  it('places the hunks of a diff one below the other, where that leaves one place for each', () => {
    const text = 'x\na\nx\nb\nx\n';
    expect(
      made(
        text,
        [
          { find: 'a', replace: 'A' },
          { find: 'x', replace: 'X' },
          { find: 'b', replace: 'B' },
        ],
        'ordered',
      ),
    ).toBe('x\nA\nX\nB\nx\n');
    expect(
      made(
        text,
        [
          { find: 'a', replace: 'A' },
          { find: 'x', replace: 'X' },
        ],
        'ordered',
      ),
    ).toContain('2 places');
    expect(
      made(
        'a\nb\n',
        [
          { find: 'a\nb', replace: 'c' },
          { find: 'b', replace: 'd' },
        ],
        'ordered',
      ),
    ).toContain('overlaps');
  });

  it('finds the first place under a line, and under a line inside another', () => {
    const text = 'class A:\n  def f():\n    pass\nclass B:\n  def f():\n    pass\n';
    expect(made(text, [{ find: 'pass', replace: 'go()', under: ['class B:'] }])).toBe(text.replace(/pass\n$/, 'go()\n'));
    expect(made(text, [{ find: 'pass', replace: 'go()', under: ['class B:', 'def f():'] }])).toBe(text.replace(/pass\n$/, 'go()\n'));
    expect(made(text, [{ find: 'pass', replace: 'go()', under: ['def f():'] }])).toContain('2 places');
    expect(made(text, [{ find: 'pass', replace: 'go()', under: ['class C:'] }])).toContain('is not in the file');
  });
});

describe('more tolerance', () => {
  it.each([
    ['escapes', 'say("hi");\nrest\n', 'say(\\"hi\\");', 'say(\\"ho\\");', 'say("ho");\nrest\n'],
    ['escapes', 'a();\nb();\n', 'a();\\nb();', 'a();\\nc();', 'a();\nc();\n'],
    ['escapes', 'if (a < b && c) {}\n', 'if (a &lt; b &amp;&amp; c) {}', 'if (a &gt; b) {}', 'if (a > b) {}\n'],
    [
      'elided lines',
      'f() {\n  one();\n  two();\n  three();\n}\n',
      'f() {\n  // ...\n  three();\n}',
      'g() {\n  // ...\n  four();\n}',
      'g() {\n  one();\n  two();\n  four();\n}\n',
    ],
    [
      'small differences',
      'function total(items) {\n  const sums = items.map(price);\n  return sums.reduce(add, 0);\n}\n',
      'function total(items) {\n  const sum = items.map(price);\n  return sums.reduce(add, 0);\n}',
      'function total(items) {\n  const sum = items.map(price);\n  return sums.reduce(add, 1);\n}',
      'function total(items) {\n  const sum = items.map(price);\n  return sums.reduce(add, 1);\n}\n',
    ],
  ])('overlooks %s', (tolerance, before, find, replace, after) => {
    expect(applyEdit(before, find, replace)).toEqual({ text: after, tolerance });
  });

  it('leaves lines that it does not change as they are, byte for byte', () => {
    const before = 'const a = “x”;  \r\nconst b = 1;\nconst c = ‘y’;\t\r\n';
    expect(applyEdit(before, `const a = "x";\nconst b = 1;\nconst c = 'y';`, `const a = "x";\nconst b = 2;\nconst c = 'y';`)).toMatchObject(
      {
        text: 'const a = “x”;  \r\nconst b = 2;\r\nconst c = ‘y’;\t\r\n',
      },
    );
  });

  it('refuses what is left out where it does not add up, or stands at several places', () => {
    const text = 'f(\n  1\n)\nf(\n  2\n)\n';
    expect(applyEdit(text, 'f(\n...\n)', 'g(\n...\n)')).toHaveProperty('problem');
    expect(applyEdit('a();\nb();\nc();\n', 'a();\n...\nc();', 'x();')).toHaveProperty('problem');
    expect(applyEdit('a = 1\nb = 2\nc = 3\n', 'x = 1\n...\nc = 3', 'x = 2\n...\nc = 4')).toHaveProperty('problem');
  });

  it('does not take what only looks alike', () => {
    const twice = `${'function a(items) {\n  const sums = items.map(price);\n  return sums;\n}\n'.repeat(2)}`;
    expect(applyEdit(twice, 'function a(items) {\n  const sum = items.map(price);\n  return sums;\n}', 'x')).toHaveProperty('problem');
    const other = 'function total(items) {\n  return items.length;\n  // nothing\n}\n';
    expect(applyEdit(other, 'function total(items) {\n  const sums = items.map(price);\n  return sums;\n}', 'x')).toHaveProperty('problem');
  });
});

describe('a chunk of a text, mangled', () => {
  const words = ['alpha', 'beta(1)', 'gamma = "x"', 'return delta;', '} else {', "say('hi')", 'if (a && b) {', '}', '', '# note', 'x - y'];
  const line = fc
    .tuple(fc.constantFrom('', '  ', '    ', '\t', '      '), fc.constantFrom(...words))
    .map(([indent, word]) => indent + word);
  const mangle: Record<string, (text: string) => string> = {
    crlf: (text) => text.replaceAll('\n', '\r\n'),
    indented: (text) => text.replace(/^(?=.*\S)/gm, '    '),
    dedented: (text) => text.replace(/^ {2}/gm, ''),
    quotes: (text) => text.replaceAll("'", '\u2019').replaceAll('-', '\u2013'),
    trailing: (text) => text.replace(/$/gm, '  '),
    edges: (text) => `\n${text}\n\n`,
    tabs: (text) => text.replace(/^( {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4)),
  };

  it('is replaced where it stands or not at all, and nothing else changes by a byte', () => {
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 4, maxLength: 30 }),
        fc.nat(),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(...Object.keys(mangle)),
        fc.constantFrom('\n', '\r\n'),
        (lines, from, count, how, eol) => {
          const at = from % lines.length;
          const chunk = lines.slice(at, at + count);
          fc.pre(chunk[0]?.trim() !== '' && chunk.at(-1)?.trim() !== '');
          const text = lines.join(eol) + eol;
          const before = lines
            .slice(0, at)
            .map((each) => each + eol)
            .join('');
          const after = lines
            .slice(at + count)
            .map((each) => each + eol)
            .join('');
          const find = mangle[how]?.(chunk.join('\n')) ?? '';
          const flat = (part: string) => part.replace(/\s+/g, ' ');
          // Mangled, it may be another line of the text; and blank edges may fit another place better.
          const plainEnds = (part: string) => part.replaceAll('\r\n', '\n');
          fc.pre(
            (how === 'crlf' || !plainEnds(text).includes(plainEnds(find))) &&
              (how !== 'edges' || flat(text).split(flat(chunk.join(' ')).trim()).length === 2),
          );
          const result = applyEdit(text, find, 'REPLACED');
          if (!('text' in result)) return;
          const [put = '', tail = ''] = result.text.split('REPLACED');
          // The indentation of the replacement is its own; blank lines at the edges of the chunk may be left standing.
          const head = put.replace(/[ \t]+$/, '');
          const edge = /^\s*$/;
          expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
          expect(head.startsWith(before.trimEnd()) || before.startsWith(head.trimEnd())).toBe(true);
          const middle = text.slice(head.length, text.length - tail.length);
          const plain = (part: string) => part.replace(/\s+/g, '').replaceAll('\u2019', "'").replaceAll('\u2013', '-').toLowerCase();
          expect(plain(middle)).toBe(plain(chunk.join('')));
          expect(edge.test(after.slice(0, Math.max(0, after.length - tail.length)))).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is found in any file when it stands there once', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 12 }),
        fc.array(line, { maxLength: 12 }),
        // Blank lines at the edges may really stand there, and are then replaced, too.
        fc.constantFrom(...Object.keys(mangle).filter((how) => how !== 'edges')),
        (above, below, how) => {
          const chunk = "    function onlyHere(it) {\n        return it - 'one';\n    }";
          const text = [...above, chunk, ...below].join('\n');
          const result = applyEdit(text, mangle[how]?.(chunk) ?? '', "    function onlyHere(it) {\n        return it - 'two';\n    }");
          expect('text' in result).toBe(true);
          if (!('text' in result)) return;
          expect(result.text.startsWith([...above, ''].join('\n'))).toBe(true);
          expect(result.text.endsWith(['', ...below].join('\n'))).toBe(true);
          expect(result.text.split('\n').length).toBe(text.split('\n').length);
          expect(result.text).toContain('two');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('equals splicing by hand for hunks that are exact', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 8 }), (ids) => {
        const text = ids.map((id, i) => `line ${i} of ${id};\n`).join('');
        const hunks = ids.map((id, i) => ({ find: `line ${i} of ${id};`, replace: `changed ${i}` }));
        const want = ids.map((_, i) => `changed ${i}\n`).join('');
        expect(made(text, hunks)).toBe(want);
        expect(made(text, hunks, 'ordered')).toBe(want);
      }),
    );
  });
});

it('stays linear on a large file: many hunks, none of which is there, and hostile repetition', () => {
  const large = Array.from({ length: 14_000 }, (_, i) => `  const value${i} = compute(${i}, "some text that is long enough");`).join('\n');
  const block = (i: number) =>
    `const value${i} = compute(${i}, "some text that is long enough");\nconst value${i + 1} = compute(${i + 1}, "some text that is long enough");`;
  const result = applyHunks(
    large,
    Array.from({ length: 20 }, (_, i) => ({ find: block(i * 10), replace: `x${i}` })),
    'ordered',
  );
  expect(result).toMatchObject({ tolerances: Array(20).fill('indentation') });
  expect(applyHunks('a\n'.repeat(400_000), [{ find: `${'a\n'.repeat(50_000)}b\n${'a\n'.repeat(50_000)}`, replace: 'x' }])).toHaveProperty(
    'failed',
  );
});

it('keeps a text that was shown with hidden characters written out', () => {
  const text = "\ufeffconst zero = '\u200b';\r\nlet a;\r\n";
  expect(applyShownHunks(text, [{ find: 'let a;', replace: 'let b;' }])).toMatchObject({
    text: "\ufeffconst zero = '\u200b';\r\nlet b;\r\n",
  });
  expect(applyShownHunks(text, [{ find: "const zero = '<U+200B>';", replace: "const zero = '<U+200B>!';" }])).toMatchObject({
    text: "\ufeffconst zero = '\u200b!';\r\nlet a;\r\n",
  });
});
