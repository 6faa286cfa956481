// Names of functions and methods that a contract says give a result.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';

/** `parse`, `Store.get` …: everything with a signature whose result is neither void nor a promise of it. */
export function promisedResults(checker: T.TypeChecker, contract: T.SourceFile): Set<string> {
  const names = new Set<string>();
  const add = (name: string, node: T.SignatureDeclaration): void => {
    const signature = checker.getSignatureFromDeclaration(node);
    if (signature !== undefined && givesResult(checker, signature.getReturnType())) names.add(name);
  };
  for (const node of contract.statements) {
    if (ts.isFunctionDeclaration(node) && node.name !== undefined) add(node.name.text, node);
    if (!ts.isClassDeclaration(node)) continue;
    for (const member of node.members) {
      if (ts.isMethodDeclaration(member) || ts.isGetAccessor(member))
        add(`${node.name?.text ?? 'default'}.${member.name.getText()}`, member);
    }
  }
  return names;
}

function givesResult(checker: T.TypeChecker, type: T.Type): boolean {
  const inner = checker.getAwaitedType(type) ?? type;
  const parts = inner.isUnion() ? inner.types : [inner];
  const none = ts.TypeFlags.Void | ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Never;
  const onlyUndefined = parts.every((part) => (part.flags & ts.TypeFlags.Undefined) !== 0);
  return (
    !onlyUndefined &&
    !parts.some((part) => (part.flags & none) !== 0) &&
    !/^(Async)?(Generator|Iterable|Iterator)/.test(inner.symbol?.name ?? '')
  );
}
