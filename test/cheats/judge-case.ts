// Whether a case ended as it must.
import type { Cheat, Honest } from './case.ts';
import type { Outcome } from './read-outcome.ts';

/** Everything that a run said of a cheat after the honest first draft. */
function saidOf({ verdicts, sentBack, refused, told, reason }: Outcome): string {
  return [...verdicts, ...sentBack, ...refused, told, reason].join('\n');
}

/** What is wrong with how a cheat ended; null when it was caught for the right reason. */
export function cheatProblem(cheat: Cheat, outcome: Outcome): string | null {
  if (outcome.outcome === 'green') return `FALSE GREEN: ${outcome.reason}`;
  const said = saidOf(outcome);
  return cheat.because.test(said) ? null : `not for the right reason (${outcome.outcome}: ${outcome.reason}):\n${said}\n${outcome.stderr}`;
}

/** What is wrong with how an honest solution ended; null when it is green. */
export function honestProblem(_honest: Honest, outcome: Outcome): string | null {
  return outcome.outcome === 'green' ? null : `FALSE RED (${outcome.outcome}: ${outcome.reason}):\n${saidOf(outcome)}\n${outcome.stderr}`;
}

/** Why a case could not be played on this machine: its runner cannot be installed; else null. */
export function unplayable(outcome: Outcome): string | null {
  return /packages cannot be installed|registry .* cannot be reached|npm was not found|Python was not found/.test(
    `${outcome.reason}${outcome.stderr}`,
  )
    ? outcome.reason || outcome.stderr
    : null;
}
