// Expressions in words: what a tester who knows the contracts, but not the code, can understand.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import type { Scene } from './mutate-scene.ts';
import { callWords } from './mutate-words-calls.ts';

const DEEPEST = 4;

/** A noun phrase for the value of an expression. Names only what the contracts name; the rest is described. */
export function phrase(scene: Scene, node: T.Expression, depth = DEEPEST): string {
  const e = plain(node);
  if (depth <= 0) return 'a value';
  const inner = (each: T.Expression) => phrase(scene, each, depth - 1);
  if (ts.isIdentifier(e)) return ofIdentifier(scene, e, depth);
  if (ts.isPropertyAccessExpression(e)) return ofProperty(scene, e, inner);
  if (ts.isElementAccessExpression(e)) return `an element of ${inner(e.expression)}`;
  if (ts.isCallExpression(e)) return callWords(scene, e, inner) ?? workedOut(e.arguments[0] && inner(e.arguments[0]));
  if (ts.isNewExpression(e)) return knows(scene, e.expression) ? `a \`${e.expression.getText()}\`` : 'an object';
  if (ts.isBinaryExpression(e)) return ofBinary(scene, e, inner);
  if (ts.isPrefixUnaryExpression(e) && e.operator === ts.SyntaxKind.MinusToken)
    return ts.isNumericLiteral(e.operand) ? `-${e.operand.text}` : `minus ${inner(e.operand)}`;
  if (ts.isArrayLiteralExpression(e) && e.elements.length === 1 && e.elements[0] && ts.isSpreadElement(e.elements[0]))
    return inner(e.elements[0].expression);
  if (ts.isConditionalExpression(e)) return `${inner(e.whenTrue)} or ${inner(e.whenFalse)}`;
  if (e.kind === ts.SyntaxKind.ThisKeyword) return 'the object';
  return ofLiteral(e) ?? 'a value';
}

/** A helper's result; what it is made from says more than that there is a helper. */
function workedOut(from: string | undefined): string {
  return from === undefined || /^(a|an intermediate) value/.test(from)
    ? 'an intermediate value'
    : `an intermediate value made from ${from}`;
}

/** Without parentheses, casts, `await` and `!`. */
export function plain(node: T.Expression): T.Expression {
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isAwaitExpression(node)
  )
    return plain(node.expression);
  return node;
}

function ofLiteral(e: T.Expression): string | null {
  if (ts.isNumericLiteral(e) || ts.isBigIntLiteral(e)) return e.text;
  if (ts.isStringLiteralLike(e)) return textWords(e.text);
  if (e.kind === ts.SyntaxKind.TrueKeyword) return 'true';
  if (e.kind === ts.SyntaxKind.FalseKeyword) return 'false';
  if (e.kind === ts.SyntaxKind.NullKeyword) return 'null';
  if (ts.isRegularExpressionLiteral(e)) return 'a pattern';
  if (ts.isTemplateExpression(e)) return 'a composed text';
  if (ts.isArrayLiteralExpression(e)) return e.elements.length === 0 ? 'an empty list' : 'a list';
  if (ts.isObjectLiteralExpression(e)) return e.properties.length === 0 ? 'an empty object' : 'an object';
  return null;
}

/** A text as data: quoted when it is short. */
export function textWords(text: string): string {
  if (text === '') return 'the empty text';
  return text.length <= 24 ? `the text ${JSON.stringify(text)}` : 'a fixed text';
}

function ofIdentifier(scene: Scene, e: T.Identifier, depth: number): string {
  if (e.text === 'undefined') return 'undefined';
  const declaration = scene.checker.getSymbolAtLocation(e)?.valueDeclaration;
  if (declaration === undefined) return knows(scene, e) ? `\`${e.text}\`` : 'a value';
  if (ts.isParameter(declaration)) return ofParameter(scene, declaration, e.text, depth);
  if (ts.isBindingElement(declaration)) return ofBinding(scene, declaration, depth);
  if (!ts.isVariableDeclaration(declaration)) return knows(scene, e) ? `\`${e.text}\`` : 'a value';
  const list = declaration.parent;
  if (ts.isVariableDeclarationList(list) && ts.isForOfStatement(list.parent))
    return `an element of ${phrase(scene, list.parent.expression, depth - 1)}`;
  if (ts.isVariableDeclarationList(list) && ts.isForStatement(list.parent))
    return isNumber(scene, e) ? 'the position of a loop' : 'a running value';
  if (isTopLevel(declaration) && scene.exported.has(e.text)) return `\`${e.text}\``;
  const constant = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  if (!constant || declaration.initializer === undefined) return 'a running value';
  return collection(declaration.initializer) ?? phrase(scene, declaration.initializer, depth - 0.5);
}

/** What begins empty is filled later. */
function collection(node: T.Expression): string | null {
  if (ts.isArrayLiteralExpression(node) && node.elements.length === 0) return 'a list that is built up';
  return ts.isNewExpression(node) && /^(Map|Set)$/.test(node.expression.getText()) ? 'a collection that is built up' : null;
}

function isTopLevel(declaration: T.VariableDeclaration): boolean {
  return declaration.parent.parent?.parent?.kind === ts.SyntaxKind.SourceFile;
}

/** A parameter of a named function is named; one of a callback is an element of what is walked through. */
function ofParameter(scene: Scene, declaration: T.ParameterDeclaration, name: string, depth: number): string {
  const owner = declaration.parent;
  const call = owner.parent;
  if (!ts.isArrowFunction(owner) && !ts.isFunctionExpression(owner)) return `\`${name}\``;
  if (ts.isVariableDeclaration(call)) return `\`${name}\``;
  if (ts.isCallExpression(call) && ts.isPropertyAccessExpression(call.expression)) {
    const of = phrase(scene, call.expression.expression, depth - 1);
    const method = call.expression.name.text;
    const at = owner.parameters.indexOf(declaration);
    if (/^(to)?sort(ed)?$/i.test(method)) return at === 0 ? `an element of ${of}` : 'the one that it is compared with';
    if (/^reduce/.test(method)) return at === 0 ? 'the running result' : `an element of ${of}`;
    return at === 0 ? `an element of ${of}` : 'a position';
  }
  return 'a value';
}

function ofBinding(scene: Scene, declaration: T.BindingElement, depth: number): string {
  const key = declaration.propertyName ?? declaration.name;
  const holder = declaration.parent.parent;
  if (ts.isObjectBindingPattern(declaration.parent) && ts.isIdentifier(key)) return `\`${key.text}\``;
  if (ts.isVariableDeclaration(holder) && ts.isVariableDeclarationList(holder.parent) && ts.isForOfStatement(holder.parent.parent))
    return `a part of an element of ${phrase(scene, holder.parent.parent.expression, depth - 1)}`;
  return ts.isVariableDeclaration(holder) && holder.initializer
    ? `a part of ${phrase(scene, holder.initializer, depth - 1)}`
    : 'a part of a value';
}

function ofProperty(scene: Scene, e: T.PropertyAccessExpression, inner: (each: T.Expression) => string): string {
  const name = e.name.text;
  if (name === 'length')
    return isText(scene, e.expression) ? `the length of ${inner(e.expression)}` : `the number of elements of ${inner(e.expression)}`;
  if (name === 'size') return `the number of entries of ${inner(e.expression)}`;
  if (!knows(scene, e.name))
    return e.expression.kind === ts.SyntaxKind.ThisKeyword ? 'something that the object keeps' : `a part of ${inner(e.expression)}`;
  return `\`${name}\` of ${inner(e.expression)}`;
}

const OPERATIONS: Readonly<Partial<Record<T.SyntaxKind, string>>> = {
  [ts.SyntaxKind.MinusToken]: 'the difference of',
  [ts.SyntaxKind.AsteriskToken]: 'the product of',
  [ts.SyntaxKind.SlashToken]: 'the quotient of',
  [ts.SyntaxKind.PercentToken]: 'the remainder of',
};

function ofBinary(scene: Scene, e: T.BinaryExpression, inner: (each: T.Expression) => string): string {
  const kind = e.operatorToken.kind;
  if (kind === ts.SyntaxKind.PlusToken) return isText(scene, e) ? 'a composed text' : `the sum of ${inner(e.left)} and ${inner(e.right)}`;
  if (kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken) return inner(e.left);
  const words = OPERATIONS[kind];
  return words === undefined ? 'a value' : `${words} ${inner(e.left)} and ${inner(e.right)}`;
}

/** True for an expression of a type of texts. */
export function isText(scene: Scene, node: T.Expression): boolean {
  return hasFlags(scene.checker.getTypeAtLocation(node), ts.TypeFlags.StringLike);
}

/** True for an expression of a type of numbers. */
export function isNumber(scene: Scene, node: T.Expression): boolean {
  return hasFlags(scene.checker.getTypeAtLocation(node), ts.TypeFlags.NumberLike | ts.TypeFlags.BigIntLike);
}

/** True for an expression that is true or false and nothing else. */
export function isBoolean(scene: Scene, node: T.Expression): boolean {
  return hasFlags(scene.checker.getTypeAtLocation(node), ts.TypeFlags.BooleanLike);
}

function hasFlags(type: T.Type, flags: T.TypeFlags): boolean {
  return type.isUnion() ? type.types.every((each) => hasFlags(each, flags)) : (type.flags & flags) !== 0;
}

/** True for a name that a contract may show: of a library, exported, a member of what is exported. */
export function knows(scene: Scene, name: T.Node): boolean {
  const found = scene.checker.getSymbolAtLocation(name);
  if (found === undefined) return false;
  const symbol = (found.flags & ts.SymbolFlags.Alias) === 0 ? found : scene.checker.getAliasedSymbol(found);
  const [declaration] = symbol.declarations ?? [];
  if (declaration === undefined) return false;
  const hidden = ts.getCombinedModifierFlags(declaration as T.Declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected);
  if (hidden !== 0 || (ts.isIdentifier(name) ? name.text : name.getText()).startsWith('#')) return false;
  const file = declaration.getSourceFile();
  if (file.isDeclarationFile) return true;
  let top: T.Node = declaration;
  while (top.parent !== undefined && top.parent !== file) top = top.parent;
  return ts.canHaveModifiers(top) && (ts.getModifiers(top) ?? []).some((each) => each.kind === ts.SyntaxKind.ExportKeyword);
}
