// Whether a new name meets another thing of that name: seen by finding the symbol again in the changed code.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import type { Edit } from './edits.ts';
import type { Project } from './refactor-project.ts';
import { type Changes, collect, exportedProperty, type Renaming, type Spot } from './refactor-rename.ts';

type Spots = ReadonlyMap<string, ReadonlySet<number>>;

/** Where the new name stands after the changes, by path; and where the declaration stands. */
function spotsOf(changes: Changes, origin: Spot, to: string): { readonly spots: Spots; readonly start: Spot } {
  let start = origin;
  const spots = [...changes].map(([path, edits]) => {
    let moved = 0;
    const found = new Set<number>();
    for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
      const at = edit.start + moved + nameIn(edit, to);
      if (path === origin.path && edit.start === origin.at) start = { path, at };
      found.add(at);
      moved += edit.text.length - (edit.end - edit.start);
    }
    return [path, found] as const;
  });
  return { spots: new Map(spots), start };
}

/** The offset of the name in what an edit puts: behind `old: ` or `old as `, before `: old` or ` as old`. */
function nameIn(edit: Edit, to: string): number {
  const behind = /^(?:.+: |.+ as )/s.exec(edit.text)?.[0].length ?? 0;
  return edit.text.startsWith(to) && !edit.text.endsWith(to) ? 0 : edit.text === to ? 0 : behind;
}

/** The first place where the renamed symbol and another one would be taken for each other, as `path:line`; null when there is none. */
export function collision(after: Project, { changes, origin }: Renaming, from: string, to: string): string | null {
  const { spots: wanted, start } = spotsOf(changes, origin, to);
  const exported = exportedProperty(after, start.path, to);
  const found = spotsFound(collect(after, exported === null ? [start] : [start, exported], to, from));
  for (const [a, b] of [
    [wanted, found],
    [found, wanted],
  ] as const)
    for (const [path, spots] of a) for (const at of spots) if (b.get(path)?.has(at) !== true) return place(after, path, at);
  return null;
}

function spotsFound(changes: Changes): Spots {
  return new Map([...changes].map(([path, edits]) => [path, new Set(edits.map((edit) => edit.start))]));
}

function place(project: Project, path: string, at: number): string {
  const line = project.source(path)?.getLineAndCharacterOfPosition(at).line ?? 0;
  return `${path}:${line + 1}`;
}

/**
 * Places where the old name is used and nothing says what it is: members of what has no type, and strings; at most 5. Looked for in the changed files and
 * those that import one of them.
 */
export function unknownUses(after: Project, changed: ReadonlySet<string>, name: string): readonly string[] {
  const checker = after.program().getTypeChecker();
  const found: string[] = [];
  for (const path of after.roots) {
    const source = after.source(path);
    if (source === undefined || !source.text.includes(name)) continue;
    const imported = ts.preProcessFile(source.text, true, true).importedFiles.map((each) => after.resolve(path, each.fileName)?.path ?? '');
    if (![path, ...imported].some((each) => changed.has(each))) continue;
    const visit = (node: T.Node): void => {
      if (found.length >= 5) return;
      const member = ts.isPropertyAccessExpression(node) && node.name.text === name && checker.getSymbolAtLocation(node.name) === undefined;
      const key =
        ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression) && node.argumentExpression.text === name;
      if (member || key) found.push(place(after, path, node.end - 1));
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}
