// Where a mutant lies: the function that a tester knows it by, and what a mutant must never touch.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';

/** A source file that is mutated. */
export interface Scene {
  readonly path: string;
  readonly source: T.SourceFile;
  readonly checker: T.TypeChecker;
  /** Names that the file exports. */
  readonly exported: ReadonlySet<string>;
  /** For each top-level name that is not exported: the exported functions that come to it, the nearest first. */
  readonly behind: ReadonlyMap<string, readonly string[]>;
}

/** What an operator would change. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  readonly operator: string;
  /** What happens otherwise, in words, as a sentence without its first capital. */
  readonly what: string;
  /** See `Candidate`. */
  readonly rank: number;
}

/** Gives the changes that an operator knows for one node. */
export type Operator = (scene: Scene, node: T.Node) => readonly Change[];

export function createScene(path: string, source: T.SourceFile, checker: T.TypeChecker): Scene {
  const module = checker.getSymbolAtLocation(source);
  const exported = new Set(module === undefined ? [] : checker.getExportsOfModule(module).map((each) => each.name));
  return { path, source, checker, exported, behind: callersOf(source, exported) };
}

function callersOf(source: T.SourceFile, exported: ReadonlySet<string>): Map<string, readonly string[]> {
  const uses = new Map<string, Set<string>>();
  const names = new Set(source.statements.flatMap(declaredNames));
  for (const statement of source.statements) {
    const used = new Set<string>();
    const walk = (node: T.Node): void => {
      if (ts.isIdentifier(node) && names.has(node.text)) used.add(node.text);
      ts.forEachChild(node, walk);
    };
    walk(statement);
    for (const name of declaredNames(statement)) uses.set(name, used);
  }
  const hidden = [...names].filter((name) => !exported.has(name));
  return new Map(hidden.map((name) => [name, reaching(name, uses, exported)]));
}

function reaching(name: string, uses: ReadonlyMap<string, ReadonlySet<string>>, exported: ReadonlySet<string>): readonly string[] {
  const seen = new Set([name]);
  const found: string[] = [];
  for (let edge = [name]; edge.length > 0; ) {
    edge = [...uses].filter(([user, used]) => !seen.has(user) && edge.some((one) => used.has(one))).map(([user]) => user);
    for (const user of edge) seen.add(user);
    found.push(...edge.filter((user) => exported.has(user)));
    // What an exported function does for others is known by its own name.
    edge = edge.filter((user) => !exported.has(user));
  }
  return found;
}

function declaredNames(statement: T.Statement): string[] {
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) return statement.name ? [statement.name.text] : [];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap((each) => (ts.isIdentifier(each.name) ? [each.name.text] : []));
}

/** A place in a file as a tester knows it. */
export interface Place {
  /** `name` or `Class.name`; `module` outside of any function. */
  readonly inside: string;
  /** The top-level name. */
  readonly top: string | null;
  /** Lines of the function. */
  readonly size: number;
}

/** The outermost function or method around a node. */
export function placeOf(scene: Scene, node: T.Node): Place {
  let inner: T.Node = node;
  let found: { readonly node: T.Node; readonly name: string } | null = null;
  let top: string | null = null;
  for (; inner.parent !== undefined; inner = inner.parent) {
    const name = nameOfFunction(inner);
    if (name !== null) found = { node: inner, name };
    if (inner.parent === scene.source) top = declaredNames(inner as T.Statement)[0] ?? null;
  }
  if (found === null) return { inside: 'module', top, size: 2 };
  const line = (at: number) => scene.source.getLineAndCharacterOfPosition(at).line;
  return { inside: found.name, top, size: line(found.node.end) - line(found.node.getStart()) + 1 };
}

function nameOfFunction(node: T.Node): string | null {
  if (ts.isFunctionDeclaration(node)) return node.name?.text ?? 'default';
  if (ts.isMethodDeclaration(node) || ts.isAccessor(node) || ts.isConstructorDeclaration(node)) {
    const owner = ts.isClassLike(node.parent) ? (node.parent.name?.text ?? 'class') : null;
    if (owner === null) return null;
    return `${owner}.${ts.isConstructorDeclaration(node) ? 'constructor' : node.name.getText()}`;
  }
  if (!ts.isVariableDeclaration(node) || node.initializer === undefined || !ts.isIdentifier(node.name)) return null;
  return ts.isArrowFunction(node.initializer) || ts.isFunctionExpression(node.initializer) ? node.name.text : null;
}

/** True for what is never changed, with all that is in it: imports, types, log lines, what runs only when the file is the program. */
export function isUntouchable(node: T.Node): boolean {
  if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isEnumDeclaration(node)) return true;
  if (ts.isIfStatement(node)) return /import\.meta\.(main|filename|url)|require\.main|process\.argv\[1\]/.test(node.expression.getText());
  if (ts.isDefaultClause(node)) return /:\s*never\b|\bassertNever\b/.test(node.getText());
  const said = ts.isExpressionStatement(node) ? node.expression : node;
  return ts.isCallExpression(said) && LOGS.test(said.expression.getText());
}

const LOGS = /^(console\.(debug|info|warn|trace)|log|debug|logger\.\w+|process\.emitWarning)$/;
