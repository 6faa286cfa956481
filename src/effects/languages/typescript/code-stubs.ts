// Stubs of code that has no plan: what the compiler declares of a file is taken as its contract.
import type { ts as T } from 'ts-morph';
import type { Plan, PlannedFile } from '../../../core/plan.ts';
import type { StubKind } from '../../../core/ports.ts';
import type { Files } from '../../../core/ref.ts';
import { codeWorld } from './code-world.ts';
import { ts } from './compiler.ts';
import { applyEdits, type Edit } from './edits.ts';
import { isCode } from './paths.ts';
import type { Dialect } from './protocol.ts';
import { makeStubs } from './stubs.ts';
import { type Built, build } from './world.ts';

/** A stub for each file of `paths` that is code. Nothing that a file does while it loads is left in its stub. */
export function stubsOfCode(dialect: Dialect, files: Files, paths: readonly string[], kind: StubKind, marker: string): Files {
  const wanted = paths.filter((path) => isCode(path) && !/\.d\.[cm]?ts$/.test(path) && files[path] !== undefined);
  const world = codeWorld(files, { noEmit: false, declaration: true, emitDeclarationOnly: true });
  const built = build(world, wanted);
  const planned = wanted.map((path): PlannedFile => ({ path, purpose: '', contract: declarationsOf(built, path), uses: [] }));
  const programs = wanted.filter((path) => isProgram(built.source(path)));
  const plan: Plan = {
    name: 'code',
    summary: '',
    language: dialect,
    runner: '',
    files: planned,
    tests: [],
    packages: world.packages.map((name) => ({ name, range: '', dev: false })),
    decisions: [],
    commands: programs.map((path) => ({ name: path, argv: ['node', path], purpose: '' })),
  };
  const others = Object.entries(files).filter(([path]) => isCode(path) && !wanted.includes(path));
  return makeStubs(dialect, plan, kind, marker, Object.fromEntries(others));
}

/** The declarations that the compiler writes of a file, also of one that does not type-check. */
function declarationsOf(built: Built, path: string): string {
  const source = built.source(path);
  if (source === undefined) return '';
  let text = '';
  const write = (_: string, written: string): void => {
    text = written;
  };
  // The sixth parameter (`forceDtsEmit`) is not declared: without it an error in the code would leave its stub empty.
  const emit = built.program.emit as (file: T.SourceFile, write: T.WriteFileCallback, ...rest: unknown[]) => T.EmitResult;
  emit(source, write, undefined, true, undefined, true);
  return widened(text);
}

/**
 * Declarations whose constants have types instead of values: `const LIMIT = 5` is a number, and its stub another one. What comes from a package
 * is declared as a function, for a stub that passed it on would be no stub.
 */
function widened(text: string): string {
  const file = ts.createSourceFile('declared.ts', text, ts.ScriptTarget.ESNext, true);
  const edits: Edit[] = [];
  for (const node of file.statements) {
    if (ts.isVariableStatement(node))
      for (const declaration of node.declarationList.declarations) edits.push(...widenedConstant(declaration));
    else if (ts.isExportDeclaration(node)) edits.push(...ownExports(node));
  }
  return applyEdits(text, edits);
}

function widenedConstant({ name, end, initializer, type }: T.VariableDeclaration): Edit[] {
  if (type !== undefined) return literalTypes(type);
  return initializer === undefined ? [] : [{ start: name.end, end, text: `: ${typeOfLiteral(initializer)}` }];
}

/** Literals in the type of a constant are its value: `readonly ["a", "b"]` is a pair of strings. */
function literalTypes(node: T.Node): Edit[] {
  if (ts.isLiteralTypeNode(node))
    return node.literal.kind === ts.SyntaxKind.NullKeyword
      ? []
      : [{ start: node.getStart(), end: node.end, text: typeOfLiteral(node.literal) }];
  const edits: Edit[] = [];
  ts.forEachChild(node, (child) => void edits.push(...literalTypes(child)));
  return edits;
}

function ownExports(node: T.ExportDeclaration): Edit[] {
  const from = node.moduleSpecifier;
  if (from === undefined || !ts.isStringLiteral(from) || /^\.{0,2}\//.test(from.text) || node.isTypeOnly) return [];
  const own = node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : [];
  const names = own.filter((one) => !one.isTypeOnly && ts.isIdentifier(one.name)).map((one) => one.name.text);
  const text = names.map((name) =>
    name === 'default' ? DEFAULT_FUNCTION : `export declare function ${name}(...args: unknown[]): string;`,
  );
  return [{ start: node.getStart(), end: node.end, text: text.join('\n') }];
}

const DEFAULT_FUNCTION = 'declare const _default: (...args: unknown[]) => string;\nexport default _default;';

function typeOfLiteral(node: T.Expression): string {
  if (ts.isStringLiteralLike(node)) return 'string';
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) return 'boolean';
  const value = ts.isPrefixUnaryExpression(node) ? node.operand : node;
  return ts.isBigIntLiteral(value) ? 'bigint' : ts.isNumericLiteral(value) ? 'number' : `typeof ${node.getText()}`;
}

/** True for a file that does something when it is run: it has a statement that declares nothing. */
function isProgram(source: T.SourceFile | undefined): boolean {
  const acts = (node: T.Statement) =>
    ts.isIfStatement(node) || ts.isTryStatement(node) || (ts.isExpressionStatement(node) && !ts.isStringLiteral(node.expression));
  return source?.statements.some(acts) ?? false;
}
