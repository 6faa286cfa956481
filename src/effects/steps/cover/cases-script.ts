// Tests and suites of a file in TypeScript or JavaScript, by its syntax.
import type { ts as T } from 'ts-morph';
import type { Case, Name } from './cases.ts';

const TESTS = new Set(['test', 'it', 'specify']);
const SUITES = new Set(['describe', 'suite', 'context']);

/** The cases of a test file, in its order. */
export async function scriptCases(path: string, text: string): Promise<readonly Case[]> {
  const { ts } = await import('ts-morph');
  const kind = /x$/.test(path) ? ts.ScriptKind.TSX : /\.[cm]?ts$/.test(path) ? ts.ScriptKind.TS : ts.ScriptKind.JSX;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
  const found: Case[] = [];
  const visit = (node: T.Node, chain: readonly Name[]): void => {
    const what = ts.isCallExpression(node) ? caseOf(ts, node) : null;
    const own = what === null ? chain : [...chain, what.name];
    if (what !== null) {
      const statement = statementOf(ts, node);
      found.push({ kind: what.kind, chain: own, start: statement.getStart(file), end: statement.getEnd() });
    }
    ts.forEachChild(node, (child) => visit(child, own));
  };
  visit(file, []);
  return found;
}

/** The test or suite that a call makes; null for any other call. */
function caseOf(ts: typeof T, call: T.CallExpression): { readonly kind: Case['kind']; readonly name: Name } | null {
  const what = calledOf(ts, call);
  const name = what === null ? null : nameOf(ts, call, what.isTable);
  return what === null || name === null ? null : { kind: what.kind, name };
}

/** What a call such as `test(…)`, `describe.each(…)(…)` or `t.test(…)` makes; null for any other. */
function calledOf(ts: typeof T, call: T.CallExpression): { readonly kind: Case['kind']; readonly isTable: boolean } | null {
  let at: T.Expression = call.expression;
  let [member, isTable] = ['', false];
  for (;;) {
    if (ts.isPropertyAccessExpression(at)) {
      if (member === '') member = at.name.text;
      if (at.name.text === 'each' || at.name.text === 'for') isTable = true;
      at = at.expression;
    } else if (ts.isCallExpression(at)) at = at.expression;
    else if (ts.isTaggedTemplateExpression(at)) at = at.tag;
    else break;
  }
  if (!ts.isIdentifier(at) || (isTable && ts.isPropertyAccessExpression(call.expression))) return null;
  if (SUITES.has(at.text)) return { kind: 'suite', isTable };
  return TESTS.has(at.text) || TESTS.has(member) ? { kind: 'test', isTable } : null;
}

function nameOf(ts: typeof T, call: T.CallExpression, isTable: boolean): Name | null {
  const [first] = call.arguments;
  if (first === undefined || call.arguments.length < 2) return null;
  if (ts.isStringLiteralLike(first)) return isTable ? loose(first.text.split(/%[a-zA-Z#%]|\$[\w.]+/)) : exactly(first.text);
  if (ts.isTemplateExpression(first)) return loose([first.head.text, ...first.templateSpans.map((span) => span.literal.text)]);
  return loose(['', '']);
}

function exactly(text: string): Name {
  return { exact: true, fits: (name) => name === text };
}

/** A name of which only these parts are known, in their order. */
function loose(parts: readonly string[]): Name {
  const [head = '', ...rest] = parts;
  return {
    exact: false,
    fits: (name) => {
      if (!name.startsWith(head)) return false;
      let at = head.length;
      for (const part of rest) {
        const found = name.indexOf(part, at);
        if (found === -1) return false;
        at = found + part.length;
      }
      return true;
    },
  };
}

function statementOf(ts: typeof T, call: T.Node): T.Node {
  let node = call;
  while (!ts.isExpressionStatement(node) && !ts.isSourceFile(node.parent) && !ts.isBlock(node.parent)) node = node.parent;
  return node;
}
