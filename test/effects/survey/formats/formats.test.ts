import fc from 'fast-check';
import { expect, it } from 'vitest';
import { at } from '../../../../src/effects/survey/formats/data.ts';
import { parseIni, words } from '../../../../src/effects/survey/formats/ini.ts';
import { parseJson } from '../../../../src/effects/survey/formats/json.ts';
import { literalOf, UNKNOWN } from '../../../../src/effects/survey/formats/literals.ts';
import { parseToml } from '../../../../src/effects/survey/formats/toml.ts';
import { parseYaml } from '../../../../src/effects/survey/formats/yaml.ts';

const TOML = `# a manifest
[project]
name = "a" # said so
'odd key' = 'C:\\no\\escape'
requires-python = ">=3.10"
text = """
one
two \\"""three"""
[tool.pytest.ini_options]
testpaths = ["tests", # first
  'more',
]
nested = { a.b = 1, c = [ { d = true } ] }
broken =
1_000 = 1_000
[[bin]]
name = "one"
[[bin]]
name = "two"
when = 2026-11-23T10:00:00Z
`;

it('reads TOML, and passes over a line that it cannot read', () => {
  const read = JSON.parse(JSON.stringify(parseToml(TOML)));
  expect(read).toEqual({
    project: { name: 'a', 'odd key': 'C:\\no\\escape', 'requires-python': '>=3.10', text: 'one\ntwo """three' },
    tool: { pytest: { ini_options: { testpaths: ['tests', 'more'], nested: { a: { b: 1 }, c: [{ d: true }] }, '1_000': 1000 } } },
    bin: [{ name: 'one' }, { name: 'two', when: '2026-11-23T10:00:00Z' }],
  });
});

it('reads ini files with values that go on', () => {
  const ini = parseIni('; c\n[tool:pytest]\ntestpaths =\n    tests\n    more # x\nPython_Files: test_*.py check_*.py\n[other]\nx=1\n');
  expect(words(ini.get('tool:pytest')?.get('python_files'))).toEqual(['test_*.py', 'check_*.py']);
  expect(words(ini.get('tool:pytest')?.get('testpaths'))).toEqual(['tests', 'more', 'x']);
});

it('reads JSON with comments and trailing commas', () => {
  expect(parseJson('\ufeff{ // c\n "a": "// no /* comment */,}", /* c */ "b": [1, 2, ], }')).toEqual({
    a: '// no /* comment */,}',
    b: [1, 2],
  });
  expect(parseJson('{')).toBe(null);
});

it('reads YAML, and gives nothing for what is none', async () => {
  expect(await parseYaml('packages:\n  - a/*\n')).toEqual({ packages: ['a/*'] });
  const bomb = Array.from({ length: 30 }, (_, i) => `a${i}: &a${i} [${i === 0 ? '1' : `*a${i - 1}, *a${i - 1}`}]`).join('\n');
  expect(await parseYaml(bomb)).toBe(null);
});

const CONFIG = `
import { defineConfig } from 'vitest/config' // test: { include: ['comment'] }
const re = /test: { include: ["regex"] }/, half = a / b / c
export default defineConfig(({ mode }) => ({
  plugins: [x({ include: /\\.vue$/ })],
  test: {
    include: ['src/**/*.test.ts', "it's/*.ts", \`plain\`] as const,
    exclude: [...configDefaults.exclude, 'e2e/**'],
    environment: process.env.X ?? 'node', [computed]: 1, method() { return { include: [] } },
    'quoted': 1_0, deep: { a: true },
  },
}))`;

it('reads literals out of code, and says what is none', () => {
  const test = literalOf(CONFIG, 'test');
  expect(at(test, 'include')).toEqual(['src/**/*.test.ts', "it's/*.ts", 'plain']);
  expect(at(test, 'exclude')).toEqual([UNKNOWN, 'e2e/**']);
  expect([at(test, 'environment'), at(test, 'quoted'), at(test, 'deep', 'a')]).toEqual([UNKNOWN, 10, true]);
  expect(literalOf(['x = { a: `n$', '{1}` }'].join(''), 'a')).toBe(UNKNOWN);
  expect(['b', 'c', 'd', 'e'].map((key) => literalOf('x = { a: 1, b: f("t"), c: "s" + "t", d: -1 }', key))).toEqual([
    UNKNOWN,
    UNKNOWN,
    UNKNOWN,
    undefined,
  ]);
});

it('never throws on garbage', async () => {
  const samples = [TOML, CONFIG, '{"a": [1, {"b": "c"}] // x\n}', '[a]\nb = c\n'];
  const garbage = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .tuple(fc.constantFrom(...samples), fc.nat(900), fc.nat(900), fc.string({ maxLength: 5 }))
      .map(([text, a, b, s]) => text.slice(0, a) + s + text.slice(b)),
  );
  await fc.assert(
    fc.asyncProperty(garbage, async (text) => {
      parseToml(text);
      parseIni(text);
      parseJson(text);
      literalOf(text, 'test');
      await parseYaml(text);
    }),
    { numRuns: 200 },
  );
});

it('reads hostile texts to their end', () => {
  const unit = ['"', '\\"', "'", '`', '/*', '//', '[', '{', 'a: {', '(', '/[', '/a', '"""', 'x = """\n', 'a = [\n', ',', '  ,', '#', '${`'];
  for (const one of unit) {
    const text = one.repeat(Math.ceil(150_000 / one.length));
    parseToml(text);
    parseIni(text);
    parseJson(text);
    literalOf(`test: ${text}`, 'test');
  }
});
