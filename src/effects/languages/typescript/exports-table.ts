// What each planned file exports, as the compiler sees it.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import { type Built, treePath, type World } from './world.ts';

/** Exported name to whether it is a value (a class is; an interface is not). */
export type Exports = ReadonlyMap<string, { readonly value: boolean; readonly symbol: T.Symbol }>;

/** The exports of a parsed module; empty for a file that is no module. */
export function exportsOf(checker: T.TypeChecker, file: T.SourceFile | undefined): Exports {
  const module = file === undefined ? undefined : checker.getSymbolAtLocation(file);
  if (module === undefined) return new Map();
  return new Map(
    checker.getExportsOfModule(module).map((symbol) => {
      const target = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
      // What cannot be resolved (a package that is not installed) may be a value.
      const value = (target.flags & ts.SymbolFlags.Value) !== 0 || target.name === 'unknown';
      return [symbol.name, { value, symbol: target }];
    }),
  );
}

/** The exports of every path; where a file does not (yet) export what its contract promises, the contract's are added. */
export function exportsTable(built: Built, paths: readonly string[]): ReadonlyMap<string, Exports> {
  return new Map(
    paths.map((path) => [
      path,
      new Map([...exportsOf(built.checker, built.contract(path)), ...exportsOf(built.checker, built.source(path))]),
    ]),
  );
}

/** The one path that exports a name itself (files that only pass it on do not count), other than `from`. */
export function ownerOf(world: World, table: ReadonlyMap<string, Exports>, name: string, from: string): string | null {
  const all = [...table].filter(([path, names]) => path !== from && names.has(name)).map(([path]) => path);
  if (all.length === 1) return all[0] ?? null;
  const own = all.filter((path) => {
    const declared = table.get(path)?.get(name)?.symbol.declarations?.[0]?.getSourceFile().fileName;
    return declared !== undefined && treePath(world, declared)?.path === path;
  });
  return own.length === 1 ? (own[0] ?? null) : null;
}
