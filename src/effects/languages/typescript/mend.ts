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
import { mendSpecifiers, type Repaired, removeFence } from './specifiers.ts';
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
  /** The compiled world of `files`. */
  readonly world: World;
  readonly built: Built;
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
  const planned = input.plan.files.map((file) => file.path).filter(isCode);
  for (let round = 0; ; round++) {
    const world = planWorld(input.plan, files, input.depsDir, { ...input.options, noUnusedLocals: true });
    const built = build(world, input.editable, planned);
    const table = exportsTable(built, planned);
    const before = JSON.stringify(files);
    for (const path of round < MOST_ROUNDS ? input.editable : []) {
      const repaired = mendOne(input, world, built, table, path);
      if (repaired !== null) note(path, repaired);
    }
    if (JSON.stringify(files) === before) return { files, mended: inWords(files, fixes), world, built };
  }
}

function inWords(files: Files, fixes: ReadonlyMap<string, readonly string[]>): Mended[] {
  return [...fixes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, done]) => ({ path, text: files[path] ?? '', fixes: [...new Set(done)] }));
}

function mendTexts(input: MendInput, files: Record<string, string>, note: (path: string, repaired: Repaired) => void): void {
  const known = new Set([...input.plan.files.map((file) => file.path), ...Object.keys(files)]);
  const packages = new Set(planWorld(input.plan, files, input.depsDir).packages);
  for (const path of input.editable) {
    note(path, removeFence(files[path] ?? ''));
    note(path, mendSpecifiers(path, files[path] ?? '', known, packages));
  }
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
