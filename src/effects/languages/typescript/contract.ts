// A contract's text made into declarations that compile: bodies go, signatures stay, lines keep their numbers.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import { applyEdits, type Edit, sameLines } from './edits.ts';

const cache = new Map<string, string>();

/**
 * The declaration file (`.d.ts`) that a contract stands for. Tolerated: a code fence around it, a missing `declare`,
 * bodies, default values and initialisers. What is wrong otherwise is left for the compiler to say.
 */
export function declarationText(contract: string): string {
  const known = cache.get(contract);
  if (known !== undefined) return known;
  const text = unfence(contract);
  const file = parseContract(text);
  const edits: Edit[] = [];
  for (const statement of file.statements) editStatement(statement, text, edits);
  const result = `${applyEdits(text, edits)}\nexport {};\n`;
  if (cache.size > 500) cache.clear();
  cache.set(contract, result);
  return result;
}

/** A contract parsed as it was written. */
export function parseContract(text: string): T.SourceFile {
  return ts.createSourceFile('contract.ts', unfence(text), ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS);
}

/** A Markdown fence around the whole text becomes empty lines. */
function unfence(text: string): string {
  const match = /^\s*```[a-z]*[ \t]*\n([\s\S]*?)\n?```\s*$/.exec(text);
  return match?.[1] === undefined ? text : `\n${match[1]}\n`;
}

function editStatement(node: T.Statement, text: string, edits: Edit[]): void {
  if (ts.isFunctionDeclaration(node)) {
    addDeclare(node, edits);
    editSignature(node, text, edits);
  } else if (ts.isClassDeclaration(node)) {
    addDeclare(node, edits);
    for (const member of node.members) editMember(member, text, edits);
  } else if (ts.isVariableStatement(node)) {
    editVariables(node, edits);
  } else if (ts.isModuleDeclaration(node) || ts.isEnumDeclaration(node)) {
    addDeclare(node, edits);
  } else if (!isKept(node)) {
    edits.push({ start: node.getStart(), end: node.end, text: sameLines(node.getText()) });
  }
}

function isKept(node: T.Statement): boolean {
  return (
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node) ||
    ts.isImportEqualsDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    ts.isExportAssignment(node)
  );
}

function hasModifier(node: T.Node, ...kinds: readonly T.SyntaxKind[]): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => kinds.includes(modifier.kind));
}

function addDeclare(node: T.Statement, edits: Edit[]): void {
  if (hasModifier(node, ts.SyntaxKind.ExportKeyword, ts.SyntaxKind.DeclareKeyword)) return;
  edits.push({ start: node.getStart(), end: node.getStart(), text: 'declare ' });
}

function editMember(member: T.ClassElement, text: string, edits: Edit[]): void {
  if (ts.isMethodDeclaration(member) || ts.isConstructorDeclaration(member) || ts.isAccessor(member)) editSignature(member, text, edits);
  else if (ts.isPropertyDeclaration(member)) editInitialiser(member, member.name.end, edits);
  else if (ts.isClassStaticBlockDeclaration(member)) edits.push({ start: member.getStart(), end: member.end, text: '' });
}

type WithBody = T.FunctionDeclaration | T.MethodDeclaration | T.ConstructorDeclaration | T.AccessorDeclaration;

function editSignature(node: WithBody, text: string, edits: Edit[]): void {
  for (const modifier of ts.getModifiers(node) ?? []) {
    if (modifier.kind === ts.SyntaxKind.AsyncKeyword) edits.push({ start: modifier.getStart(), end: modifier.end, text: '' });
  }
  const star = 'asteriskToken' in node ? node.asteriskToken : undefined;
  if (star !== undefined) edits.push({ start: star.getStart(), end: star.end, text: '' });
  for (const parameter of node.parameters) {
    if (parameter.initializer === undefined) continue;
    editInitialiser(parameter, parameter.name.end, edits);
    if (parameter.questionToken === undefined) edits.push({ start: parameter.name.end, end: parameter.name.end, text: '?' });
  }
  if (node.body === undefined) return;
  const start = node.body.getFullStart();
  edits.push({ start, end: node.end, text: `;${sameLines(text.slice(start, node.end))}` });
}

function editVariables(node: T.VariableStatement, edits: Edit[]): void {
  addDeclare(node, edits);
  const isConst = (node.declarationList.flags & ts.NodeFlags.Const) !== 0;
  const complex = node.declarationList.declarations.some(
    (declaration) =>
      declaration.initializer !== undefined && declaration.type === undefined && literalType(declaration.initializer) === null,
  );
  if (complex) {
    const emitted = ts.transpileDeclaration(node.getText(), { fileName: 'part.ts', compilerOptions: { target: ts.ScriptTarget.ES2024 } });
    const declared = emitted.outputText.replace(/\bdeclare\s+/, '').trim();
    edits.push({ start: node.getStart(), end: node.end, text: declared.replace(/\s*\n\s*/g, ' ') });
    return;
  }
  for (const declaration of node.declarationList.declarations) {
    if (!(isConst && declaration.type === undefined)) editInitialiser(declaration, declaration.name.end, edits);
  }
}

interface Initialised {
  readonly initializer?: T.Expression | undefined;
  readonly type?: T.TypeNode | undefined;
}

/** Takes an initialiser away; a plain literal leaves its type behind. */
function editInitialiser(node: Initialised, nameEnd: number, edits: Edit[]): void {
  if (node.initializer === undefined) return;
  const type = node.type === undefined ? literalType(node.initializer) : '';
  if (type === null) return;
  edits.push({ start: node.type?.end ?? nameEnd, end: node.initializer.end, text: type === '' ? '' : `: ${type}` });
}

function literalType(node: T.Expression): string | null {
  if (ts.isStringLiteralLike(node)) return 'string';
  if (ts.isNumericLiteral(node) || ts.isPrefixUnaryExpression(node)) return 'number';
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) return 'boolean';
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.typeArguments === undefined) return node.expression.text;
  return null;
}
