// How a run ended, and what the process says of it.
import { coverWords } from './cover.ts';
import type { ErrorCode } from './errors.ts';
import type { OutcomeKind } from './events.ts';
import type { State } from './state.ts';

/**
 * The exit code of the process for an outcome.
 * 0 green; 1 internal error; 2 usage; 3 red or unproven; 4 budget; 5 no sandbox; 6 model provider; 7 blocked; 130 interrupted.
 *
 * @param code why a run failed; only read for `failed`
 */
export function exitCode(outcome: OutcomeKind, code: ErrorCode | null = null): number {
  switch (outcome) {
    case 'green':
      return 0;
    case 'red':
    case 'unproven':
      return 3;
    case 'budget':
      return 4;
    case 'blocked':
      return 7;
    case 'interrupted':
      return 130;
    case 'failed':
      return code ? errorExit(code) : 1;
    default: {
      const never: never = outcome;
      return never;
    }
  }
}

/** The exit code for an error that ended the process before or outside a run. */
export function errorExit(code: ErrorCode): number {
  if (code.startsWith('model.')) return 6;
  if (code.startsWith('tape.') || code === 'usage' || code === 'config' || code === 'target' || code === 'locked') return 2;
  if (code === 'box.none') return 5;
  return 1;
}

const JUNIT = ', by a JUnit report that the tested process wrote itself';

/** How a run whose work is over ended, in a sentence. */
export function outcomeOf(s: State): { outcome: OutcomeKind; reason: string; code: ErrorCode | null } {
  if (s.ending) return s.ending;
  const proven = s.proof ? s.proof.verdict.reason : 'nothing was proven';
  const left = s.checks.diagnostics.length;
  const types = left === 0 ? '' : `; the type checker still has ${left} ${left === 1 ? 'objection' : 'objections'}`;
  if (s.proof?.verdict.kind !== 'green') return { outcome: 'red', reason: proven, code: null };
  if (!s.box?.safe) return { outcome: 'unproven', reason: `${proven}, but without a sandbox: nothing of it is proven${types}`, code: null };
  const { untestable } = s.change ?? {};
  if (untestable) return { outcome: 'unproven', reason: `${proven}; no test shows the change itself: ${untestable}${types}`, code: null };
  const weak = s.run?.check ? ', by the exit code of your command and no test report' : s.plan?.runner === 'junit' ? JUNIT : '';
  const kept = s.cover ? `: ${coverWords(s.cover)}` : '';
  return { outcome: 'green', reason: `${proven} in the clean room${weak}${types}${kept}`, code: null };
}
