// A class of a contract made executable.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import { markedError, plannedOwner, resolved, type StubContext } from './stub-context.ts';
import { implementationHead } from './stub-signature.ts';
import { bodyOf, wrongValue } from './wrong-value.ts';

/** The text of the class with bodies. Subclasses of Error stay real errors in both kinds. */
export function stubClass(context: StubContext, node: T.ClassDeclaration): string {
  const name = node.name?.text ?? 'default';
  const head = node
    .getSourceFile()
    .text.slice(node.getStart(), node.members.pos)
    .replace(/\bdeclare\s+/, '');
  const members = node.members.flatMap((member, index) => stubMember(context, node, member, index, name));
  return `${head}\n${members.map((line) => `  ${line}`).join('\n')}\n}`;
}

function stubMember(context: StubContext, owner: T.ClassDeclaration, member: T.ClassElement, index: number, className: string): string[] {
  if (ts.isPropertyDeclaration(member)) return [stubField(context, member, className)];
  if (ts.isIndexSignatureDeclaration(member)) return [member.getText()];
  if (ts.isConstructorDeclaration(member)) {
    const body = stubConstructor(context, owner, member, className);
    return callable(owner, member, index, body);
  }
  if (ts.isAccessor(member)) return [`${bare(member)} { ${accessorBody(context, member, className)} }`];
  if (!ts.isMethodDeclaration(member)) return [];
  if (isAbstract(member)) return [member.getText()];
  const first = sameName(owner, member)[0];
  const signature = first === undefined ? undefined : context.checker.getSignatureFromDeclaration(first as T.MethodDeclaration);
  return callable(owner, member, index, bodyOf(context, signature, `${className}.${member.name.getText()}`));
}

/** An overload keeps its signature; the last of them gets the body. */
function callable(
  owner: T.ClassDeclaration,
  member: T.MethodDeclaration | T.ConstructorDeclaration,
  index: number,
  body: string,
): string[] {
  const overloads = sameName(owner, member);
  if (overloads.length === 1) return [`${implementationHead(member)} { ${body} }`];
  const text = `${bare(member)};`;
  const isLast = overloads.at(-1) === owner.members[index];
  return isLast ? [text, `${looseHead(member)} { ${body} }`] : [text];
}

function looseHead(member: T.MethodDeclaration | T.ConstructorDeclaration): string {
  if (ts.isConstructorDeclaration(member)) return 'constructor(...args: any[])';
  return `${isStatic(member) ? 'static ' : ''}${member.name.getText()}(...args: any[]): any`;
}

function sameName(owner: T.ClassDeclaration, member: T.ClassElement): T.ClassElement[] {
  return owner.members.filter(
    (other) => other.kind === member.kind && isStatic(other) === isStatic(member) && other.name?.getText() === member.name?.getText(),
  );
}

function stubField(context: StubContext, member: T.PropertyDeclaration, className: string): string {
  const text = bare(member).replace(/\bdeclare\s+/, '');
  if (isAbstract(member)) return `${text};`;
  const name = `${className}.${member.name.getText()}`;
  return `${text} = ${wrongValue(context, context.checker.getTypeAtLocation(member), name, true)};`;
}

function accessorBody(context: StubContext, member: T.AccessorDeclaration, className: string): string {
  const name = `${className}.${member.name.getText()}`;
  if (ts.isSetAccessor(member)) return context.kind === 'throwing' ? `throw ${markedError(context, name)};` : '';
  return bodyOf(context, context.checker.getSignatureFromDeclaration(member), name);
}

function stubConstructor(context: StubContext, owner: T.ClassDeclaration, node: T.ConstructorDeclaration, className: string): string {
  const base = baseOf(owner);
  const isError = base !== null && inheritsError(context, owner);
  if (context.kind === 'throwing' && !isError) return `throw ${markedError(context, `new ${className}`)};`;
  return base === null ? '' : `super(${superArguments(context, base, node).join(', ')});`;
}

function baseOf(owner: T.ClassDeclaration): T.ExpressionWithTypeArguments | null {
  return owner.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types[0] ?? null;
}

function inheritsError(context: StubContext, owner: T.ClassDeclaration): boolean {
  const base = baseOf(owner);
  if (base === null) return false;
  const found = context.checker.getSymbolAtLocation(base.expression);
  if (found === undefined) return false;
  const symbol = resolved(context.checker, found);
  if (plannedOwner(context, symbol) === null) return /Error$|^DOMException$/.test(symbol.name);
  const declaration = symbol.declarations?.find(ts.isClassDeclaration);
  return declaration !== undefined && inheritsError(context, declaration);
}

/** What to hand to the base: own parameters of the same name, else wrong values. */
function superArguments(context: StubContext, base: T.ExpressionWithTypeArguments, node: T.ConstructorDeclaration): string[] {
  const own = node.parameters.filter((parameter) => ts.isIdentifier(parameter.name) && parameter.dotDotDotToken === undefined);
  const names = own.map((parameter) => parameter.name.getText());
  const overloaded = node.parent.members.filter(ts.isConstructorDeclaration).length > 1;
  const signatures = context.checker.getTypeAtLocation(base.expression).getConstructSignatures();
  const wanted = [...signatures].sort((a, b) => b.parameters.length - a.parameters.length)[0]?.parameters ?? [];
  return wanted.map((parameter) => {
    if (!overloaded && names.includes(parameter.name)) return parameter.name;
    if (parameter.name !== 'message' && isOptional(parameter)) return 'undefined';
    return wrongValue(context, context.checker.getTypeOfSymbolAtLocation(parameter, node), parameter.name, true);
  });
}

function isOptional(parameter: T.Symbol): boolean {
  const declaration = parameter.valueDeclaration;
  return (
    declaration !== undefined &&
    ts.isParameter(declaration) &&
    (declaration.questionToken !== undefined || declaration.dotDotDotToken !== undefined)
  );
}

function isStatic(member: T.ClassElement): boolean {
  return ts.canHaveModifiers(member) && (ts.getModifiers(member) ?? []).some((each) => each.kind === ts.SyntaxKind.StaticKeyword);
}

function isAbstract(member: T.ClassElement): boolean {
  return ts.canHaveModifiers(member) && (ts.getModifiers(member) ?? []).some((each) => each.kind === ts.SyntaxKind.AbstractKeyword);
}

function bare(member: T.ClassElement): string {
  return member.getText().replace(/[;,]\s*$/, '');
}
