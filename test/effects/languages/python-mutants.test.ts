import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { MutantOptions } from '../../../src/core/ports.ts';
import { createPython } from '../../../src/effects/languages/python.ts';
import { hostBox } from '../runners/host.ts';

const python = createPython({ box: async () => hostBox });
const PATH = 'shop/a.py';
const mutantsOf = (text: string, rest: Partial<MutantOptions> = {}) =>
  python.mutants({ files: { [PATH]: text }, paths: [PATH], seed: 1, count: 200, lines: {}, ...rest });

const CASES = [
  [
    'boundary',
    'def fit(size):\n    if size < 8:\n        return "small"\n    return "big"',
    'when `size` is exactly 8, it is treated like below it',
  ],
  [
    'guard',
    'def fit(size):\n    if size < 0:\n        raise ValueError("no")\n    return size',
    'when `size` is below 0, no `ValueError` is raised',
  ],
  [
    'guard',
    'def fit(rows):\n    for row in rows:\n        if not row:\n            continue\n        yield row',
    'when an element of `rows` is empty, zero or false, the rest is not skipped for this element',
  ],
  ['condition', 'def fit(n):\n    return "row" if n == 1 else "rows"', 'when `n` equals 1, the value for the opposite case is taken'],
  ['logic', 'def fit(a, b):\n    return a > 1 and (b > 2)', 'when `a` is above 1 but `b` is at most 2, the latter is overlooked'],
  ['logic', 'def fit(a, b):\n    return a or b', 'when `a` is empty, zero or false, what is to be taken instead (`b`) is not taken'],
  ['equality', 'def fit(a, xs):\n    return a not in xs', 'the check whether `a` is not in `xs` gives the opposite'],
  [
    'arithmetic',
    'def fit(a, b):\n    return (a - 1) * b',
    'instead of the product of the difference of `a` and 1 and `b`, the sum of them is taken',
  ],
  ['number', 'def fit(text):\n    return text[:8]', 'where a part of `text` is taken by its position, 9 stands where 8 should'],
  ['boolean', 'def fit(a, loud=False):\n    return a if loud else 1', 'in a default, True stands where False should'],
  ['text', 'def fit(names):\n    return ", ".join(names)', 'the empty text stands where the text ", " should'],
  [
    'assignment',
    'def fit(rows):\n    total = 0\n    for row in rows:\n        total += row\n    return total',
    'an element of `rows` is taken away from',
  ],
  ['statement', 'def fit(rows, row):\n    rows.append(row)', '`row` is not added to `rows`'],
  ['chain', 'def fit(text):\n    return text.strip()', 'blanks around `text` are kept'],
  ['chain', 'def fit(rows):\n    return sorted(rows)', '`rows` is not put in order'],
  [
    'copy',
    'def fit(rows):\n    mine = list(rows)\n    mine.sort()\n    return mine',
    '`rows` itself is worked on (and changed for whoever holds it) instead of a copy',
  ],
  ['twin', 'def fit(a, b):\n    return min(a, b)', 'the largest is taken instead of the smallest of `a`'],
  ['index', 'def fit(text, size):\n    return text[:size]', 'a part of `text` ends one place too late'],
  ['verdict', 'def fit(a):\n    return a > 3', 'the answer whether `a` is above 3 is the opposite'],
  [
    'catch',
    'def fit(text):\n    try:\n        return int(text)\n    except ValueError:\n        return 0',
    'an error that is to be caught and handled is passed on as it is',
  ],
  ['negation', 'def fit(a):\n    return not (a == 1 or a == 2)', 'gives the opposite'],
] as const;

describe('what each operator changes, and how it is said', async () => {
  const files = Object.fromEntries(CASES.map(([, code], i) => [`a${i}.py`, `${code}\n`]));
  const all = await python.mutants({ files, paths: Object.keys(files), seed: 1, count: 1000, lines: {} });

  test.each(CASES.map(([operator, code, behaviour], i) => ({ operator, code, behaviour, path: `a${i}.py` })))(
    '$operator: $code',
    ({ operator, behaviour, path }) => {
      const found = all.filter((m) => m.operator === operator && m.path === path);
      expect(found.map((m) => m.behaviour)).toEqual(expect.arrayContaining([expect.stringContaining(behaviour)]));
      for (const m of found) expect(m.inside).toBe('fit');
    },
  );
});

const LIBRARY = `"""Texts that nobody tests: 1 + 1 < 3."""
from __future__ import annotations
import logging
from typing import Literal

_LIMIT = 5
logger = logging.getLogger("shop")
Kind = Literal["a", "b"]


def total(prices: list[int], *, most: int = 100) -> int:
    """Adds. Never more than most; ünïcode 🎈 before the code."""
    logger.info("total of %d", len(prices) + 1)
    summe = 0  # ä 🎈
    for price in prices: summe += _cut(price) if price > _LIMIT else price
    return min(summe, most)


def _cut(value: int) -> int:
    assert value > 2
    return value - 1


class Till:
    def __init__(self) -> None:
        self._kept: list[int] = []

    def put(self, n: int) -> "Till":
        if n <= 0: raise ValueError(f"{n} is below {1}")
        self._kept.append(n)
        return self


if __name__ == "__main__":
    print(total([1, 2]) + 1)
`;

test('each parses, changes its own line only, and says nothing of the code', async () => {
  const found = await mutantsOf(LIBRARY);
  expect(new Set(found.map((m) => m.inside))).toEqual(new Set(['module', 'total', '_cut', 'Till.put']));
  const lines = LIBRARY.split('\n');
  for (const m of found) {
    const after = m.text.split('\n');
    expect(lines.flatMap((line, i) => (line === after[i] ? [] : [i + 1]))).toEqual([m.line]);
  }
  const texts = JSON.stringify(found.map((m) => m.text));
  execFileSync('python3', ['-c', 'import ast, json, sys\nfor text in json.load(sys.stdin): ast.parse(text)'], { input: texts });
  const words = found.map((m) => m.behaviour).join('\n');
  for (const hidden of ['summe', '_cut', '_kept', '_LIMIT', '==', 'self', 'total of', 'logger', 'Texts that'])
    expect(words).not.toContain(hidden);
  expect(found.filter((m) => m.inside === '_cut').every((m) => m.behaviour.startsWith('(a part of `total`) '))).toBe(true);
});

test('imports, types, docstrings, log lines, asserts, messages and what runs only as a program are never changed', async () => {
  const touched = new Set((await mutantsOf(LIBRARY)).map((m) => LIBRARY.split('\n')[m.line - 1]?.trim()));
  for (const line of touched) expect(line).not.toMatch(/^(from|import|"""|logger\.info|assert|print|if __name__)/);
  expect((await mutantsOf('def a():\n    raise ValueError("it is too long")\n')).filter((m) => m.operator === 'text')).toEqual([]);
});

test('the same seed gives the same mutants, and only lines that are named are touched', async () => {
  const some = await mutantsOf(LIBRARY, { count: 9 });
  expect(await mutantsOf(LIBRARY, { count: 9 })).toEqual(some);
  expect(await mutantsOf(LIBRARY, { count: 9, seed: 7 })).not.toEqual(some);
  const line = LIBRARY.split('\n').findIndex((l) => l.includes('return value - 1')) + 1;
  expect(new Set((await mutantsOf(LIBRARY, { lines: { [PATH]: [line] } })).map((m) => m.line))).toEqual(new Set([line]));
});

test('a file that does not parse has none', async () => {
  expect(await mutantsOf('def broken(:\n')).toEqual([]);
});
