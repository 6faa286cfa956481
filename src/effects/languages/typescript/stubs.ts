// Executable modules made from contracts, so that tests can be seen red before any code exists.
import type { ts as T } from 'ts-morph';
import type { Plan, PlannedFile } from '../../../core/plan.ts';
import type { StubKind } from '../../../core/ports.ts';
import type { Files } from '../../../core/ref.ts';
import { ts } from './compiler.ts';
import { isCode, isEntry, isRelative, joinSpecifier, nearestPath, specifierTo } from './paths.ts';
import { planWorld } from './planned.ts';
import type { Dialect } from './protocol.ts';
import { stubClass } from './stub-class.ts';
import { markedError, opaqueHelper, quote, resolved, type StubContext } from './stub-context.ts';
import { implementationHead } from './stub-signature.ts';
import { build } from './world.ts';
import { bodyOf, wrongValue } from './wrong-value.ts';

/** A stub for each planned code file. `marker` is part of every thrown message. */
export function makeStubs(dialect: Dialect, plan: Plan, kind: StubKind, marker: string, existing: Files): Files {
  const code = plan.files.filter((file) => isCode(file.path));
  const planned = new Set(plan.files.map((file) => file.path));
  const others = Object.fromEntries(Object.entries(existing).filter(([path]) => !planned.has(path)));
  const world = planWorld(plan, others, null);
  const built = build(
    world,
    [],
    code.map((file) => file.path),
  );
  return Object.fromEntries(
    code.map((file) => {
      const context: StubContext = {
        path: file.path,
        kind,
        marker,
        world,
        built,
        checker: built.checker,
        imports: new Map(),
        needsOpaque: false,
      };
      const text = stubFile(context, plan, file);
      return [file.path, dialect === 'javascript' || /\.[cm]?js$/.test(file.path) ? stripTypes(text) : text];
    }),
  );
}

function stubFile(context: StubContext, plan: Plan, file: PlannedFile): string {
  const source = context.built.contract(file.path);
  const needed = source === undefined ? new Set<string>() : valueNames(source);
  const imports: string[] = [];
  const body: string[] = [];
  // Constants come last: their values may be instances of the file's own classes.
  const late: string[] = [];
  for (const node of source?.statements ?? []) {
    if (ts.isImportDeclaration(node)) imports.push(...stubImport(context, node, needed));
    else if (ts.isVariableStatement(node)) late.push(stubVariables(context, node));
    else if (ts.isExportAssignment(node)) late.push(node.getText());
    else body.push(...stubStatement(context, node, file.path));
  }
  if (/\.config\.[cm]?[jt]s$/.test(file.path) && file.contract.trim() === '') body.push('export default {};');
  if (isEntry(plan, file.path) || file.contract.trim() === '' || /\bfunction main\b/.test(file.contract))
    late.push(entryGuard(context, file.path));
  const parts = [
    '// @ts-nocheck: a stub made from the contract; it holds the place until the file is written.',
    ...imports,
    ...context.imports.values(),
    ...body,
    ...late,
    ...(context.needsOpaque ? [opaqueHelper(context.marker)] : []),
  ];
  return `${parts.join('\n')}\nexport {};\n`;
}

/** What happens when the stub is run as a program: one kind fails, the other succeeds with the wrong output. */
function entryGuard(context: StubContext, path: string): string {
  const action = context.kind === 'throwing' ? `throw ${markedError(context, path)};` : "console.log('redgreen-wrong');";
  return `if (import.meta.main) { ${action} }`;
}

/** Names that a stub needs as values: bases of classes, and what it exports again. */
function valueNames(source: T.SourceFile): Set<string> {
  const names = new Set<string>();
  for (const node of source.statements) {
    if (ts.isClassDeclaration(node)) {
      const base = node.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression;
      const root = base?.getText().split('.')[0];
      if (root !== undefined) names.add(root);
    }
    if (ts.isExportAssignment(node)) names.add(node.expression.getText());
    if (
      ts.isExportDeclaration(node) &&
      node.moduleSpecifier === undefined &&
      node.exportClause !== undefined &&
      ts.isNamedExports(node.exportClause)
    ) {
      for (const each of node.exportClause.elements) names.add((each.propertyName ?? each.name).text);
    }
  }
  return names;
}

function stubImport(context: StubContext, node: T.ImportDeclaration, needed: ReadonlySet<string>): string[] {
  const clause = node.importClause;
  if (clause === undefined) return [];
  const from = quote(runnable(context, (node.moduleSpecifier as T.StringLiteral).text));
  const lines: string[] = [];
  const isValue = (name: T.Identifier): boolean => needed.has(name.text) && hasValue(context, name);
  if (clause.name !== undefined) lines.push(`import ${isValue(clause.name) ? '' : 'type '}${clause.name.text} from ${from};`);
  const bindings = clause.namedBindings;
  if (bindings !== undefined && ts.isNamespaceImport(bindings)) {
    lines.push(`import ${needed.has(bindings.name.text) ? '' : 'type '}* as ${bindings.name.text} from ${from};`);
  } else if (bindings !== undefined) {
    const values = bindings.elements.filter((each) => isValue(each.name));
    const types = bindings.elements.filter((each) => !isValue(each.name));
    if (values.length > 0) lines.push(`import { ${values.map(specifierText).join(', ')} } from ${from};`);
    if (types.length > 0) lines.push(`import type { ${types.map(specifierText).join(', ')} } from ${from};`);
  }
  return lines;
}

function specifierText(each: T.ImportSpecifier): string {
  return each.propertyName === undefined ? each.name.text : `${each.propertyName.text} as ${each.name.text}`;
}

/** The specifier by which Node finds the file. */
function runnable(context: StubContext, specifier: string): string {
  if (!isRelative(specifier)) return specifier;
  const wanted = joinSpecifier(context.path, specifier);
  const path = wanted === null ? null : nearestPath(wanted, [...context.world.files.keys(), ...context.world.contracts.keys()]);
  return path === null ? specifier : specifierTo(context.path, path);
}

/** False only for what is known to be nothing but a type. */
function hasValue(context: StubContext, name: T.Node): boolean {
  const found = context.checker.getSymbolAtLocation(name);
  if (found === undefined) return true;
  const symbol = resolved(context.checker, found);
  return (
    symbol.name === 'unknown' ||
    (symbol.flags & (ts.SymbolFlags.Type & ~ts.SymbolFlags.Class)) === 0 ||
    (symbol.flags & ts.SymbolFlags.Value) !== 0
  );
}

function stubStatement(context: StubContext, node: T.Statement, path: string): string[] {
  if (ts.isFunctionDeclaration(node)) return stubFunction(context, node, path);
  if (ts.isClassDeclaration(node)) return [stubClass(context, node)];
  if (ts.isExportDeclaration(node)) return stubExport(context, node);
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node))
    return [node.getText().replace(/\bdeclare\s+(?=interface|type)/, '')];
  return [];
}

function stubFunction(context: StubContext, node: T.FunctionDeclaration, path: string): string[] {
  const name = node.name?.text ?? `default of ${path}`;
  const overloads = node
    .getSourceFile()
    .statements.filter((each): each is T.FunctionDeclaration => ts.isFunctionDeclaration(each) && each.name?.text === node.name?.text);
  const [first] = overloads;
  const body = bodyOf(context, context.checker.getSignatureFromDeclaration(first ?? node), name);
  const head = implementationHead(node);
  if (overloads.length === 1) return [`${head} { ${body} }`];
  if (overloads.at(-1) !== node) return [`${head};`];
  const start = /^(export\s+)?(default\s+)?/.exec(head)?.[0] ?? '';
  return [`${head};`, `${start}function ${node.name?.text ?? ''}(...args: any[]): any { ${body} }`];
}

function stubVariables(context: StubContext, node: T.VariableStatement): string {
  const exported = ts.getModifiers(node)?.some((each) => each.kind === ts.SyntaxKind.ExportKeyword) === true;
  const lines = node.declarationList.declarations.map((declaration) => {
    const type = context.checker.getTypeAtLocation(declaration.name);
    const value =
      declaration.type === undefined && declaration.initializer !== undefined
        ? declaration.initializer.getText()
        : wrongValue(context, type, declaration.name.getText(), true);
    const typed = declaration.type === undefined ? '' : `: ${declaration.type.getText()}`;
    return `${exported ? 'export ' : ''}${(node.declarationList.flags & ts.NodeFlags.Const) === 0 ? 'let' : 'const'} ${declaration.name.getText()}${typed} = ${value};`;
  });
  return lines.join('\n');
}

function stubExport(context: StubContext, node: T.ExportDeclaration): string[] {
  const from =
    node.moduleSpecifier === undefined ? '' : ` from ${quote(runnable(context, (node.moduleSpecifier as T.StringLiteral).text))}`;
  const typeOnly = node.isTypeOnly ? 'type ' : '';
  const clause = node.exportClause;
  if (clause === undefined) return [`export ${typeOnly}*${from};`];
  if (ts.isNamespaceExport(clause)) return [`export ${typeOnly}* as ${clause.name.text}${from};`];
  if (clause.elements.length === 0) return [];
  const parts = clause.elements.map((each) => {
    const mark = node.isTypeOnly || (!each.isTypeOnly && hasValue(context, each.name)) ? '' : 'type ';
    return `${mark}${each.propertyName === undefined ? '' : `${each.propertyName.text} as `}${each.name.text}`;
  });
  return [`export ${typeOnly}{ ${parts.join(', ')} }${from};`];
}

function stripTypes(text: string): string {
  const compilerOptions: T.CompilerOptions = {
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    removeComments: false,
  };
  return ts.transpileModule(text, { fileName: 'stub.ts', compilerOptions }).outputText;
}
