// Repairs of import paths that need no compiler: endings, places, Node's prefix, a fence around the file.
import { isBuiltin } from 'node:module';
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import { applyEdits, type Edit } from './edits.ts';
import { isRelative, joinSpecifier, nearestPath, packageOf, similarPath, specifierTo } from './paths.ts';

/** A text after repairs, with what was done. */
export interface Repaired {
  readonly text: string;
  readonly fixes: readonly string[];
}

/** Takes a Markdown fence off a whole file, and any text before and after it that is no code. */
export function removeFence(text: string): Repaired {
  const match = /^\s*```[a-zA-Z]*[ \t]*\r?\n([\s\S]*?)\r?\n```\s*$/.exec(text);
  return match?.[1] === undefined ? { text, fixes: [] } : { text: `${match[1]}\n`, fixes: ['removed the Markdown fence around the file'] };
}

/** Mends the import paths of a file. `known` are the tree's paths; `packages` the names that may be imported as packages. */
export function mendSpecifiers(path: string, text: string, known: ReadonlySet<string>, packages: ReadonlySet<string>): Repaired {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const edits: Edit[] = [];
  const fixes: string[] = [];
  for (const literal of moduleLiterals(file)) {
    const better = betterSpecifier(path, literal.text, known, packages);
    if (better === null || better === literal.text) continue;
    edits.push({ start: literal.getStart() + 1, end: literal.end - 1, text: better });
    fixes.push(`import path '${literal.text}' is now '${better}'`);
  }
  return edits.length === 0 ? { text, fixes: [] } : { text: applyEdits(text, edits), fixes };
}

function moduleLiterals(file: T.SourceFile): T.StringLiteral[] {
  const found: T.StringLiteral[] = [];
  const visit = (node: T.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier !== undefined &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      found.push(node.moduleSpecifier);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [first] = node.arguments;
      if (first !== undefined && ts.isStringLiteral(first)) found.push(first);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
      found.push(node.argument.literal);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function betterSpecifier(from: string, specifier: string, known: ReadonlySet<string>, packages: ReadonlySet<string>): string | null {
  if (specifier.startsWith('node:') || specifier.startsWith('#')) return null;
  const name = packageOf(specifier);
  if (!isRelative(specifier) && packages.has(name)) return null;
  if (isBuiltin(`node:${specifier}`)) return `node:${specifier}`;
  const others = [...known].filter((path) => path !== from);
  if (isRelative(specifier)) {
    const wanted = joinSpecifier(from, specifier);
    if (wanted !== null && known.has(wanted)) return null;
    const path = (wanted === null ? null : nearestPath(wanted, others)) ?? similarPath(specifier, others);
    return path === null ? null : specifierTo(from, path);
  }
  // `src/store.ts`, `/src/store.ts`, `@/store`, `~/store`: a path of the tree that was not written relative.
  const inTree = specifier.replace(/^[@~]?\//, '');
  const path = nearestPath(inTree, others) ?? (/^[@~]\//.test(specifier) ? similarPath(inTree, others) : null);
  return path === null || (!specifier.includes('/') && !/\.[cm]?[jt]s$/.test(specifier)) ? null : specifierTo(from, path);
}
