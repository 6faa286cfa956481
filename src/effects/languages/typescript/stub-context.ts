// What the writing of one stub file shares: the kind, the compiler's knowledge, and the helpers and imports that it turns out to need.
import type { ts as T } from 'ts-morph';
import type { StubKind } from '../../../core/ports.ts';
import { ts } from './compiler.ts';
import { specifierTo } from './paths.ts';
import { type Built, treePath, type World } from './world.ts';

export interface StubContext {
  readonly path: string;
  readonly kind: StubKind;
  readonly marker: string;
  readonly world: World;
  readonly built: Built;
  readonly checker: T.TypeChecker;
  /** Classes of other planned files that wrong values are made of: local name to import line. */
  readonly imports: Map<string, string>;
  needsOpaque: boolean;
}

/** An expression that throws or rejects with the marker. */
export function markedError(context: StubContext, name: string): string {
  return `new Error(${quote(`${context.marker}: ${name}`)})`;
}

/** A value that may be passed about but throws when it is used. */
export function opaque(context: StubContext, name: string): string {
  context.needsOpaque = true;
  return `redgreenOpaque(${quote(name)})`;
}

/** The helper behind `opaque`. */
export function opaqueHelper(marker: string): string {
  return [
    'function redgreenOpaque(name) {',
    `  const stop = (what) => { throw new Error(${quote(`${marker}: `)} + name + what); };`,
    '  return new Proxy(function () {}, {',
    "    get: (_, key) => (typeof key === 'symbol' || key === 'then' || key === 'toJSON' ? undefined : stop('.' + key)),",
    "    apply: () => stop('()'),",
    "    construct: () => stop(' (new)'),",
    '  });',
    '}',
  ].join('\n');
}

/** The planned path that declares a symbol, or null. */
export function plannedOwner(context: StubContext, symbol: T.Symbol): string | null {
  const file = symbol.declarations?.[0]?.getSourceFile();
  return file === undefined ? null : (treePath(context.world, file.fileName)?.path ?? null);
}

/** How this stub names a class: its own name, or an import of it; null when the class is not exported. */
export function classReference(context: StubContext, symbol: T.Symbol): string | null {
  const owner = plannedOwner(context, symbol);
  if (owner === null) return null;
  if (owner === context.path) return symbol.name === 'default' ? null : symbol.name;
  const source = context.built.source(owner);
  const module = source === undefined ? undefined : context.checker.getSymbolAtLocation(source);
  const exported = module === undefined ? [] : context.checker.getExportsOfModule(module);
  const found = exported.find((each) => resolved(context.checker, each) === symbol);
  if (found === undefined) return null;
  const local = `redgreen_${symbol.name}`;
  context.imports.set(local, `import { ${found.name} as ${local} } from '${specifierTo(context.path, owner)}';`);
  return local;
}

/** A symbol with its aliases followed. */
export function resolved(checker: T.TypeChecker, symbol: T.Symbol): T.Symbol {
  return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
}

export function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}
