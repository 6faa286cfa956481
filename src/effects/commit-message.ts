// Commit messages, made from words that a model may have chosen.
import { oneLine, sanitise } from '../core/sanitise.ts';

const MAX_SUBJECT = 100;
const MAX_BODY = 8_000;
const MAX_TRAILER = 400;
const TRAILER_KEY = /^[A-Za-z][A-Za-z0-9-]{0,40}$/;
/** Trailers that speak for a person; only a person may write them. */
const PERSONAL = ['signed-off-by', 'co-authored-by', 'reviewed-by', 'acked-by', 'tested-by'];

/** Ours, also where this message has none of them. */
const OURS = /^redgreen-/;
/** What `git am` takes for the end of the message and the beginning of a patch: git-am(1), "Discussion". */
const PATCH = /^(?:---|diff -|Index: )/;

/** Lines of a body that would read as one of our trailers, as a person's, or as a patch, are indented: then they are none. */
function defuse(body: string, keys: ReadonlySet<string>): string {
  return body
    .split('\n')
    .map((line) => {
      const colon = line.indexOf(':');
      const key = colon > 0 ? line.slice(0, colon).trim().toLowerCase() : '';
      return keys.has(key) || OURS.test(key) || PATCH.test(line) ? `    ${line.trimStart()}` : line.trimEnd();
    })
    .join('\n');
}

/**
 * A message of subject, body and trailers (git-interpret-trailers(1)): one line of at most 100 columns, at most 8,000 characters, and one line each.
 * Control characters and escape sequences do not survive; a trailer whose key is no word is left out.
 */
export function commitMessage(subject: string, body: string, trailers: readonly (readonly [string, string])[]): string {
  const good = trailers.filter(([key]) => TRAILER_KEY.test(key));
  const keys = new Set([...PERSONAL, ...good.map(([key]) => key.toLowerCase())]);
  const text = body.length > MAX_BODY ? `${body.slice(0, MAX_BODY)}…` : body;
  const middle = defuse(sanitise(text).trim(), keys);
  const end = good.map(([key, value]) => `${key}: ${oneLine(value, MAX_TRAILER)}`).join('\n');
  return `${[oneLine(subject, MAX_SUBJECT) || 'redgreen', middle, end].filter((part) => part !== '').join('\n\n')}\n`;
}
