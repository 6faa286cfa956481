// Repairs that cost nothing: paths first, then, round by round, what the compiler says of names.
import type { Plan } from '../../../core/plan.ts';
import type { Mended } from '../../../core/ports.ts';
import type { Files } from '../../../core/ref.ts';
import { applyEdits } from './edits.ts';
import { exportsTable } from './exports-table.ts';
import { mendExports } from './mend-exports.ts';
import { mendNames } from './mend-names.ts';
import { isCode } from './paths.ts';
import { planWorld } from './planned.ts';
import type { Dialect } from './protocol.ts';
import { mendSpecifiers, removeFence, type Repaired } from './specifiers.ts';
import { type Built, build, type World } from './world.ts';

const MOST_ROUNDS = 5;

/** What is to be mended. */
export interface MendInput {
  readonly dialect: Dialect;
  readonly plan: Plan;
  readonly files: Files;
  /** Paths of `files` that may be changed. */
  readonly editable: readonly string[];
  readonly tests: ReadonlySet<string>;
  readonly depsDir: string | null;
  readonly options: World['options'];
}

/** The files after mending, and what changed. */
export interface MendOutput {
  readonly files: Files;
  readonly mended: readonly Mended[];
}

/** Mends until nothing more can be done without judgement. */
export function mendFiles(input: MendInput): MendOutput {
  const files: Record<string, string> = { ...input.files };
  const fixes = new Map<string, string[]>();
  const note = (path: string, repaired: Repaired): void => {
    if (repaired.fixes.length === 0 || repaired.text === files[path]) return;
    files[path] = repaired.text;
    fixes.set(path, [...(fixes.get(path) ?? []), ...repaired.fixes]);
  };
  mendTexts(input, files, note);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = JSON.stringify([...fixes]);
    for (const [path, repaired] of mendRound(input, files)) note(path, repaired);
    if (JSON.stringify([...fixes]) === before) break;
  }
  const mended = [...fixes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, done]) => ({ path, text: files[path] ?? '', fixes: [...new Set(done)] }));
  return { files, mended };
}

function mendTexts(input: MendInput, files: Record<string, string>, note: (path: string, repaired: Repaired) => void): void {
  const known = new Set([...input.plan.files.map((file) => file.path), ...Object.keys(files)]);
  const packages = new Set(planWorld(input.plan, files, input.depsDir).packages);
  for (const path of input.editable) {
    note(path, removeFence(files[path] ?? ''));
    note(path, mendSpecifiers(path, files[path] ?? '', known, packages));
  }
}

function mendRound(input: MendInput, files: Files): [string, Repaired][] {
  const planned = input.plan.files.map((file) => file.path).filter(isCode);
  const world = planWorld(input.plan, files, input.depsDir, { ...input.options, noUnusedLocals: true });
  const built = build(world, input.editable, planned);
  const table = exportsTable(built, planned);
  return input.editable.flatMap((path): [string, Repaired][] => {
    const repaired = mendOne(input, world, built, table, path);
    return repaired === null ? [] : [[path, repaired]];
  });
}

function mendOne(input: MendInput, world: World, built: Built, table: ReturnType<typeof exportsTable>, path: string): Repaired | null {
  const file = built.source(path);
  if (file === undefined || built.program.getSyntacticDiagnostics(file).length > 0) return null;
  const types = input.dialect === 'typescript';
  const test = input.tests.has(path);
  const exported = test ? { edits: [], fixes: [] } : mendExports(world, built, path, types);
  const context = { world, path, file, table, test, runner: input.plan.runner, types };
  const names = mendNames(context, built.program.getSemanticDiagnostics(file));
  const edits = [...exported.edits, ...names.edits];
  return edits.length === 0 ? null : { text: applyEdits(file.text, edits), fixes: [...exported.fixes, ...names.fixes] };
}
