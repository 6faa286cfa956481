// Words of code and of tasks, brought to one form so that `retries`, `retryDelay` and `Retrying` meet.

/** FNV-1a over the UTF-16 units: the 32-bit number that stands for a word in the index. Two words of one number only blur a rank. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

const PART = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\x00-\x7f]+/g;

/** The words that a name is made of, as written: `parseHTTPRequest` gives `parse`, `HTTP`, `Request`. */
export function partsOf(name: string): readonly string[] {
  return name.match(PART) ?? [];
}

const SUFFIX = /(?:ations?|ators?|ating|ated|ates?|izing|ized?|izes|ings?|iers|ies|ied|ers?|ors?|ions?|ed|es|s|e|y)$/;

/** A word without its ending, in lower case; crude, and the same for every form of most words. */
export function stem(word: string): string {
  const lower = word.toLowerCase();
  if (lower.length < 4) return lower;
  const cut = lower.replace(SUFFIX, '');
  const root = cut.length < 3 ? lower.replace(/s$/, '') : cut;
  return root.length > 3 && root.at(-1) === root.at(-2) ? root.slice(0, -1) : root;
}

/** What a name is indexed by: the stems of its parts and, when it has several, the whole name. */
export function termsOfName(name: string): readonly string[] {
  const parts = partsOf(name);
  const stems = parts.filter((part) => part.length > 1).map(stem);
  return parts.length > 1 ? [...stems, wholeOf(name)] : stems;
}

/** A name of several words as one term: case and separators do not count. */
export function wholeOf(name: string): string {
  return name.replace(/[^A-Za-z0-9\x80-\uffff]/g, '').toLowerCase();
}

/** Words that tell one file from another in no repository. */
const STOP = new Set(
  `a about above after again all also an and any are as at be been before both but by can cannot could did do does doing done down each fix fixed fixes fixing
  feat chore bug bugs issue issues closes close closed resolve resolves should shouldn wouldn couldn for from had has have having how i if in into is isn it its
  just like may me might more most must my no nor not now of off ok on once only or other our out over own please same so some still such than that the their
  them then there these they this those through to too under until up use used uses using very via was we were what when where which while who why will with
  without work works working would you your pr merge commit signed co authored instead add adds added adding make makes made new see currently because`
    .split(/\s+/)
    .filter(Boolean),
);

/** Whether a word of a task says nothing about where to look. */
export function isStopWord(word: string): boolean {
  return STOP.has(word.toLowerCase());
}
