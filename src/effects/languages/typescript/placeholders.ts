// Code that stands for code that was not written.
import type { ts as T } from 'ts-morph';
import type { Diagnostic } from '../../../core/report.ts';
import { ts } from './compiler.ts';
import { lineOf } from './diagnostics.ts';

const CODE = '(code|file|function|class|implementation|logic|methods?|module)';
const SAME = '((is|are|stays?|remains?) )?(here|below|unchanged|omitted|follows|the same|as is|as before|goes here)';

/** Lines of comments that stand for code. Prose that merely speaks of a rest, or of a todo, is none. */
const ELISION = [
  new RegExp(`^\\W*(the )?(rest|remainder) of ((the|your|this) )?${CODE}\\W*(${SAME}\\W*)?$`, 'i'),
  new RegExp(`^\\W*(the )?((existing|previous|original|other|remaining) )+${CODE}( ${SAME})?\\W*$`, 'i'),
  /^[\s*(]*(\.\.\.|…)\s*\(?(existing|rest|remaining|other|same|previous|unchanged|keep|omitted|etc)\b/i,
  /\b(existing|remaining) code\s*(\.\.\.|…)/i,
  /^\W*unchanged\W*$/i,
  /\b(omitted|elided|truncated|shortened) for (brevity|clarity|space)\b/i,
  /\b(TODO|FIXME)\b[\s:(\-–]*([Ii]mplement|[Ff]inish|[Cc]omplete|[Ww]rite|[Ff]ill in)/,
  /^\W*(your|actual|real|the)? ?(code|implementation|logic) (goes|comes) here\b/i,
  /^\W*implement (me|this|later|here)\b/i,
  /^\W*(implementation|placeholder|stub)( (here|only))?\W*$/i,
];

const UNWRITTEN = /\b(not (yet )?implemented|unimplemented|not (yet )?written|implement me)\b/i;
const TODO = /\bTODO\b/;

/** Elisions in comments, throws of "not implemented" that are a whole body, switched-off checks, and empty bodies of `promised` functions. */
export function placeholders(path: string, file: T.SourceFile, promised: ReadonlySet<string>): Diagnostic[] {
  const found: Diagnostic[] = [];
  const say = (start: number, message: string): number => found.push({ path, line: lineOf(file, start), code: 'placeholder', message });
  for (const { pos, text } of commentsOf(file)) {
    if (/@ts-nocheck/.test(text)) say(pos, '`@ts-nocheck` switches the checks off: remove it and mend what it hides.');
    const line = text
      .split('\n')
      .find((each) => ELISION.some((pattern) => pattern.test(each.replace(/^\s*(\/\/+|\/\*+|\*)|\*\/\s*$/g, '').trim())));
    if (line !== undefined) say(pos, `A comment stands where code belongs: \`${line.trim().slice(0, 120)}\`. Write the whole code.`);
  }
  const visit = (node: T.Node): void => {
    if (isBody(node) && node.body !== undefined && ts.isBlock(node.body)) checkBody(node, node.body, promised, say);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

type WithBody = T.FunctionLikeDeclaration;

function isBody(node: T.Node): node is WithBody {
  return ts.isFunctionLike(node) && 'body' in node;
}

function checkBody(node: WithBody, body: T.Block, promised: ReadonlySet<string>, say: (start: number, message: string) => void): void {
  const name = nameOf(node);
  const [only] = body.statements;
  if (body.statements.length === 1 && only !== undefined && ts.isThrowStatement(only) && isUnwritten(thrownText(only))) {
    say(only.getStart(), `${name === null ? 'This function' : `\`${name}\``} only throws "${thrownText(only)}": write its body.`);
  }
  if (body.statements.length === 0 && name !== null && promised.has(name)) {
    say(node.getStart(), `\`${name}\` has an empty body, but its contract wants a result: write its body.`);
  }
}

function isUnwritten(text: string): boolean {
  return UNWRITTEN.test(text) || TODO.test(text);
}

/** The name under which a function is promised: `parse`, or `Store.get` for a method. */
function nameOf(node: WithBody): string | null {
  if (ts.isConstructorDeclaration(node)) return null;
  if ((ts.isArrowFunction(node) || ts.isFunctionExpression(node)) && ts.isVariableDeclaration(node.parent))
    return node.parent.name.getText();
  const name = node.name?.getText();
  if (name === undefined) return null;
  const owner = ts.isClassDeclaration(node.parent) ? node.parent.name?.text : undefined;
  return owner === undefined ? name : `${owner}.${name}`;
}

function thrownText(node: T.ThrowStatement): string {
  const made = node.expression;
  if (!ts.isNewExpression(made) || !/^Error$|NotImplemented/.test(made.expression.getText())) return '';
  if (/NotImplemented/.test(made.expression.getText())) return 'not implemented';
  const [first] = made.arguments ?? [];
  return first !== undefined && (ts.isStringLiteralLike(first) || ts.isTemplateExpression(first)) ? first.getText().slice(1, -1) : '';
}

function commentsOf(file: T.SourceFile): { pos: number; text: string }[] {
  const seen = new Map<number, string>();
  const visit = (node: T.Node): void => {
    // The text of a template or of JSX is no trivia.
    if (node.kind !== ts.SyntaxKind.JsxText) {
      const ranges = [
        ...(ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? []),
        ...(ts.getTrailingCommentRanges(file.text, node.end) ?? []),
      ];
      for (const range of ranges) seen.set(range.pos, file.text.slice(range.pos, range.end));
    }
    for (const child of node.getChildren(file)) visit(child);
  };
  visit(file);
  return [...seen].sort(([a], [b]) => a - b).map(([pos, text]) => ({ pos, text }));
}
