// The declaration that a name in a file means.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import { CannotRefactor, type Project } from './refactor-project.ts';

/** The name of a declaration: an identifier, or what stands for one. */
export type NameNode = T.Identifier | T.StringLiteral | T.PrivateIdentifier | T.NumericLiteral | T.ConstructorDeclaration;

/** The file of an operation. Throws when the tree has none, or it cannot be read. */
export function fileOf(project: Project, path: string): T.SourceFile {
  const source = project.source(path);
  if (source === undefined) throw new CannotRefactor(`There is no TypeScript or JavaScript file ${path}.`);
  return source;
}

/**
 * The name node of `name` (`function`, `Class.member`, `default`, `Class.constructor`) as `path` declares it: at the top of the file, else the only one inside.
 * Throws when there is none or more than one.
 */
export function findDeclaration(project: Project, path: string, name: string): NameNode {
  const source = fileOf(project, path);
  const [first = '', ...rest] = name.split('.');
  let found = first === 'default' ? defaultName(source) : topLevel(source, first);
  if (found === null && rest.length === 0) found = inside(source, path, first);
  if (found === null) throw new CannotRefactor(`${path} declares no \`${first}\`. It declares ${namesIn(source)}.`);
  for (const member of rest) {
    const next: NameNode | null = memberOf(found, member);
    if (next === null) throw new CannotRefactor(`\`${found.getText()}\` in ${path} has no member \`${member}\`.`);
    found = next;
  }
  return found;
}

function namesIn(source: T.SourceFile): string {
  const names = source.statements.flatMap((statement) => declared(statement).map((node) => node.getText()));
  return names.length === 0 ? 'nothing by name' : [...new Set(names)].slice(0, 20).join(', ');
}

function topLevel(source: T.SourceFile, name: string): NameNode | null {
  const named = source.statements.flatMap(declared).filter((node) => node.text === name);
  return named[0] ?? exportedAs(source, name) ?? commonJs(source, name);
}

/** The names that a statement declares. */
function declared(statement: T.Statement): T.Identifier[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.flatMap((each) => bound(each.name));
  const named = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement);
  if (named || ts.isTypeAliasDeclaration(statement) || ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement))
    return statement.name !== undefined && ts.isIdentifier(statement.name) ? [statement.name] : [];
  return [];
}

function bound(name: T.BindingName): T.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((each) => (ts.isBindingElement(each) ? bound(each.name) : []));
}

/** `export { a as name }`: what the file calls it itself. */
function exportedAs(source: T.SourceFile, name: string): NameNode | null {
  for (const statement of source.statements) {
    if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) continue;
    const found = statement.exportClause.elements.find((each) => each.name.text === name);
    if (found !== undefined && ts.isIdentifier(found.name)) return found.name;
  }
  return null;
}

function defaultName(source: T.SourceFile): NameNode | null {
  for (const statement of source.statements) {
    if (ts.isExportAssignment(statement) && ts.isIdentifier(statement.expression)) return topLevel(source, statement.expression.text);
    const isDefault =
      ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some((each) => each.kind === ts.SyntaxKind.DefaultKeyword);
    if (isDefault === true) return declared(statement)[0] ?? null;
  }
  return null;
}

/** `exports.name = …` and `module.exports = { name: … }`. */
function commonJs(source: T.SourceFile, name: string): NameNode | null {
  for (const statement of source.statements) {
    if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) continue;
    const { left, right } = statement.expression;
    if (ts.isPropertyAccessExpression(left) && left.name.text === name && /^(module\.)?exports$/.test(left.expression.getText()))
      return ts.isIdentifier(left.name) ? left.name : null;
    if (left.getText() === 'module.exports' && ts.isObjectLiteralExpression(right)) return named(right.properties, name);
  }
  return null;
}

/** The only declaration of that name anywhere in the file. */
function inside(source: T.SourceFile, path: string, name: string): NameNode | null {
  const found: T.Identifier[] = [];
  const visit = (node: T.Node): void => {
    const own = (node as { readonly name?: T.Node }).name;
    const declares = ts.isFunctionLike(node) || ts.isVariableDeclaration(node) || ts.isClassLike(node) || ts.isTypeAliasDeclaration(node);
    if (own !== undefined && ts.isIdentifier(own) && own.text === name && (declares || ts.isBindingElement(node))) found.push(own);
    ts.forEachChild(node, visit);
  };
  visit(source);
  if (found.length > 1)
    throw new CannotRefactor(
      `\`${name}\` is declared ${found.length} times inside ${path}: name the class or function it is in, or edit it as text.`,
    );
  return found[0] ?? null;
}

type Members = readonly (T.ClassElement | T.TypeElement | T.EnumMember | T.ObjectLiteralElementLike)[];

function memberOf(owner: NameNode, member: string): NameNode | null {
  const node = owner.parent;
  if (ts.isClassLike(node) && member === 'constructor') return node.members.find(ts.isConstructorDeclaration) ?? null;
  if (ts.isClassLike(node)) return named(node.members, member) ?? parameterProperty(node, member);
  if (ts.isInterfaceDeclaration(node) || ts.isEnumDeclaration(node)) return named<Members[number]>(node.members, member);
  if (ts.isTypeAliasDeclaration(node)) return inType(node.type, member);
  if (ts.isModuleDeclaration(node) && node.body !== undefined && ts.isModuleBlock(node.body))
    return node.body.statements.flatMap(declared).find((each) => each.text === member) ?? null;
  const value = ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node) ? node.initializer : undefined;
  return value === undefined ? null : inValue(value, member);
}

function inValue(value: T.Expression, member: string): NameNode | null {
  if (ts.isObjectLiteralExpression(value)) return named(value.properties, member);
  if (ts.isAsExpression(value) || ts.isSatisfiesExpression(value) || ts.isParenthesizedExpression(value))
    return inValue(value.expression, member);
  if (ts.isCallExpression(value) && value.arguments[0] !== undefined) return inValue(value.arguments[0], member);
  return ts.isClassExpression(value) ? named(value.members, member) : null;
}

function inType(type: T.TypeNode, member: string): NameNode | null {
  if (ts.isTypeLiteralNode(type)) return named(type.members, member);
  if (ts.isIntersectionTypeNode(type) || ts.isUnionTypeNode(type))
    return type.types.map((each) => inType(each, member)).find((each) => each !== null) ?? null;
  return null;
}

function parameterProperty(owner: T.ClassLikeDeclaration, member: string): NameNode | null {
  const parameters = owner.members.find(ts.isConstructorDeclaration)?.parameters ?? [];
  const found = parameters.find((each) => (ts.getModifiers(each) ?? []).length > 0 && each.name.getText() === member);
  return found !== undefined && ts.isIdentifier(found.name) ? found.name : null;
}

function named<N extends { readonly name?: T.Node | undefined }>(nodes: readonly N[], name: string): NameNode | null {
  for (const { name: own } of nodes) {
    if (own === undefined) continue;
    const simple = ts.isIdentifier(own) || ts.isStringLiteral(own) || ts.isPrivateIdentifier(own) || ts.isNumericLiteral(own);
    if (simple && own.text === name) return own;
  }
  return null;
}
