// Mutants of decisions: limits, conditions, branches that are left out.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import type { Change, Operator, Scene } from './mutate-scene.ts';
import { isBoolean, isNumber, phrase, plain } from './mutate-words.ts';
import { clause, outcomeWords } from './mutate-words-conditions.ts';

const K = ts.SyntaxKind;

const replace = (node: T.Node, replacement: string, operator: string, rank: number, what: string): Change => ({
  start: node.getStart(),
  end: node.end,
  replacement,
  operator,
  rank,
  what,
});

/** Each limit: the operator that it becomes, and what equal values are then treated like. */
const LIMITS: Readonly<Partial<Record<T.SyntaxKind, readonly [text: string, like: string]>>> = {
  [K.LessThanToken]: ['<=', 'below'],
  [K.LessThanEqualsToken]: ['<', 'above'],
  [K.GreaterThanToken]: ['>=', 'above'],
  [K.GreaterThanEqualsToken]: ['>', 'below'],
};

const boundary: Operator = (scene, node) => {
  if (!ts.isBinaryExpression(node)) return [];
  const limit = LIMITS[node.operatorToken.kind];
  if (limit === undefined || isSettledElsewhere(node)) return [];
  const [text, like] = limit;
  const [left, right] = [phrase(scene, node.left), phrase(scene, node.right)];
  const what = isLoopHead(node)
    ? `a loop takes one step ${text.endsWith('=') ? 'too many' : 'too few'} at its end (its limit: ${right})`
    : `when ${left} is exactly ${right}, it is treated like ${like} it${follows(scene, node)}`;
  return [replace(node.operatorToken, text, 'boundary', 0, what)];
};

function isLoopHead(node: T.Node): boolean {
  return (
    (ts.isForStatement(node.parent) && node.parent.condition === node) ||
    (ts.isWhileStatement(node.parent) && node.parent.expression === node)
  );
}

/** Equal values make no difference here, or are decided somewhere else: comparators, the larger of two, a check for equality beside it. */
function isSettledElsewhere(node: T.BinaryExpression): boolean {
  const [left, right] = [node.left.getText(), node.right.getText()];
  const { parent } = node;
  if (ts.isConditionalExpression(parent)) {
    const values = [parent.whenTrue.getText(), parent.whenFalse.getText()];
    if (values.includes(left) && values.includes(right)) return true;
    if (/^-?1$/.test(values[0] ?? '') && /^(-?[01]$|.*\?)/.test(values[1] ?? '')) return true;
  }
  if (ts.isIfStatement(parent)) {
    const body = parent.thenStatement.getText().replace(/[{};\s]/g, '');
    const squeezed = (text: string) => text.replace(/\s/g, '');
    if (body.startsWith(`${squeezed(left)}=${squeezed(right)}`) || body.startsWith(`${squeezed(right)}=${squeezed(left)}`)) return true;
  }
  let owner: T.Node = node;
  while (owner.parent !== undefined && !ts.isFunctionLike(owner)) owner = owner.parent;
  const around = owner.getText();
  return [`${left} === ${right}`, `${left} !== ${right}`, `${right} === ${left}`, `${right} !== ${left}`].some((text) =>
    around.includes(text),
  );
}

/** What follows from the branch that a condition decides, alone or with others: ` (the check after which …)`. */
function follows(scene: Scene, node: T.Expression): string {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent) || (ts.isBinaryExpression(parent) && isLogic(parent))) return follows(scene, parent);
  const words = ts.isIfStatement(parent) ? outcomeWords(scene, parent.thenStatement) : null;
  return words === null ? '' : ` (the check after which ${words})`;
}

function isLogic({ operatorToken: { kind } }: T.BinaryExpression): boolean {
  return kind === K.AmpersandAmpersandToken || kind === K.BarBarToken;
}

const branch: Operator = (scene, node) => {
  if (ts.isConditionalExpression(node)) {
    const both = `when ${clause(scene, node.condition)}, the value for the opposite case is taken, and the other way round`;
    return [replace(node.condition, `!(${node.condition.getText()})`, 'condition', 1, both)];
  }
  if (!ts.isIfStatement(node)) return [];
  const condition = node.expression;
  const words = clause(scene, condition);
  const outcome = outcomeWords(scene, node.thenStatement, false);
  const changes = [
    replace(
      condition,
      `false && (${condition.getText()})`,
      'guard',
      outcome === null ? 1 : 0,
      `when ${words}, ${outcome ?? 'what is to be done then is left out'}`,
    ),
  ];
  if (node.elseStatement === undefined && outcome !== null) return changes;
  const always = `what is meant only for when ${words} is done always`;
  return [...changes, replace(condition, `true || (${condition.getText()})`, 'condition', 1, always)];
};

const equality: Operator = (scene, node) => {
  if (!ts.isBinaryExpression(node) || ts.isIfStatement(node.parent) || ts.isConditionalExpression(node.parent)) return [];
  const text = node.operatorToken.getText();
  if (!/^[!=]==?$/.test(text)) return [];
  const opposite = text.startsWith('=') ? text.replace('=', '!') : text.replace('!', '=');
  return [replace(node.operatorToken, opposite, 'equality', 1, `the check whether ${clause(scene, node)} gives the opposite`)];
};

const logic: Operator = (scene, node) => {
  if (!ts.isBinaryExpression(node)) return [];
  const kind = node.operatorToken.kind;
  const [left, right] = [node.left.getText(), node.right.getText()];
  if (kind === K.QuestionQuestionToken) return fallback(scene, node);
  if (!isLogic(node)) return [];
  if (kind === K.BarBarToken && !isBoolean(scene, node)) {
    const words = isNumber(scene, node.left)
      ? `when ${phrase(scene, node.left)} is 0, that 0 is kept and what is to decide then (${phrase(scene, node.right)}) is left out`
      : `when ${clause(scene, node.left, false)}, what is to be taken instead (${phrase(scene, node.right)}) is not taken`;
    return [replace(node, left, 'logic', 0, words)];
  }
  const both = kind === K.AmpersandAmpersandToken;
  // The input that tells: with `and`, the kept part holds and the dropped one does not; with `or`, the other way round.
  const dropped = (gone: T.Expression, kept: T.Expression) =>
    both
      ? `when ${clause(scene, kept)} but ${clause(scene, gone, false)}, the latter is overlooked${follows(scene, node)}`
      : `when ${clause(scene, gone)} while ${clause(scene, kept, false)}, the former is overlooked${follows(scene, node)}`;
  return [
    replace(node, left, 'logic', 0, dropped(node.right, node.left)),
    replace(node, right, 'logic', 0, dropped(node.left, node.right)),
  ];
};

/** An element of a list may be missing for the compiler alone: its fallback is rarely more than a formality. */
function fallback(scene: Scene, node: T.BinaryExpression): readonly Change[] {
  const value = plain(node.left);
  if (ts.isElementAccessExpression(value)) return [];
  const [what, instead] = [phrase(scene, node.left), phrase(scene, node.right)];
  return [replace(node, node.right.getText(), 'fallback', 1, `${instead} is taken even where ${what} is given`)];
}

const negation: Operator = (scene, node) => {
  if (!ts.isPrefixUnaryExpression(node) || node.operator !== K.ExclamationToken) return [];
  if (ts.isIfStatement(node.parent) || ts.isConditionalExpression(node.parent) || isLoopHead(node)) return [];
  return [replace(node, node.operand.getText(), 'negation', 1, `the check whether ${clause(scene, node)} gives the opposite`)];
};

/** A value of true or false that is given back, or by which elements are chosen. */
const verdict: Operator = (scene, node) => {
  const value = ts.isReturnStatement(node) ? node.expression : ts.isArrowFunction(node) && !ts.isBlock(node.body) ? node.body : undefined;
  if (value === undefined || !isBoolean(scene, value) || isLiteral(value)) return [];
  return [replace(value, `!(${value.getText()})`, 'verdict', 2, `the answer whether ${clause(scene, value)} is the opposite`)];
};

function isLiteral(node: T.Expression): boolean {
  return node.kind === K.TrueKeyword || node.kind === K.FalseKeyword;
}

const cases: Operator = (scene, node) => {
  if (!ts.isCaseClause(node) || node.statements.length === 0) return [];
  const what = `when ${phrase(scene, node.parent.parent.expression)} is ${phrase(scene, node.expression)}, it is treated like a case that is not known`;
  return [replace(node, '', 'case', 1, what)];
};

const caught: Operator = (_, node) => {
  if (!ts.isTryStatement(node)) return [];
  const handler = node.catchClause;
  const rethrows = handler === undefined || /\bthrow\b/.test(handler.block.getText());
  const passed = 'an error that is to be caught and handled is passed on as it is';
  const thrown = 'catch (redgreenMutant) { throw redgreenMutant; }';
  return [
    ...(rethrows ? [] : [replace(handler, thrown, 'catch', 1, passed)]),
    ...(node.finallyBlock === undefined || node.finallyBlock.statements.length === 0
      ? []
      : [replace(node.finallyBlock, '{}', 'finally', 2, 'what is to be done at the end in any case, also after an error, is left out')]),
  ];
};

/** Every operator on decisions. */
export const DECISIONS: readonly Operator[] = [boundary, branch, equality, logic, negation, verdict, cases, caught];
