// TOML (toml.io/en/v1.0.0) as far as manifests use it. A line that cannot be read is passed over; nothing throws.

type Table = Record<string, unknown>;

const MOST = 400_000;
const DEEPEST = 20;

interface Cursor {
  readonly text: string;
  at: number;
}

/** The file's tables. Dates and numbers that are not decimal come as text. */
export function parseToml(text: string): Readonly<Table> {
  const root = table();
  const cursor: Cursor = { text: text.slice(0, MOST).replaceAll('\r\n', '\n'), at: 0 };
  let current = root;
  while (cursor.at < cursor.text.length) {
    skipBlank(cursor);
    if (cursor.at >= cursor.text.length) break;
    if (cursor.text[cursor.at] === '[') current = header(cursor, root);
    else assign(cursor, current);
    skipLine(cursor);
  }
  return root;
}

function table(): Table {
  return Object.create(null) as Table;
}

/** White space, line ends and comments. */
function skipBlank(cursor: Cursor): void {
  for (;;) {
    while (/\s/.test(cursor.text[cursor.at] ?? '')) cursor.at += 1;
    if (cursor.text[cursor.at] !== '#') return;
    skipLine(cursor);
  }
}

function skipSpaces(cursor: Cursor): void {
  while (cursor.text[cursor.at] === ' ' || cursor.text[cursor.at] === '\t') cursor.at += 1;
}

function skipLine(cursor: Cursor): void {
  const end = cursor.text.indexOf('\n', cursor.at);
  cursor.at = end === -1 ? cursor.text.length : end;
}

function header(cursor: Cursor, root: Table): Table {
  const isList = cursor.text[cursor.at + 1] === '[';
  cursor.at += isList ? 2 : 1;
  const keys = dottedKey(cursor);
  const last = keys.pop();
  const parent = keys.reduce(inside, root);
  if (last === undefined) return table();
  if (!isList) return inside(parent, last);
  const list = Array.isArray(parent[last]) ? (parent[last] as unknown[]) : [];
  const added = table();
  list.push(added);
  parent[last] = list;
  return added;
}

/** The table below a key: made when it is not there; of a list of tables the last. */
function inside(parent: Table, key: string): Table {
  const found = Array.isArray(parent[key]) ? (parent[key] as unknown[]).at(-1) : parent[key];
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return found as Table;
  const made = table();
  parent[key] = made;
  return made;
}

function dottedKey(cursor: Cursor): string[] {
  const keys: string[] = [];
  while (keys.length < DEEPEST) {
    skipSpaces(cursor);
    const quote = cursor.text[cursor.at];
    const key = quote === '"' || quote === "'" ? quoted(cursor) : bareKey(cursor);
    if (key === null) return [];
    keys.push(key);
    skipSpaces(cursor);
    if (cursor.text[cursor.at] !== '.') break;
    cursor.at += 1;
  }
  return keys;
}

function bareKey(cursor: Cursor): string | null {
  const from = cursor.at;
  while (/[A-Za-z0-9_-]/.test(cursor.text[cursor.at] ?? '')) cursor.at += 1;
  return cursor.at === from ? null : cursor.text.slice(from, cursor.at);
}

function assign(cursor: Cursor, into: Table): void {
  const keys = dottedKey(cursor);
  const last = keys.pop();
  if (last === undefined || cursor.text[cursor.at] !== '=') return;
  cursor.at += 1;
  const found = value(cursor, 0);
  if (found !== undefined) keys.reduce(inside, into)[last] = found;
}

function value(cursor: Cursor, depth: number): unknown {
  skipSpaces(cursor);
  const char = cursor.text[cursor.at];
  if (char === '"' || char === "'") return quoted(cursor) ?? undefined;
  if (char === '[' && depth < DEEPEST) return list(cursor, depth);
  if (char === '{' && depth < DEEPEST) return inlineTable(cursor, depth);
  const from = cursor.at;
  while (cursor.at < cursor.text.length && !/[\s,\]}#]/.test(cursor.text[cursor.at] ?? '')) cursor.at += 1;
  const bare = cursor.text.slice(from, cursor.at);
  if (bare === '') return undefined;
  if (bare === 'true' || bare === 'false') return bare === 'true';
  return /^[+-]?\d[\d_]*(?:\.\d+)?$/.test(bare) ? Number(bare.replaceAll('_', '')) : bare;
}

function list(cursor: Cursor, depth: number): unknown[] {
  const found: unknown[] = [];
  cursor.at += 1;
  for (;;) {
    skipBlank(cursor);
    const char = cursor.text[cursor.at];
    if (char === undefined || char === ']') break;
    const before = cursor.at;
    if (char === ',') cursor.at += 1;
    else found.push(value(cursor, depth + 1));
    if (cursor.at === before) break;
  }
  cursor.at += 1;
  return found;
}

function inlineTable(cursor: Cursor, depth: number): Table {
  const found = table();
  cursor.at += 1;
  for (;;) {
    skipBlank(cursor);
    const char = cursor.text[cursor.at];
    if (char === undefined || char === '}') break;
    const before = cursor.at;
    if (char === ',') cursor.at += 1;
    else {
      const keys = dottedKey(cursor);
      const last = keys.pop();
      if (last === undefined || cursor.text[cursor.at] !== '=') break;
      cursor.at += 1;
      keys.reduce(inside, found)[last] = value(cursor, depth + 1);
    }
    if (cursor.at === before) break;
  }
  cursor.at += 1;
  return found;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '"': '"', '\\': '\\' };

/** A string of any of the four kinds, the cursor at its first quote. Null when it does not end. */
function quoted(cursor: Cursor): string | null {
  const quote = cursor.text[cursor.at] ?? '';
  const long = cursor.text.startsWith(quote.repeat(3), cursor.at);
  const mark = long ? quote.repeat(3) : quote;
  let from = cursor.at + mark.length;
  if (long && cursor.text[from] === '\n') from += 1;
  for (let end = from; end < cursor.text.length; end += 1) {
    if (quote === '"' && cursor.text[end] === '\\') end += 1;
    else if (!long && cursor.text[end] === '\n') return null;
    else if (cursor.text.startsWith(mark, end)) {
      cursor.at = end + mark.length;
      const raw = cursor.text.slice(from, end);
      return quote === "'" ? raw : raw.replace(/\\(.)/gs, (whole, char: string) => ESCAPES[char] ?? whole);
    }
  }
  return null;
}
