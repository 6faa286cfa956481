// Mutants of steps and calls: what is left out, what is taken for its twin, what is handed over in the wrong order.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import type { Change, Operator, Scene } from './mutate-scene.ts';
import { isNumber, knows, phrase, plain } from './mutate-words.ts';

const K = ts.SyntaxKind;

const change = (node: T.Node, replacement: string, operator: string, rank: number, what: string): Change => ({
  start: node.getStart(),
  end: node.end,
  replacement,
  operator,
  rank,
  what,
});

const statements: Operator = (scene, node) => {
  if (!ts.isExpressionStatement(node) || ts.isStringLiteral(node.expression)) return [];
  const done = stepWords(scene, plain(node.expression));
  return done === null ? [] : [change(node, ';', 'statement', 1, done)];
};

const ADDING = /^(push|unshift|add|append)$/;

/** What no longer happens when a step is left out; null for a step that is never left out. */
function stepWords(scene: Scene, e: T.Expression): string | null {
  if (ts.isBinaryExpression(e))
    return isAssignment(e) ? `${phrase(scene, e.left)} keeps its old value: ${phrase(scene, e.right)} is not put there` : null;
  if (ts.isDeleteExpression(e)) return `${phrase(scene, e.expression)} is not removed`;
  if (ts.isPostfixUnaryExpression(e) || ts.isPrefixUnaryExpression(e)) return `${phrase(scene, e.operand)} is not counted on`;
  if (!ts.isCallExpression(e) || e.expression.kind === K.SuperKeyword) return null;
  const { expression: callee, arguments: given } = e;
  const [first, second] = given;
  if (ts.isPropertyAccessExpression(callee)) {
    const [on, method] = [phrase(scene, callee.expression), callee.name.text];
    if (ADDING.test(method) && first) return `${phrase(scene, first)} is not added to ${on}`;
    if (method === 'set' && second) return `${phrase(scene, second)} is not kept in ${on}`;
    if (/^(delete|clear)$/.test(method)) return `nothing is removed from ${on}`;
    if (/^(sort|reverse)$/.test(method)) return `${on} keeps its old order`;
    return `the step \`${knows(scene, callee.name) ? method : 'of a helper'}\` on ${on} is left out`;
  }
  if (ts.isIdentifier(callee) && (scene.exported.has(callee.text) || knows(scene, callee)))
    return `the call of \`${callee.text}\` is left out`;
  return `a step with ${first ? phrase(scene, first) : 'what there is'} is left out`;
}

function isAssignment(e: T.BinaryExpression): boolean {
  return e.operatorToken.kind >= K.FirstAssignment && e.operatorToken.kind <= K.LastAssignment;
}

/** Methods that can be left out of a chain, and what then is not so. */
const CHAINED: Readonly<Record<string, string>> = {
  trim: 'blanks around X are kept',
  trimStart: 'blanks before X are kept',
  trimEnd: 'blanks after X are kept',
  toLowerCase: 'X keeps its upper case',
  toUpperCase: 'X keeps its lower case',
  sort: 'X is not put in order',
  toSorted: 'X is not put in order',
  reverse: 'the order of X is not reversed',
  toReversed: 'the order of X is not reversed',
  filter: 'elements of X that should be left out are kept',
  slice: 'X is taken whole',
  replace: 'nothing is replaced in X',
  replaceAll: 'nothing is replaced in X',
  padStart: 'X is not padded',
  padEnd: 'X is not padded',
  normalize: 'X is not normalised',
  flat: 'X stays nested',
};

const chained: Operator = (scene, node) => {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
  const { expression: on, name } = node.expression;
  const words = Object.hasOwn(CHAINED, name.text) ? CHAINED[name.text] : undefined;
  if (words === undefined || ts.isExpressionStatement(node.parent)) return [];
  if (name.text.startsWith('trim') && ignoresBlanks(node)) return [];
  if (name.text === 'slice' && node.arguments.length === 0) return [change(node, on.getText(), 'copy', 0, copied(scene, on))];
  return [change(node, on.getText(), 'chain', 1, words.replace('X', phrase(scene, on)))];
};

/** `Number(' 1 ')` is 1 with or without its blanks. */
function ignoresBlanks(node: T.Node): boolean {
  const { parent } = node;
  return ts.isCallExpression(parent) && /^(Number|parseInt|parseFloat|BigInt)$/.test(parent.expression.getText().replace('Number.', ''));
}

const copied = (scene: Scene, on: T.Expression): string =>
  `${phrase(scene, on)} itself is worked on (and changed for whoever holds it) instead of a copy`;

const copies: Operator = (scene, node) => {
  if (!ts.isArrayLiteralExpression(node) && !ts.isObjectLiteralExpression(node)) return [];
  const [only, ...rest] = ts.isArrayLiteralExpression(node) ? node.elements : node.properties;
  if (only === undefined || rest.length > 0 || (!ts.isSpreadElement(only) && !ts.isSpreadAssignment(only))) return [];
  const read =
    ts.isPropertyAccessExpression(node.parent) && !/^(sort|reverse|push|pop|shift|unshift|splice|fill)$/.test(node.parent.name.text);
  if (read || ts.isForOfStatement(node.parent) || ts.isSpreadElement(node.parent)) return [];
  return [change(node, only.expression.getText(), 'copy', 0, copied(scene, only.expression))];
};

/** Functions with a twin, and what the twin does. */
const TWINS: Readonly<Record<string, readonly [twin: string, what: string]>> = {
  'Math.min': ['Math.max', 'the largest of X and others is taken instead of the smallest'],
  'Math.max': ['Math.min', 'the smallest of X and others is taken instead of the largest'],
  'Math.floor': ['Math.ceil', 'X is rounded up instead of down'],
  'Math.ceil': ['Math.floor', 'X is rounded down instead of up'],
  'Math.round': ['Math.floor', 'X is rounded down instead of to the nearest'],
  'Math.trunc': ['Math.round', 'X is rounded instead of cut off'],
  'Math.abs': ['', 'the sign of X is kept'],
};

const METHOD_TWINS: Readonly<Record<string, readonly [twin: string, what: string]>> = {
  every: ['some', 'one element of X that passes is enough where all must'],
  some: ['every', 'all elements of X must pass where one is enough'],
  startsWith: ['endsWith', 'the end of X is looked at instead of its start'],
  endsWith: ['startsWith', 'the start of X is looked at instead of its end'],
  indexOf: ['lastIndexOf', 'the last place in X counts instead of the first'],
  lastIndexOf: ['indexOf', 'the first place in X counts instead of the last'],
  find: ['findLast', 'the last element of X that fits is taken instead of the first'],
  push: ['unshift', 'what is added to X stands at its start instead of its end'],
  unshift: ['push', 'what is added to X stands at its end instead of its start'],
  shift: ['pop', 'the last element of X is taken instead of the first'],
  pop: ['shift', 'the first element of X is taken instead of the last'],
  padStart: ['padEnd', 'X is padded at its end instead of its start'],
  padEnd: ['padStart', 'X is padded at its start instead of its end'],
  replaceAll: ['replace', 'only the first of several places in X is replaced'],
};

const twins: Operator = (scene, node) => {
  if (!ts.isCallExpression(node)) return [];
  const [first] = node.arguments;
  const name = node.expression.getText();
  const known = Object.hasOwn(TWINS, name) ? TWINS[name] : undefined;
  if (known !== undefined && first) return [change(node.expression, known[0], 'twin', 1, known[1].replace('X', phrase(scene, first)))];
  if (!ts.isPropertyAccessExpression(node.expression)) return [];
  const { expression: on, name: method } = node.expression;
  const twin = Object.hasOwn(METHOD_TWINS, method.text) ? METHOD_TWINS[method.text] : undefined;
  return twin === undefined ? [] : [change(method, twin[0], 'twin', 1, twin[1].replace('X', phrase(scene, on)))];
};

/** Neighbouring arguments of one type, each for the other. */
const swapped: Operator = (scene, node) => {
  if (!ts.isCallExpression(node) || /^(Math\.(min|max)|console\.\w+)$/.test(node.expression.getText())) return [];
  const [a, b] = node.arguments;
  if (
    a === undefined ||
    b === undefined ||
    ts.isSpreadElement(a) ||
    ts.isFunctionLike(a) ||
    ts.isFunctionLike(b) ||
    a.getText() === b.getText()
  )
    return [];
  const { checker } = scene;
  const [left, right] = [checker.getTypeAtLocation(a), checker.getTypeAtLocation(b)];
  const wide = (type: T.Type) => checker.getBaseTypeOfLiteralType(type);
  if (!checker.isTypeAssignableTo(wide(left), wide(right)) || !checker.isTypeAssignableTo(wide(right), wide(left))) return [];
  const what = `${phrase(scene, a)} and ${phrase(scene, b)} are taken for each other where ${calleeWords(scene, node)}`;
  const replacement = `${b.getText()}, ${a.getText()}`;
  return [{ start: a.getStart(), end: b.end, replacement, operator: 'swap', rank: 1, what }];
};

function calleeWords(scene: Scene, node: T.CallExpression): string {
  const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
  return ts.isIdentifier(name) && knows(scene, name) ? `\`${name.text}\` is called` : 'they are handed on';
}

/** A part that ends one further on, an element one further on. */
const offByOne: Operator = (scene, node) => {
  if (ts.isElementAccessExpression(node)) {
    const at = node.argumentExpression;
    if (ts.isNumericLiteral(at) || !isNumber(scene, at) || isTarget(node)) return [];
    return [change(at, `${at.getText()} + 1`, 'index', 2, `the element after the right one is taken of ${phrase(scene, node.expression)}`)];
  }
  if (
    !ts.isCallExpression(node) ||
    !ts.isPropertyAccessExpression(node.expression) ||
    !/^(slice|substring|subarray)$/.test(node.expression.name.text)
  )
    return [];
  const last = node.arguments.at(-1);
  if (last === undefined || ts.isNumericLiteral(last) || ts.isPrefixUnaryExpression(last) || !isNumber(scene, last)) return [];
  const end = node.arguments.length > 1 ? 'ends' : 'begins';
  return [
    change(last, `${last.getText()} + 1`, 'index', 1, `a part of ${phrase(scene, node.expression.expression)} ${end} one place too late`),
  ];
};

/** Something is put there. */
function isTarget(node: T.Expression): boolean {
  return ts.isBinaryExpression(node.parent) && node.parent.left === node && isAssignment(node.parent);
}

/** Every operator on steps and calls. */
export const CALLS: readonly Operator[] = [statements, chained, copies, twins, swapped, offByOne];
