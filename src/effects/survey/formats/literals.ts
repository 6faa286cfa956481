// Literals in a configuration that is code (vitest.config.ts, jest.config.js): found by reading tokens, never by running them.

/** An expression that is no literal: only whoever runs the file knows its value. */
export const UNKNOWN = Symbol('unknown');

interface Token {
  readonly kind: 'text' | 'word' | 'number' | 'mark' | 'other';
  readonly value: string;
}

const MOST = 200_000;
const DEEPEST = 30;

/** The value of the first property `key: …` of the code, at any depth; undefined when there is none. Inside, what is no literal is UNKNOWN. */
export function literalOf(code: string, key: string): unknown {
  const tokens = tokenise(code.slice(0, MOST));
  const index = tokens.findIndex(
    (token, i) => token.value === key && (token.kind === 'word' || token.kind === 'text') && isMark(tokens[i + 1], ':'),
  );
  return index === -1 ? undefined : read(tokens, index + 2, 0).value;
}

function isMark(token: Token | undefined, value: string): boolean {
  return token?.kind === 'mark' && token.value === value;
}

// An open string takes all that follows (see json.ts).
const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\[\s\S])*`?|[\p{L}_$][\p{L}\p{N}_$]*|\d[\w.]*|[\s\S]/uy;
const PATTERN = /\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.){0,200}\]){1,500}\/\w*/y;

/** Comments and white space are left out; a regular expression or a template with expressions is one `other`. */
function tokenise(code: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(code); found !== null; found = TOKEN.exec(code)) {
    const [value] = found;
    const first = value[0] ?? '';
    if (/\s/.test(first) || value.startsWith('//') || value.startsWith('/*')) continue;
    if (first === '/' && startsValue(tokens.at(-1))) {
      PATTERN.lastIndex = found.index;
      if (PATTERN.test(code)) TOKEN.lastIndex = PATTERN.lastIndex;
      tokens.push({ kind: 'other', value: '' });
    } else tokens.push(toToken(value, first));
  }
  return tokens;
}

function toToken(value: string, first: string): Token {
  if ((first === '"' || first === "'" || first === '`') && value.length > 1) {
    if (first === '`' && value.includes('${')) return { kind: 'other', value: '' };
    return { kind: 'text', value: value.slice(1, -1).replace(/\\([\s\S])/g, '$1') };
  }
  if (/[\p{L}_$]/u.test(first)) return { kind: 'word', value };
  return { kind: /\d/.test(first) ? 'number' : 'mark', value };
}

/** Whether a slash after this token begins a regular expression. */
function startsValue(before: Token | undefined): boolean {
  return before === undefined || (before.kind === 'mark' && !')]}'.includes(before.value)) || before.value === 'return';
}

interface Read {
  readonly value: unknown;
  /** Index of the token after the value: a comma or what closes. */
  readonly next: number;
}

function read(tokens: readonly Token[], start: number, depth: number): Read {
  const token = tokens[start];
  if (token === undefined || depth > DEEPEST) return { value: UNKNOWN, next: tokens.length };
  const plain: Read | null = isMark(token, '[')
    ? list(tokens, start, depth)
    : isMark(token, '{')
      ? object(tokens, start, depth)
      : token.kind === 'text'
        ? { value: token.value, next: start + 1 }
        : token.kind === 'number'
          ? { value: Number(token.value.replaceAll('_', '')), next: start + 1 }
          : token.value === 'true' || token.value === 'false'
            ? { value: token.value === 'true', next: start + 1 }
            : null;
  const next = skip(tokens, plain?.next ?? start);
  const typed = ['as', 'satisfies'].includes(tokens[plain?.next ?? start]?.value ?? '');
  return plain !== null && (plain.next === next || typed) ? { value: plain.value, next } : { value: UNKNOWN, next };
}

/** The index at which the expression around `start` ends. */
function skip(tokens: readonly Token[], start: number): number {
  let depth = 0;
  for (let i = start; i < tokens.length; i += 1) {
    const { kind, value } = tokens[i] ?? { kind: 'other', value: '' };
    if (kind !== 'mark') continue;
    if (depth === 0 && [',', ']', '}', ')', ';'].includes(value)) return i;
    if ('([{'.includes(value)) depth += 1;
    else if (')]}'.includes(value)) depth -= 1;
  }
  return tokens.length;
}

function list(tokens: readonly Token[], start: number, depth: number): Read {
  const value: unknown[] = [];
  let i = start + 1;
  while (i < tokens.length && !isMark(tokens[i], ']')) {
    const item = read(tokens, i, depth + 1);
    value.push(item.value);
    i = Math.max(item.next, i + (item.next === i ? 1 : 0));
    if (isMark(tokens[i], ',')) i += 1;
  }
  return { value, next: i + 1 };
}

function object(tokens: readonly Token[], start: number, depth: number): Read {
  const value = Object.create(null) as Record<string, unknown>;
  let i = start + 1;
  while (i < tokens.length && !isMark(tokens[i], '}')) {
    const key = tokens[i];
    const named = key !== undefined && key.kind !== 'mark' && key.kind !== 'other' && isMark(tokens[i + 1], ':');
    const item = named ? read(tokens, i + 2, depth + 1) : { value: UNKNOWN, next: skip(tokens, i) };
    if (named) value[key.value] = item.value;
    i = Math.max(item.next, i + 1);
    if (isMark(tokens[i], ',')) i += 1;
    else if (!isMark(tokens[i], '}')) i += 1;
  }
  return { value, next: i + 1 };
}
