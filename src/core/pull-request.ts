// What a pull request says of a run's branch: Markdown made from what was proven, not from what a model claims.
import { oneLine } from './sanitise.ts';
import { claimedIdle } from './trailers.ts';

export interface Branch {
  readonly branch: string;
  /** Subjects of its commits above the base, oldest first. */
  readonly subjects: readonly string[];
  /** Lines of `git diff --numstat`. */
  readonly changed: readonly { readonly path: string; readonly added: string; readonly removed: string }[];
  readonly outcome: string;
  readonly reason: string;
  /** `Redgreen-Tests` of its last commit; empty when there is none. */
  readonly tests: string;
  /** `sha256:…`; null unless green. */
  readonly proof: string | null;
  readonly issue: number | null;
}

const MOST = { files: 60, commits: 40 } as const;

/** The body of the pull request. */
export function pullRequestBody(b: Branch): string {
  const subjects = b.subjects.slice(-MOST.commits).map((subject) => `- ${plain(subject)}`);
  const files = b.changed.slice(0, MOST.files).map(({ path, added, removed }) => `- ${code(path)} (+${added} −${removed})`);
  const more = b.changed.length - files.length;
  return [
    `## What changed\n\n${subjects.join('\n')}`,
    `${files.join('\n')}${more > 0 ? `\n- and ${more} more files` : ''}`,
    `## Tests\n\n${b.tests === '' ? 'None were run.' : `${plain(b.tests)}.`}${claimedIdle(b.tests) > 0 ? '' : ' The tests of this change come first in the history and fail without it.'}`,
    `## Proof\n\n${proof(b)}`,
    ...(b.issue === null ? [] : [`${b.outcome === 'green' ? 'Fixes' : 'For'} #${b.issue}`]),
  ].join('\n\n');
}

function proof({ branch, outcome, reason, proof: digest }: Branch): string {
  if (outcome !== 'green' || digest === null) return `None: the run ended ${outcome} (${plain(reason)}).`;
  return `${plain(reason)}. To prove it anew in any clone:\n\n    redgreen verify ${branch} --expect ${digest}`;
}

/** Text of ours or of a model's on one line, in which Markdown and mentions mean nothing. */
function plain(text: string): string {
  return oneLine(text, 300)
    .replace(/[\\`*_[\]<>|]/g, '\\$&')
    .replace(/[@#](?=\w)/g, (c) => `&#${c.charCodeAt(0)};`);
}

function code(path: string): string {
  return `\`${oneLine(path, 200).replaceAll('`', "'")}\``;
}
