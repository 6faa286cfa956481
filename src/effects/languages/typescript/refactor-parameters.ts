// Adding a parameter to a function, or taking one away, with every call.
import type { ts as T } from 'ts-morph';
import type { SemanticEdit } from '../../../core/semantic.ts';
import { ts } from './compiler.ts';
import type { Edit } from './edits.ts';
import { nodeAt } from './node-at.ts';
import { findDeclaration } from './refactor-find.ts';
import { inserted, taken } from './refactor-lists.ts';
import { CannotRefactor, type Project } from './refactor-project.ts';
import type { Changes } from './refactor-rename.ts';
import { isFromModule, usesOfSymbol } from './refactor-uses.ts';

type AddParameter = Extract<SemanticEdit, { op: 'add_parameter' }>;
type RemoveParameter = Extract<SemanticEdit, { op: 'remove_parameter' }>;

type Call = T.CallExpression | T.NewExpression;

/** Where a function is declared and called. */
interface Uses {
  readonly declarations: readonly T.SignatureDeclaration[];
  readonly calls: readonly Call[];
}

/** The changes that add a parameter: to every overload, override and implementation, and the argument to every call. */
export function addParameter(project: Project, edit: AddParameter): Changes {
  const uses = usesOf(project, edit.path, edit.name);
  const changes = collector(project);
  for (const declaration of uses.declarations) {
    const at = Math.min(edit.at, plainCount(declaration));
    const name = /^[\w$]+/.exec(edit.parameter.trim())?.[0];
    if (declaration.parameters.some((each) => each.name.getText() === name))
      throw new CannotRefactor(`\`${edit.name}\` has a parameter \`${name}\` already (${placeOf(project, declaration)}).`);
    changes.add(declaration, inserted(declaration, declaration.parameters, at, edit.parameter.trim()));
  }
  const [first] = uses.declarations;
  const index = Math.min(edit.at, first === undefined ? 0 : plainCount(first));
  for (const call of uses.calls) {
    const given = call.arguments ?? ts.factory.createNodeArray<T.Expression>();
    const spread = given.findIndex(ts.isSpreadElement);
    if (spread !== -1 && spread <= index)
      throw new CannotRefactor(`${placeOf(project, call)} passes its arguments by \`...\`: this call needs a hand.`);
    const argument = edit.argument.trim() !== '' ? edit.argument.trim() : given.length > index ? 'undefined' : '';
    if (argument === '') continue;
    const fill = Array.from({ length: Math.max(0, index - given.length) }, () => 'undefined');
    changes.add(call, inserted(call, given, Math.min(index, given.length), [...fill, argument].join(', ')));
  }
  return changes.all();
}

/** Parameters before which another can be put: not the one that takes the rest. */
function plainCount(declaration: T.SignatureDeclaration): number {
  const rest = declaration.parameters.findIndex((each) => ts.isParameter(each) && each.dotDotDotToken !== undefined);
  return rest === -1 ? declaration.parameters.length : rest;
}

/** The changes that take a parameter away, with the argument of every call. */
export function removeParameter(project: Project, edit: RemoveParameter): Changes {
  const uses = usesOf(project, edit.path, edit.name);
  const wanted = edit.parameter.trim();
  const index = indexOf(project, uses, edit.path, wanted);
  if (index === -1) throw new CannotRefactor(`\`${edit.name}\` in ${edit.path} has no parameter \`${wanted}\`.`);
  const changes = collector(project);
  for (const declaration of uses.declarations) {
    const parameter = declaration.parameters[index];
    if (parameter === undefined) continue;
    const used = useInside(project, declaration, parameter);
    if (used !== null) throw new CannotRefactor(`\`${parameter.name.getText()}\` is still used at ${used}: change the body first.`);
    changes.add(declaration, taken(declaration, declaration.parameters, index));
  }
  const isRest = uses.declarations.some((each) => each.parameters[index] !== undefined && isRestParameter(each.parameters[index]));
  for (const call of uses.calls) {
    const given = call.arguments ?? [];
    const spread = given.findIndex(ts.isSpreadElement);
    if (spread !== -1 && spread <= index)
      throw new CannotRefactor(`${placeOf(project, call)} passes its arguments by \`...\`: this call needs a hand.`);
    if (isRest && given.length > index)
      throw new CannotRefactor(`${placeOf(project, call)} passes arguments for \`...${wanted}\`: this call needs a hand.`);
    const argument = given[index];
    if (argument === undefined) continue;
    if (hasEffect(argument))
      throw new CannotRefactor(
        `${placeOf(project, call)} passes \`${argument.getText().slice(0, 80)}\`, which does something: this call needs a hand.`,
      );
    changes.add(call, taken(call, call.arguments ?? [], index));
  }
  return changes.all();
}

function isRestParameter(node: T.Node): boolean {
  return ts.isParameter(node) && node.dotDotDotToken !== undefined;
}

function indexOf(project: Project, uses: Uses, path: string, name: string): number {
  const own = uses.declarations.filter((each) => project.path(each.getSourceFile().fileName) === path);
  return own.map((each) => each.parameters.findIndex((parameter) => parameter.name.getText() === name)).find((at) => at !== -1) ?? -1;
}

/** Where a parameter is used in its own function; null when nowhere. */
function useInside(project: Project, declaration: T.SignatureDeclaration, parameter: T.Node): string | null {
  const name = (parameter as T.ParameterDeclaration).name;
  if (name === undefined || (declaration as { readonly body?: T.Node }).body === undefined) return null;
  const path = project.path(declaration.getSourceFile().fileName) ?? '';
  const names = ts.isIdentifier(name) ? [name] : [];
  if (names.length === 0) throw new CannotRefactor(`A parameter of ${placeOf(project, declaration)} is taken apart: change it by hand.`);
  const found = project.service.findReferences(project.name(path), name.getStart()) ?? [];
  const use = found
    .flatMap((each) => each.references)
    .find(({ textSpan }) => textSpan.start !== name.getStart() && inBody(declaration, textSpan.start));
  return use === undefined ? null : `${path}:${declaration.getSourceFile().getLineAndCharacterOfPosition(use.textSpan.start).line + 1}`;
}

function inBody(declaration: T.SignatureDeclaration, at: number): boolean {
  return at >= declaration.getStart() && at < declaration.end;
}

function hasEffect(node: T.Node): boolean {
  if (ts.isFunctionLike(node)) return false;
  const acts =
    ts.isCallExpression(node) ||
    ts.isNewExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isYieldExpression(node) ||
    ts.isPostfixUnaryExpression(node) ||
    (ts.isPrefixUnaryExpression(node) &&
      (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken)) ||
    (ts.isBinaryExpression(node) &&
      node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      node.operatorToken.kind <= ts.SyntaxKind.LastAssignment);
  return acts || ts.forEachChild(node, (child) => hasEffect(child) || undefined) === true;
}

/** Every use of the function. Throws with the place of the first one that is neither declaration, call, import nor type. */
function usesOf(project: Project, path: string, name: string): Uses {
  const node = findDeclaration(project, path, name);
  const declarations = new Set<T.SignatureDeclaration>();
  const calls = new Set<Call>();
  for (const { fileName, textSpan } of usesOfSymbol(project, path, node)) {
    const at = project.path(fileName);
    const source = at === null ? undefined : project.source(at);
    if (at === null || source === undefined) throw new CannotRefactor(`\`${name}\` is declared by a library or a package, too.`);
    const use = nodeAt(source, textSpan.start, textSpan.start + textSpan.length);
    const signature = signatureOf(use);
    const call = callOf(use);
    if (signature !== null) declarations.add(signature);
    else if (call !== null) calls.add(call);
    else if (!isHarmless(use))
      throw new CannotRefactor(
        `\`${name}\` is passed on as a value at ${placeOf(project, use)}: this use needs a hand. Nothing was changed.`,
      );
  }
  if (declarations.size === 0) throw new CannotRefactor(`\`${name}\` in ${path} is no function whose parameters could be changed.`);
  return { declarations: [...declarations], calls: [...calls] };
}

function signatureOf(use: T.Node): T.SignatureDeclaration | null {
  if (ts.isConstructorDeclaration(use)) return use;
  const { parent } = use;
  if (ts.isFunctionLike(parent) && parent.name === use) return parent;
  const declares =
    ts.isVariableDeclaration(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent);
  if (declares && parent.name === use) {
    const { initializer, type } = parent as { readonly initializer?: T.Node; readonly type?: T.Node };
    if (initializer !== undefined && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))) return initializer;
    if (type !== undefined && ts.isFunctionTypeNode(type)) return type;
    return null;
  }
  const assignment = ts.isPropertyAccessExpression(parent) && parent.name === use ? parent.parent : parent;
  if (!ts.isBinaryExpression(assignment) || assignment.operatorToken.kind !== ts.SyntaxKind.EqualsToken || assignment.left.end !== use.end)
    return null;
  return ts.isFunctionExpression(assignment.right) || ts.isArrowFunction(assignment.right) ? assignment.right : null;
}

function callOf(use: T.Node): Call | null {
  let node = use;
  if (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) node = node.parent;
  while (ts.isNonNullExpression(node.parent) || ts.isParenthesizedExpression(node.parent)) node = node.parent;
  const { parent } = node;
  return (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression === node ? parent : null;
}

/** True for a use that passes no arguments and hands no function on: an import, an export, a type, a comment. */
function isHarmless(use: T.Node): boolean {
  const { parent } = use;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isImportClause(parent) || ts.isExportAssignment(parent))
    return true;
  if (ts.isShorthandPropertyAssignment(parent) || ts.isPropertyAssignment(parent))
    return parent.parent.parent.getText().startsWith('module.exports');
  if (ts.isBindingElement(parent)) return isFromModule(parent);
  for (let node: T.Node = use; !ts.isStatement(node) && node.parent !== undefined; node = node.parent)
    if (ts.isTypeNode(node) || ts.isJSDoc(node)) return true;
  return false;
}

function placeOf(project: Project, node: T.Node): string {
  const source = node.getSourceFile();
  return `${project.path(source.fileName) ?? 'a library'}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

function collector(project: Project) {
  const changes = new Map<string, Edit[]>();
  return {
    add(node: T.Node, edits: readonly Edit[]): void {
      const path = project.path(node.getSourceFile().fileName);
      if (path === null) throw new CannotRefactor('A declaration of it is in a library or a package.');
      changes.set(path, [...(changes.get(path) ?? []), ...edits]);
    },
    all: (): Changes => changes,
  };
}
