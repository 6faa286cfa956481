// Mutants of values: numbers, texts, arithmetic, patterns, defaults, what is given back.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import type { Operator, Scene } from './mutate-scene.ts';
import { isNumber, isText, phrase, textWords } from './mutate-words.ts';
import { clause } from './mutate-words-conditions.ts';

const K = ts.SyntaxKind;

const ARITHMETIC: Readonly<Partial<Record<T.SyntaxKind, readonly [text: string, is: string, becomes: string]>>> = {
  [K.PlusToken]: ['-', 'the sum', 'the difference'],
  [K.MinusToken]: ['+', 'the difference', 'the sum'],
  [K.AsteriskToken]: ['/', 'the product', 'the quotient'],
  [K.SlashToken]: ['*', 'the quotient', 'the product'],
  [K.PercentToken]: ['*', 'the remainder', 'the product'],
  [K.AsteriskAsteriskToken]: ['*', 'the power', 'the product'],
};

const arithmetic: Operator = (scene, node) => {
  if (!ts.isBinaryExpression(node)) return [];
  const words = ARITHMETIC[node.operatorToken.kind];
  const { left, right, operatorToken: token } = node;
  if (words === undefined || !isNumber(scene, left) || !isNumber(scene, right)) return [];
  const [text, is, becomes] = words;
  const what = `instead of ${is} of ${phrase(scene, left)} and ${phrase(scene, right)}, ${becomes} of them is taken`;
  return [{ start: token.getStart(), end: token.end, replacement: text, operator: 'arithmetic', rank: 1, what }];
};

const COMPOUND: Readonly<Partial<Record<T.SyntaxKind, readonly [text: string, what: string]>>> = {
  [K.PlusEqualsToken]: ['-=', 'is taken away instead of added'],
  [K.MinusEqualsToken]: ['+=', 'is added instead of taken away'],
  [K.AsteriskEqualsToken]: ['/=', 'divides instead of multiplies'],
  [K.SlashEqualsToken]: ['*=', 'multiplies instead of divides'],
  [K.QuestionQuestionEqualsToken]: ['=', 'replaces also what was there'],
};

const compound: Operator = (scene, node) => {
  if (!ts.isBinaryExpression(node)) return [];
  const words = COMPOUND[node.operatorToken.kind];
  if (words === undefined) return [];
  const texts = isText(scene, node.left) && node.operatorToken.kind === K.PlusEqualsToken;
  const [text, what] = texts ? ['=', 'replaces what was there instead of being added to it'] : words;
  const { operatorToken: token } = node;
  return [
    {
      start: token.getStart(),
      end: token.end,
      replacement: text,
      operator: 'assignment',
      rank: 1,
      what: `${phrase(scene, node.right)} ${what} (to ${phrase(scene, node.left)})`,
    },
  ];
};

const steps: Operator = (scene, node) => {
  if (!ts.isPrefixUnaryExpression(node) && !ts.isPostfixUnaryExpression(node)) return [];
  const up = node.operator === K.PlusPlusToken;
  if ((!up && node.operator !== K.MinusMinusToken) || ts.isForStatement(node.parent)) return [];
  const replacement = node.getText().replace(up ? '++' : '--', up ? '--' : '++');
  const what = `${phrase(scene, node.operand)} is counted ${up ? 'down instead of up' : 'up instead of down'}`;
  return [{ start: node.getStart(), end: node.end, replacement, operator: 'count', rank: 2, what }];
};

/** Calls whose numbers are a matter of taste, not of behaviour. */
const IDLE_CALLS = /^(set(Timeout|Interval)|AbortSignal\.timeout|JSON\.stringify|(Array|Buffer)\.alloc\w*)$/;

const numbers: Operator = (scene, node) => {
  if (!ts.isNumericLiteral(node) || isIdle(node)) return [];
  const value = Number(node.text);
  if (!Number.isSafeInteger(value + 1) && !Number.isFinite(value)) return [];
  const what = `${usedIn(scene, node)}, ${value + 1} stands where ${value} should`;
  const replacement = String(value + 1);
  return [{ start: node.getStart(), end: node.end, replacement, operator: 'number', rank: value <= 1 ? 1 : 2, what }];
};

function isIdle(node: T.Node): boolean {
  const { parent } = node;
  if (ts.isCallExpression(parent)) return IDLE_CALLS.test(parent.expression.getText());
  if (ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent))
    return /timeout|delay|retries|buffer|port$|ms$/i.test(parent.name.getText());
  // A table of numbers is covered by one of them; hexadecimal and bit patterns read badly in words.
  return ts.isArrayLiteralExpression(parent) && parent.elements[0] !== node;
}

/** Where a literal takes part, in words. */
function usedIn(scene: Scene, node: T.Expression): string {
  let { parent } = node;
  while (ts.isParenthesizedExpression(parent) || ts.isPrefixUnaryExpression(parent)) parent = parent.parent;
  if (ts.isBinaryExpression(parent)) {
    const other = parent.left === node ? parent.right : parent.left;
    if (/^([<>]=?|[!=]==?)$/.test(parent.operatorToken.getText())) return `in the check whether ${clause(scene, parent)}`;
    return `where ${phrase(scene, other)} is reckoned with or set`;
  }
  if (ts.isElementAccessExpression(parent)) return `where an element of ${phrase(scene, parent.expression)} is taken by its position`;
  if (ts.isCallExpression(parent)) {
    const { expression } = parent;
    if (ts.isPropertyAccessExpression(expression))
      return `where ${phrase(scene, expression.expression)} is worked on (\`${expression.name.text}\`)`;
    return `where ${phrase(scene, parent)} is asked for`;
  }
  if (ts.isReturnStatement(parent) || ts.isArrowFunction(parent)) return 'in what is given back';
  if (ts.isPropertyAssignment(parent)) return `in the value of \`${parent.name.getText()}\``;
  if (ts.isVariableDeclaration(parent))
    return ts.isForStatement(parent.parent.parent) ? 'where a loop begins' : 'in a starting or fixed value';
  if (ts.isParameter(parent)) return `in the default of \`${parent.name.getText()}\``;
  return 'in a value';
}

const booleans: Operator = (scene, node) => {
  const isTrue = node.kind === K.TrueKeyword;
  if (!isTrue && node.kind !== K.FalseKeyword) return [];
  const rank = ts.isReturnStatement(node.parent) || ts.isParameter(node.parent) ? 1 : 2;
  const what = `${usedIn(scene, node as T.BooleanLiteral)}, ${!isTrue} stands where ${isTrue} should`;
  return [{ start: node.getStart(), end: node.end, replacement: String(!isTrue), operator: 'boolean', rank, what }];
};

/** Texts that matter to a program; what is said to people is left alone. */
const texts: Operator = (scene, node) => {
  if (!ts.isStringLiteral(node) && !ts.isNoSubstitutionTemplateLiteral(node)) return [];
  if (isMessage(node) || (ts.isPropertyAssignment(node.parent) && node.parent.name === node)) return [];
  if (ts.isElementAccessExpression(node.parent) || ts.isTypeOfExpression((node.parent as T.BinaryExpression).left ?? node)) return [];
  const replacement = node.text === '' ? "'redgreen'" : "''";
  const what = `${usedIn(scene, node)}, ${textWords(node.text === '' ? 'redgreen' : '')} stands where ${textWords(node.text)} should`;
  return [{ start: node.getStart(), end: node.end, replacement, operator: 'text', rank: 2, what }];
};

function isMessage(node: T.StringLiteralLike): boolean {
  if ((node.text.match(/\s+\S/g) ?? []).length >= 2) return true;
  for (let at: T.Node = node; at.parent !== undefined && !ts.isStatement(at); at = at.parent) {
    if (ts.isThrowStatement(at.parent)) return true;
    if (ts.isNewExpression(at.parent) && /Error$/.test(at.parent.expression.getText())) return true;
    if (ts.isCallExpression(at.parent) && /^console\./.test(at.parent.expression.getText())) return true;
  }
  return false;
}

/** Parts of a pattern that may go, and what then matches as well. */
const PATTERN_PARTS: readonly (readonly [part: RegExp, replacement: string, what: string])[] = [
  [/^\^/, '', 'a pattern that must match from the start also matches further on'],
  [/(?<!\\)\$$/, '', 'a pattern that must match to the end also matches when more follows'],
  [/(?<=[\w\])])\+/, '*', 'a pattern that needs at least one of something is content with none'],
  [/(?<=[\w\])])\*/, '+', 'a pattern that is content with none of something needs at least one'],
  [/(?<=[\w\])])\?(?!:|=|!|<)/, '', 'something that may be missing in a pattern must be there'],
];

const patterns: Operator = (scene, node) => {
  if (!ts.isRegularExpressionLiteral(node)) return [];
  const close = node.text.lastIndexOf('/');
  const [body, flags] = [node.text.slice(1, close), node.text.slice(close + 1)];
  const where = matchedBy(scene, node);
  const base = { start: node.getStart(), end: node.end, operator: 'pattern', rank: 1 };
  const parts = PATTERN_PARTS.flatMap(([part, replacement, what]) => {
    const changed = body.replace(part, replacement);
    return changed === body || changed === '' ? [] : [{ ...base, replacement: `/${changed}/${flags}`, what: `${where}, ${what}` }];
  });
  if (!flags.includes('i')) return parts;
  const strict = { ...base, replacement: `/${body}/${flags.replace('i', '')}`, what: `${where}, upper and lower case are told apart` };
  return [...parts, strict];
};

function matchedBy(scene: Scene, node: T.Expression): string {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && ts.isCallExpression(parent.parent) && parent.parent.arguments[0])
    return `where ${phrase(scene, parent.parent.arguments[0])} is matched`;
  if (ts.isCallExpression(parent) && ts.isPropertyAccessExpression(parent.expression))
    return `where ${phrase(scene, parent.expression.expression)} is matched`;
  return 'where a text is matched';
}

/** An answer that is not worked out at all. */
const answers: Operator = (scene, node) => {
  if (!ts.isReturnStatement(node) || node.expression === undefined || ts.isLiteralExpression(node.expression)) return [];
  const { expression } = node;
  const type = scene.checker.getTypeAtLocation(expression);
  const empty = scene.checker.isArrayType(type) ? '[]' : isText(scene, expression) ? "''" : isNumber(scene, expression) ? '0' : null;
  if (empty === null || expression.getText() === empty) return [];
  const what = `instead of ${phrase(scene, expression)}, ${empty === '[]' ? 'an empty list' : empty === '0' ? '0' : 'an empty text'} is given back`;
  return [{ start: expression.getStart(), end: expression.end, replacement: empty, operator: 'answer', rank: 3, what }];
};

/** Every operator on values. */
export const VALUES: readonly Operator[] = [arithmetic, compound, steps, numbers, booleans, texts, patterns, answers];
