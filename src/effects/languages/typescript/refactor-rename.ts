// Renaming a symbol wherever it is bound, through imports and re-exports.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import type { Edit } from './edits.ts';
import { nodeAt } from './node-at.ts';
import { findDeclaration, type NameNode } from './refactor-find.ts';
import { CannotRefactor, type Project } from './refactor-project.ts';
import { isFromModule } from './refactor-uses.ts';

export interface Spot {
  readonly path: string;
  readonly at: number;
}

/** Text changes by path. */
export type Changes = ReadonlyMap<string, readonly Edit[]>;

const PREFERENCES = { providePrefixAndSuffixTextForRename: true, allowRenameOfImportPath: false } as const;

/** The changes that rename a symbol, and where it is declared. */
export interface Renaming {
  readonly changes: Changes;
  readonly origin: Spot;
}

/** The changes that rename `name`, declared in `path`. Throws when `to` is no name or the symbol cannot be renamed. */
export function renameSymbol(project: Project, path: string, name: string, to: string): Renaming {
  const node = findDeclaration(project, path, name);
  if (ts.isConstructorDeclaration(node)) throw new CannotRefactor('A constructor has no name of its own: rename the class.');
  checkName(to, name.includes('.'), ts.isPrivateIdentifier(node));
  if (node.text === to) throw new CannotRefactor(`It is called \`${to}\` already.`);
  const info = project.service.getRenameInfo(project.name(path), node.getStart(), { allowRenameOfImportPath: false });
  if (!info.canRename) throw new CannotRefactor(`\`${name}\` in ${path} cannot be renamed: ${info.localizedErrorMessage}`);
  const origin = { path, at: node.getStart() + (ts.isStringLiteral(node) ? 1 : 0) };
  const exported = exportedProperty(project, path, node.text);
  const starts = [origin, ...declaredAt(project, path, node), ...(exported === null ? [] : [exported])];
  return { changes: collect(project, starts, node.text, to), origin };
}

/** The other declarations of the symbol in its file: overloads, an interface beside a value of the same name. */
function declaredAt(project: Project, path: string, node: NameNode): readonly Spot[] {
  const declarations = project.program().getTypeChecker().getSymbolAtLocation(node)?.declarations ?? [];
  return declarations.flatMap((each) => {
    const name = ts.getNameOfDeclaration(each);
    const own = name !== undefined && name !== node && ts.isIdentifier(name) && name.getSourceFile() === node.getSourceFile();
    return own && name.text === node.getText() ? [{ path, at: name.getStart() }] : [];
  });
}

/** Where `module.exports = { name: name }` of a file names the property; null where it does not. */
export function exportedProperty(project: Project, path: string, name: string): Spot | null {
  const source = project.source(path);
  const at = source === undefined ? null : namedProperty(source, name);
  return at === null ? null : { path, at };
}

function namedProperty(source: T.SourceFile, name: string): number | null {
  for (const property of exportedProperties(source))
    if (ts.isPropertyAssignment(property) && property.name.getText() === name && property.initializer.getText() === name)
      return property.name.getStart();
  return null;
}

function exportedProperties(source: T.SourceFile): readonly T.ObjectLiteralElementLike[] {
  return source.statements.flatMap((statement) => {
    if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return [];
    const { left, right } = statement.expression;
    return left.getText() === 'module.exports' && ts.isObjectLiteralExpression(right) ? [...right.properties] : [];
  });
}

/** The text with `module.exports = { name }` written as `{ name: name }`, so that both can be renamed; null where it is not. */
export function spelledOut(path: string, text: string, name: string): string | null {
  if (!/\bmodule\.exports\b/.test(text)) return null;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const found = exportedProperties(source).find((each) => ts.isShorthandPropertyAssignment(each) && each.name.text === name);
  return found === undefined ? null : `${text.slice(0, found.end)}: ${name}${text.slice(found.end)}`;
}

/** Undoes `spelledOut` after the renaming. */
export function shortened(path: string, text: string, name: string): string {
  const at = namedProperty(ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true), name);
  return at === null ? text : text.slice(0, at) + text.slice(at).replace(/^[^:]+:\s*/, '');
}

/** A member may be called by a reserved word, anything else may not. */
function checkName(to: string, isMember: boolean, isPrivate: boolean): void {
  const plain = isPrivate ? to.replace(/^#/, '') : to;
  const token = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, plain).scan();
  const reserved = token >= ts.SyntaxKind.FirstReservedWord && token <= ts.SyntaxKind.LastReservedWord;
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(plain) || isPrivate !== to.startsWith('#') || (reserved && !isMember))
    throw new CannotRefactor(`\`${to}\` cannot be a name here.`);
}

/**
 * Follows the symbol over the places where the language service would stop and leave the old name as an alias: `export { a }`, `import { a }`,
 * `const { a } = require(…)`, `module.exports = { a }`. Elsewhere (`{ a }` in an object that is no module) the old name of the property stays.
 */
export function collect(project: Project, starts: readonly Spot[], from: string, to: string): Changes {
  const changes = new Map<string, Map<number, Edit>>();
  const queue: Spot[] = [...starts];
  const seen = new Set<string>();
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (seen.has(`${next.path}:${next.at}`)) continue;
    seen.add(`${next.path}:${next.at}`);
    for (const place of project.service.findRenameLocations(project.name(next.path), next.at, false, false, PREFERENCES) ?? []) {
      const path = project.path(place.fileName);
      if (path === null) throw new CannotRefactor(`\`${from}\` is declared by a library or a package, too: it cannot be renamed.`);
      const edits = changes.get(path) ?? new Map<number, Edit>();
      changes.set(path, edits);
      const at = place.textSpan.start;
      const end = at + place.textSpan.length;
      const aliased = (place.prefixText ?? '') + (place.suffixText ?? '') !== '';
      const follow = aliased && isModuleEdge(project, path, at, end);
      if (follow) queue.push({ path, at });
      const text = follow ? to : `${place.prefixText ?? ''}${to}${place.suffixText ?? ''}`;
      const known = edits.get(at);
      // What another way has renamed whole stays so.
      if (known === undefined || known.text.length > text.length) edits.set(at, { start: at, end, text });
    }
  }
  const [origin] = starts;
  if (origin !== undefined)
    for (const { path, at } of missed(project, origin, from, changes)) {
      const edits = changes.get(path) ?? new Map<number, Edit>();
      changes.set(path, edits);
      edits.set(at, { start: at, end: at + from.length, text: to });
    }
  return new Map([...changes].map(([path, edits]) => [path, [...edits.values()]]));
}

/**
 * Uses that are bound to the symbol and were not named by the language service: members of a namespace import that another file
 * augments (`declare module`) are another symbol to it, with the same declarations (TypeScript 6.0.2).
 */
function missed(project: Project, origin: Spot, name: string, known: ReadonlyMap<string, ReadonlyMap<number, Edit>>): readonly Spot[] {
  const checker = project.program().getTypeChecker();
  const declared = (node: T.Node): readonly T.Declaration[] => {
    const symbol = checker.getSymbolAtLocation(node);
    const target = symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
    return target?.declarations ?? [];
  };
  const source = project.source(origin.path);
  const wanted = source === undefined ? [] : declared(nodeAt(source, origin.at, origin.at + name.length));
  return project.roots.flatMap((path) => {
    const found: Spot[] = [];
    const visit = (node: T.Node): void => {
      const isUse = ts.isPropertyAccessExpression(node.parent) || ts.isQualifiedName(node.parent) || ts.isTypeReferenceNode(node.parent);
      const fresh = isUse && ts.isIdentifier(node) && node.text === name && known.get(path)?.has(node.getStart()) !== true;
      if (fresh && declared(node).some((each) => wanted.includes(each))) found.push({ path, at: node.getStart() });
      ts.forEachChild(node, visit);
    };
    const root = project.source(path);
    if (root?.text.includes(name) === true) ts.forEachChild(root, visit);
    return found;
  });
}

/** True where a name passes from one module to the next. */
function isModuleEdge(project: Project, path: string, at: number, end: number): boolean {
  const source = project.source(path);
  if (source === undefined) return false;
  const { parent } = nodeAt(source, at, end);
  if (ts.isExportSpecifier(parent) || ts.isImportSpecifier(parent)) return true;
  return ts.isBindingElement(parent) && isFromModule(parent);
}
