// Tests against contracts: what is mechanical is mended, what shows a disagreement is said.
import type { Plan } from '../../../core/plan.ts';
import type { CheckResult } from '../../../core/ports.ts';
import type { Files } from '../../../core/ref.ts';
import { inOrder } from './diagnostics.ts';
import { mendFiles } from './mend.ts';
import { isCode } from './paths.ts';
import { lenientOptions } from './planned.ts';
import type { Dialect } from './protocol.ts';
import { testFindings } from './test-findings.ts';

/** Checks test files against the contracts of the plan; no code is looked at. */
export function checkTests(dialect: Dialect, plan: Plan, tests: Files, existing: Files): CheckResult {
  const planned = new Set(plan.files.map((file) => file.path));
  const others = Object.entries(existing).filter(([path]) => !planned.has(path));
  const editable = Object.keys(tests).filter(isCode).sort();
  const mended = mendFiles({
    dialect,
    plan,
    files: { ...Object.fromEntries(others), ...tests },
    editable,
    tests: new Set(editable),
    depsDir: null,
    options: lenientOptions(dialect),
  });
  return { mended: mended.mended, diagnostics: inOrder(editable.flatMap((path) => testFindings(mended.world, mended.built, path))) };
}
