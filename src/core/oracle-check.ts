// An oracle file against the plan, before it is run: what is mechanical is mended, the rest is said to its author.
import { isOracleFile, type Oracle, type Target } from './oracle.ts';
import { programsOf, readOracle } from './oracle-read.ts';
import type { Plan } from './plan.ts';
import type { CheckResult, Mended } from './ports-language.ts';
import type { Files } from './ref.ts';
import { findJson } from './replies-json.ts';
import type { Diagnostic } from './report.ts';

/** Checks every oracle file among `tests`; the others are left alone. `existing` are the paths of the base commit. */
export function checkOracles(plan: Plan, tests: Files, existing: readonly string[]): CheckResult {
  const mended: Mended[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [path, text] of Object.entries(tests)) {
    if (!isOracleFile(path)) continue;
    const plain = plainJson(text);
    if (plain !== text) mended.push({ path, text: plain, fixes: ['comments and trailing commas are gone'] });
    for (const message of wrongIn(plan, plain, existing)) diagnostics.push({ path, line: 0, code: 'oracle', message });
  }
  return { mended, diagnostics };
}

function wrongIn(plan: Plan, text: string, existing: readonly string[]): readonly string[] {
  const reading = readOracle(text);
  if ('problems' in reading) return reading.problems;
  const known = new Set([...plan.files.map((f) => f.path), ...existing]);
  const strange = programsOf(reading.oracle).filter((path) => !known.has(path));
  return [...strange.map((path) => `"${path}" is no planned file`), ...unknownExports(plan, reading.oracle)];
}

/** Names that no contract declares. Contracts are text here, so a name only has to occur in it. */
function unknownExports(plan: Plan, oracle: Oracle): readonly string[] {
  const contracts = new Map(plan.files.map((f) => [f.path, f.contract]));
  const called = oracle.cases.flatMap((c): Target[] =>
    c.kind === 'calls' ? c.steps.filter((s) => s.on === null).map((s) => ({ module: c.module, call: s.name })) : [],
  );
  const targets = [...called, ...oracle.properties, ...oracle.properties.flatMap((p) => (p.by ? [p.by] : []))];
  const missing = targets.filter(({ module, call }) => {
    const contract = contracts.get(module);
    return contract !== undefined && call.split('.').some((name) => !hasWord(contract, name));
  });
  return [...new Set(missing.map(({ module, call }) => `"${module}" exports no ${call}: call what its contract declares`))];
}

function hasWord(text: string, word: string): boolean {
  return text.split(/[^\p{L}\p{N}_$]+/u).includes(word);
}

/** JSON as a model wrote it, with comments or trailing commas, as JSON; what cannot be read stays as it is. */
function plainJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    const found = findJson(text);
    return 'value' in found ? `${JSON.stringify(found.value, null, 2)}\n` : text;
  }
}
