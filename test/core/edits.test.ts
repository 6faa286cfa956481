import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdit } from '../../src/core/edits.ts';

const text = (before: string, find: string, replace: string) => {
  const result = applyEdit(before, find, replace);
  return 'text' in result ? result.text : result.problem;
};

describe('applyEdit, strictly', () => {
  it('replaces the only place', () => {
    expect(applyEdit('a b c\n', 'b', 'x')).toEqual({ text: 'a x c\n', tolerance: null });
    expect(applyEdit('', '', 'new file')).toEqual({ text: 'new file', tolerance: null });
    expect(text('price: 1', '1', '$& $1 $$')).toBe('price: $& $1 $$');
  });

  it('equals String.replace for a find that stands once, and touches nothing else', () => {
    const words = fc
      .array(fc.constantFrom('a', 'b', ' ', '\n', '  ', 'if', '{', '}', '\t'), { maxLength: 30 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(words, words, words, (before, after, replace) => {
        const find = '«only»\nonce';
        fc.pre(replace !== '' && replace !== find);
        const whole = before + find + after;
        expect(applyEdit(whole, find, replace)).toEqual({ text: whole.replace(find, () => replace), tolerance: null });
      }),
    );
  });

  it('never changes text outside the place, whatever the tolerance', () => {
    const indent = fc.constantFrom('', '  ', '    ', '\t', '\t\t');
    const edges = fc.array(fc.constantFrom('alpha', 'beta(1)', '', '  gamma', '\tdelta'), { maxLength: 6 });
    fc.assert(
      fc.property(
        edges,
        edges,
        indent,
        indent,
        fc.constantFrom('', '  '),
        fc.constantFrom('\n', '\r\n'),
        (before, after, there, here, trailing, eol) => {
          const block = (by: string, end: string) => [`${by}const unique = "once";${end}`, `${by}  call(unique);${end}`];
          const whole = [...before, ...block(there, trailing), ...after].join(eol);
          const result = applyEdit(
            whole,
            block(here, '').join('\n'),
            [`${here}const other = 1;`, `${here}  call(other);`, `${here}done();`].join('\n'),
          );
          const want = [...before, `${there}const other = 1;`, `${there}  call(other);`, `${there}done();`, ...after].join(eol);
          const flat = (lines: string) =>
            there === '\t' || there === '\t\t' || here === '\t' || here === '\t\t'
              ? lines.replace(/[ \t]+/g, ' ')
              : lines.replace(/[ \t]+(?=\r?\n|$)/g, '');
          expect('text' in result).toBe(true);
          if ('text' in result) expect(flat(result.text)).toBe(flat(want));
        },
      ),
    );
  });

  it('keeps a byte order mark, CRLF and a missing final newline', () => {
    expect(text('\ufeffa\r\nb', 'a', 'x\ny')).toBe('\ufeffx\r\ny\r\nb');
    expect(text('\ufeffa\n', '\ufeffa', '\ufeffb')).toBe('\ufeffb\n');
    expect(text('a\r\nb\r\nc\r\n', 'a\nb', 'x\ny\nz')).toBe('x\r\ny\r\nz\r\nc\r\n');
    expect(text('a\nb', 'b\n', 'c\n')).toBe('a\nc');
    expect(text('a\nb\n', 'b', 'c')).toBe('a\nc\n');
  });

  it('keeps the line ends of every other line in a mixed file', () => {
    expect(text('a\r\nb\nc\r\nd\ne', 'c\nd', 'x')).toBe('a\r\nb\nx\ne');
  });

  it('takes whole deleted lines with their line end, and parts of lines without', () => {
    expect(text('a\n  b\nc\n', '  b', '')).toBe('a\nc\n');
    expect(text('a\r\nb\r\nc', 'b', '')).toBe('a\r\nc');
    expect(text('a b c', 'b ', '')).toBe('a c');
    expect(text('a\nb\n\nc', 'b\n', '')).toBe('a\n\nc');
    expect(text('a\n\nfoo\nb', '\nfoo', '')).toBe('a\n\nb');
    expect(text('b\nc', 'b', '')).toBe('c');
  });
});

describe('applyEdit, tolerantly', () => {
  it.each([
    ['trailing white space', 'f() {  \n  x;\t\n}\n', 'f() {\n  x;\n}', 'g() {\n  y;\n}', 'g() {\n  y;\n}\n'],
    ['trailing white space', 'f() {\n  x;\n}\n', 'f() { \n  x;   \n}', 'g() {\n}', 'g() {\n}\n'],
    ['line ends', 'a {\r\n b\r\n}\r\n', 'a {\n b\n}', 'c', 'c\r\n'],
    ['blank lines at the edges', 'one\ntwo\n', '\n\ntwo\n\n', '\n\nTWO\n\n', 'one\nTWO\n'],
    ['quotes and dashes', 'say(“hi” – it’s)\n', `say("hi" - it's)`, 'x', 'x\n'],
    ['quotes and dashes', `say("hi")\n`, 'say(“hi”)', 'say("ho")', 'say("ho")\n'],
    [
      'indentation',
      'class A {\n    b() {\n        c();\n    }\n}\n',
      'b() {\n    c();\n}',
      'b() {\n    d();\n    if (e) {\n        f();\n    }\n}',
      'class A {\n    b() {\n        d();\n        if (e) {\n            f();\n        }\n    }\n}\n',
    ],
    ['indentation', 'a:\n\tb:\n\t\tc\n', '  b:\n    c', '  b:\n    d:\n      e', 'a:\n\tb:\n\t\td:\n\t\t\te\n'],
    ['indentation', 'a:\n  b:\n    c\n', '\tb:\n\t\tc', '\tb:\n\t\td:\n\t\t\te', 'a:\n  b:\n    d:\n      e\n'],
    [
      'indentation',
      'if x:\n    y()\n',
      '        if x:\n            y()',
      '        if z:\n            y()\n        w()',
      'if z:\n    y()\nw()\n',
    ],
    ['indentation', 'a\n    x = 1\n    xx = 10\n', '\tx = 1', '\tx = 2', 'a\n    x = 2\n    xx = 10\n'],
    ['white space', 'const sum = (a,b) => a+b;\n', 'const sum = (a, b) => a + b;', 'const sum = plus;', 'const sum = plus;\n'],
    ['letter case', 'const theVariable = compute(42);\n', 'const thevariable = compute(42);', 'x', 'x\n'],
    ['line numbers', 'a\nb\nc\n', '2 | b\n3 | c', '2 | B\n3 | C', 'a\nB\nC\n'],
    ['line numbers', 'x\n  y\n', '  2\t  y', '  z', 'x\n  z\n'],
  ])('overlooks %s', (tolerance, before, find, replace, after) => {
    expect(applyEdit(before, find, replace)).toEqual({ text: after, tolerance });
  });

  it('refuses where a place is not the only one, at the level where it is found', () => {
    expect(text('a\nb\na\n', 'a', 'x')).toBe(
      '`find` stands at 2 places, on lines 1, 3: give more lines around it, so that it fits only one.',
    );
    expect(text('  go(1);\n\tgo(1);\n', '    go(1);', '    x')).toContain('2 places (indentation overlooked), on lines 1, 2');
    expect(text('aaaa', 'aa', 'b')).toContain('3 places');
    expect(text(`foo('a');\nfoo("a");`, 'foo(‘a’);', 'x')).toBe('x\nfoo("a");');
  });

  it('refuses what says nothing, and says why', () => {
    expect(text('abc', '', 'x')).toContain('`find` is empty');
    expect(text('abc', ' \n ', 'x')).toContain('`find` is empty');
    expect(text('abc', 'b', 'b')).toContain('the same');
    expect(text('', 'x', 'y')).toContain('not in the file');
    expect(text('const value = compute(2);\n', 'const value = compute(1);', 'const value = compute(2);')).toContain('made already');
    expect(text('class Foo {}', 'foo', 'bar')).toContain('not in the file');
  });

  it('tells the lines that are most like what was not found', () => {
    const file = `${Array.from({ length: 50 }, (_, i) => `line ${i}();`).join('\n')}\nfunction getTotal(items) {\n  return items.reduce(add, 0);\n}\n`;
    const result = applyEdit(file, 'function getTotals(items) {\n  return item.reduce(add, 1);\n}', 'x');
    expect(result).toMatchObject({
      nearest: [{ line: 50 }, { line: 51, text: 'function getTotal(items) {' }, { line: 52 }, { line: 53, text: '}' }, { line: 54 }],
    });
    expect(applyEdit('zzz qqq', 'completely different()', 'x')).toMatchObject({ nearest: [] });
  });

  it('is total: any text, find and replace give a text or a problem', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\t', '\n', '\r', '\r\n', '“', '"', '\ufeff', '1 | '), maxLength: 12 });
    fc.assert(
      fc.property(part, part, part, (before, find, replace) => {
        const result = applyEdit(before, find, replace);
        expect('text' in result ? typeof result.text : typeof result.problem).toBe('string');
      }),
      { numRuns: 3_000 },
    );
  });

  it('copes with large hostile text', () => {
    const a = 'a'.repeat(100_000);
    for (const find of [
      `${a.slice(50_000)}b`,
      `b${a.slice(50_000)}`,
      `${a.slice(75_000)}b${a.slice(75_000)}`,
      '\n'.repeat(50_000),
      ' '.repeat(50_000),
      '1 | '.repeat(10_000),
    ]) {
      expect('problem' in applyEdit(a, find, 'x')).toBe(true);
      expect('problem' in applyEdit('a\n'.repeat(50_000), find, 'x')).toBe(true);
    }
  });
});
