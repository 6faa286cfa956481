// A tree in memory that the compiler sees as files, with Node's declarations and installed packages read from disk.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ts as T } from 'ts-morph';
import { libFiles, ownTypes, ts } from './compiler.ts';
import { isRelative, joinSpecifier, nearestPath } from './paths.ts';

/** Where the tree seems to lie. */
export const ROOT = '/tree/';
const LIB = '/lib/';
const MODULES = `${ROOT}node_modules/`;
const AMBIENT = `${ROOT}.ambient/packages.d.ts`;

/** What a program is made from. */
export interface World {
  /** Texts of the tree by path. */
  readonly files: ReadonlyMap<string, string>;
  /** Declarations by planned path; they stand in for a file that `files` does not have. */
  readonly contracts: ReadonlyMap<string, string>;
  /** Packages that are taken as `any` when they are not installed. */
  readonly packages: readonly string[];
  readonly depsDir: string | null;
  readonly options: T.CompilerOptions;
}

/** A compiled world. */
export interface Built {
  readonly program: T.Program;
  readonly checker: T.TypeChecker;
  /** The parsed file of a tree path: its source when there is one, else its contract. */
  source(path: string): T.SourceFile | undefined;
  /** The parsed contract of a planned path. */
  contract(path: string): T.SourceFile | undefined;
  /** The planned paths whose contracts were asked for. */
  readonly contracts: readonly string[];
}

/** The file name of a planned path's contract. */
function contractName(path: string): string {
  return `${ROOT}${path}.d.ts`;
}

/** The tree path of a compiler's file name, and whether it is the contract of that path; null outside the tree. */
export function treePath(world: World, fileName: string): { readonly path: string; readonly contract: boolean } | null {
  if (!fileName.startsWith(ROOT) || fileName.startsWith(MODULES)) return null;
  const path = fileName.slice(ROOT.length);
  if (world.files.has(path)) return { path, contract: false };
  const planned = path.replace(/\.d\.ts$/, '');
  return world.contracts.has(planned) ? { path: planned, contract: true } : null;
}

/** Options that both dialects share; Node runs the result without a build. */
export const BASE_OPTIONS: T.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  lib: ['lib.esnext.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node'],
  typeRoots: [`${MODULES}@types`],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  resolveJsonModule: true,
  allowImportingTsExtensions: true,
  erasableSyntaxOnly: true,
  verbatimModuleSyntax: true,
};

/** Compiles the contracts or sources at `roots` (tree paths; `contractRoots` are planned paths whose contract is wanted). */
export function build(world: World, roots: readonly string[], contractRoots: readonly string[] = []): Built {
  const host = hostOf(world);
  const rootNames = [...roots.map((path) => ROOT + path), ...contractRoots.map(contractName), AMBIENT];
  const program = ts.createProgram({ rootNames, options: world.options, host });
  return {
    program,
    checker: program.getTypeChecker(),
    source: (path) => program.getSourceFile(ROOT + path) ?? program.getSourceFile(contractName(path)),
    contract: (path) => program.getSourceFile(contractName(path)),
    contracts: contractRoots,
  };
}

const parsed = new Map<string, { readonly text: string; readonly file: T.SourceFile }>();
const disk = new Map<string, string | null>();
const MOST_PARSED = 4_000;

function hostOf(world: World): T.CompilerHost {
  const cache = ts.createModuleResolutionCache(ROOT, (name) => name, world.options);
  const readFile = (name: string): string | undefined => read(world, name);
  const host: T.CompilerHost = {
    getSourceFile: (name, options) => parse(name, readFile(name), options),
    getDefaultLibFileName: () => `${LIB}lib.esnext.d.ts`,
    getDefaultLibLocation: () => LIB.slice(0, -1),
    writeFile: () => undefined,
    getCurrentDirectory: () => ROOT.slice(0, -1),
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (name) => readFile(name) !== undefined,
    readFile,
    directoryExists: (name) => isFolder(world, name),
    getDirectories: () => [],
    realpath: (name) => name,
    resolveModuleNameLiterals: (literals, from, redirect, options, file) =>
      literals.map((literal) => {
        const name = resolveRelative(world, from, literal.text);
        if (name !== null) return { resolvedModule: { resolvedFileName: name, extension: endingOf(name), isExternalLibraryImport: false } };
        if (isRelative(literal.text) && treePath(world, from) !== null) return { resolvedModule: undefined };
        const mode = ts.getModeForUsageLocation(file, literal, options);
        return ts.resolveModuleName(literal.text, from, options, host, cache, redirect, mode);
      }),
  };
  return host;
}

/** The compiler's file name that a relative import of a tree file leads to; contracts may leave out or mistake the ending. */
function resolveRelative(world: World, from: string, specifier: string): string | null {
  const here = treePath(world, from);
  if (here === null || !isRelative(specifier)) return null;
  const wanted = joinSpecifier(here.path, specifier);
  if (wanted === null) return null;
  const known = new Set([...world.files.keys(), ...world.contracts.keys()]);
  const path = known.has(wanted) ? wanted : here.contract ? nearestPath(wanted, known) : null;
  if (path === null) return null;
  return world.files.has(path) ? ROOT + path : contractName(path);
}

function endingOf(name: string): string {
  return /\.d\.ts$/.exec(name)?.[0] ?? /\.[^.]+$/.exec(name)?.[0] ?? '.ts';
}

function read(world: World, name: string): string | undefined {
  if (name.startsWith(LIB)) return libFiles.get(name.slice(LIB.length));
  if (name === AMBIENT) return ambient(world);
  if (name === `${ROOT}package.json`) return '{"type":"module"}';
  if (name.startsWith(MODULES)) {
    const real = realName(world, name);
    return real === null ? undefined : (readDisk(real) ?? undefined);
  }
  const here = treePath(world, name);
  if (here === null) return undefined;
  return here.contract ? world.contracts.get(here.path) : world.files.get(here.path);
}

function realName(world: World, name: string): string | null {
  const inside = name.slice(MODULES.length);
  for (const [folder, real] of ownTypes)
    if (inside === folder || inside.startsWith(`${folder}/`)) return real + inside.slice(folder.length);
  return world.depsDir === null ? null : join(world.depsDir, inside);
}

function readDisk(path: string): string | null {
  const known = disk.get(path);
  if (known !== undefined) return known;
  let text: string | null = null;
  try {
    if (statSync(path).isFile()) text = readFileSync(path, 'utf8');
  } catch {
    text = null;
  }
  // Our own declarations do not change while the worker lives; a project's packages may.
  if ([...ownTypes.values()].some((folder) => path.startsWith(folder))) disk.set(path, text);
  return text;
}

function isFolder(world: World, name: string): boolean {
  if (name === MODULES.slice(0, -1) || name === `${MODULES}@types` || name === ROOT.slice(0, -1)) return true;
  if (!name.startsWith(MODULES)) return false;
  const real = realName(world, name);
  try {
    return real !== null && statSync(real).isDirectory();
  } catch {
    return false;
  }
}

function ambient(world: World): string {
  const missing = world.packages.filter((name) => world.depsDir === null || !isFolder(world, MODULES + name));
  return missing.map((name) => `declare module '${name}';\ndeclare module '${name}/*';\n`).join('');
}

function parse(name: string, text: string | undefined, options: T.CreateSourceFileOptions | T.ScriptTarget): T.SourceFile | undefined {
  if (text === undefined) return undefined;
  const format = typeof options === 'object' ? options.impliedNodeFormat : undefined;
  const key = `${name}\n${format ?? 0}`;
  const known = parsed.get(key);
  if (known?.text === text) return known.file;
  if (parsed.size > MOST_PARSED) parsed.clear();
  const base = typeof options === 'object' ? options : { languageVersion: options };
  // Comments cost a third of the time of parsing; only JavaScript has types in them.
  const jsDocParsingMode = /js$/.test(name) ? ts.JSDocParsingMode.ParseAll : ts.JSDocParsingMode.ParseNone;
  const file = ts.createSourceFile(name, text, { ...base, jsDocParsingMode }, true);
  parsed.set(key, { text, file });
  return file;
}
