// A file that assigns each export of an implementation to what its contract declares, so that the compiler compares them.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import type { Exports } from './exports-table.ts';
import { isRelative, joinSpecifier, nearestPath, specifierTo } from './paths.ts';

/** A probe's text, and what each of its comparing lines (1-based) is about. */
export interface Probe {
  readonly text: string;
  readonly lines: ReadonlyMap<number, Comparison>;
}

export interface Comparison {
  readonly name: string;
  /** The contract's own words. */
  readonly expected: string;
  readonly isType: boolean;
}

/** The probe's path in the tree. */
export function probePath(path: string): string {
  return path.replace(/\.([cm]?[jt]sx?)$/, '.redgreen-probe.ts');
}

/**
 * Writes the probe. Types that the implementation exports stand for the contract's types of the same name, so that each export is compared
 * on its own and a class with private members is not its own stranger.
 */
export function writeProbe(path: string, contract: T.SourceFile, present: Exports, known: ReadonlySet<string>): Probe {
  const lines: string[] = [];
  const about = new Map<number, Comparison>();
  const own = new Set<string>();
  const compare = (line: string, comparison: Comparison): void => {
    lines.push(line);
    about.set(lines.length, comparison);
  };
  lines.push(`import * as impl from '${specifierTo(path, path)}';`);
  for (const node of contract.statements) lines.push(...context(node, path, present, known, own));
  if (own.size > 0) lines.push(`import type { ${[...own].join(', ')} } from '${specifierTo(path, path)}';`);
  const groups = new Map<string, T.Statement[]>();
  for (const node of contract.statements) for (const name of declaredNames(node)) groups.set(name, [...(groups.get(name) ?? []), node]);
  let index = 0;
  for (const [name, nodes] of groups) compareGroup(name, nodes, index++, present, lines, compare);
  return { text: `${lines.join('\n')}\n`, lines: about };
}

/** What the declarations need around them: imports, and types that the implementation does not export. */
function context(node: T.Statement, path: string, present: Exports, known: ReadonlySet<string>, own: Set<string>): string[] {
  if (ts.isImportDeclaration(node)) {
    const clause = node.importClause
      ?.getText()
      .replace(/^type\s+/, '')
      .replace(/\btype\s+(?=\w)/g, '');
    return clause === undefined
      ? []
      : splitClause(clause).map((part) => `import type ${part} from '${runnable(path, node.moduleSpecifier as T.StringLiteral, known)}';`);
  }
  if (!ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node) && !ts.isClassDeclaration(node)) return [];
  const name = node.name?.text;
  if (name !== undefined && present.has(name)) {
    own.add(name);
    return [];
  }
  const text = oneLine(
    node
      .getText()
      .replace(/^export\s+(default\s+)?/, '')
      .replace(/^declare\s+/, ''),
  );
  return [ts.isClassDeclaration(node) ? `declare ${text}` : text];
}

/** `import type` takes a default or names, not both. */
function splitClause(clause: string): string[] {
  const match = /^(\w+)\s*,\s*([\s\S]+)$/.exec(clause);
  return match?.[1] === undefined || match[2] === undefined ? [oneLine(clause)] : [match[1], oneLine(match[2])];
}

function runnable(path: string, node: T.StringLiteral, known: ReadonlySet<string>): string {
  if (!isRelative(node.text)) return node.text;
  const wanted = joinSpecifier(path, node.text);
  const found = wanted === null ? null : nearestPath(wanted, known);
  return found === null ? node.text : specifierTo(path, found);
}

function declaredNames(node: T.Statement): string[] {
  if (!isExported(node)) return [];
  const isDefault = (ts.getModifiers(node as T.FunctionDeclaration) ?? []).some((each) => each.kind === ts.SyntaxKind.DefaultKeyword);
  if (isDefault) return ['default'];
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.map((each) => each.name.getText());
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) {
    return node.name === undefined ? [] : [node.name.text];
  }
  return [];
}

function isExported(node: T.Node): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((each) => each.kind === ts.SyntaxKind.ExportKeyword);
}

type Compare = (line: string, comparison: Comparison) => void;

function compareGroup(
  name: string,
  nodes: readonly T.Statement[],
  index: number,
  present: Exports,
  lines: string[],
  compare: Compare,
): void {
  const [node] = nodes;
  const there = present.get(name);
  if (node === undefined || there === undefined) return;
  const alias = `contract_${index}_${name}`;
  const value = `const check_${index}: typeof ${alias} = impl.${name};`;
  const comparison = { name, expected: expectedText(nodes, name), isType: false };
  if (ts.isFunctionDeclaration(node)) {
    for (const each of nodes) if (ts.isFunctionDeclaration(each)) lines.push(`declare ${renamed(each, alias, 'function')}`);
    compare(value, comparison);
  } else if (ts.isClassDeclaration(node)) {
    lines.push(publicClass(node, alias));
    compare(value, comparison);
  } else if (ts.isVariableStatement(node)) {
    const declaration = node.declarationList.declarations.find((each) => each.name.getText() === name);
    if (declaration?.type === undefined) return;
    lines.push(`declare const ${alias}: ${oneLine(declaration.type.getText())};`);
    compare(value, comparison);
  } else if ((ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) && nodes.length === 1) {
    lines.push(renamed(node, alias, ts.isInterfaceDeclaration(node) ? 'interface' : 'type'));
    const parameters = node.typeParameters;
    const declared = parameters === undefined ? '' : `<${parameters.map((each) => oneLine(each.getText())).join(', ')}>`;
    const used = parameters === undefined ? '' : `<${parameters.map((each) => each.name.text).join(', ')}>`;
    compare(`function read_${index}${declared}(is: ${name}${used}): ${alias}${used} { return is; }`, { ...comparison, isType: true });
    compare(`function make_${index}${declared}(should: ${alias}${used}): ${name}${used} { return should; }`, {
      ...comparison,
      isType: true,
    });
  }
}

function expectedText(nodes: readonly T.Statement[], name: string): string {
  const [node] = nodes;
  if (node !== undefined && ts.isVariableStatement(node)) {
    const declaration = node.declarationList.declarations.find((each) => each.name.getText() === name);
    return `const ${oneLine(declaration?.getText() ?? name)}`;
  }
  return nodes.map((each) => oneLine(each.getText().replace(/^export\s+/, ''))).join(' ');
}

/** The declaration's text from its keyword on, under another name. */
function renamed(node: T.FunctionDeclaration | T.InterfaceDeclaration | T.TypeAliasDeclaration, alias: string, keyword: string): string {
  const text = node.getSourceFile().text;
  const after = node.name?.end ?? text.indexOf(keyword, node.getStart()) + keyword.length;
  return oneLine(`${keyword} ${alias}${text.slice(after, node.end)}`);
}

function publicClass(node: T.ClassDeclaration, alias: string): string {
  const text = node.getSourceFile().text;
  const after = node.name?.end ?? text.indexOf('class', node.getStart()) + 'class'.length;
  const isAbstract = ts.getModifiers(node)?.some((each) => each.kind === ts.SyntaxKind.AbstractKeyword) === true;
  const members = node.members.filter((member) => !isHidden(member)).map((member) => oneLine(member.getText()));
  return `declare ${isAbstract ? 'abstract ' : ''}class ${alias} ${oneLine(text.slice(after, node.members.pos))} ${members.join(' ')} }`;
}

function isHidden(member: T.ClassElement): boolean {
  if (member.name !== undefined && ts.isPrivateIdentifier(member.name)) return true;
  const hidden: readonly T.SyntaxKind[] = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword];
  return ts.canHaveModifiers(member) && (ts.getModifiers(member) ?? []).some((each) => hidden.includes(each.kind));
}

/** One line, with line comments made harmless. */
function oneLine(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '')
    .replace(/\s*\n\s*/g, ' ')
    .trim();
}
