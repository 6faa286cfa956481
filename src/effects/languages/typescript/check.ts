// Source files against their contracts and each other.
import type { ts as T } from 'ts-morph';
import type { Plan } from '../../../core/plan.ts';
import type { CheckResult } from '../../../core/ports.ts';
import type { Files } from '../../../core/ref.ts';
import type { Diagnostic } from '../../../core/report.ts';
import { ts } from './compiler.ts';
import { firstPerLine, inOrder, toDiagnostic } from './diagnostics.ts';
import { contractDrift } from './drift.ts';
import { explained } from './explain.ts';
import { type MendOutput, mendFiles } from './mend.ts';
import { isUnknownType } from './missing-package.ts';
import { nodeAt } from './node-at.ts';
import { isCode, isTest } from './paths.ts';
import { placeholders } from './placeholders.ts';
import { lenientOptions, planWorld } from './planned.ts';
import { promisedResults } from './promised.ts';
import type { Dialect } from './protocol.ts';
import { testFindings } from './test-findings.ts';
import { build } from './world.ts';

/** Unused names, and packages without types, are nobody's fault. */
const QUIET = new Set([6133, 6138, 6192, 6196, 6198, 6199, 6205, 7016]);
/** In JavaScript: what would fail when it runs, whatever the types. */
const JAVASCRIPT = new Set([
  1192, 2300, 2304, 2305, 2306, 2307, 2448, 2451, 2459, 2460, 2552, 2588, 2613, 2614, 2724, 2834, 2835, 2882, 18004, 18042,
]);
const MOST_PER_FILE = 20;

/** Mends and checks the planned source files of a tree; tests are checked leniently and never changed. */
export function checkFiles(dialect: Dialect, plan: Plan, files: Files, depsDir: string | null): CheckResult {
  const tests = Object.keys(files).filter((path) => isCode(path) && isTest(plan, path));
  const editable = plan.files
    .map((file) => file.path)
    .filter((path) => isCode(path) && Object.hasOwn(files, path) && !tests.includes(path));
  const done = mendFiles({
    dialect,
    plan,
    files,
    editable,
    tests: new Set(),
    depsDir,
    options: dialect === 'javascript' ? lenientOptions(dialect) : {},
  });
  const parses = editable.filter((path) => syntaxOf(done, path).length === 0);
  const diagnostics = [
    ...editable.flatMap((path) => sourceFindings(dialect, done, path).slice(0, MOST_PER_FILE)),
    ...editable.flatMap((path) => unwritten(done, path)),
    ...contractDrift(dialect, done.world, done.built, parses),
    ...testsFindings(dialect, plan, done.files, tests, depsDir),
  ];
  return { mended: done.mended, diagnostics: inOrder(diagnostics) };
}

function syntaxOf(done: MendOutput, path: string): Diagnostic[] {
  const file = done.built.source(path);
  return file === undefined ? [] : firstPerLine(done.built.program.getSyntacticDiagnostics(file)).map((each) => toDiagnostic(path, each));
}

function sourceFindings(dialect: Dialect, done: MendOutput, path: string): Diagnostic[] {
  const syntax = syntaxOf(done, path);
  if (syntax.length > 0) return syntax.slice(0, 5);
  const file = done.built.source(path);
  if (file === undefined) return [];
  const found = done.built.program.getSemanticDiagnostics(file);
  const kept = found.filter((each) =>
    dialect === 'javascript'
      ? JAVASCRIPT.has(each.code) && !isComment(file, each)
      : !QUIET.has(each.code) && !isUnknownType(done.world, each),
  );
  return kept.map((each) => explained(done.world, path, each));
}

/** True for a finding inside a JSDoc comment. */
function isComment(file: T.SourceFile, found: T.Diagnostic): boolean {
  return found.start !== undefined && (nodeAt(file, found.start, found.start + (found.length ?? 0)).flags & ts.NodeFlags.JSDoc) !== 0;
}

function unwritten(done: MendOutput, path: string): Diagnostic[] {
  const file = done.built.source(path);
  const contract = done.built.contract(path);
  if (file === undefined) return [];
  return placeholders(path, file, contract === undefined ? new Set() : promisedResults(done.built.checker, contract));
}

function testsFindings(dialect: Dialect, plan: Plan, files: Files, tests: readonly string[], depsDir: string | null): Diagnostic[] {
  if (tests.length === 0) return [];
  const world = planWorld(plan, files, depsDir, lenientOptions(dialect));
  const built = build(world, tests);
  return tests.flatMap((path) => testFindings(world, built, path));
}
