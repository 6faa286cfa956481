// Globs as test runners write them (minimatch, micromatch, Python's fnmatch), matched without regular expressions: no input is slow.

/** Most plain patterns that braces and groups of one glob may stand for; what goes beyond is taken as `*`. */
const MOST_PLAIN = 256;

/** Whether a path (forward slashes) fits one of the globs. `!(x)` counts as `*`, and `+(x)` as one `x`. */
export function globMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.flatMap(expand).map((glob) => ({ ...ends(glob), parts: glob.split('/') }));
  return (path) => {
    let parts: readonly string[] | null = null;
    for (const pattern of patterns) {
      if (!path.startsWith(pattern.head) || !path.endsWith(pattern.tail)) continue;
      parts ??= path.split('/');
      if (matchParts(pattern.parts, parts)) return true;
    }
    return false;
  };
}

/** What every path that fits begins and ends with: most paths are told apart by that alone. */
function ends(glob: string): { readonly head: string; readonly tail: string } {
  const first = glob.search(/[*?[]/);
  if (first === -1) return { head: glob, tail: glob };
  const name = glob.slice(glob.lastIndexOf('/') + 1);
  return {
    head: glob.slice(0, first),
    tail: name.slice(Math.max(name.lastIndexOf('*'), name.lastIndexOf('?'), name.lastIndexOf(']')) + 1),
  };
}

/** True for a text that is more than a plain path. */
export function isGlob(text: string): boolean {
  return /[*?[{]|[@+!]\(/.test(text);
}

/**
 * A glob of a package in `dir`, from the repository's root: `./` and `../` resolved. Null when it leaves the root or cannot be a path.
 * The tree itself is `**`.
 */
export function rooted(dir: string, glob: string): string | null {
  if (glob.length > 400 || /[\u0000-\u001f\\]/.test(glob) || glob.startsWith('/') || glob.startsWith('~')) return null;
  const parts = dir === '' ? [] : dir.split('/');
  for (const part of splitOutside(glob)) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length === 0 || parts.at(-1) === '**') return null;
    else parts.pop();
  }
  return parts.length === 0 ? '**' : parts.join('/');
}

/** Splits at slashes that stand in no braces or group. */
function splitOutside(glob: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < glob.length; i += 1) {
    const char = glob[i];
    if (char === '{' || char === '(') depth += 1;
    else if (char === '}' || char === ')') depth -= 1;
    else if (char === '/' && depth === 0) {
      parts.push(glob.slice(from, i));
      from = i + 1;
    }
  }
  return [...parts, glob.slice(from)];
}

/** Braces and groups written out: `a.{js,ts}` is `a.js` and `a.ts`. */
function expand(glob: string): string[] {
  const done: string[] = [];
  const open = [glob];
  while (open.length > 0) {
    const next = open.pop() ?? '';
    const group = firstGroup(next);
    if (group === null) done.push(next);
    else if (done.length + open.length + group.choices.length > MOST_PLAIN) open.push(`${group.before}*${group.after}`);
    else for (const choice of group.choices) open.push(`${group.before}${choice}${group.after}`);
  }
  return done;
}

interface Group {
  readonly before: string;
  readonly choices: readonly string[];
  readonly after: string;
}

function firstGroup(glob: string): Group | null {
  for (let start = 0; start < glob.length; start += 1) {
    const char = glob[start];
    if (char === '[') start = Math.max(start, glob.indexOf(']', start + 2));
    if (char !== '{' && char !== '(') continue;
    const end = closing(glob, start);
    if (end === -1) return null;
    const kind = char === '(' && start > 0 && '@?+*!'.includes(glob[start - 1] ?? '') ? (glob[start - 1] ?? '') : '';
    const inner = choicesIn(glob.slice(start + 1, end), char === '{' ? ',' : '|');
    const choices = kind === '!' ? ['*'] : kind === '?' || kind === '*' ? ['', ...inner] : inner;
    return { before: glob.slice(0, start - kind.length), choices, after: glob.slice(end + 1) };
  }
  return null;
}

function closing(glob: string, start: number): number {
  let depth = 0;
  for (let i = start; i < glob.length; i += 1) {
    if (glob[i] === '{' || glob[i] === '(') depth += 1;
    else if (glob[i] === '}' || glob[i] === ')') depth -= 1;
    if (depth === 0) return i;
  }
  return -1;
}

function choicesIn(inner: string, separator: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < inner.length; i += 1) {
    if (inner[i] === '{' || inner[i] === '(') depth += 1;
    else if (inner[i] === '}' || inner[i] === ')') depth -= 1;
    else if (inner[i] === separator && depth === 0) {
      found.push(inner.slice(from, i));
      from = i + 1;
    }
  }
  return [...found, inner.slice(from)];
}

/** Two pointers with one way back, to the last `**`: at worst the product of the lengths. */
function matchParts(pattern: readonly string[], parts: readonly string[]): boolean {
  let p = 0;
  let at = 0;
  let star = -1;
  let resume = 0;
  while (at < parts.length) {
    const part = pattern[p];
    if (part === '**') {
      star = p++;
      resume = at;
    } else if (part !== undefined && matchPart(part, parts[at] ?? '')) {
      p += 1;
      at += 1;
    } else if (star === -1) return false;
    else {
      p = star + 1;
      at = ++resume;
    }
  }
  while (pattern[p] === '**') p += 1;
  return p === pattern.length;
}

function matchPart(pattern: string, text: string): boolean {
  let p = 0;
  let at = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    const one = pattern[p] === '*' ? null : matchOne(pattern, p, text[at] ?? '');
    if (pattern[p] === '*') {
      star = p++;
      resume = at;
    } else if (one !== null) {
      p = one;
      at += 1;
    } else if (star === -1) return false;
    else {
      p = star + 1;
      at = ++resume;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

/** The place after the pattern's element at `p` when it fits the character, else null. */
function matchOne(pattern: string, p: number, char: string): number | null {
  const element = pattern[p];
  if (element === undefined) return null;
  if (element === '?') return p + 1;
  const end = element === '[' ? pattern.indexOf(']', p + 2) : -1;
  if (end === -1) return element === char ? p + 1 : null;
  const negated = pattern[p + 1] === '!' || pattern[p + 1] === '^';
  return inClass(pattern.slice(p + (negated ? 2 : 1), end), char) !== negated ? end + 1 : null;
}

function inClass(members: string, char: string): boolean {
  for (let i = 0; i < members.length; i += 1) {
    const from = members[i] ?? '';
    const to = members[i + 1] === '-' ? members[i + 2] : undefined;
    if (to !== undefined && from <= char && char <= to) return true;
    if (to === undefined && from === char) return true;
    if (to !== undefined) i += 2;
  }
  return false;
}
