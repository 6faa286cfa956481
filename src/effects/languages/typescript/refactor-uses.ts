// Every use of a symbol, also where a name is handed from one CommonJS module to another.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import { nodeAt } from './node-at.ts';
import type { NameNode } from './refactor-find.ts';
import type { Project } from './refactor-project.ts';

/** The references of the language service, followed over `module.exports = { name: name }` and `const { name } = require(…)`. */
export function usesOfSymbol(project: Project, path: string, node: NameNode): readonly T.ReferencedSymbolEntry[] {
  const queue = [{ path, at: node.getStart() }, ...exportedAs(node.getSourceFile(), node.getText()).map((at) => ({ path, at }))];
  const found = new Map<string, T.ReferencedSymbolEntry>();
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const entry of (project.service.findReferences(project.name(next.path), next.at) ?? []).flatMap((group) => group.references)) {
      const key = `${entry.fileName}:${entry.textSpan.start}`;
      if (found.has(key)) continue;
      found.set(key, entry);
      const at = project.path(entry.fileName);
      const source = at === null ? undefined : project.source(at);
      if (at === null || source === undefined) continue;
      const { parent } = nodeAt(source, entry.textSpan.start, entry.textSpan.start + entry.textSpan.length);
      if (ts.isBindingElement(parent) && isFromModule(parent)) queue.push({ path: at, at: parent.name.getStart() });
    }
  }
  return [...found.values()];
}

function exportedAs(source: T.SourceFile, name: string): readonly number[] {
  return source.statements.flatMap((statement) => {
    if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return [];
    const { left, right } = statement.expression;
    if (left.getText() !== 'module.exports' || !ts.isObjectLiteralExpression(right)) return [];
    return right.properties.filter((each) => ts.isPropertyAssignment(each) && each.name.getText() === name).map((each) => each.getStart());
  });
}

/** True for `{ name }` taken from `require(…)` or `await import(…)`. */
export function isFromModule(element: T.BindingElement): boolean {
  const declaration = element.parent.parent;
  if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return false;
  const { initializer } = declaration;
  const inner = ts.isAwaitExpression(initializer) ? initializer.expression : initializer;
  return ts.isCallExpression(inner) && (inner.expression.getText() === 'require' || inner.expression.kind === ts.SyntaxKind.ImportKeyword);
}
