// A small plan, and changes to it, for the tests of the language adapters.
import type { Plan, PlannedFile } from '../../../src/core/plan.ts';

export function file(path: string, contract: string, uses: readonly string[] = []): PlannedFile {
  return { path, purpose: `What ${path} is for.`, contract, uses };
}

export function plan(files: readonly PlannedFile[], more: Partial<Plan> = {}): Plan {
  return {
    name: 'shop',
    summary: 'A small shop.',
    language: 'typescript',
    runner: 'node:test',
    files,
    tests: [{ path: 'test/shop.test.ts', checks: ['It sells.'], uses: [] }],
    packages: [],
    decisions: [],
    commands: [],
    ...more,
  };
}

export const TYPES = file(
  'src/types.ts',
  'export interface Item { id: number; name: string; price: number; tags?: readonly string[] }\nexport type Sort = "price" | "name";\n',
);

export const ERRORS = file(
  'src/errors.ts',
  `export class ShopError extends Error { readonly code: string; constructor(code: string, message: string, options?: { cause?: unknown }); }
export class ParseError extends ShopError { readonly line: number; constructor(message: string, line: number); }
`,
);

export const PARSE = file(
  'src/parse.ts',
  "import type { Item } from './types.ts';\nexport function parseItems(text: string): Item[];\nexport function total(items: readonly Item[]): number;\n",
  ['src/types.ts'],
);

export const STORE = file(
  'src/store.ts',
  `import type { Item, Sort } from './types.ts';
export class Store {
  constructor(items?: readonly Item[]);
  get size(): number;
  add(item: Item): this;
  find(id: number): Item | undefined;
  sorted(by: Sort): Promise<Item[]>;
}
export function createStore(items: readonly Item[]): Store;
`,
  ['src/types.ts'],
);

export const SHOP = plan([TYPES, ERRORS, PARSE, STORE]);

/** Drafts of the shop that are right. */
export const GOOD: Readonly<Record<string, string>> = {
  'src/types.ts':
    "export interface Item {\n  id: number;\n  name: string;\n  price: number;\n  tags?: readonly string[];\n}\n\nexport type Sort = 'price' | 'name';\n",
  'src/errors.ts': `export class ShopError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

export class ParseError extends ShopError {
  readonly line: number;
  constructor(message: string, line: number) {
    super('parse', message);
    this.line = line;
  }
}
`,
  'src/parse.ts': `import { ParseError } from './errors.ts';
import type { Item } from './types.ts';

// Reads one item a line.
export function parseItems(text: string): Item[] {
  return text.split('\\n').map((line, index) => {
    const [name, price] = line.split(',');
    if (name === undefined || price === undefined) throw new ParseError('two columns', index + 1);
    return { id: index, name, price: Number(price) };
  });
}

export function total(items: readonly Item[]): number {
  return items.reduce((sum, item) => sum + item.price, 0);
}
`,
  'src/store.ts': `import type { Item, Sort } from './types.ts';

export class Store {
  readonly #items = new Map<number, Item>();
  private log: string[] = [];

  constructor(items: readonly Item[] = []) {
    for (const item of items) this.add(item);
  }

  get size(): number {
    return this.#items.size;
  }

  add(item: Item): this {
    this.#items.set(item.id, item);
    this.log.push(item.name);
    return this;
  }

  find(id: number): Item | undefined {
    return this.#items.get(id);
  }

  async sorted(by: Sort): Promise<Item[]> {
    return [...this.#items.values()].sort((a, b) => (a[by] < b[by] ? -1 : 1));
  }
}

export function createStore(items: readonly Item[]): Store {
  return new Store(items);
}
`,
};
