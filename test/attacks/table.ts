// The table attempt × rung × user, for the terminal and for docs/sandbox.md.
import type { Attempt } from './attempt.ts';
import type { Said } from './run.ts';

/** A Markdown table: a row for each attempt, a column for each of `columns` (its heading, and what was said there). */
export function draw(attempts: readonly Attempt[], columns: ReadonlyMap<string, Said>): string {
  const heads = ['class', 'attempt', 'what it tries', 'stopped by', ...columns.keys()];
  const lines = attempts.map((attempt) => {
    const cells = [...columns.values()].map((said) => cell(attempt, said));
    return `| ${[attempt.class, `\`${attempt.id}\``, attempt.what, stops(attempt), ...cells].join(' | ')} |`;
  });
  return [`| ${heads.join(' | ')} |`, `|${heads.map(() => ' --- ').join('|')}|`, ...lines].join('\n');
}

/** The reasons why some attempts cannot be shown to succeed, a line each. */
export function unshown(attempts: readonly Attempt[]): string {
  return attempts.flatMap(({ id, bites }) => (typeof bites === 'string' ? [`- \`${id}\`: ${bites}.`] : [])).join('\n');
}

function stops({ bites }: Attempt): string {
  return typeof bites === 'string' ? 'not shown' : bites.join(' + ');
}

function cell(attempt: Attempt, said: Said): string {
  if (said.missing !== null) return 'not here';
  return said.outcomes.find((outcome) => outcome.id === attempt.id)?.verdict ?? 'not run';
}
