// Whether a plan's contracts parse, compile together and name only what there is.
import { isBuiltin } from 'node:module';
import type { ts as T } from 'ts-morph';
import type { Plan, PlannedFile, Violation } from '../../../core/plan.ts';
import type { Files } from '../../../core/ref.ts';
import { ts } from './compiler.ts';
import { parseContract } from './contract.ts';
import { firstPerLine, lineOf, lineText, messageOf } from './diagnostics.ts';
import { exportsOf } from './exports-table.ts';
import { isUnknownType } from './missing-package.ts';
import { isCode, isEntry, isRelative, joinSpecifier, nearestPath, packageOf, specifierTo } from './paths.ts';
import { jsOptions, manifestNames, planWorld } from './planned.ts';
import type { Dialect } from './protocol.ts';
import { type Built, build, type World } from './world.ts';

/** Says what is wrong with a plan's contracts and `uses`, so that a model can mend it. */
export function vetPlan(dialect: Dialect, plan: Plan, existing: Files): Violation[] {
  const code = plan.files.filter((file) => isCode(file.path));
  // The compiler counts declaration files among the libraries that it may skip.
  const world = planWorld(plan, existing, null, { ...(dialect === 'javascript' ? jsOptions() : {}), skipLibCheck: false });
  const built = build(
    { ...world, files: new Map([...world.files].filter(([path]) => !world.contracts.has(path))) },
    [],
    code.map((file) => file.path),
  );
  const known = new Set([...plan.files.map((file) => file.path), ...Object.keys(existing)]);
  const packages = new Set([...plan.packages.map((each) => each.name), plan.runner, ...manifestNames(existing['package.json'])]);
  const inFiles = plan.files.flatMap((file, index) => {
    const at = (part: string) => (message: string) => ({ where: `files[${index}].${part} (${file.path})`, message });
    return [
      ...vetPath(dialect, file.path, existing).map(at('path')),
      ...vetUses(packages, file.uses, known).map(at('uses')),
      ...(isCode(file.path) ? vetContract(plan, file, { known, packages }, world, built).map(at('contract')) : []),
    ];
  });
  const inTests = plan.tests.flatMap((test, index) =>
    vetUses(packages, test.uses, known).map((message) => ({ where: `tests[${index}].uses (${test.path})`, message })),
  );
  return [...inFiles, ...inTests];
}

/** Paths that there are or will be, and packages that may be imported. */
interface Names {
  readonly known: ReadonlySet<string>;
  readonly packages: ReadonlySet<string>;
}

function vetContract(plan: Plan, file: PlannedFile, names: Names, world: World, built: Built): string[] {
  const source = built.contract(file.path);
  const syntax = source === undefined ? [] : ownLines(source, file.contract, built.program.getSyntacticDiagnostics(source));
  if (source !== undefined && syntax.length > 0) return syntax.slice(0, 4).map((each) => inLine(source, each));
  return [...vetShape(plan, file), ...vetImports(plan, file, names), ...vetTypes(file, world, built)];
}

/** Files that the harness writes. */
const MANIFESTS = new Set(['package.json', 'package-lock.json', 'npm-shrinkwrap.json']);
const CONFIGURATION = new Set(['tsconfig.json', '.gitignore']);

function vetPath(dialect: Dialect, path: string, existing: Files): string[] {
  if (MANIFESTS.has(path) || (CONFIGURATION.has(path) && !Object.hasOwn(existing, path))) {
    return ['The harness writes this file: leave it out, and list packages in `packages`.'];
  }
  if (!isCode(path)) return [];
  const good = dialect === 'typescript' ? /(?<!\.d)\.m?ts$/ : /\.m?js$/;
  if (good.test(path)) return [];
  if (dialect === 'typescript' && /\.config\.[cm]?js$/.test(path)) return [];
  return [
    `A ${dialect === 'typescript' ? 'TypeScript' : 'JavaScript'} plan's code files end with ${dialect === 'typescript' ? '.ts (not .d.ts, .tsx or .js)' : '.js'}: Node runs them as they are.`,
  ];
}

function vetUses(packages: ReadonlySet<string>, uses: readonly string[], known: ReadonlySet<string>): string[] {
  return uses.flatMap((use) => {
    if (known.has(use) || use.startsWith('node:') || isBuiltin(use)) return [];
    if (packages.has(packageOf(use))) return [];
    const near = nearestPath(use.replace(/^\.?\//, ''), known);
    if (near !== null) return [`'${use}' is not written as in the plan: use '${near}'.`];
    return [`'${use}' is neither a planned path nor a package in \`packages\`: add it to the plan or leave it out.`];
  });
}

/** What the compiler does not say: no declarations, no exports, syntax that Node cannot strip. */
function vetShape(plan: Plan, file: PlannedFile): string[] {
  const parsed = parseContract(file.contract);
  const entry = isEntry(plan, file.path);
  if (parsed.statements.length === 0) {
    return entry
      ? []
      : ['A code file needs a contract: the declarations of what it exports, e.g. `export function name(input: string): Result;`.'];
  }
  const found = parsed.statements.flatMap((node) => unstrippable(node));
  const exportsSome = parsed.statements.some((node) => ts.isExportDeclaration(node) || ts.isExportAssignment(node) || isExported(node));
  const declares = parsed.statements.some((node) => !ts.isImportDeclaration(node));
  if (!exportsSome && declares && !entry) found.push('The contract exports nothing: put `export` before what other files or tests use.');
  return found;
}

function isExported(node: T.Node): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((each) => each.kind === ts.SyntaxKind.ExportKeyword);
}

function unstrippable(node: T.Statement): string[] {
  const line = `\`${lineText(node.getText(), 1)}\``;
  if (ts.isEnumDeclaration(node))
    return [`${line}: Node cannot strip an enum; declare a union of literals, or \`export const Name: { readonly A: 'a' }\`.`];
  if (ts.isModuleDeclaration(node)) return [`${line}: Node cannot strip a namespace; export its members from the file itself.`];
  if (ts.isImportEqualsDeclaration(node) || (ts.isExportAssignment(node) && node.isExportEquals === true)) {
    return [`${line}: write ES module syntax (\`import … from\`, \`export …\`).`];
  }
  if (!ts.isClassDeclaration(node)) return [];
  const parameters = node.members.filter(ts.isConstructorDeclaration).flatMap((member) => [...member.parameters]);
  return parameters
    .filter((parameter) => (ts.getModifiers(parameter) ?? []).length > 0)
    .map(
      (parameter) =>
        `\`${parameter.getText()}\` in the constructor of ${node.name?.text ?? 'the class'}: Node cannot strip a parameter property; declare the field and a plain parameter.`,
    );
}

function vetImports(plan: Plan, file: PlannedFile, { known, packages }: Names): string[] {
  const uses = new Set(file.uses);
  return specifiersOf(parseContract(file.contract)).flatMap((specifier) => {
    if (specifier.startsWith('node:') || isBuiltin(specifier)) return [];
    if (!isRelative(specifier)) {
      const name = packageOf(specifier);
      if (!packages.has(name)) return [`It imports '${specifier}', which is not in \`packages\`.`];
      return uses.has(name) || uses.has(specifier) ? [] : [`It imports '${specifier}': add '${name}' to \`uses\`.`];
    }
    const wanted = joinSpecifier(file.path, specifier);
    const path = wanted === null ? null : nearestPath(wanted, known);
    if (path === null)
      return [`It imports '${specifier}', which is no planned file: planned are ${[...known].filter(isCode).slice(0, 12).join(', ')}.`];
    return uses.has(path) || !plan.files.some((each) => each.path === path)
      ? []
      : [`It imports '${specifier}': add '${path}' to \`uses\`.`];
  });
}

function specifiersOf(file: T.SourceFile): string[] {
  const found = file.statements.flatMap((node) =>
    (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
    node.moduleSpecifier !== undefined &&
    ts.isStringLiteral(node.moduleSpecifier)
      ? [node.moduleSpecifier.text]
      : [],
  );
  return [...new Set(found)];
}

/** Codes that another check says better, or that do not matter in a contract. */
const QUIET = new Set([2307, 2306, 7016, 1294, 2369, 1484, 1485, 1205, 2669, 6133, 2877, 5097, 2691]);

function vetTypes(file: PlannedFile, world: World, built: Built): string[] {
  const source = built.contract(file.path);
  if (source === undefined) return [];
  return built.program
    .getSemanticDiagnostics(source)
    .filter((each) => !QUIET.has(each.code) && !isUnknownType(world, each))
    .slice(0, 8)
    .map((each) => inLine(source, each, hintFor(each, file, built)));
}

/** A finding with the line that it is about. */
function inLine(source: T.SourceFile, found: T.Diagnostic, hint = ''): string {
  const line = lineText(source.text, lineOf(source, found.start));
  return `${messageOf(found)}${hint}${line === '' || line === 'export {};' ? '' : ` In: \`${line}\``}`;
}

/** The syntax errors of the contract's own lines; what we put behind them is not the author's. */
function ownLines(source: T.SourceFile, contract: string, found: readonly T.DiagnosticWithLocation[]): T.DiagnosticWithLocation[] {
  const lines = contract.trimEnd().split('\n').length;
  const own = firstPerLine(found).filter((each) => lineOf(source, each.start) <= lines);
  return own.length > 0 ? own : found.slice(0, 1);
}

function hintFor(found: T.Diagnostic, file: PlannedFile, built: Built): string {
  if (found.code !== 2304 && found.code !== 2552) return '';
  const name = found.file?.text.slice(found.start ?? 0, (found.start ?? 0) + (found.length ?? 0)) ?? '';
  const owners = built.contracts.filter((path) => path !== file.path && exportsOf(built.checker, built.contract(path)).has(name));
  const [owner] = owners;
  if (owners.length !== 1 || owner === undefined) return ' Declare it, or import it from the file that does.';
  return ` It is exported by ${owner}: add \`import type { ${name} } from '${specifierTo(file.path, owner)}';\` and list '${owner}' in \`uses\`.`;
}
