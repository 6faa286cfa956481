// Names that a file in TypeScript or JavaScript imports and does not use any more.
import type { ts as T } from 'ts-morph';

/** The text without the imported names that `before` used and `text` does not; what is imported for its effects stays. */
export async function withoutIdleImports(path: string, before: string, text: string): Promise<string> {
  const { ts } = await import('ts-morph');
  const parse = (source: string) => ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const used = namesIn(ts, parse(before));
  const file = parse(text);
  const now = namesIn(ts, file);
  const isIdle = (name: string) => used.has(name) && !now.has(name);
  const cuts = file.statements.filter(ts.isImportDeclaration).flatMap((statement) => cutsIn(ts, file, statement, isIdle));
  return cuts.toReversed().reduce((all, { start, end, instead }) => all.slice(0, start) + instead + all.slice(end), text);
}

/** Identifiers outside of import declarations. */
function namesIn(ts: typeof T, file: T.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: T.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

interface Replaced {
  readonly start: number;
  readonly end: number;
  readonly instead: string;
}

function cutsIn(ts: typeof T, file: T.SourceFile, statement: T.ImportDeclaration, isIdle: (name: string) => boolean): readonly Replaced[] {
  const { importClause: clause } = statement;
  if (!clause) return [];
  const named = clause.namedBindings && ts.isNamedImports(clause.namedBindings) ? clause.namedBindings : null;
  const own = [clause.name, clause.namedBindings && ts.isNamespaceImport(clause.namedBindings) ? clause.namedBindings.name : undefined];
  const others = own.flatMap((name) => (name ? [name.text] : []));
  const elements = named?.elements ?? [];
  const stay = elements.filter((one) => !isIdle(one.name.text));
  if (stay.length === 0 && others.every(isIdle)) {
    const lineEnd = file.text.indexOf('\n', statement.getEnd());
    return [{ start: statement.getStart(file), end: lineEnd === -1 ? statement.getEnd() : lineEnd + 1, instead: '' }];
  }
  if (named === null || stay.length === 0 || stay.length === elements.length) return [];
  const text = `{ ${stay.map((one) => one.getText(file)).join(', ')} }`;
  return [{ start: named.getStart(file), end: named.getEnd(), instead: text }];
}
