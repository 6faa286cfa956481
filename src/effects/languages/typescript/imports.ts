// The import declarations of a file as data, and back as text.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import type { Edit } from './edits.ts';

export interface NamedImport {
  readonly imported: string;
  readonly local: string;
  type: boolean;
}

/** One import declaration; `node` is null for one that is to be added. */
export interface ImportModel {
  readonly node: T.ImportDeclaration | null;
  readonly specifier: string;
  typeOnly: boolean;
  defaultName: string | null;
  namespaceName: string | null;
  named: NamedImport[];
  changed: boolean;
}

/** The imports of a file. */
export function readImports(file: T.SourceFile): ImportModel[] {
  return file.statements.filter(ts.isImportDeclaration).map(readImport);
}

function readImport(node: T.ImportDeclaration): ImportModel {
  const clause = node.importClause;
  const bindings = clause?.namedBindings;
  return {
    node,
    specifier: (node.moduleSpecifier as T.StringLiteral).text,
    typeOnly: clause?.phaseModifier === ts.SyntaxKind.TypeKeyword,
    defaultName: clause?.name?.text ?? null,
    namespaceName: bindings !== undefined && ts.isNamespaceImport(bindings) ? bindings.name.text : null,
    named:
      bindings !== undefined && ts.isNamedImports(bindings)
        ? bindings.elements.map((each) => ({
            imported: (each.propertyName ?? each.name).text,
            local: each.name.text,
            type: each.isTypeOnly,
          }))
        : [],
    changed: false,
  };
}

/** Adds a name to an import of the same module, or to a new one. `imported` is `default` or `*` for those forms. */
export function addImport(models: ImportModel[], specifier: string, imported: string, local: string, type: boolean): void {
  const isNamed = imported !== 'default' && imported !== '*';
  const taken = models.some(
    (each) => each.named.some((name) => name.local === local) || each.defaultName === local || each.namespaceName === local,
  );
  if (taken) return;
  const home = models.find(
    (each) => each.specifier === specifier && each.namespaceName === null && (!each.typeOnly || type) && hasNames(each),
  );
  if (isNamed && home !== undefined) {
    home.named = [...home.named, { imported, local, type: type && !home.typeOnly }];
    home.changed = true;
    return;
  }
  models.push({
    node: null,
    specifier,
    typeOnly: type,
    defaultName: imported === 'default' ? local : null,
    namespaceName: imported === '*' ? local : null,
    named: isNamed ? [{ imported, local, type: false }] : [],
    changed: true,
  });
}

function hasNames(model: ImportModel): boolean {
  return model.defaultName !== null || model.named.length > 0;
}

/** Takes a local name out of the imports; true when it was there. */
export function removeImport(model: ImportModel, local: string): boolean {
  if (model.defaultName === local) model.defaultName = null;
  else if (model.namespaceName === local) model.namespaceName = null;
  else if (model.named.some((each) => each.local === local)) model.named = model.named.filter((each) => each.local !== local);
  else return false;
  model.changed = true;
  return true;
}

/** The edits that make the file's imports what the models say. Untouched imports keep their text. */
export function importEdits(file: T.SourceFile, models: readonly ImportModel[]): Edit[] {
  const edits: Edit[] = [];
  const added: string[] = [];
  for (const model of models) {
    if (!model.changed) continue;
    const { node } = model;
    const isEmpty = !hasNames(model) && model.namespaceName === null;
    if (node === null) {
      if (!isEmpty) added.push(render(model, quoteOf(file)));
    } else if (isEmpty) {
      edits.push({ start: node.getStart(), end: lineEnd(file.text, node.end), text: '' });
    } else {
      edits.push({ start: node.getStart(), end: node.end, text: render(model, quoteOf(file), attributes(node)) });
    }
  }
  if (added.length > 0) {
    const at = insertAt(file);
    edits.push({ start: at, end: at, text: added.map((line) => `${line}\n`).join('') });
  }
  return edits;
}

function attributes(node: T.ImportDeclaration): string {
  return node.attributes === undefined ? '' : ` ${node.attributes.getText()}`;
}

function render(model: ImportModel, quote: string, tail = ''): string {
  const everyType = model.named.length > 0 && model.defaultName === null && model.named.every((each) => each.type || model.typeOnly);
  const typeOnly = model.typeOnly || everyType;
  const names = model.named.map((each) => {
    const as = each.imported === each.local ? each.local : `${each.imported} as ${each.local}`;
    return each.type && !typeOnly ? `type ${as}` : as;
  });
  const line = names.join(', ');
  const braces = names.length === 0 ? '' : line.length > 100 ? `{\n  ${names.join(',\n  ')},\n}` : `{ ${line} }`;
  const parts = [model.defaultName, model.namespaceName === null ? null : `* as ${model.namespaceName}`, braces === '' ? null : braces];
  return `import ${typeOnly ? 'type ' : ''}${parts.filter((part) => part !== null).join(', ')} from ${quote}${model.specifier}${quote}${tail};`;
}

function quoteOf(file: T.SourceFile): string {
  const first = file.statements.find(ts.isImportDeclaration)?.moduleSpecifier.getText()[0];
  return first === '"' ? '"' : "'";
}

/** After the last import; else before the first statement, below a `#!` line and the comment that heads the file. */
function insertAt(file: T.SourceFile): number {
  const imports = file.statements.filter(ts.isImportDeclaration);
  const last = imports.at(-1);
  if (last !== undefined) return lineEnd(file.text, last.end);
  const first = file.statements[0];
  if (first === undefined) return 0;
  const comments = ts.getLeadingCommentRanges(file.text, first.getFullStart()) ?? [];
  const doc = comments.at(-1);
  return doc !== undefined && file.text.slice(doc.pos, doc.pos + 3) === '/**' ? doc.pos : first.getStart();
}

function lineEnd(text: string, from: number): number {
  const match = /^[ \t]*\r?\n/.exec(text.slice(from));
  return match === null ? from : from + match[0].length;
}
