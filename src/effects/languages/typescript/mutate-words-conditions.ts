// Conditions and what follows from them, in words.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import type { Scene } from './mutate-scene.ts';
import { isBoolean, isNumber, isText, knows, phrase, plain } from './mutate-words.ts';
import { callWords } from './mutate-words-calls.ts';

const K = ts.SyntaxKind;

type Pair = readonly [is: string, isNot: string];

const COMPARED: Readonly<Partial<Record<T.SyntaxKind, Pair>>> = {
  [K.EqualsEqualsEqualsToken]: ['equals', 'differs from'],
  [K.EqualsEqualsToken]: ['equals', 'differs from'],
  [K.ExclamationEqualsEqualsToken]: ['differs from', 'equals'],
  [K.ExclamationEqualsToken]: ['differs from', 'equals'],
  [K.LessThanToken]: ['is below', 'is at least'],
  [K.LessThanEqualsToken]: ['is at most', 'is above'],
  [K.GreaterThanToken]: ['is above', 'is at most'],
  [K.GreaterThanEqualsToken]: ['is at least', 'is below'],
  [K.InKeyword]: ['is a key of', 'is no key of'],
};

const ASKED: Readonly<Record<string, Pair>> = {
  includes: ['contains', 'does not contain'],
  has: ['has', 'does not have'],
  startsWith: ['starts with', 'does not start with'],
  endsWith: ['ends with', 'does not end with'],
  every: ['holds only what passes', 'holds something that does not pass'],
  some: ['holds something that passes', 'holds nothing that passes'],
};

const TESTED: Readonly<Record<string, Pair>> = {
  'Array.isArray': ['is a list', 'is no list'],
  'Number.isInteger': ['is a whole number', 'is no whole number'],
  'Number.isSafeInteger': ['is a whole number', 'is no whole number'],
  'Number.isFinite': ['is finite', 'is not finite'],
  'Number.isNaN': ['is not a number', 'is a number'],
  isNaN: ['is not a number', 'is a number'],
};

/** A clause that says when `node` is true (or, with `truth` false, when it is not): `size is below 1`. */
export function clause(scene: Scene, node: T.Expression, truth = true): string {
  const e = plain(node);
  const pick = (pair: Pair) => pair[truth ? 0 : 1];
  if (ts.isPrefixUnaryExpression(e) && e.operator === K.ExclamationToken) return clause(scene, e.operand, !truth);
  if (ts.isBinaryExpression(e)) return binaryClause(scene, e, truth) ?? truthy(scene, e, truth);
  if (ts.isCallExpression(e)) return callClause(scene, e, pick) ?? truthy(scene, e, truth);
  return truthy(scene, e, truth);
}

function binaryClause(scene: Scene, e: T.BinaryExpression, truth: boolean): string | null {
  const kind = e.operatorToken.kind;
  if (kind === K.AmpersandAmpersandToken || kind === K.BarBarToken) {
    const both = (kind === K.AmpersandAmpersandToken) === truth;
    return `${clause(scene, e.left, truth)} ${both ? 'and' : 'or'} ${clause(scene, e.right, truth)}`;
  }
  if (kind === K.InstanceOfKeyword)
    return `${phrase(scene, e.left)} ${truth ? 'is' : 'is not'} ${knows(scene, e.right) ? `a \`${e.right.getText()}\`` : 'of a certain class'}`;
  const pair = COMPARED[kind];
  if (pair === undefined) return null;
  const left = plain(e.left);
  if (ts.isTypeOfExpression(left) && ts.isStringLiteral(e.right)) {
    const equal = pair[0] === 'equals';
    return `${phrase(scene, left.expression)} ${equal === truth ? 'is' : 'is not'} of type ${e.right.text}`;
  }
  if (/^(undefined|null)$/.test(e.right.getText()))
    return `${phrase(scene, e.left)} is ${(pair[0] === 'equals') === truth ? 'missing' : 'there'}`;
  return `${phrase(scene, e.left)} ${pair[truth ? 0 : 1]} ${phrase(scene, e.right)}`;
}

function callClause(scene: Scene, e: T.CallExpression, pick: (pair: Pair) => string): string | null {
  const [first] = e.arguments;
  const name = e.expression.getText();
  const tested = Object.hasOwn(TESTED, name) ? TESTED[name] : undefined;
  if (tested !== undefined && first) return `${phrase(scene, first)} ${pick(tested)}`;
  if (!ts.isPropertyAccessExpression(e.expression)) return null;
  const { expression: on, name: method } = e.expression;
  if (method.text === 'test' && first) return `${phrase(scene, first)} ${pick(['matches a pattern', 'does not match a pattern'])}`;
  const asked = Object.hasOwn(ASKED, method.text) ? ASKED[method.text] : undefined;
  if (asked === undefined) return null;
  return `${phrase(scene, on)} ${pick(asked)}${first && !/^(every|some)$/.test(method.text) ? ` ${phrase(scene, first)}` : ''}`;
}

function truthy(scene: Scene, e: T.Expression, truth: boolean): string {
  const asked = ts.isCallExpression(e) && isBoolean(scene, e) && callWords(scene, e, (each) => phrase(scene, each)) === null;
  if (asked) return `a check${e.arguments[0] ? ` of ${phrase(scene, e.arguments[0])}` : ''} ${truth ? 'passes' : 'fails'}`;
  const words: Pair = isBoolean(scene, e)
    ? ['is true', 'is false']
    : isText(scene, e)
      ? ['is not empty', 'is empty']
      : isNumber(scene, e)
        ? ['is not 0', 'is 0']
        : ['is there', 'is missing'];
  return `${phrase(scene, e)} ${words[truth ? 0 : 1]}`;
}

/** What a branch does, or with `happens` false what is then not done, as a clause: null when there is nothing short to say. */
export function outcomeWords(scene: Scene, node: T.Statement, happens = true): string | null {
  const s = ts.isBlock(node) ? node.statements.at(-1) : node;
  if (s === undefined) return null;
  const pick = (is: string, isNot: string) => (happens ? is : isNot);
  if (ts.isThrowStatement(s)) {
    const made = plain(s.expression);
    const known = ts.isNewExpression(made) && knows(scene, made.expression);
    return known ? pick('a', 'no').concat(` \`${made.expression.getText()}\` is thrown`) : pick('an error is thrown', 'no error is thrown');
  }
  if (ts.isContinueStatement(s)) return pick('the rest is skipped for this element', 'the rest is not skipped for this element');
  if (ts.isBreakStatement(s)) return pick('a loop ends there', 'a loop does not end there');
  if (!ts.isReturnStatement(s)) return null;
  if (s.expression === undefined) return pick('nothing more is done', 'it goes on as in other cases');
  const result = phrase(scene, s.expression, 2);
  return pick(`the result is ${result}`, `the result is not ${result}: it goes on as in other cases`);
}

const MOST_CONDITIONS = 2;

/** The conditions under which a node is reached, the nearest first, as `where …, `; empty when there are none. */
export function contextOf(scene: Scene, node: T.Node): string {
  const found: string[] = [];
  for (let at = node; at.parent !== undefined && found.length < MOST_CONDITIONS && !isNamedFunction(at); at = at.parent) {
    const { parent } = at;
    if (ts.isIfStatement(parent) && at !== parent.expression) found.push(clause(scene, parent.expression, at === parent.thenStatement));
    if (ts.isConditionalExpression(parent) && at !== parent.condition) found.push(clause(scene, parent.condition, at === parent.whenTrue));
    if (ts.isCaseClause(at)) found.push(`${phrase(scene, at.parent.parent.expression)} is ${phrase(scene, at.expression)}`);
    if (ts.isCatchClause(at)) found.push('an error is caught');
  }
  return found.length === 0 ? '' : `where ${[...new Set(found)].join(' and ')}, `;
}

function isNamedFunction(node: T.Node): boolean {
  return ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node) || ts.isAccessor(node);
}
