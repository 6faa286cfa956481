// Code as the compiler's language service sees it: every file of a tree, bound by its imports.
import type { ts as T } from 'ts-morph';
import type { Files } from '../../../core/ref.ts';
import { libFiles, ts } from './compiler.ts';
import { isCode } from './paths.ts';
import { optionsNear, type Resolve, resolver } from './refactor-resolve.ts';

const ROOT = '/tree/';
const LIB = '/lib/';

/** A tree of code and what the compiler knows of it. */
export interface Project {
  readonly files: Files;
  /** The paths of the code files that were asked for. */
  readonly roots: readonly string[];
  readonly service: T.LanguageService;
  readonly resolve: Resolve;
  readonly registry: T.DocumentRegistry;
  program(): T.Program;
  source(path: string): T.SourceFile | undefined;
  /** The path of a file name of the compiler; null for a library. */
  path(fileName: string): string | null;
  name(path: string): string;
}

/** Raised inside an operation that cannot be made: the sentence goes to the model. */
export class CannotRefactor extends Error {}

/** True for files that an operation may read and change. */
export function isOwnCode(path: string): boolean {
  return isCode(path) && !/(^|\/)node_modules\//.test(path);
}

/** Code files in which one of the words stands. */
export function mentioning(files: Files, words: readonly string[]): string[] {
  return Object.keys(files).filter((path) => isOwnCode(path) && words.some((word) => files[path]?.includes(word)));
}

/**
 * Makes the project of `roots` and everything that they import. `near` is the file whose tsconfig counts; `since` is the project that this one comes
 * from: files that are the same are not read again.
 */
export function projectOf(files: Files, roots: readonly string[], near: string, since: Project | null = null): Project {
  const resolve = resolver(files);
  const registry = since?.registry ?? ts.createDocumentRegistry(true);
  const service = ts.createLanguageService(hostOf({ files, roots, resolve, near, old: since?.files ?? files }), registry);
  const program = (): T.Program => {
    const made = service.getProgram();
    if (made === undefined) throw new CannotRefactor('The code could not be compiled.');
    return made;
  };
  return {
    files,
    roots,
    service,
    resolve,
    registry,
    program,
    source: (path) => program().getSourceFile(ROOT + path),
    path: (name) => (name.startsWith(ROOT) ? name.slice(ROOT.length) : null),
    name: (path) => ROOT + path,
  };
}

interface Hosted {
  readonly files: Files;
  /** The files of the project that this one comes from. */
  readonly old: Files;
  readonly roots: readonly string[];
  readonly near: string;
  readonly resolve: Resolve;
}

function hostOf({ files, old, roots, near, resolve }: Hosted): T.LanguageServiceHost {
  const options = optionsFor(files, near);
  const own = (name: string): string => name.slice(ROOT.length);
  const text = (name: string): string | undefined => (name.startsWith(ROOT) ? files[own(name)] : libFiles.get(name.slice(LIB.length)));
  return {
    getCompilationSettings: () => options,
    getScriptFileNames: () => roots.map((path) => ROOT + path),
    getScriptVersion: (name) => (old[own(name)] === files[own(name)] ? '1' : '2'),
    getScriptSnapshot: (name) => {
      const found = text(name);
      return found === undefined ? undefined : ts.ScriptSnapshot.fromString(found);
    },
    getCurrentDirectory: () => ROOT.slice(0, -1),
    getDefaultLibFileName: () => `${LIB}lib.esnext.d.ts`,
    fileExists: (name) => text(name) !== undefined,
    readFile: text,
    directoryExists: () => true,
    getDirectories: () => [],
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    resolveModuleNameLiterals: (literals, from) =>
      literals.map(({ text: specifier }) => {
        const found = resolve(own(from), specifier);
        if (found === null) return { resolvedModule: undefined };
        const extension = /\.d\.[cm]?ts$/.exec(found.path)?.[0] ?? /\.[^.]+$/.exec(found.path)?.[0] ?? '.ts';
        return { resolvedModule: { resolvedFileName: ROOT + found.path, extension, isExternalLibraryImport: false } };
      }),
  };
}

/** The project's own options where they change what code means; all that is about output or files is ours. */
function optionsFor(files: Files, near: string): T.CompilerOptions {
  const own = optionsNear(files, near);
  const kept = [
    'strict',
    'strictNullChecks',
    'noImplicitAny',
    'exactOptionalPropertyTypes',
    'noUncheckedIndexedAccess',
    'experimentalDecorators',
  ];
  // With `React` the name stays in use where there is JSX.
  const jsx = { jsx: /^react-jsx/.test(String(own['jsx'])) ? ts.JsxEmit.ReactJSX : ts.JsxEmit.React };
  return {
    ...Object.fromEntries(kept.flatMap((key) => (typeof own[key] === 'boolean' ? [[key, own[key]]] : []))),
    ...jsx,
    target: ts.ScriptTarget.ESNext,
    lib: ['lib.esnext.d.ts'],
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
    allowJs: true,
    checkJs: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    esModuleInterop: true,
  };
}
