// Changes of code by meaning: made on texts, checked by compiling what comes of them, and refused where they cannot be made whole.
import type { Files } from '../../../core/ref.ts';
import type { ReferencesResult, SemanticEdit, SemanticResult } from '../../../core/semantic.ts';
import { applyEdits } from './edits.ts';
import { errorsOf, newErrors, newlyUnbound, unboundUses } from './refactor-check.ts';
import { circleBetween } from './refactor-circle.ts';
import { collision, unknownUses } from './refactor-collide.ts';
import { fileOf, findDeclaration } from './refactor-find.ts';
import { formatOf } from './refactor-format.ts';
import { moveFile, namedElsewhere } from './refactor-move-file.ts';
import { moveSymbol } from './refactor-move-symbol.ts';
import { addParameter, removeParameter } from './refactor-parameters.ts';
import { CannotRefactor, mentioning, type Project, projectOf } from './refactor-project.ts';
import { type Changes, renameSymbol, shortened, spelledOut } from './refactor-rename.ts';
import { usesOfSymbol } from './refactor-uses.ts';

/** Characters of the files that are type-checked before and after, at most: code with demanding types takes seconds and 200 MB for them. */
const MOST_CHECKED = 150_000;
/** References that are told, at most. */
const MOST_REFERENCES = 1_000;

/**
 * Makes a change over `files` (every code file, with package.json and tsconfig.json where there are any). Refused, with a sentence, where the name is not there,
 * a use cannot be followed, the new name collides, or the code would have type errors that it did not have.
 */
export function refactor(files: Files, edit: SemanticEdit): SemanticResult {
  try {
    return make(files, edit);
  } catch (thrown) {
    if (thrown instanceof CannotRefactor) return { problem: thrown.message };
    throw thrown;
  }
}

/** Where a symbol that is declared in `path` is used. */
export function references(files: Files, path: string, name: string): ReferencesResult {
  try {
    const spelled = spelledOut(path, files[path] ?? '', name);
    const project = projectOf(spelled === null ? files : { ...files, [path]: spelled }, rootsFor(files, path, [lastName(name)]), path);
    const found = usesOfSymbol(project, path, findDeclaration(project, path, name)).flatMap(({ fileName, textSpan, isDefinition }) => {
      const at = project.path(fileName);
      const source = at === null ? undefined : project.source(at);
      if (at === null || source === undefined) return [];
      const { line } = source.getLineAndCharacterOfPosition(textSpan.start);
      const text = (files[at]?.split('\n')[line] ?? '').trim().slice(0, 200);
      return [{ path: at, line: line + 1, text, isDefinition: isDefinition === true }];
    });
    return { references: found.slice(0, MOST_REFERENCES) };
  } catch (thrown) {
    if (thrown instanceof CannotRefactor) return { problem: thrown.message };
    throw thrown;
  }
}

/** The files that an operation on a name must know: those in which it stands, and the one that declares it. */
function rootsFor(files: Files, path: string, words: readonly string[]): readonly string[] {
  if (files[path] === undefined) throw new CannotRefactor(`There is no file ${path}.`);
  return [...new Set([path, ...mentioning(files, words)])];
}

function lastName(name: string): string {
  const parts = name.split('.');
  const last = parts.at(-1) ?? name;
  return last === 'constructor' ? (parts.at(-2) ?? last) : last;
}

function make(given: Files, edit: SemanticEdit): SemanticResult {
  const spelled = 'name' in edit ? spelledOut(edit.path, given[edit.path] ?? '', edit.name) : null;
  const files = spelled === null ? given : { ...given, [edit.path]: spelled };
  const before = projectOf(files, rootsOf(files, edit), edit.path);
  const renaming = edit.op === 'rename_symbol' ? renameSymbol(before, edit.path, edit.name, edit.to) : null;
  const changes = edit.op === 'rename_symbol' ? (renaming?.changes ?? new Map()) : changesOf(before, edit);
  if (changes.size === 0 && edit.op !== 'move_file') return { problem: `There is nothing to change in ${edit.path}.` };
  const { changed, removed } = outcome(files, edit, changes);
  const said = (notes: readonly string[]): string => [headline(edit, changes), ...notes].join(' ');
  if (edit.op === 'move_file') return { changed, removed, summary: said(movedNotes(files, edit.path)) };
  const checked = toCheck(files, edit, [...changes.keys()], before.roots);
  const names = renaming === null || edit.op !== 'rename_symbol' ? [] : [lastName(edit.name), edit.to];
  const known = errorsOf(before, checked, names);
  const unbound = renaming === null ? new Map() : unboundUses(before, before.roots, names[0] ?? '');
  before.service.cleanupSemanticCache();
  const after = projectOf({ ...files, ...changed }, [...new Set([...before.roots, ...Object.keys(changed)])], edit.path, before);
  if (renaming !== null && edit.op === 'rename_symbol') {
    const where = collision(after, renaming, lastName(edit.name), edit.to);
    if (where !== null) return { problem: `\`${edit.to}\` means something else at ${where}: choose another name. Nothing was changed.` };
  }
  const lost = renaming === null ? null : newlyUnbound(unbound, unboundUses(after, before.roots, names[0] ?? ''));
  if (lost !== null) return { problem: `A use of \`${names[0]}\` at ${lost} would not be found: rename it by hand. Nothing was changed.` };
  const errors = newErrors(known, errorsOf(after, checked, names));
  if (errors.length > 0)
    return { problem: `The code would have errors that it does not have now: ${errors.join('; ')} Nothing was changed.` };
  const name = edit.op === 'rename_symbol' ? edit.to : 'name' in edit ? edit.name : '';
  const texts = spelled === null ? changed : { ...changed, [edit.path]: shortened(edit.path, changed[edit.path] ?? '', name) };
  return {
    changed: texts,
    removed,
    summary: said(edit.op === 'rename_symbol' ? unknownNotes(after, new Set(changes.keys()), edit.name) : circleNotes(after, edit)),
  };
}

/**
 * The files whose errors are compared, the smallest first while they are few enough. None for a name that is no member: whether each use still finds it, and
 * nothing else does, is known without types. For a member also the files that mention it, for types may be alike without being bound.
 */
function toCheck(files: Files, edit: SemanticEdit, changed: readonly string[], mentioned: readonly string[]): readonly string[] {
  const isMember = 'name' in edit && edit.name.includes('.');
  if (edit.op === 'rename_symbol' && !isMember) return [];
  const size = (path: string): number => files[path]?.length ?? 0;
  const all = isMember ? [...changed, ...mentioned] : changed;
  const chosen: string[] = [];
  let left = MOST_CHECKED;
  for (const path of [edit.path, ...new Set([...all].sort((a, b) => size(a) - size(b)))]) {
    if (chosen.includes(path) || size(path) > left) continue;
    left -= size(path);
    chosen.push(path);
  }
  return chosen;
}

/** The texts that come of changes; a moved file is there under its new path. */
function outcome(files: Files, edit: SemanticEdit, changes: Changes): { readonly changed: Files; readonly removed: readonly string[] } {
  const texts = Object.fromEntries([...changes].map(([path, edits]) => [path, applyEdits(files[path] ?? '', edits)]));
  if (edit.op !== 'move_file') return { changed: texts, removed: [] };
  const { [edit.path]: moved = files[edit.path] ?? '', ...others } = texts;
  return { changed: { ...others, [edit.to]: moved }, removed: [edit.path] };
}

function rootsOf(files: Files, edit: SemanticEdit): readonly string[] {
  switch (edit.op) {
    case 'move_file':
    case 'organise_imports':
      return rootsFor(files, edit.path, []);
    case 'move_symbol': {
      const stars = mentioning(files, ['export *', 'export*']);
      return [...new Set([...rootsFor(files, edit.path, [edit.name]), ...stars, ...(files[edit.to] === undefined ? [] : [edit.to])])];
    }
    default:
      return rootsFor(files, edit.path, [lastName(edit.name)]);
  }
}

function changesOf(project: Project, edit: Exclude<SemanticEdit, { op: 'rename_symbol' }>): Changes {
  switch (edit.op) {
    case 'move_symbol':
      return moveSymbol(project, edit.path, edit.name, edit.to);
    case 'move_file':
      return moveFile(project, edit.path, edit.to);
    case 'add_parameter':
      return addParameter(project, edit);
    case 'remove_parameter':
      return removeParameter(project, edit);
    case 'organise_imports':
      return organise(project, edit.path);
    default: {
      const never: never = edit;
      return never;
    }
  }
}

function organise(project: Project, path: string): Changes {
  const source = fileOf(project, path);
  const { settings, preferences } = formatOf(source.text);
  const done = project.service.organizeImports({ type: 'file', fileName: project.name(path) }, settings, preferences);
  const edits = done
    .flatMap((file) => file.textChanges)
    .map(({ span, newText }) => ({ start: span.start, end: span.start + span.length, text: newText }));
  const changes = edits.filter((edit) => source.text.slice(edit.start, edit.end) !== edit.text);
  return new Map(changes.length === 0 ? [] : [[path, changes]]);
}

function headline(edit: SemanticEdit, changes: Changes): string {
  const places = [...changes.values()].reduce((sum, edits) => sum + edits.length, 0);
  const where = `${places} ${places === 1 ? 'place' : 'places'} in ${changes.size} ${changes.size === 1 ? 'file' : 'files'}`;
  switch (edit.op) {
    case 'rename_symbol':
      return `Renamed \`${edit.name}\` to \`${edit.to}\`: ${where}.`;
    case 'move_symbol':
      return `Moved \`${edit.name}\` from ${edit.path} to ${edit.to}: ${where}.`;
    case 'move_file':
      return `Moved ${edit.path} to ${edit.to}: ${where} name it anew.`;
    case 'add_parameter':
      return `Added \`${edit.parameter}\` to \`${edit.name}\`: ${where}.`;
    case 'remove_parameter':
      return `Removed \`${edit.parameter}\` from \`${edit.name}\`: ${where}.`;
    case 'organise_imports':
      return `Organised the imports of ${edit.path}.`;
    default: {
      const never: never = edit;
      return never;
    }
  }
}

function unknownNotes(after: Project, changed: ReadonlySet<string>, name: string): readonly string[] {
  const unknown = unknownUses(after, changed, lastName(name));
  return unknown.length === 0 ? [] : [`Not changed, for nothing says what they are: ${unknown.join(', ')}.`];
}

function movedNotes(files: Files, path: string): readonly string[] {
  const named = namedElsewhere(files, path);
  return named.length === 0 ? [] : [`Not changed, though the old path stands in them: ${named.slice(0, 5).join(', ')}.`];
}

function circleNotes(after: Project, edit: SemanticEdit): readonly string[] {
  const circle = edit.op === 'move_symbol' ? circleBetween(after, edit.path, edit.to) : null;
  return circle === null ? [] : [`These files now import each other: ${circle}.`];
}
