// Calls in words.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import type { Scene } from './mutate-scene.ts';

/** What a method of the language gives; `X` is what it is called on. */
const METHODS: Readonly<Record<string, string>> = {
  trim: 'X without blanks at its ends',
  trimStart: 'X without blanks before it',
  trimEnd: 'X without blanks after it',
  toLowerCase: 'X in lower case',
  toUpperCase: 'X in upper case',
  indexOf: 'the position found in X',
  lastIndexOf: 'the last position found in X',
  findIndex: 'the position found in X',
  find: 'the element found in X',
  search: 'the position found in X',
  split: 'the parts of X',
  slice: 'a part of X',
  substring: 'a part of X',
  get: 'what X holds under a key',
  filter: 'the chosen elements of X',
  map: 'what is made of the elements of X',
  flatMap: 'what is made of the elements of X',
  reduce: 'what the elements of X come to',
  join: 'the elements of X as one text',
  keys: 'the keys of X',
  values: 'the values of X',
  entries: 'the entries of X',
  at: 'an element of X',
  charAt: 'a character of X',
  charCodeAt: 'a character of X',
  codePointAt: 'a character of X',
  pop: 'the last element of X',
  shift: 'the first element of X',
  sort: 'X in order',
  toSorted: 'X in order',
  reverse: 'X in reverse',
  exec: 'the match of a pattern',
  match: 'the match of a pattern in X',
  concat: 'X and what is added to it',
  replace: 'X with replacements',
  replaceAll: 'X with replacements',
  padStart: 'X padded at its start',
  padEnd: 'X padded at its end',
  toFixed: 'X with fixed decimals',
  toString: 'X as a text',
  getTime: 'the time of X',
  localeCompare: 'the comparison of X with another text',
};

/** What a function of the language gives; `X` is its first argument. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  Number: 'X as a number',
  parseInt: 'X as a number',
  parseFloat: 'X as a number',
  'Number.parseInt': 'X as a number',
  'Number.parseFloat': 'X as a number',
  String: 'X as a text',
  'Math.round': 'X rounded',
  'Math.floor': 'X rounded down',
  'Math.ceil': 'X rounded up',
  'Math.trunc': 'the whole part of X',
  'Math.abs': 'X without its sign',
  'Math.min': 'the smallest of X and others',
  'Math.max': 'the largest of X and others',
  'JSON.parse': 'the parsed X',
  'JSON.stringify': 'X as JSON',
  'Object.keys': 'the keys of X',
  'Object.values': 'the values of X',
  'Object.entries': 'the entries of X',
  'Array.from': 'X as a list',
  'Date.now': 'the current time',
};

/** A noun phrase for the result of a call; null when there is nothing better than "what is worked out". */
export function callWords(scene: Scene, e: T.CallExpression, inner: (each: T.Expression) => string): string | null {
  const callee = e.expression;
  const [first] = e.arguments;
  const name = callee.getText();
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (known !== undefined) return known.replace('X', first ? inner(first) : 'nothing');
  if (ts.isPropertyAccessExpression(callee)) {
    const method = Object.hasOwn(METHODS, callee.name.text) ? METHODS[callee.name.text] : undefined;
    return method === undefined ? null : method.replace('X', inner(callee.expression));
  }
  return ts.isIdentifier(callee) && isShown(scene, callee)
    ? `the result of \`${callee.text}\`${first ? ` for ${inner(first)}` : ''}`
    : null;
}

/** An exported function, of this file or another. */
function isShown(scene: Scene, callee: T.Identifier): boolean {
  if (scene.exported.has(callee.text)) return true;
  const symbol = scene.checker.getSymbolAtLocation(callee);
  return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0;
}
