// Moving declarations to another file: the language service says which imports change; the declarations themselves go as they are written.
import { posix } from 'node:path';
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import type { Edit } from './edits.ts';
import { fileOf, findDeclaration } from './refactor-find.ts';
import { formatOf } from './refactor-format.ts';
import { CannotRefactor, isOwnCode, type Project } from './refactor-project.ts';
import type { Changes } from './refactor-rename.ts';
import { fileAt, type Resolved } from './refactor-resolve.ts';
import { restyled, specifiersOf } from './refactor-specifiers.ts';

const ACTION = 'Move to file';

/** The changes that move `name` from `path` to `to`, which may be new. A file that is new is a single insertion at 0. */
export function moveSymbol(project: Project, path: string, name: string, to: string): Changes {
  const source = fileOf(project, path);
  if (path === to) throw new CannotRefactor(`\`${name}\` is in ${path} already.`);
  if (!isOwnCode(to)) throw new CannotRefactor(`${to} is no TypeScript or JavaScript file.`);
  if (name.includes('.')) throw new CannotRefactor('Only what stands at the top of a file can be moved.');
  if (/\bmodule\.exports\b|^exports\.\w|\brequire\(/m.test(source.text) && !ts.isExternalModule(source))
    throw new CannotRefactor(`${path} is a CommonJS module: its symbols are moved by hand.`);
  const statements = statementsOf(project, source, path, name);
  const [first, last] = [statements[0], statements.at(-1)];
  if (first === undefined || last === undefined) throw new CannotRefactor(`\`${name}\` does not stand at the top of ${path}.`);
  const { settings, preferences } = formatOf(source.text);
  const range = { pos: first.getStart(source), end: last.end };
  const result = project.service.getEditsForRefactor(project.name(path), settings, range, ACTION, ACTION, preferences, {
    targetFile: project.name(to),
  });
  if (result === undefined || result.edits.length === 0)
    throw new CannotRefactor(
      `\`${name}\` cannot be moved to ${to}${result?.notApplicableReason === undefined ? '' : `: ${result.notApplicableReason}`}.`,
    );
  const changes = new Map<string, Edit[]>();
  for (const { fileName, textChanges } of result.edits) {
    const at = project.path(fileName);
    if (at === null) continue;
    const style = styler(project, at, path, to);
    const edits = textChanges.map(({ span, newText }) => ({ start: span.start, end: span.start + span.length, text: style(newText) }));
    changes.set(at, at === to ? edits.map((edit) => ({ ...edit, text: asWritten(edit.text, source, statements) })) : edits);
  }
  for (const [at, edits] of reexports(project, path, name, to)) changes.set(at, [...(changes.get(at) ?? []), ...edits]);
  return changes;
}

/** The statements that declare the name: one, or a function's overloads and a type beside its value, one after the other. */
function statementsOf(project: Project, source: T.SourceFile, path: string, name: string): readonly T.Statement[] {
  const node = findDeclaration(project, path, name);
  const symbol = project.program().getTypeChecker().getSymbolAtLocation(node);
  const own = (symbol?.declarations ?? [node.parent]).map((each) =>
    source.statements.find((statement) => statement.pos <= each.pos && each.end <= statement.end),
  );
  const statements = source.statements.filter((statement) => own.includes(statement));
  const [first] = statements;
  if (first === undefined) return [];
  if (ts.isVariableStatement(first) && first.declarationList.declarations.length > 1)
    throw new CannotRefactor(`\`${name}\` is declared together with others in one statement: take them apart first.`);
  const isDefault = ts.canHaveModifiers(first) && ts.getModifiers(first)?.some((each) => each.kind === ts.SyntaxKind.DefaultKeyword);
  const assigned = source.statements.some((each) => ts.isExportAssignment(each) && each.expression.getText(source) === name);
  if (isDefault === true || assigned) throw new CannotRefactor(`\`${name}\` is the default export of ${path}: move the file instead.`);
  const at = source.statements.indexOf(first);
  if (statements.some((each, i) => source.statements[at + i] !== each))
    throw new CannotRefactor(`The declarations of \`${name}\` in ${path} do not stand one after the other: bring them together first.`);
  return statements;
}

/** Writes the specifiers of fresh imports in `at` with the endings and quotes that its imports have; those of the file `path` in a file without any. */
function styler(project: Project, at: string, path: string, to: string): (text: string) => string {
  const files = { ...project.files, [to]: project.files[to] ?? '' };
  const sample = [at, path, ...project.roots].map((each) => sampleOf(project, each)).find((each) => each !== null);
  if (sample === undefined || sample === null) return (text) => text;
  return (text) =>
    text.replace(/(\bfrom\s*)(['"])(\.{1,2}\/[^'"\n]*)\2/g, (whole, from: string, _: string, specifier: string) => {
      const target = fileAt(files, posix.join(posix.dirname(at), specifier));
      return target === null ? whole : from + sample.quote + restyled(files, at, target, sample.old, sample.resolved) + sample.quote;
    });
}

/** A relative specifier of a file that names a file and not a folder. */
function sampleOf(project: Project, path: string): { readonly old: string; readonly quote: string; readonly resolved: Resolved } | null {
  const source = project.source(path);
  if (source === undefined) return null;
  for (const { text, start } of specifiersOf(source)) {
    const resolved = /^\.{1,2}\//.test(text) ? project.resolve(path, text) : null;
    if (resolved !== null && !resolved.path.endsWith('.json')) return { old: text, quote: source.text[start - 1] ?? "'", resolved };
  }
  return null;
}

/** The text that goes to the target, with the declarations as they were written instead of as the compiler prints them. */
function asWritten(printed: string, source: T.SourceFile, statements: readonly T.Statement[]): string {
  const parsed = ts.createSourceFile('printed.ts', printed, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TSX);
  const moved = parsed.statements.filter((each) => !ts.isImportDeclaration(each));
  const [first, last] = [moved[0], moved.at(-1)];
  if (moved.length !== statements.length || first === undefined || last === undefined) return printed;
  const own = statements.map((statement, i) => {
    const start = leading(source.text, statement);
    const declaration = statement.getStart(source);
    const exported = /^export\b/.test(moved[i]?.getText(parsed) ?? '') && !/^export\b/.test(statement.getText(source)) ? 'export ' : '';
    return source.text.slice(start, declaration) + exported + source.text.slice(declaration, statement.end);
  });
  const gaps = statements.map((statement, i) =>
    i === 0 ? '' : source.text.slice(statements[i - 1]?.end ?? 0, leading(source.text, statement)),
  );
  const imports = parsed.statements.filter((each) => ts.isImportDeclaration(each)).at(-1)?.end ?? 0;
  const head = printed.slice(0, imports + (/^\s*/.exec(printed.slice(imports))?.[0].length ?? 0));
  return head + own.map((text, i) => (gaps[i] ?? '') + text).join('') + printed.slice(last.end);
}

/** Where the comments right before a statement start. */
function leading(text: string, statement: T.Statement): number {
  const comments = ts.getLeadingCommentRanges(text, statement.pos) ?? [];
  let start = statement.getStart();
  for (const { pos, end } of comments.toReversed()) {
    if (/\n[^\S\n]*\r?\n/.test(text.slice(end, start)) && !text.slice(end, start).startsWith('*/')) break;
    start = pos;
  }
  return Math.min(start, statement.getStart());
}

/** `export { name } from './old'` and `export * from './old'` lead to the new place. */
function reexports(project: Project, path: string, name: string, to: string): Changes {
  const changes = new Map<string, Edit[]>();
  for (const from of project.roots) {
    const source = project.source(from);
    if (source === undefined || from === to) continue;
    const edits: Edit[] = [];
    const named = source.statements.some((each) => namesExport(each, name)) || starsOf(project, from, source).includes(to);
    for (const statement of source.statements) {
      if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined || !ts.isStringLiteral(statement.moduleSpecifier))
        continue;
      const resolved = project.resolve(from, statement.moduleSpecifier.text);
      if (resolved?.path !== path || (statement.exportClause === undefined && named)) continue;
      const fresh = restyled({ ...project.files, [to]: project.files[to] ?? '' }, from, to, statement.moduleSpecifier.text, resolved);
      edits.push(...led(source, statement, name, fresh));
    }
    if (edits.length > 0) changes.set(from, edits);
  }
  return changes;
}

/** True for `export { … }` with that name in it. */
function namesExport(statement: T.Statement, name: string): boolean {
  const clause = ts.isExportDeclaration(statement) ? statement.exportClause : undefined;
  return clause !== undefined && ts.isNamedExports(clause) && clause.elements.some((each) => each.name.text === name);
}

/** The files of which a file exports everything. */
function starsOf(project: Project, from: string, source: T.SourceFile): readonly (string | undefined)[] {
  return source.statements.flatMap((each) => {
    const specifier = ts.isExportDeclaration(each) && each.exportClause === undefined ? each.moduleSpecifier : undefined;
    return specifier !== undefined && ts.isStringLiteral(specifier) ? [project.resolve(from, specifier.text)?.path] : [];
  });
}

function led(source: T.SourceFile, statement: T.ExportDeclaration, name: string, to: string): readonly Edit[] {
  const quote = source.text[statement.moduleSpecifier?.getStart(source) ?? 0] ?? "'";
  const end = statement.getText(source).endsWith(';') ? ';' : '';
  const line = (what: string): string => `export ${what} from ${quote}${to}${quote}${end}`;
  const clause = statement.exportClause;
  // What a star does not reach any more is named beside it.
  if (clause === undefined) return [{ start: statement.end, end: statement.end, text: `\n${line(`{ ${name} }`)}` }];
  if (!ts.isNamedExports(clause)) return [];
  const moved = clause.elements.filter((each) => (each.propertyName ?? each.name).text === name);
  if (moved.length === 0) return [];
  const kept = clause.elements.filter((each) => !moved.includes(each));
  const type = statement.isTypeOnly ? 'type ' : '';
  const text = line(`${type}{ ${moved.map((each) => each.getText(source)).join(', ')} }`);
  if (kept.length === 0) return [{ start: statement.getStart(source), end: statement.end, text }];
  return [...moved.map((each) => without(clause.elements, each)), { start: statement.end, end: statement.end, text: `\n${text}` }];
}

/** The change that takes an element out of a list, with its comma. */
export function without(elements: readonly T.Node[], gone: T.Node): Edit {
  const at = elements.indexOf(gone);
  const [before, next] = [elements[at - 1], elements[at + 1]];
  if (next !== undefined) return { start: gone.getStart(), end: next.getStart(), text: '' };
  return { start: before?.end ?? gone.getStart(), end: gone.end, text: '' };
}
