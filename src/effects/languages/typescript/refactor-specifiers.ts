// The module specifiers of a file, and how one is written anew in its own style.
import { posix } from 'node:path';
import type { ts as T } from 'ts-morph';
import type { Files } from '../../../core/ref.ts';
import { ts } from './compiler.ts';
import { specifierTo } from './paths.ts';
import { fileAt, matchOf, type Resolved } from './refactor-resolve.ts';

/** A specifier as it stands in a file: the offsets are those of the text between the quotes. */
export interface Specifier {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Functions of test runners that take the path of a module. */
const MOCKS = /^(?:jest|vi|vitest|mock|t\.mock|td|proxyquire)\.(?:\w*[mM]ock\w*|module|import\w*|require\w*|replace\w*)$/;
const OTHERS = /^(?:require|require\.resolve|import\.meta\.resolve|proxyquire|importActual)$/;
const DOC_IMPORT = /\bimport\((['"])([^'"\n]+)\1\)/g;

/** Every specifier of a file: imports, re-exports, `import()`, `require`, mocks of test runners, `new URL(…, import.meta.url)`, types in comments. */
export function specifiersOf(source: T.SourceFile): readonly Specifier[] {
  const found: Specifier[] = source.referencedFiles.map(({ pos, end, fileName }) => ({ start: pos, end, text: fileName }));
  const add = (node: T.Node | undefined): void => {
    if (node !== undefined && ts.isStringLiteralLike(node))
      found.push({ start: node.getStart(source) + 1, end: node.end - 1, text: node.text });
  };
  const visit = (node: T.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isExternalModuleReference(node)) add(node.expression);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    else if (ts.isCallExpression(node) && takesModule(node.expression, source)) add(node.arguments[0]);
    else if (ts.isNewExpression(node) && node.arguments?.[1]?.getText(source) === 'import.meta.url') add(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found, ...inComments(source, found)];
}

function takesModule(callee: T.Expression, source: T.SourceFile): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  const name = callee.getText(source);
  return name.length < 80 && (OTHERS.test(name) || MOCKS.test(name));
}

function inComments(source: T.SourceFile, known: readonly Specifier[]): readonly Specifier[] {
  const found: Specifier[] = [];
  for (const match of source.text.matchAll(DOC_IMPORT)) {
    const start = match.index + match[0].indexOf(match[1] ?? '') + 1;
    if (!known.some((each) => each.start === start)) found.push({ start, end: start + (match[2] ?? '').length, text: match[2] ?? '' });
  }
  return found;
}

const COMPILED: Readonly<Record<string, string>> = { '.ts': '.js', '.tsx': '.js', '.mts': '.mjs', '.cts': '.cjs' };

/**
 * The specifier by which `from` names `to`, in the style of `old`, by which it named `resolved` until now: with the same kind of ending, by the same
 * alias where the new path lies under it. A path that only the tree at `files` can tell apart keeps its file name.
 */
export function restyled(files: Files, from: string, to: string, old: string, resolved: Resolved): string {
  const query = /\?.*$/.exec(old)?.[0] ?? '';
  const plain = old.slice(0, old.length - query.length);
  const ending = endingFor(plain, resolved.path, to);
  const stem = to.slice(0, to.length - endingOf(to).length);
  const whole = ending === '' && posix.basename(stem) === 'index' && namesFolder(plain, resolved.path) ? posix.dirname(to) : stem + ending;
  if (resolved.alias !== null) {
    const rest = matchOf(resolved.alias.target, whole);
    if (rest !== null) return resolved.alias.pattern.replace('*', rest) + query;
  }
  const short = specifierTo(from, whole);
  const found = fileAt(files, posix.join(posix.dirname(from), short));
  return (found === null || found === to || ending !== '' ? short : specifierTo(from, to)) + query;
}

function endingOf(path: string): string {
  return /\.d\.[cm]?ts$/.exec(path)?.[0] ?? posix.extname(path);
}

/** The ending that `to` has in a specifier where `path` was named by `plain`. */
function endingFor(plain: string, path: string, to: string): string {
  const own = endingOf(path);
  if (plain.endsWith(own) && own !== '') return endingOf(to);
  const compiled = COMPILED[own];
  if (compiled !== undefined && plain.endsWith(compiled)) return COMPILED[endingOf(to)] ?? endingOf(to);
  return '';
}

function namesFolder(plain: string, path: string): boolean {
  return /\/index\.[^/]+$|^index\.[^/]+$/.test(path) && !/(^|\/)index$/.test(plain);
}
