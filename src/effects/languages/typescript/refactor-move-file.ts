// Moving a file: every specifier that names it, and its own.
import { posix } from 'node:path';
import { ts } from './compiler.ts';
import type { Edit } from './edits.ts';
import { CannotRefactor, isOwnCode, type Project } from './refactor-project.ts';
import type { Changes } from './refactor-rename.ts';
import { restyled, specifiersOf } from './refactor-specifiers.ts';

/** The changes of specifiers when `path` becomes `to`; those of the moved file itself are under its old path. */
export function moveFile(project: Project, path: string, to: string): Changes {
  const { files } = project;
  if (files[path] === undefined) throw new CannotRefactor(`There is no file ${path}.`);
  if (files[to] !== undefined) throw new CannotRefactor(`There is a file ${to} already.`);
  if (!isOwnCode(path) || !isOwnCode(to) || posix.normalize(to) !== to || to.startsWith('../') || to.startsWith('/'))
    throw new CannotRefactor(`${path} cannot be moved to ${to}: both must be TypeScript or JavaScript files of the project.`);
  if (/x$/.test(posix.extname(path)) !== /x$/.test(posix.extname(to)))
    throw new CannotRefactor('The ending must stay of the same kind (with or without JSX).');
  const after = Object.fromEntries(Object.entries(files).map(([each, text]) => [each === path ? to : each, text]));
  const changes = new Map<string, Edit[]>();
  for (const [from, text] of Object.entries(files)) {
    if (!isOwnCode(from) || (from !== path && !mayName(text, path))) continue;
    const source = ts.createSourceFile(from, text, ts.ScriptTarget.ESNext, true);
    const edits = specifiersOf(source).flatMap(({ start, end, text: old }): Edit[] => {
      const resolved = project.resolve(from, old);
      if (resolved === null || (from !== path && resolved.path !== path)) return [];
      // A moved file's aliases and package names still lead where they did.
      if (from === path && resolved.path !== path && !/^\.{1,2}(\/|$)/.test(old)) return [];
      const fresh = restyled(after, from === path ? to : from, resolved.path === path ? to : resolved.path, old, resolved);
      return fresh === old ? [] : [{ start, end, text: fresh }];
    });
    if (edits.length > 0) changes.set(from, edits);
  }
  return changes;
}

/** True for a text in which a specifier of the path may stand: by its name, or by its folder's when it is an index. */
function mayName(text: string, path: string): boolean {
  const stem = posix.basename(path).replace(/(\.d)?\.[^.]+$/, '');
  if (stem !== 'index') return text.includes(stem);
  const folder = posix.basename(posix.dirname(path));
  return text.includes('index') || /['"]\.{1,2}\/?['"]/.test(text) || (folder !== '.' && text.includes(folder));
}

/** Files that are no code and name the path as text: manifests and configuration, which are not touched. */
export function namedElsewhere(files: Readonly<Record<string, string>>, path: string): readonly string[] {
  const bare = path.replace(/\.[^.]+$/, '');
  return Object.keys(files).filter((each) => !isOwnCode(each) && files[each]?.includes(bare) === true);
}
