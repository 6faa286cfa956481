// Imports put right from what the compiler says of names.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import type { Edit } from './edits.ts';
import { type Exports, ownerOf } from './exports-table.ts';
import { addImport, type ImportModel, importEdits, readImports, removeImport } from './imports.ts';
import { homeOf } from './known-names.ts';
import type { Mend } from './mend-exports.ts';
import { nodeAt } from './node-at.ts';
import { isRelative, joinSpecifier, packageOf, specifierTo } from './paths.ts';
import type { World } from './world.ts';

/** What the repairs of one file may know. */
export interface NameContext {
  readonly world: World;
  readonly path: string;
  readonly file: T.SourceFile;
  readonly table: ReadonlyMap<string, Exports>;
  readonly test: boolean;
  readonly runner: string;
  /** False in JavaScript, where a type cannot be imported. */
  readonly types: boolean;
}

interface Work extends NameContext {
  readonly models: ImportModel[];
  readonly edits: Edit[];
  readonly fixes: string[];
}

const UNKNOWN_NAME = new Set([2304, 2552, 2503, 2582, 2593, 18004]);
const MISSING_MEMBER = new Set([2305, 2614, 2724, 2459, 2460, 18042]);
const NO_DEFAULT = new Set([1192, 2613]);
const NEEDS_TYPE = new Set([1484, 1485]);
const NEEDS_EXPORT_TYPE = new Set([1205, 1448]);
const UNUSED = new Set([6133, 6192, 6196]);

/** The edits that the findings of a file call for. */
export function mendNames(context: NameContext, found: readonly T.Diagnostic[]): Mend {
  const work: Work = { ...context, models: readImports(context.file), edits: [], fixes: [] };
  for (const each of found) {
    if (each.start === undefined) continue;
    const node = nodeAt(context.file, each.start, each.start + (each.length ?? 0));
    if (UNKNOWN_NAME.has(each.code)) importUnknown(work, node);
    else if (MISSING_MEMBER.has(each.code)) moveMember(work, node);
    else if (NO_DEFAULT.has(each.code)) replaceDefault(work, node);
    else if (NEEDS_TYPE.has(each.code)) markType(work, node);
    else if (NEEDS_EXPORT_TYPE.has(each.code)) markExportType(work, node);
    else if (each.code === 1361) markValue(work, node);
  }
  // An import may only look unused because a repair of this round is not yet in the text.
  if (work.fixes.length === 0) for (const each of found) if (UNUSED.has(each.code) && each.start !== undefined) dropUnused(work, each);
  return { edits: [...importEdits(context.file, work.models), ...work.edits], fixes: work.fixes };
}

function importUnknown(work: Work, node: T.Node): void {
  if (!ts.isIdentifier(node) || isInComment(node)) return;
  const name = node.text;
  const owner = ownerOf(work.world, work.table, name, work.path);
  const exported = owner === null ? undefined : work.table.get(owner)?.get(name);
  if (owner !== null && exported !== undefined) {
    if (!exported.value && !work.types) return;
    addImport(work.models, specifierTo(work.path, owner), name, name, !exported.value);
    work.fixes.push(`imported \`${name}\` from ${owner}`);
    return;
  }
  const home = [...work.table.values()].some((names) => names.has(name)) ? null : homeOf(name, work.test, work.runner);
  if (home === null) return;
  addImport(work.models, home.specifier, home.imported, name, false);
  work.fixes.push(`imported \`${name}\` from ${home.specifier}`);
}

function isInComment(node: T.Node): boolean {
  return (node.flags & ts.NodeFlags.JSDoc) !== 0;
}

function specifierAt(node: T.Node): T.ImportSpecifier | null {
  let at: T.Node | undefined = node;
  while (at !== undefined && !ts.isImportSpecifier(at)) at = at.parent;
  return at ?? null;
}

function modelOf(work: Work, node: T.Node): ImportModel | null {
  let at: T.Node | undefined = node;
  while (at !== undefined && !ts.isImportDeclaration(at)) at = at.parent;
  return work.models.find((model) => model.node === at && at !== undefined) ?? null;
}

function targetOf(work: Work, model: ImportModel): string | null {
  return isRelative(model.specifier) ? joinSpecifier(work.path, model.specifier) : null;
}

/** A name is imported from a file that does not export it. */
function moveMember(work: Work, node: T.Node): void {
  const specifier = specifierAt(node);
  const model = specifier === null ? null : modelOf(work, specifier);
  if (specifier === null || model === null) return;
  const name = (specifier.propertyName ?? specifier.name).text;
  const local = specifier.name.text;
  const target = targetOf(work, model);
  const promised = target === null ? undefined : work.table.get(target)?.get(name);
  if (!work.types && promised !== undefined && !promised.value) {
    if (removeImport(model, local)) work.fixes.push(`removed the import of the type \`${name}\`, which JavaScript does not have`);
    return;
  }
  if (promised !== undefined || target === null) return;
  const owner = ownerOf(work.world, work.table, name, work.path);
  const exported = owner === null ? undefined : work.table.get(owner)?.get(name);
  if (owner !== null && exported !== undefined) {
    removeImport(model, local);
    if (exported.value || work.types) addImport(work.models, specifierTo(work.path, owner), name, local, !exported.value);
    work.fixes.push(`\`${name}\` is imported from ${owner}, which exports it`);
    return;
  }
  const others = work.table.get(target);
  const main = others?.get('default');
  if (main === undefined || model.defaultName !== null) return;
  if (main.symbol.name !== name && declaredName(main.symbol) !== name && others?.size !== 1) return;
  removeImport(model, local);
  addImport(work.models, model.specifier, 'default', local, false);
  work.fixes.push(`\`${name}\` is the default export of ${target}`);
}

function declaredName(symbol: T.Symbol): string | null {
  const declaration = symbol.declarations?.[0];
  const name = declaration === undefined ? undefined : ts.getNameOfDeclaration(declaration as T.Declaration);
  return name !== undefined && ts.isIdentifier(name) ? name.text : null;
}

/** A default import of a file that has none. */
function replaceDefault(work: Work, node: T.Node): void {
  const model = modelOf(work, node);
  const target = model === null ? null : targetOf(work, model);
  const exported = target === null ? undefined : work.table.get(target);
  if (model === null || model.defaultName === null || exported === undefined || exported.size === 0 || exported.has('default')) return;
  const local = model.defaultName;
  const same =
    [...exported.keys()].find((name) => name === local) ?? [...exported.keys()].find((name) => name.toLowerCase() === local.toLowerCase());
  const values = [...exported].filter(([, each]) => each.value).map(([name]) => name);
  const name = same ?? (values.length === 1 ? values[0] : undefined);
  removeImport(model, local);
  if (name === undefined) addImport(work.models, model.specifier, '*', local, false);
  else addImport(work.models, model.specifier, name, local, exported.get(name)?.value === false);
  work.fixes.push(
    name === undefined
      ? `\`${local}\` is imported as a namespace: ${target} has no default export`
      : `\`${name}\` is a named export of ${target}`,
  );
}

function markType(work: Work, node: T.Node): void {
  const model = modelOf(work, node);
  if (model === null || !ts.isIdentifier(node)) return;
  const named = model.named.find((each) => each.local === node.text || each.imported === node.text);
  if (named !== undefined) {
    named.type = true;
  } else if (model.defaultName === node.text && model.named.length === 0 && model.namespaceName === null) {
    model.typeOnly = true;
  } else return;
  model.changed = true;
  work.fixes.push(`\`${node.text}\` is imported as a type`);
}

function markExportType(work: Work, node: T.Node): void {
  let at: T.Node | undefined = node;
  while (at !== undefined && !ts.isExportSpecifier(at)) at = at.parent;
  if (at === undefined || at.isTypeOnly) return;
  work.edits.push({ start: at.getStart(), end: at.getStart(), text: 'type ' });
  work.fixes.push(`\`${at.name.text}\` is exported as a type`);
}

/** Imported as a type, used as a value. */
function markValue(work: Work, node: T.Node): void {
  if (!ts.isIdentifier(node)) return;
  const local = node.text;
  const model = work.models.find(
    (each) => each.defaultName === local || each.namespaceName === local || each.named.some((name) => name.local === local),
  );
  const named = model?.named.find((each) => each.local === local);
  if (model === undefined) return;
  if (named === undefined) {
    model.typeOnly = false;
  } else if (named.type) {
    named.type = false;
  } else if (model.typeOnly) {
    for (const each of model.named) each.type = each !== named;
    model.typeOnly = false;
  } else return;
  model.changed = true;
  work.fixes.push(`\`${local}\` is imported as a value`);
}

function dropUnused(work: Work, found: T.Diagnostic): void {
  const node = nodeAt(work.file, found.start ?? 0, (found.start ?? 0) + (found.length ?? 0));
  const model = modelOf(work, node);
  if (model === null) return;
  const specifier = specifierAt(node);
  const whole = ts.isImportDeclaration(node) || found.code === 6192;
  const locals =
    specifier !== null
      ? [specifier.name.text]
      : whole
        ? allLocals(model)
        : ts.isIdentifier(node)
          ? [node.text]
          : ts.isNamespaceImport(node)
            ? [node.name.text]
            : allLocals(model);
  for (const local of locals)
    if (!isNamedElsewhere(work, model, local) && removeImport(model, local)) work.fixes.push(`removed the unused import \`${local}\``);
}

/** A name of a package whose types are unknown looks unused where it stands as a type. */
function isNamedElsewhere(work: Work, model: ImportModel, local: string): boolean {
  if (isRelative(model.specifier) || !work.world.packages.includes(packageOf(model.specifier)) || model.node === null) return false;
  const rest = work.file.text.slice(0, model.node.pos) + work.file.text.slice(model.node.end);
  return new RegExp(`(?<![\\w$.])${local.replaceAll('$', '\\$')}(?![\\w$])`).test(rest);
}

function allLocals(model: ImportModel): string[] {
  return [model.defaultName, model.namespaceName, ...model.named.map((each) => each.local)].filter((name) => name !== null);
}
