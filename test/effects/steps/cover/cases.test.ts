import { describe, expect, test } from 'vitest';
import { sharesWith, textOf, without } from '../../../../src/effects/steps/cover/cases.ts';
import { casesIn } from '../../../../src/effects/steps/cover/cases-in.ts';

const SCRIPT = `// All of it.
import { describe, it, test } from 'vitest';

const one = 1;

// The first.
test('first', () => {
  expect(one).toBe(1);
});

describe('group', () => {
  it('second', async () => {
    expect(/[)}'"]/.test("})")).toBe(true);
  });

  /* Much to say. */
  it.skip('third', () => {});
});

test.each([
  [1, 2],
  [2, 3],
])('%i becomes %i', (a, b) => {
  expect(a + 1).toBe(b);
});

for (const name of ['x', 'y']) {
  test(\`with \${name}\`, () => {});
}

test('outer', async (t) => {
  await t.test('inner', () => {});
  await t.test('other', () => {});
});
`;
const id = (...names: string[]) => ['a.test.ts', ...names].join(' › ');
const cut = async (out: readonly string[], stay: readonly string[] = []) => without(SCRIPT, await casesIn('a.test.ts', SCRIPT), out, stay);

describe('a file in TypeScript', () => {
  test('loses a test with the comment above it, and nothing else', async () => {
    const { text, left } = await cut([id('first')]);
    expect(left).toEqual([]);
    expect(text).toBe(SCRIPT.replace("// The first.\ntest('first', () => {\n  expect(one).toBe(1);\n});\n\n", ''));
  });

  test('loses a suite with its last test, and keeps one with another', async () => {
    expect((await cut([id('group', 'second')])).text).toBe(
      SCRIPT.replace('  it(\'second\', async () => {\n    expect(/[)}\'"]/.test("})")).toBe(true);\n  });\n\n', ''),
    );
    expect((await cut([id('group', 'second'), id('group', 'third')])).text).not.toContain('group');
  });

  test('keeps a table of which one case stays, and says so', async () => {
    const { text, left } = await cut([id('1 becomes 2')], [id('2 becomes 3')]);
    expect(text).toBe(SCRIPT);
    expect(left).toEqual([id('1 becomes 2')]);
    expect((await cut([id('1 becomes 2'), id('2 becomes 3'), id('with x'), id('with y')])).text).not.toMatch(/becomes|with/);
  });

  test('takes a subtest out of a test that stays; a test that holds one that stays stays, too', async () => {
    const inner = await cut([id('outer', 'inner')], [id('outer'), id('outer', 'other')]);
    expect(inner.text).toBe(SCRIPT.replace("  await t.test('inner', () => {});\n", ''));
    expect((await cut([id('outer')], [id('outer', 'inner'), id('outer', 'other')])).left).toEqual([id('outer')]);
  });

  test('says what it does not find', async () => {
    expect((await cut([id('nowhere')])).left).toEqual([id('nowhere')]);
  });

  test('knows the text of a test, and which share a statement', async () => {
    const cases = await casesIn('a.test.ts', SCRIPT);
    expect(textOf(SCRIPT, cases, id('outer', 'inner'))).toBe("await t.test('inner', () => {});");
    expect(sharesWith(cases, id('with x'), [id('with y')])).toBe(true);
    expect(sharesWith(cases, id('with x'), [id('first')])).toBe(false);
  });
});

const PYTHON = `import pytest


@pytest.mark.parametrize("n", [1, 2])
def test_many(n):
    assert n


class TestGroup:
    def test_one(self):
        text = """
        x
        """
        assert text

    # Another one.
    async def test_two(
        self,
    ):
        assert True


def helper():
    return 1
`;
const py = (...names: string[]) => ['test_a.py', ...names].join(' › ');
const cutPython = async (out: readonly string[], stay: readonly string[] = []) =>
  without(PYTHON, await casesIn('test_a.py', PYTHON), out, stay);

describe('a file in Python', () => {
  test('loses a test with its decorators, when all of its cases go', async () => {
    expect((await cutPython([py('test_many[1]'), py('test_many[2]')])).text).toBe(
      PYTHON.replace('@pytest.mark.parametrize("n", [1, 2])\ndef test_many(n):\n    assert n\n\n\n', ''),
    );
    expect((await cutPython([py('test_many[1]')], [py('test_many[2]')])).text).toBe(PYTHON);
  });

  test('loses one of a class, or the class with its last', async () => {
    const { text } = await cutPython([py('TestGroup', 'test_two')]);
    expect(text).toContain('        assert text\n\n\ndef helper');
    expect(text).not.toMatch(/test_two|Another/);
    expect((await cutPython([py('TestGroup', 'test_one'), py('TestGroup', 'test_two')])).text).toBe(
      'import pytest\n\n\n@pytest.mark.parametrize("n", [1, 2])\ndef test_many(n):\n    assert n\n\n\ndef helper():\n    return 1\n',
    );
  });
});
