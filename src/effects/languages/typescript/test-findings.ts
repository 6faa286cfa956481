// What the compiler finds in a test file, without the noise: tests pass wrong values on purpose and are typed loosely.
import type { ts as T } from 'ts-morph';
import type { Diagnostic } from '../../../core/report.ts';
import { ts } from './compiler.ts';
import { firstPerLine, toDiagnostic } from './diagnostics.ts';
import { explained } from './explain.ts';
import { nodeAt } from './node-at.ts';
import { type Built, treePath, type World } from './world.ts';

/** Always a real disagreement: the file would not load, or name what is not there. */
const LOADING = new Set([1294, 1192, 2300, 2305, 2306, 2307, 2448, 2451, 2459, 2460, 2588, 2613, 2614, 2724, 2834, 2835, 2882, 18042]);
const NAMES = new Set([2304, 2552, 2582, 2593, 18004]);
const ARITY = new Set([2554, 2555]);
const PROPERTY = new Set([2339, 2551]);

/** Findings that show that the test and the contracts (or the code) disagree. */
export function testFindings(world: World, built: Built, path: string): Diagnostic[] {
  const file = built.source(path);
  if (file === undefined) return [];
  const syntax = built.program.getSyntacticDiagnostics(file);
  if (syntax.length > 0)
    return firstPerLine(syntax)
      .slice(0, 5)
      .map((each) => toDiagnostic(path, each));
  return built.program
    .getSemanticDiagnostics(file)
    .filter((each) => matters(world, built, file, each))
    .map((each) => explained(world, path, each));
}

function matters(world: World, built: Built, file: T.SourceFile, found: T.Diagnostic): boolean {
  if (LOADING.has(found.code)) return true;
  const node = nodeAt(file, found.start ?? 0, (found.start ?? 0) + (found.length ?? 0));
  if (NAMES.has(found.code)) return !inType(node);
  if (!ARITY.has(found.code) && !PROPERTY.has(found.code)) return false;
  if (expectsFailure(node)) return false;
  return ARITY.has(found.code) ? callsPlanned(world, built, node) : readsPlanned(world, built, node);
}

function inType(node: T.Node): boolean {
  for (let at: T.Node | undefined = node; at !== undefined; at = at.parent) {
    if (ts.isTypeNode(at) || (at.flags & ts.NodeFlags.JSDoc) !== 0) return true;
    if (ts.isStatement(at)) return false;
  }
  return false;
}

/** True inside `assert.throws(…)`, `assert.rejects(…)` and `expect(…)`: a wrong call may be the point. */
function expectsFailure(node: T.Node): boolean {
  for (let at: T.Node | undefined = node; at !== undefined; at = at.parent) {
    if (ts.isCallExpression(at) && /(^|\.)(throws|rejects|expect)$/.test(at.expression.getText())) return true;
    if (ts.isTryStatement(at)) return true;
  }
  return false;
}

function callsPlanned(world: World, built: Built, node: T.Node): boolean {
  for (let at: T.Node | undefined = node; at !== undefined; at = at.parent) {
    if (!ts.isCallExpression(at) && !ts.isNewExpression(at)) continue;
    const declaration = built.checker.getResolvedSignature(at)?.declaration;
    return declaration !== undefined && treePath(world, declaration.getSourceFile().fileName) !== null && isForeign(node, declaration);
  }
  return false;
}

/** A test's own helper may be called as it likes. */
function isForeign(node: T.Node, declaration: T.Node): boolean {
  return declaration.getSourceFile() !== node.getSourceFile();
}

function readsPlanned(world: World, built: Built, node: T.Node): boolean {
  const access = ts.isPropertyAccessExpression(node) ? node : ts.isPropertyAccessExpression(node.parent) ? node.parent : null;
  if (access === null) return ts.isBindingElement(node.parent);
  const type = built.checker.getTypeAtLocation(access.expression);
  if (type.isUnion() || type.symbol === undefined) return false;
  const declaration = type.symbol.declarations?.[0];
  return declaration !== undefined && isForeign(node, declaration) && treePath(world, declaration.getSourceFile().fileName) !== null;
}
