// Stubs made from code that has no plan: what is left of it when it is run.
import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import { type Language, STUB_MARKER, type StubKind } from '../../../src/core/ports.ts';
import type { Files } from '../../../src/core/ref.ts';
import { createJavascript } from '../../../src/effects/languages/javascript.ts';
import { createPython } from '../../../src/effects/languages/python.ts';
import { createTypescript } from '../../../src/effects/languages/typescript.ts';
import { hostBox, writeTree } from '../runners/host.ts';

const typescript = createTypescript();
const javascript = createJavascript();
const python = createPython({ box: async () => hostBox });
afterAll(async () => {
  await typescript.close();
  await javascript.close();
});

/** Stubs laid over the tree, and a script run beside them; what it prints as JSON. */
async function onStubs(language: Language, files: Files, kind: StubKind, script: string): Promise<unknown> {
  const stubs = await language.stubsOf(
    files,
    Object.keys(files).filter((p) => p.startsWith('src/')),
    kind,
  );
  const ending = language.id === 'python' ? 'py' : 'ts';
  const dir = writeTree({ ...files, ...stubs, [`probe.${ending}`]: script, 'package.json': '{"type":"module"}' });
  const argv = ending === 'py' ? ['/usr/bin/python3', '-B', 'probe.py'] : [process.execPath, 'probe.ts'];
  return JSON.parse(execFileSync(argv[0] ?? '', argv.slice(1), { cwd: dir, encoding: 'utf8' }));
}

const SHOP: Files = {
  'src/price.ts': `import { readFileSync } from 'node:fs';
export interface Price { readonly cents: number; readonly currency: 'EUR' | 'USD' }
export class PriceError extends Error {
  readonly line: number;
  constructor(message: string, line: number) { super(message); this.name = 'PriceError'; this.line = line; }
}
export const LIMIT = 100;
export const NAMES: readonly string[] = ['a', 'b'];
export const double = (n: number): number => n * 2;
const table = new Map<string, number>(NAMES.map((n, i) => [n, i]));
export function parse(text: string) {
  if (!text) throw new PriceError('empty', 1);
  return { cents: Number(text), currency: 'EUR' as const };
}
export async function load(path: string): Promise<Price[]> { return JSON.parse(readFileSync(path, 'utf8')); }
console.log('a file that speaks while it loads', table.size);
`,
  'src/shop.ts': `import { type Price, parse } from './price.ts';
export class Shop {
  #all: Price[] = [];
  private readonly name: string;
  static open(name: string): Shop { return new Shop(name); }
  constructor(name: string) { this.name = name; }
  get total(): number { return this.#all.reduce((sum, p) => sum + p.cents, 0); }
  add(text: string): this { this.#all.push(parse(text)); return this; }
}
export default function main(argv: string[]): number { return argv.length; }
`,
  'src/cli.ts': `import main from './shop.ts';
if (import.meta.main) process.exitCode = main(process.argv.slice(2));
`,
  'src/notes.md': '# no code',
};

const PROBE = `const seen = {};
const note = (name, run) => { try { seen[name] = run(); } catch (e) { seen[name] = e.message; } };
const price = await import('./src/price.ts');
const shop = await import('./src/shop.ts');
note('parse', () => price.parse('3'));
note('double', () => price.double(4));
note('LIMIT', () => price.LIMIT);
note('NAMES', () => price.NAMES);
note('error', () => { const e = new price.PriceError('x', 3); return [e instanceof Error, e.message]; });
note('open', () => typeof shop.Shop.open('x').total);
note('new', () => typeof new shop.Shop('x').add('y').total);
note('main', () => shop.default(['a']));
seen.load = await price.load('x').catch((e) => e.message);
console.log(JSON.stringify(seen));
`;

describe('TypeScript', () => {
  test('wrong: everything gives a value of its type that is not the right one', async () => {
    expect(await onStubs(typescript, SHOP, 'wrong', PROBE)).toEqual({
      parse: { cents: -987654321, currency: 'EUR' },
      double: -987654321,
      LIMIT: -987654321,
      NAMES: [],
      error: [true, 'x'],
      open: 'number',
      new: 'number',
      main: -987654321,
      load: [],
    });
  });

  test('throwing: every function throws the marker; nothing that ran while loading is left', async () => {
    const seen = (await onStubs(typescript, SHOP, 'throwing', PROBE)) as Record<string, unknown>;
    for (const name of ['parse', 'double', 'open', 'new', 'main', 'load']) expect(seen[name], name).toContain(STUB_MARKER);
    expect(seen).toMatchObject({ LIMIT: -987654321, error: [true, 'x'] });
  });

  test('a program that is run fails with the marker, or says something else', async () => {
    for (const kind of ['throwing', 'wrong'] as const) {
      const dir = writeTree({ ...(await typescript.stubsOf(SHOP, ['src/cli.ts', 'src/shop.ts', 'src/price.ts'], kind)) });
      const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli.ts', 'a'], { cwd: dir, encoding: 'utf8' });
      if (kind === 'wrong') expect([status, stdout]).toEqual([0, 'redgreen-wrong\n']);
      else expect([status, stderr.includes(STUB_MARKER)]).toEqual([1, true]);
    }
  });

  test('what is no code, and what is not asked for, is left out', async () => {
    expect(Object.keys(await typescript.stubsOf(SHOP, ['src/shop.ts', 'src/notes.md', 'src/none.ts'], 'wrong'))).toEqual(['src/shop.ts']);
  });

  test('code that does not type-check still has its stubs', async () => {
    const files = {
      'src/a.ts':
        "import { gone } from './gone.ts';\nimport x from 'not-installed';\nexport const use = (n: number) => gone(x, n);\nexport function f(): string { return 1; }\n",
    };
    expect(await onStubs(typescript, files, 'wrong', "import { f } from './src/a.ts';\nconsole.log(JSON.stringify(f()));")).toBe(
      'redgreen-wrong',
    );
  });
});

test('JavaScript with and without JSDoc', async () => {
  const files = {
    'src/a.js': `/** @param {number} n @returns {string} */\nexport function name(n) { return String(n); }\nexport function bare(x) { return x + 1; }\nexport class Box { put(x) { this.x = x; return this; } }\n`,
  };
  const probe = `import * as a from './src/a.js';\nconsole.log(JSON.stringify([a.name(1), typeof new a.Box().put]));`;
  expect(await onStubs(javascript, files, 'wrong', probe)).toEqual(['redgreen-wrong', 'function']);
  const fails = `import * as a from './src/a.js';\nlet m; try { a.bare(1); } catch (e) { m = e.message; }\nconsole.log(JSON.stringify(m));`;
  expect(await onStubs(javascript, files, 'throwing', fails)).toContain(STUB_MARKER);
});

const PY: Files = {
  'src/price.py': `"""Prices."""
import functools
import sys
from dataclasses import dataclass

LIMIT = 5
NAMES: list[str] = ["a"]
cached = functools.lru_cache(maxsize=None)
print("a file that speaks while it loads")

@dataclass
class Price:
    cents: int
    currency: str = "EUR"
    def doubled(self) -> "Price":
        return Price(self.cents * 2)

class PriceError(ValueError):
    def __init__(self, line: int):
        super().__init__(f"line {line}")
        self.line = line

@cached
def parse(text: str) -> int:
    return int(text)

def rows(text: str) -> list[str]:
    return text.split()

for name in NAMES:
    LIMIT += 1

if __name__ == "__main__":
    sys.exit(parse(sys.argv[1]))
`,
};
const PY_PROBE = `import json, sys
sys.path.insert(0, 'src')
import price
seen = {}
def note(name, run):
    try:
        seen[name] = run()
    except Exception as error:
        seen[name] = str(error)
note('parse', lambda: price.parse('3'))
note('rows', lambda: price.rows('a b'))
note('LIMIT', lambda: price.LIMIT)
note('NAMES', lambda: price.NAMES)
note('price', lambda: price.Price(3).currency)
note('error', lambda: price.PriceError(3).line)
print(json.dumps(seen))
`;

describe('Python', () => {
  test('wrong', async () => {
    expect(await onStubs(python, PY, 'wrong', PY_PROBE)).toEqual({
      parse: -987654321,
      rows: [],
      LIMIT: -987654321,
      NAMES: [],
      price: 'EUR',
      error: 3,
    });
  });

  test('throwing', async () => {
    const seen = (await onStubs(python, PY, 'throwing', PY_PROBE)) as Record<string, unknown>;
    expect(seen['parse']).toContain(STUB_MARKER);
    expect(seen['rows']).toContain(STUB_MARKER);
    expect(seen['error']).toBe(3);
  });
});

describe('what is no code of the file', () => {
  const HANDED = {
    'package.json': '{"type":"module"}',
    'src/a.ts':
      "export { join, type ParsedPath } from 'node:path';\nexport * from 'node:url';\nexport { near } from './b.ts';\nexport const KINDS = ['a', 'b'] as const;\n",
    'src/b.ts': 'export const near = 1;\n',
  };

  test.each(['throwing', 'wrong'] as const)(
    '%s: packages are not handed on, and a constant’s type does not tell its value',
    async (kind) => {
      const text = (await typescript.stubsOf(HANDED, ['src/a.ts'], kind))['src/a.ts'] ?? '';
      expect(text).toContain('export function join(');
      expect(text).not.toMatch(/node:|"a"|'a'/);
      expect(text).toContain("export { near } from './b.ts'");
    },
  );
});
