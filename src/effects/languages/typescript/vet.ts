// Whether a plan's contracts parse, compile together and name only what there is.
import { isBuiltin } from 'node:module';
import type { ts as T } from 'ts-morph';
import type { Plan, PlannedFile, Violation } from '../../../core/plan.ts';
import type { Files } from '../../../core/ref.ts';
import { ts } from './compiler.ts';
import { parseContract } from './contract.ts';
import { lineOf, lineText, messageOf } from './diagnostics.ts';
import { isUnknownType } from './missing-package.ts';
import { isCode, isEntry, isRelative, joinSpecifier, nearestPath, packageOf, specifierTo } from './paths.ts';
import { jsOptions, planWorld } from './planned.ts';
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
  return plan.files
    .flatMap((file, index) => {
      const where = `files[${index}].contract (${file.path})`;
      const say = (message: string): Violation => ({ where, message });
      const uses = vetUses(plan, file.uses, known).map((message) => ({ where: `files[${index}].uses (${file.path})`, message }));
      if (!isCode(file.path)) return uses;
      return [
        ...vetPath(dialect, file.path).map((message) => ({ where: `files[${index}].path (${file.path})`, message })),
        ...uses,
        ...vetShape(plan, file).map(say),
        ...vetImports(plan, file, known).map(say),
        ...vetTypes(file, world, built, code).map(say),
      ];
    })
    .concat(
      plan.tests.flatMap((test, index) =>
        vetUses(plan, test.uses, known).map((message) => ({ where: `tests[${index}].uses (${test.path})`, message })),
      ),
    );
}

function vetPath(dialect: Dialect, path: string): string[] {
  const good = dialect === 'typescript' ? /(?<!\.d)\.m?ts$/ : /\.m?js$/;
  if (good.test(path)) return [];
  if (dialect === 'typescript' && /\.config\.[cm]?js$/.test(path)) return [];
  return [
    `A ${dialect === 'typescript' ? 'TypeScript' : 'JavaScript'} plan's code files end with ${dialect === 'typescript' ? '.ts (not .d.ts, .tsx or .js)' : '.js'}: Node runs them as they are.`,
  ];
}

function vetUses(plan: Plan, uses: readonly string[], known: ReadonlySet<string>): string[] {
  return uses.flatMap((use) => {
    if (known.has(use) || use.startsWith('node:') || isBuiltin(use)) return [];
    if (plan.packages.some((each) => each.name === packageOf(use)) || plan.runner === packageOf(use)) return [];
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

function vetImports(plan: Plan, file: PlannedFile, known: ReadonlySet<string>): string[] {
  const uses = new Set(file.uses);
  return specifiersOf(parseContract(file.contract)).flatMap((specifier) => {
    if (specifier.startsWith('node:') || isBuiltin(specifier)) return [];
    if (!isRelative(specifier)) {
      const name = packageOf(specifier);
      if (!plan.packages.some((each) => each.name === name) && name !== plan.runner)
        return [`It imports '${specifier}', which is not in \`packages\`.`];
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

function vetTypes(file: PlannedFile, world: World, built: Built, code: readonly PlannedFile[]): string[] {
  const source = built.contract(file.path);
  if (source === undefined) return [];
  const syntax = built.program.getSyntacticDiagnostics(source);
  const found = syntax.length > 0 ? firstPerLine(source, file.contract, syntax) : built.program.getSemanticDiagnostics(source);
  return found
    .filter((each) => !QUIET.has(each.code) && !isUnknownType(world, each))
    .slice(0, 8)
    .map((each) => {
      const line = lineText(source.text, lineOf(source, each.start));
      return `${messageOf(each)}${hintFor(each, file, built, code)}${line === '' ? '' : ` In: \`${line}\``}`;
    });
}

/** One slip gives many syntax errors: the first of each line of the contract says it. */
function firstPerLine(source: T.SourceFile, contract: string, found: readonly T.Diagnostic[]): T.Diagnostic[] {
  const byLine = new Map([...found].reverse().map((each) => [lineOf(source, each.start), each]));
  const lines = contract.trimEnd().split('\n').length;
  const own = [...byLine].filter(([line]) => line <= lines).map(([, each]) => each);
  return own.length > 0 ? own.reverse() : found.slice(0, 1);
}

function hintFor(found: T.Diagnostic, file: PlannedFile, built: Built, code: readonly PlannedFile[]): string {
  if (found.code !== 2304 && found.code !== 2552) return '';
  const name = found.file?.text.slice(found.start ?? 0, (found.start ?? 0) + (found.length ?? 0)) ?? '';
  const owners = code.filter((each) => each.path !== file.path && exportedNames(built, each.path).includes(name));
  const [owner] = owners;
  if (owners.length !== 1 || owner === undefined) return ' Declare it, or import it from the file that does.';
  return ` It is exported by ${owner.path}: add \`import type { ${name} } from '${specifierTo(file.path, owner.path)}';\` and list '${owner.path}' in \`uses\`.`;
}

function exportedNames(built: Built, path: string): string[] {
  const source = built.contract(path);
  const symbol = source === undefined ? undefined : built.checker.getSymbolAtLocation(source);
  return symbol === undefined ? [] : built.checker.getExportsOfModule(symbol).map((each) => each.name);
}
