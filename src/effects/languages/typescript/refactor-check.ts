// Whether code is worse after an operation than it was before.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import type { Project } from './refactor-project.ts';

/** Errors about what was not installed or how the project is set up. */
const SETUP = new Set([2307, 2792, 7016, 2691, 5097, 1192, 1259, 2688, 2732]);
/** Of JavaScript, which has no types to go by, only errors in names and in the number of arguments count. */
const OF_JAVASCRIPT = new Set([2304, 2305, 2339, 2300, 2451, 2440, 2554, 2307, 18004]);
/** The same error with a guess at what was meant; the compiler guesses only the first few times. */
const GUESSED: Readonly<Record<number, number>> = {
  2552: 2304,
  2551: 2339,
  2724: 2305,
  2614: 2305,
  2555: 2554,
  2580: 2304,
  2581: 2304,
  2582: 2304,
  2584: 2304,
  2591: 2304,
  2592: 2304,
  2593: 2304,
};

/** Errors by kind, with a place and a message for each. */
export type Errors = ReadonlyMap<string, readonly string[]>;

/** The errors of files. `names` are taken for one another, so that what is called otherwise afterwards is the same error. */
export function errorsOf(project: Project, paths: readonly string[], names: readonly string[]): Errors {
  const found = new Map<string, string[]>();
  const program = project.program();
  for (const path of paths) {
    const source = project.source(path);
    if (source === undefined) continue;
    for (const error of [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]) {
      const kind = kindOf(error, source, names);
      if (kind === null) continue;
      const line = source.getLineAndCharacterOfPosition(error.start ?? 0).line + 1;
      const message = ts.flattenDiagnosticMessageText(error.messageText, ' ').slice(0, 200);
      found.set(kind, [...(found.get(kind) ?? []), `${path}:${line}: ${message}`]);
    }
  }
  return found;
}

/** The kind of an error, by its code and the name it is about; null for one that does not count. */
function kindOf(error: T.Diagnostic, source: T.SourceFile, names: readonly string[]): string | null {
  if (error.category !== ts.DiagnosticCategory.Error) return null;
  const code = GUESSED[error.code] ?? error.code;
  const text = source.text.slice(error.start ?? 0, (error.start ?? 0) + (error.length ?? 0));
  const ownModule = code === 2307 && /^['"]\.{1,2}\//.test(text);
  if (SETUP.has(code) && !ownModule) return null;
  const isScript = /\.[cm]?jsx?$/.test(source.fileName);
  if (isScript && code >= 2000 && !OF_JAVASCRIPT.has(code)) return null;
  const isAboutName = [2304, 2305, 2339].includes(code);
  const name = isAboutName && /^[\w$]+$/.test(text) ? text : '';
  // `it[Symbol.iterator]` is one error or another, as the compiler's guesses go.
  if (isScript && isAboutName && name === '') return null;
  return `${code} ${names.includes(name) ? '*' : name}`;
}

/** How often each file uses a name that means nothing there: `path` to the lines (from 1) of such uses. */
export function unboundUses(project: Project, paths: readonly string[], name: string): ReadonlyMap<string, readonly number[]> {
  const checker = project.program().getTypeChecker();
  const found = new Map<string, readonly number[]>();
  for (const path of paths) {
    const source = project.source(path);
    if (source === undefined || !source.text.includes(name)) continue;
    const lines: number[] = [];
    const visit = (node: T.Node): void => {
      if (ts.isIdentifier(node) && node.text === name && checker.getSymbolAtLocation(node) === undefined)
        lines.push(source.getLineAndCharacterOfPosition(node.getStart()).line + 1);
      ts.forEachChild(node, visit);
    };
    visit(source);
    found.set(path, lines);
  }
  return found;
}

/** Where a name means nothing that meant something before, as `path:line`; null when nowhere. */
export function newlyUnbound(before: ReadonlyMap<string, readonly number[]>, after: ReadonlyMap<string, readonly number[]>): string | null {
  for (const [path, lines] of after) {
    const known = before.get(path) ?? [];
    if (lines.length > known.length) return `${path}:${lines.find((line) => !known.includes(line)) ?? lines[0]}`;
  }
  return null;
}

/** Errors that are there more often after than before; at most 5. */
export function newErrors(before: Errors, after: Errors): readonly string[] {
  const fresh = [...after].flatMap(([kind, messages]) => {
    const known = before.get(kind) ?? [];
    if (messages.length <= known.length) return [];
    return messages.filter((message) => !known.includes(message)).slice(0, messages.length - known.length);
  });
  return fresh.slice(0, 5);
}
