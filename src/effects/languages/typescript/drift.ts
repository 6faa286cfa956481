// Where an implementation departs from its contract.
import type { ts as T } from 'ts-morph';
import type { Diagnostic } from '../../../core/report.ts';
import { ts } from './compiler.ts';
import { clean, lineOf, messageOf } from './diagnostics.ts';
import { type Exports, exportsOf } from './exports-table.ts';
import { type Probe, probePath, writeProbe } from './probe.ts';
import type { Dialect } from './protocol.ts';
import { type Built, build, type World } from './world.ts';

/** What is said of names and type arguments: it comes of the probe or of another file, and is no comparison. */
const NOT_COMPARED = new Set([2304, 2305, 2307, 2314, 2315, 2339, 2344, 2503, 2552, 2693, 2694, 2702, 2709, 2749]);

/** Lines of the compiler that only lead to the one that says what differs. */
const WRAPPING = /^(Types of construct signatures are incompatible|Construct signature return types|Type '(abstract )?new )/;

/** The departures of the files at `paths`, which parse. In JavaScript only presence, kind and number of parameters are compared. */
export function contractDrift(dialect: Dialect, world: World, built: Built, paths: readonly string[]): Diagnostic[] {
  const found: Diagnostic[] = [];
  const probes = new Map<string, Probe>();
  const known = new Set([...world.files.keys(), ...world.contracts.keys()]);
  for (const path of paths) {
    const file = built.source(path);
    const contract = built.contract(path);
    if (file === undefined || contract === undefined || file === contract) continue;
    const wanted = exportsOf(built.checker, contract);
    const present = exportsOf(built.checker, file);
    found.push(...missing(dialect, path, file, wanted, present));
    if (dialect === 'javascript') found.push(...shapes(built.checker, path, file, wanted, present));
    else probes.set(path, writeProbe(path, contract, present, known));
  }
  return [...found, ...compareAll(world, built, probes)];
}

function missing(dialect: Dialect, path: string, file: T.SourceFile, wanted: Exports, present: Exports): Diagnostic[] {
  return [...wanted].flatMap(([name, { value, symbol }]) => {
    const there = present.get(name);
    if (!value && dialect === 'javascript') return [];
    const what = name === 'default' ? 'no default export' : value ? `no export \`${name}\`` : `no exported type \`${name}\``;
    const declared = clean(symbol.declarations?.[0]?.getText().split('\n')[0] ?? name);
    if (there === undefined)
      return [{ path, line: 0, code: 'contract', message: `There is ${what}, but the contract declares it: \`${declared}\`` }];
    if (value && !there.value) {
      return [
        {
          path,
          line: declarationLine(file, there.symbol),
          code: 'contract',
          message: `\`${name}\` is only a type, but the contract declares a value: \`${declared}\``,
        },
      ];
    }
    return [];
  });
}

function declarationLine(file: T.SourceFile, symbol: T.Symbol): number {
  const declaration = symbol.declarations?.find((each) => each.getSourceFile() === file);
  return declaration === undefined ? 0 : lineOf(file, declaration.getStart());
}

function compareAll(world: World, built: Built, probes: ReadonlyMap<string, Probe>): Diagnostic[] {
  if (probes.size === 0) return [];
  const files = new Map([...world.files, ...[...probes].map(([path, probe]) => [probePath(path), probe.text] as const)]);
  const { noUnusedLocals: _, ...options } = world.options;
  const probed = build({ ...world, files, options }, [...probes.keys()].map(probePath));
  return [...probes].flatMap(([path, probe]) => {
    const source = probed.source(probePath(path));
    const file = built.source(path);
    if (source === undefined || file === undefined) return [];
    const said = new Set<string>();
    return probed.program.getSemanticDiagnostics(source).flatMap((each) => {
      const comparison = probe.lines.get(lineOf(source, each.start));
      if (comparison === undefined || NOT_COMPARED.has(each.code) || said.has(comparison.name)) return [];
      said.add(comparison.name);
      const symbol = exportsOf(probed.checker, probed.source(path)).get(comparison.name)?.symbol;
      const line = symbol === undefined ? 0 : declarationLine(probed.source(path) ?? file, symbol);
      return [{ path, line, code: 'contract', message: differs(comparison, each, symbol, probed.checker) }];
    });
  });
}

function differs(
  comparison: { name: string; expected: string; isType: boolean },
  found: T.Diagnostic,
  symbol: T.Symbol | undefined,
  checker: T.TypeChecker,
): string {
  const declaration = symbol?.valueDeclaration;
  const isFunction = declaration !== undefined && !ts.isClassDeclaration(declaration) && !comparison.isType;
  const type =
    isFunction && symbol !== undefined
      ? clean(checker.typeToString(checker.getTypeOfSymbol(symbol), undefined, ts.TypeFormatFlags.NoTruncation))
      : null;
  const detail = messageOf(found)
    .split('\n')
    .map((line) => line.trim())
    .filter((line, index) => !WRAPPING.test(line) && (index > 0 || !/^Type .* is not assignable to type /.test(line)))
    .join(' ')
    .replace(/\bcontract_\d+_(\w+)/g, '$1 (contract)');
  const shown = comparison.expected.length > 300 ? `${comparison.expected.slice(0, 299)}…` : comparison.expected;
  return `\`${comparison.name}\` does not match its contract. Expected: \`${shown}\`${type === null ? '' : `; found: \`${type}\``}.${detail === '' ? '' : ` ${detail}`}`;
}

/** JavaScript: a function takes no more than the contract gives, a class has its members. */
function shapes(checker: T.TypeChecker, path: string, file: T.SourceFile, wanted: Exports, present: Exports): Diagnostic[] {
  return [...wanted].flatMap(([name, { value, symbol }]) => {
    const there = present.get(name);
    if (!value || there === undefined || !there.value) return [];
    const should = checker.getTypeOfSymbol(symbol);
    const is = checker.getTypeOfSymbol(there.symbol);
    if ((is.flags & ts.TypeFlags.Any) !== 0) return [];
    const say = (message: string): Diagnostic => ({ path, line: declarationLine(file, there.symbol), code: 'contract', message });
    return [...callShape(name, should, is).map(say), ...classShape(checker, name, should, is).map(say)];
  });
}

function callShape(name: string, should: T.Type, is: T.Type): string[] {
  const wanted = should.getCallSignatures();
  const given = is.getCallSignatures();
  if (wanted.length === 0) return [];
  if (given.length === 0) return [`\`${name}\` is not a function, but the contract declares one.`];
  const most = Math.max(
    ...wanted.map((each) =>
      each.declaration?.parameters.some((one) => 'dotDotDotToken' in one && one.dotDotDotToken !== undefined) === true
        ? Infinity
        : each.parameters.length,
    ),
  );
  const least = Math.min(...given.map(requiredCount));
  return least > most ? [`\`${name}\` needs ${least} arguments, but its contract gives at most ${most}.`] : [];
}

/** Parameters without a default, as written: JavaScript itself requires none. */
function requiredCount(signature: T.Signature): number {
  const parameters = signature.declaration?.parameters ?? [];
  const optional = parameters.findIndex(
    (each) =>
      ts.isParameter(each) &&
      (each.initializer !== undefined ||
        each.dotDotDotToken !== undefined ||
        each.questionToken !== undefined ||
        ts.getJSDocParameterTags(each).some((tag) => tag.isBracketed)),
  );
  return optional === -1 ? parameters.length : optional;
}

function classShape(checker: T.TypeChecker, name: string, should: T.Type, is: T.Type): string[] {
  const [wanted] = should.getConstructSignatures();
  if (wanted === undefined) return [];
  const [given] = is.getConstructSignatures();
  if (given === undefined) return [`\`${name}\` is not a class, but the contract declares one.`];
  const has = new Set(checker.getPropertiesOfType(given.getReturnType()).map((each) => each.name.replace(/@\d+$/, '')));
  const lacks = checker
    .getPropertiesOfType(wanted.getReturnType())
    .filter((each) => isPublic(each) && (each.flags & ts.SymbolFlags.Optional) === 0 && !has.has(each.name.replace(/@\d+$/, '')));
  return lacks.map((each) => `\`${name}\` lacks \`${each.name}\`, which its contract declares.`);
}

function isPublic(symbol: T.Symbol): boolean {
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || symbol.name.startsWith('__#')) return false;
  return (ts.getCombinedModifierFlags(declaration as T.Declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) === 0;
}
