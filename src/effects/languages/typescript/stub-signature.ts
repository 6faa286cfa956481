// The head of a function as it stands before its body.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';

type Declared = T.FunctionDeclaration | T.MethodDeclaration | T.ConstructorDeclaration;

/** The declaration's text ready for a body: no `declare`, no semicolon, no optional pattern (a body may not have one), no `?` method. */
export function implementationHead(node: Declared): string {
  const file = node.getSourceFile().text;
  const patterns = node.parameters.some((parameter) => !ts.isIdentifier(parameter.name) && parameter.questionToken !== undefined);
  const [first] = node.parameters;
  const last = node.parameters.at(-1);
  const whole = file.slice(node.getStart(), node.end);
  const shift = node.getStart();
  const text =
    patterns && first !== undefined && last !== undefined
      ? `${whole.slice(0, first.getStart() - shift)}...args: any[]${whole.slice(last.end - shift)}`
      : withoutQuestion(node, whole);
  return text.replace(/;\s*$/, '').replace(/^(export\s+(?:default\s+)?)?declare\s+/, '$1');
}

function withoutQuestion(node: Declared, whole: string): string {
  const question = 'questionToken' in node ? node.questionToken : undefined;
  if (question === undefined) return whole;
  const at = question.getStart() - node.getStart();
  return whole.slice(0, at) + whole.slice(at + 1);
}
