import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Plan, PlannedFile } from '../../../src/core/plan.ts';
import { STUB_MARKER } from '../../../src/core/ports.ts';
import type { Files } from '../../../src/core/ref.ts';
import { requirement } from '../../../src/effects/languages/python/scaffold.ts';
import { createPython } from '../../../src/effects/languages/python.ts';
import { createUnittest } from '../../../src/effects/runners/unittest.ts';
import { hostBox, runTests, writeTree } from '../runners/host.ts';

const python = createPython({ box: async () => hostBox });
const python3 = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

const file = (path: string, contract: string, uses: string[] = []): PlannedFile => ({ path, purpose: 'x', contract, uses });
const planOf = (files: PlannedFile[], rest: Partial<Plan> = {}): Plan => ({
  name: 'stock-list',
  summary: 'Counts "things"',
  language: 'python',
  runner: 'unittest',
  files,
  tests: [{ path: 'tests/test_parse.py', checks: ['parses'], uses: ['stock/parse.py'] }],
  packages: [],
  decisions: [],
  commands: [],
  ...rest,
});

const MODEL = `from dataclasses import dataclass
from enum import Enum
class Unit(Enum):
    PIECE = 'piece'
    KILO = 'kilo'
class StockError(ValueError):
    line: int
    def __init__(self, line: int, message: str) -> None: ...
@dataclass(frozen=True)
class Item:
    name: str
    count: int = 0
    def doubled(self) -> int: ...
class Store:
    def __init__(self, items: list[Item]) -> None: ...
    @property
    def size(self) -> int: ...
    def find(self, name: str) -> Item | None: ...
LIMIT: int
`;
const PARSE = `from stock.model import Item, Unit
def parse(text: str, *, strict: bool = False) -> list[Item]: ...
def first(text: str) -> Item: ...
def unit(text: str) -> Unit: ...
async def load(path: str) -> dict[str, int]: ...
def main(argv: list[str]) -> int: ...
`;
const plan = planOf([file('stock/model.py', MODEL), file('stock/parse.py', PARSE, ['stock/model.py']), file('README.md', '')]);

const good: Files = {
  'stock/model.py': `from dataclasses import dataclass
from enum import Enum

LIMIT = 3


class Unit(Enum):
    PIECE = 'piece'
    KILO = 'kilo'


class StockError(ValueError):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Item:
    name: str
    count: int = 0

    def doubled(self) -> int:
        return self.count * 2


class Store:
    def __init__(self, items: list[Item]) -> None:
        self._items = items

    @property
    def size(self) -> int:
        return len(self._items)

    def find(self, name: str) -> Item | None:
        return next((item for item in self._items if item.name == name), None)
`,
  'stock/parse.py': `import sys
from stock.model import Item, Unit


def parse(text: str, *, strict: bool = False) -> list[Item]:
    return [Item(line.strip(), len(line)) for line in text.splitlines() if line or strict]


def first(text: str) -> Item:
    return parse(text, strict=True)[0]


def unit(text: str) -> Unit:
    return Unit(text)


async def load(path: str) -> dict[str, int]:
    with open(path) as source:
        return {item.name: item.count for item in parse(source.read())}


def main(argv: list[str]) -> int:
    print(len(argv), file=sys.stderr)
    return 0


if __name__ == '__main__':
    raise SystemExit(main(sys.argv[1:]))
`,
};

const messages = (found: readonly { readonly message: string }[]) => found.map((one) => one.message);

test('the runner is imported without being planned, and cases as data are no Python files', async () => {
  const tests = [...plan.tests, { path: 'tests/oracle.json', checks: ['parses'], uses: ['stock/parse.py'] }];
  const pytest = { ...plan, runner: 'pytest', tests };
  expect(await python.vetPlan(pytest)).toEqual([]);
  const text =
    'import pytest\nfrom stock.parse import parse\n\n\ndef test_parse():\n    with pytest.raises(ValueError):\n        parse("x")\n';
  expect((await python.checkTests(pytest, { 'tests/test_parse.py': text })).diagnostics).toEqual([]);
});

test('a good plan and its good code have no problems', async () => {
  expect(await python.vetPlan(plan)).toEqual([]);
  expect(await python.check(plan, good, null)).toEqual({ mended: [], diagnostics: [] });
});

test.each<[string, PlannedFile[], Partial<Plan>, string]>([
  ['a syntax error', [file('a.py', 'def f( -> int: ...')], {}, 'a.py: the contract does not parse as Python (line 1)'],
  ['a body', [file('a.py', 'def f() -> int:\n    return 1')], {}, '`f` has a body'],
  ['no return annotation', [file('a.py', 'class A:\n    def f(self, x: int): ...')], {}, '`A.f` needs a return annotation'],
  ['an unknown name', [file('a.py', 'def f() -> Row: ...')], {}, '`Row` is neither declared nor imported'],
  ['an unknown name in quotes', [file('a.py', 'def f() -> "list[Row]": ...')], {}, '`Row` is neither declared nor imported'],
  ['an unknown module', [file('a.py', 'from shop.b import X')], {}, '`shop.b` is not a planned file'],
  ['a missing export', [file('a.py', 'from b import X'), file('b.py', 'Y: int')], {}, 'the contract of `b` has no `X`'],
  ['code', [file('a.py', 'for x in []:\n    pass')], {}, 'no For statement'],
  ['a hidden standard module', [file('json.py', 'X: int')], {}, "hides the standard library's module `json`"],
  ['a name that cannot be imported', [file('my-shop/a.py', 'X: int')], {}, 'cannot be imported'],
  ['unresolved uses', [file('a.py', 'X: int', ['lib/b.py'])], {}, 'uses `lib/b.py`, which is not a planned path'],
  [
    'a circle',
    [file('a.py', 'from b import Y\nX: int'), file('b.py', 'from a import X\nY: int')],
    {},
    'import each other in a circle: a -> b -> a',
  ],
  ['a name declared twice', [file('a.py', 'def f() -> int: ...\ndef f() -> str: ...')], {}, '`f` is declared twice'],
  [
    'a test that is no Python file',
    [file('a.py', 'X: int')],
    { tests: [{ path: 'tests/a.md', checks: [], uses: [] }] },
    'tests/a.md is not a Python file',
  ],
  ['one module twice', [file('shop.py', 'X: int'), file('shop/__init__.py', 'X: int')], {}, 'are both the module `shop`'],
])('a plan with %s is refused', async (_, files, rest, message) => {
  const found = messages(await python.vetPlan(planOf(files, { tests: [], ...rest })));
  expect(
    found.some((one) => one.includes(message)),
    found.join('\n'),
  ).toBe(true);
  expect(found).toHaveLength(1);
});

test('packages, relative imports, overloads and generics are understood', async () => {
  const contract = `from __future__ import annotations
from typing import Generic, Literal, TypeVar, overload, TYPE_CHECKING
from . import model
from .model import Item
import yaml, requests.sessions
if TYPE_CHECKING:
    from stock.parse import parse
T = TypeVar('T')
class Box(Generic[T]):
    item: T
    @property
    def x(self) -> T: ...
    @x.setter
    def x(self, value: T) -> None: ...
@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> Literal['redd', 'blue']: ...
def g(m: model.Item, *rest: Item, **more: "Item | None") -> "Box[Item]": ...
`;
  const packages = [
    { name: 'PyYAML', range: '', dev: false },
    { name: 'requests', range: '^2.31', dev: false },
  ];
  expect(await python.vetPlan(planOf([...plan.files, file('stock/extra.py', contract, ['requests'])], { packages }))).toEqual([]);
});

const TESTS = `import asyncio
import unittest
from stock.model import Item, LIMIT, StockError, Store, Unit
from stock.parse import first, load, main, parse, unit

class ParseTests(unittest.TestCase):
    def test_parse(self):
        self.assertEqual(parse('a'), [Item('a', 1)])
    def test_first(self):
        self.assertEqual(first('a').name, 'a')
    def test_unit(self):
        self.assertIs(unit('piece'), Unit.PIECE)
    def test_load(self):
        self.assertEqual(asyncio.run(load('/dev/null')), {'x': 1})
    def test_store(self):
        self.assertEqual(Store([]).size, 0)
    def test_limit(self):
        self.assertEqual(LIMIT, 3)
    def test_main(self):
        self.assertEqual(main([]), 0)
    def test_error(self):
        with self.assertRaisesRegex(StockError, 'line 3'):
            parse('?')
    def test_vacuous(self):
        self.assertEqual(Item('a', 2).count, 2)
`;

test('stubs of both kinds load, fail real tests, and say that they are stubs', async () => {
  for (const kind of ['throwing', 'wrong'] as const) {
    const stubs = await python.stubs(plan, kind);
    expect(Object.keys(stubs).toSorted()).toEqual(['stock/model.py', 'stock/parse.py']);
    const run = await runTests(createUnittest(), { ...stubs, 'tests/test_parse.py': TESTS });
    expect(run.report, run.stderr).toMatchObject({ finished: true, broken: null, fileFailures: [] });
    expect(run.report.tests.filter((one) => one.status === 'passed').map((one) => one.name)).toEqual(['test_vacuous']);
    const marked = run.report.tests.filter((one) => one.failure?.message.includes(STUB_MARKER)).map((one) => one.name);
    expect(marked).toEqual(
      kind === 'throwing' ? ['test_error', 'test_first', 'test_load', 'test_main', 'test_parse', 'test_store', 'test_unit'] : [],
    );
  }
});

test('wrong values have the type that is promised', async () => {
  const contract = `from __future__ import annotations
import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal, NamedTuple, Protocol, Self, TypedDict
SIZE: int = 5
FIXED: Final = 'x'
NAMES = ['a', 'b']
Pairs = dict[str, 'Node']
DEFAULT: Node
@dataclass
class Node:
    name: str
    up: Node | None = None
    down: list[Node] = field(default_factory=list)
    size: int = SIZE
    next: Node = ...
    @classmethod
    def make(cls) -> Self: ...
    def with_name(self, name: str) -> Self: ...
class Pair(NamedTuple):
    left: Node
    right: tuple[int, ...]
class Options(TypedDict, total=False):
    depth: int
class Shape(ABC):
    @abstractmethod
    def area(self) -> float: ...
class Failed(Exception): ...
class Runs(Protocol):
    def run(self) -> int: ...
def many() -> tuple[Node, Pair, Options, Decimal, Path, dt.date, Pairs, Literal['a'], Callable[[int], str], bool, bytes, set[int]]: ...
def none() -> None: ...
def steps(size: int = SIZE) -> Iterator[Node]: ...
async def ticks() -> AsyncIterator[int]: ...
@contextmanager
def opened(path: Path) -> Iterator[Node]: ...
`;
  const one = planOf(
    [
      file('shapes.py', contract),
      file('use.py', 'import shapes\nfrom shapes import Node\ndef get() -> shapes.Pair: ...\ndef other() -> Node: ...'),
    ],
    { tests: [] },
  );
  expect(await python.vetPlan(one)).toEqual([]);
  const probe = `
import asyncio, shapes, use
node = shapes.many()[0]
print(type(node).__name__, node.name, node.down, node.up, type(node.next).__name__)
print([type(x).__name__ for x in shapes.many()], shapes.many()[8](1))
print(shapes.SIZE, shapes.FIXED, shapes.NAMES, shapes.DEFAULT.name, shapes.none(), list(shapes.steps()))
print(type(shapes.Node.make()).__name__, shapes.Node('a').with_name('b').name, use.get().left.name, use.other().name)
with shapes.opened('x') as it: print(it.name)
async def all(): return [x async for x in shapes.ticks()]
print(asyncio.run(all()), repr(shapes.Failed('why')))
`;
  const tree = writeTree({ ...(await python.stubs(one, 'wrong')), 'probe.py': probe });
  const out = execFileSync(python3, ['-B', 'probe.py'], { cwd: tree, encoding: 'utf8' });
  expect(out.split('\n')).toEqual([
    'Node redgreen-wrong [] None Node',
    "['Node', 'Pair', 'dict', 'Decimal', 'PosixPath', 'date', 'dict', 'str', 'function', 'bool', 'bytes', 'set'] redgreen-wrong",
    '-987654321 redgreen-wrong [] redgreen-wrong None []',
    'Node a redgreen-wrong redgreen-wrong',
    'redgreen-wrong',
    "[] Failed('why')",
    '',
  ]);
  const throwing = writeTree({
    ...(await python.stubs(one, 'throwing')),
    'probe.py': 'import shapes, use\ntry:\n    use.get()\nexcept RuntimeError as e:\n    print(e)\n',
  });
  expect(execFileSync(python3, ['-B', 'probe.py'], { cwd: throwing, encoding: 'utf8' })).toBe(`${STUB_MARKER} (use.py: get)\n`);
});

const change = (path: string, from: string, to: string): Files => {
  const text = good[path] ?? '';
  expect(text).toContain(from);
  return { ...good, [path]: text.replace(from, to) };
};

test.each<[string, Files, string, string]>([
  ['a syntax error', change('stock/parse.py', 'return 0', 'return (0'), 'syntax', 'not valid Python'],
  ['a missing export', change('stock/parse.py', 'def unit(', 'def units('), 'missing-export', '`unit`, which this file does not define'],
  [
    'another parameter',
    change('stock/parse.py', 'def first(text', 'def first(source'),
    'contract-drift',
    'parameter 1 is `source` instead of `text`',
  ],
  [
    'a new required parameter',
    change('stock/parse.py', 'def main(argv: list[str])', 'def main(argv: list[str], out)'),
    'contract-drift',
    '`out` is required',
  ],
  [
    'a lost keyword',
    change('stock/parse.py', ', *, strict: bool = False', ', strict_: bool = False, *, strict: bool'),
    'contract-drift',
    '`strict` must be optional',
  ],
  ['a function that is not async', change('stock/parse.py', 'async def load', 'def load'), 'contract-drift', '`load` must be async'],
  [
    'a missing method',
    change('stock/model.py', 'def find(', 'def search('),
    'contract-drift',
    '`Store.find` is promised by the contract but missing',
  ],
  [
    'a method for a property',
    change('stock/model.py', '    @property\n    def size', '    def size'),
    'contract-drift',
    '`Store.size` must be a property',
  ],
  [
    'a lost field',
    change('stock/model.py', '    count: int = 0\n', ''),
    'contract-drift',
    '`Item.count` is promised by the contract but never set',
  ],
  ['a lost attribute', change('stock/model.py', 'self.line = line', 'pass'), 'contract-drift', '`StockError.line`'],
  [
    'an exception that is none',
    change('stock/model.py', 'class StockError(ValueError)', 'class StockError(dict)'),
    'contract-drift',
    'must be an exception class',
  ],
  ['a lost enum member', change('stock/model.py', "    KILO = 'kilo'\n", ''), 'contract-drift', '`Unit.KILO`'],
  [
    'too many arguments',
    change('stock/parse.py', 'parse(text, strict=True)', 'parse(text, True)'),
    'wrong-arguments',
    '`parse` takes 1 positional argument but 2 are given',
  ],
  ['an unknown keyword', change('stock/parse.py', 'strict=True', 'loose=True'), 'wrong-arguments', '`parse` has no parameter `loose`'],
  [
    'a dataclass made wrongly',
    change('stock/parse.py', 'Item(line.strip(), len(line))', 'Item()'),
    'wrong-arguments',
    '`Item` is called without the argument `name`',
  ],
  ['an unknown name', change('stock/parse.py', 'return Unit(text)', 'return Unit(txet)'), 'undefined-name', '`txet` is not defined'],
  ['an unknown module', change('stock/parse.py', 'import sys', 'import sys\nimport numpy'), 'unresolved-import', '`numpy` is not'],
  ['an unknown export', change('stock/parse.py', 'Item, Unit', 'Item, Unit, Thing'), 'missing-export', '`stock.model` has no `Thing`'],
  ['an empty body', change('stock/parse.py', 'return Unit(text)', 'pass'), 'placeholder', '`unit` has no real body'],
  ['an ellipsis', change('stock/parse.py', 'return Unit(text)', '...'), 'placeholder', '`unit` has no real body'],
  [
    'not implemented',
    change('stock/parse.py', 'return Unit(text)', "raise NotImplementedError('later')"),
    'placeholder',
    '`unit` has no real body',
  ],
  [
    'a left-out part',
    change('stock/parse.py', 'return Unit(text)', '# ... rest of the code\n    return Unit(text)'),
    'placeholder',
    'something was left out',
  ],
  [
    'a todo',
    change('stock/parse.py', 'return Unit(text)', 'return Unit(text)  # TODO: implement units'),
    'placeholder',
    'something was left out',
  ],
])('code with %s is found out', async (_, files, code, message) => {
  const { diagnostics } = await python.check(plan, files, null);
  expect(diagnostics.map((one) => one.code)).toEqual([code]);
  expect(diagnostics[0]?.message).toContain(message);
});

test('what is mechanical is mended: fences, import paths, missing imports', async () => {
  const files: Files = {
    ...good,
    'stock/parse.py': `\`\`\`python\n${(good['stock/parse.py'] ?? '').replace('import sys\n', '').replace('from stock.model import Item, Unit', '"""Parses."""\nfrom __future__ import annotations\nfrom model import (\n    Item,\n)').replace('return 0', 'return int(Path(json.dumps(argv)) is None)')}\`\`\``,
  };
  const { mended, diagnostics } = await python.check(plan, files, null);
  expect(diagnostics).toEqual([]);
  expect(mended).toHaveLength(1);
  expect(mended[0]?.fixes).toEqual([
    'removed the code fence around the file',
    '`Item` is imported from `stock.model`, not from `model`',
    'added `from pathlib import Path`',
    'added `from stock.model import Unit`',
    'added `import json`',
    'added `import sys`',
  ]);
  expect(mended[0]?.text.split('\n').slice(0, 7)).toEqual([
    '"""Parses."""',
    'from __future__ import annotations',
    'from pathlib import Path',
    'from stock.model import Unit',
    'import json',
    'import sys',
    'from stock.model import Item',
  ]);
});

test('imports are added below a first line for the shell', async () => {
  const { mended } = await python.check(plan, change('stock/parse.py', 'import sys\n', '#!/usr/bin/env python3\n# A parser.\n'), null);
  expect(mended[0]?.text).toMatch(/^#!\/usr\/bin\/env python3\n# A parser\.\nimport sys\nfrom stock/);
});

test('an import that would close a circle is not added', async () => {
  const { mended, diagnostics } = await python.check(
    plan,
    change('stock/model.py', 'return self.count * 2', 'return len(parse(self.name))'),
    null,
  );
  expect(mended).toEqual([]);
  expect(diagnostics.map((one) => one.message)).toEqual(['`parse` is not defined or imported']);
});

test('tests are mended and checked against the contracts alone', async () => {
  const result = await python.checkTests(plan, {
    'tests/test_parse.py': TESTS.replace('import asyncio\n', '').replace(
      'from stock.model import Item, LIMIT',
      'from stock.model import LIMIT',
    ),
    'tests/test_bad.py':
      'import unittest\nfrom stock.parse import parse, nothing\nclass A(unittest.TestCase):\n    def test_a(self):\n        parse()\n    def test_b(self):\n        pass\n',
  });
  expect(result.mended.map((one) => [one.path, one.fixes])).toEqual([
    ['tests/test_parse.py', ['added `from stock.model import Item`', 'added `import asyncio`']],
  ]);
  expect(result.diagnostics.map((one) => `${one.path}:${one.line} ${one.code}`)).toEqual([
    'tests/test_bad.py:2 missing-export',
    'tests/test_bad.py:5 wrong-arguments',
    'tests/test_bad.py:6 placeholder',
  ]);
});

test('files of the tree that are not planned, tests and installed packages are known but never mended', async () => {
  const files: Files = {
    ...good,
    'stock/old.py': 'def helper(x):\n    return undefined_here\n',
    'tests/test_parse.py': 'from stock.parse import gone\n',
    'stock/parse.py': (good['stock/parse.py'] ?? '').replace(
      'import sys',
      'import sys\nimport installedlib\nfrom stock.old import helper\nfrom stock import model',
    ),
    'data.json': '{',
  };
  const deps = writeTree({ 'installedlib/__init__.py': '' });
  const result = await python.check(plan, files, deps);
  expect(result.mended).toEqual([]);
  expect(result.diagnostics).toEqual([
    { path: 'tests/test_parse.py', line: 1, code: 'missing-export', message: '`stock.parse` has no `gone`' },
  ]);
});

test('hostile code is refused or read, never a crash', async () => {
  const evil: Files = {
    ...good,
    'stock/parse.py': `x = ${'('.repeat(5_000)}${')'.repeat(5_000)}\n`,
    'stock/model.py': `x = ${'-'.repeat(20_000)}1\n`,
  };
  const { diagnostics } = await python.check(plan, evil, null);
  expect(diagnostics.some((one) => one.code === 'syntax' && one.path === 'stock/parse.py')).toBe(true);
  const nul = await python.check(plan, { ...good, 'stock/parse.py': 'x = 1\0' }, null);
  expect(nul.diagnostics[0]?.code).toBe('syntax');
});

test('the scaffold names packages and the tests folder', () => {
  const files = python.scaffold({ ...plan, packages: [{ name: 'PyYAML', range: '^6.0', dev: false }] }, [
    { name: 'pytest', range: '>=7', dev: true },
  ]);
  expect(files['requirements.txt']).toBe('PyYAML>=6.0,<7\npytest>=7\n');
  const script = 'import json, sys, tomllib; print(json.dumps(tomllib.loads(sys.stdin.read())))';
  expect(JSON.parse(execFileSync(python3, ['-c', script], { input: files['pyproject.toml'] ?? '', encoding: 'utf8' }))).toEqual({
    project: {
      name: 'stock-list',
      version: '0.1.0',
      description: 'Counts "things"',
      'requires-python': '>=3.11',
      dependencies: ['PyYAML>=6.0,<7'],
    },
    'dependency-groups': { dev: ['pytest>=7'] },
    tool: { pytest: { ini_options: { pythonpath: ['.'], testpaths: ['tests'] } } },
  });
  expect(Object.keys(python.scaffold(plan, []))).toEqual(['pyproject.toml', '.gitignore']);
  expect(['', '2.1', '~=1.4', '>= 2, <3', '~1.4', 'latest'].map((range) => requirement({ name: 'a', range, dev: false }))).toEqual([
    'a',
    'a==2.1',
    'a~=1.4',
    'a>=2,<3',
    'a~=1.4',
    'a',
  ]);
});

test('a box without python, or missing scripts, are said in a sentence', async () => {
  const broken = createPython({
    box: async () => ({ run: async () => ({ reason: 'exit', exitCode: 127, stdout: '', stderr: 'python3: not found\n', ms: 1 }) }),
  });
  await expect(broken.vetPlan(plan)).rejects.toThrow(
    'The Python code could not be examined (vet): python3: not found. redgreen needs python3 3.11 or newer in the box.',
  );
  expect(() => createPython({ box: async () => hostBox, assetsDir: '/nowhere' })).toThrow('cannot be read');
});
