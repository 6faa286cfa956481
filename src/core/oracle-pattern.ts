// Patterns that take linear time whatever the text: the text comes out of a box and the pattern from a model, so a backtracking engine
// would let either of them stop the harness. A pattern is turned into a small automaton (Thompson); single characters are left to RegExp.

/** True when the whole text matches. */
export type Pattern = (text: string) => boolean;

type State =
  | { readonly kind: 'character'; readonly is: (character: string) => boolean; next: number }
  | { readonly kind: 'split'; next: number; other: number }
  | { readonly kind: 'end' };

const MOST = { source: 400, states: 2_000, repeats: 200 } as const;

/**
 * Reads a pattern: characters, `.`, classes, `\d \w \s \p{…}` and escapes, groups, `|`, `? * + {n,m}`. It always stands for the whole
 * text; `^` at its start and `$` at its end may be written. No look-around, back-references or `\b`.
 */
export function readPattern(source: string): { readonly pattern: Pattern } | { readonly problem: string } {
  if (source.length > MOST.source) return { problem: `the pattern is longer than ${MOST.source} characters` };
  try {
    const body = source.replace(/^\^/, '').replace(/(?<!\\)((?:\\\\)*)\$$/, '$1');
    const reading = { tokens: tokensOf(body), at: 0 };
    const tree = alternatives(reading);
    if (reading.at < reading.tokens.length) throw new Unreadable('a bracket is closed that was not opened');
    const states: State[] = [{ kind: 'end' }];
    const start = build(tree, 0, states);
    return { pattern: (text) => run(states, start, text) };
  } catch (error) {
    if (error instanceof Unreadable) return { problem: `the pattern ${JSON.stringify(source)} cannot be used: ${error.message}` };
    throw error;
  }
}

class Unreadable extends Error {}

type Node =
  | { readonly kind: 'character'; readonly is: (character: string) => boolean }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'either'; readonly items: readonly Node[] }
  | { readonly kind: 'repeat'; readonly item: Node; readonly from: number; readonly to: number | null };

interface Reading {
  readonly tokens: readonly string[];
  at: number;
}

const TOKEN =
  /\[(?:\\[\s\S]|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\u[\da-fA-F]{4}|\\x[\da-fA-F]{2}|\\[\s\S]|\(\?:|\{\d+(?:,\d*)?\}\??|[*+?]\??|[\s\S]/gu;

function tokensOf(source: string): readonly string[] {
  return source.match(TOKEN) ?? [];
}

function alternatives(r: Reading): Node {
  const items = [sequence(r)];
  while (r.tokens[r.at] === '|') {
    r.at += 1;
    items.push(sequence(r));
  }
  return items.length === 1 && items[0] ? items[0] : { kind: 'either', items };
}

function sequence(r: Reading): Node {
  const items: Node[] = [];
  for (let token = r.tokens[r.at]; token !== undefined && token !== '|' && token !== ')'; token = r.tokens[r.at]) items.push(repeated(r));
  return { kind: 'sequence', items };
}

function repeated(r: Reading): Node {
  let node = atom(r);
  for (let token = r.tokens[r.at]; token !== undefined && /^(?:[*+?]|\{\d)/.test(token); token = r.tokens[r.at]) {
    r.at += 1;
    const [from, to] = bounds(token);
    node = { kind: 'repeat', item: node, from, to };
  }
  return node;
}

function bounds(token: string): readonly [number, number | null] {
  if (token.startsWith('*')) return [0, null];
  if (token.startsWith('+')) return [1, null];
  if (token.startsWith('?')) return [0, 1];
  const [, from = '0', comma, to = ''] = /^\{(\d+)(,)?(\d*)\}/.exec(token) ?? [];
  const most = comma === undefined ? Number(from) : to === '' ? null : Number(to);
  if (Number(from) > MOST.repeats || (most !== null && (most > MOST.repeats || most < Number(from))))
    throw new Unreadable(`${token} is not a range up to ${MOST.repeats}`);
  return [Number(from), most];
}

function atom(r: Reading): Node {
  const token = r.tokens[r.at] ?? '';
  r.at += 1;
  if (token === '(' || token === '(?:') {
    if (r.tokens[r.at]?.startsWith('?')) throw new Unreadable('only plain groups and (?:…) are known');
    const inner = alternatives(r);
    if (r.tokens[r.at] !== ')') throw new Unreadable('a group is not closed');
    r.at += 1;
    return inner;
  }
  if (/^(?:[*+?]\??|[{}[\]^$]|\{\d.*|\\[bBkcC1-9])$/.test(token)) throw new Unreadable(`${token} does not stand for a character here`);
  return { kind: 'character', is: matcher(token) };
}

/** One character's test. RegExp decides, on a text of one character, so its time is bounded. */
function matcher(token: string): (character: string) => boolean {
  const literal = /^\\[^\w\s]$/.test(token) ? token.slice(1) : token.length === 1 && token !== '.' ? token : null;
  if (literal !== null) return (character) => character === literal;
  try {
    const single = new RegExp(`^${token}$`, 'u');
    return (character) => single.test(character);
  } catch {
    throw new Unreadable(`${token} is no class or escape that is known`);
  }
}

/** Adds the states of `node`, which goes on to `next`; returns where it begins. */
function build(node: Node, next: number, states: State[]): number {
  switch (node.kind) {
    case 'character':
      return add(states, { kind: 'character', is: node.is, next });
    case 'sequence':
      return node.items.reduceRight((after, item) => build(item, after, states), next);
    case 'either':
      return node.items.map((item) => build(item, next, states)).reduce((a, b) => add(states, { kind: 'split', next: a, other: b }));
    default:
      return repeat(node, next, states);
  }
}

function repeat({ item, from, to }: Extract<Node, { kind: 'repeat' }>, next: number, states: State[]): number {
  let start = next;
  if (to === null) {
    const loop: State = { kind: 'split', next: 0, other: next };
    start = add(states, loop);
    loop.next = build(item, start, states);
  } else {
    for (let n = from; n < to; n += 1) start = add(states, { kind: 'split', next: build(item, start, states), other: next });
  }
  for (let n = 0; n < from; n += 1) start = build(item, start, states);
  return start;
}

function add(states: State[], state: State): number {
  if (states.length >= MOST.states) throw new Unreadable('it is too large');
  return states.push(state) - 1;
}

function run(states: readonly State[], start: number, text: string): boolean {
  let now = closure(states, [start]);
  for (const character of text) {
    const reached: number[] = [];
    for (const at of now) {
      const state = states[at];
      if (state?.kind === 'character' && state.is(character)) reached.push(state.next);
    }
    if (reached.length === 0) return false;
    now = closure(states, reached);
  }
  return now.has(0);
}

function closure(states: readonly State[], from: readonly number[]): ReadonlySet<number> {
  const seen = new Set<number>();
  const open = [...from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const state = states[at];
    if (state?.kind === 'split') open.push(state.next, state.other);
  }
  return seen;
}
