// Which names may be in a tree.
import { INVISIBLE } from './sanitise.ts';

/** Most files a tree may have. */
export const MAX_FILES = 5_000;
/** Longest path and longest component, in UTF-16 units; most components. */
const MAX_PATH = 200;
const MAX_COMPONENT = 100;
const MAX_LEVELS = 12;
/** Longest text of a generated file, in UTF-16 units. */
export const MAX_TEXT = 1_000_000;
/** Longest component in UTF-8 bytes: file systems stop at 255. */
const MAX_COMPONENT_BYTES = 255;
/** Longest path of a tree that already exists: above it, Linux refuses. */
const MAX_EXISTING = 4_000;
/** How many problems are told at once. */
const MAX_PROBLEMS = 20;

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const INVISIBLES = new RegExp(INVISIBLE.source, 'gu');
const ODD_SPACE = /(?! )\p{Zs}/u;
const MARK_TOWER = /\p{M}{5}/u;
/** Device names of Windows, with or without an extension: learn.microsoft.com/windows/win32/fileio/naming-a-file. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)/i;
/** The short (8.3) form of a longer name: `git~1` is `.git` on NTFS. */
const SHORT_NAME = /^[^.]{1,8}~[0-9]{1,6}(?:\.|$)/;
/** Files that git itself obeys. */
const GIT_FILES = new Set(['.gitmodules', '.gitattributes', '.gitconfig', '.lfsconfig']);

/** A path as a case-insensitive, normalising file system sees it: two paths with the same fold cannot stand side by side. */
export function foldPath(path: string): string {
  // By way of upper case, which unites letters that have several lower-case forms (ſ and s, ς and σ); first lower case for ẞ.
  return path.normalize('NFC').toLowerCase().toUpperCase().toLowerCase().normalize('NFC');
}

/** A component without what file systems ignore in it, for comparing with `.git`. */
function bareName(part: string): string {
  const name = foldPath(part.normalize('NFKC').replace(INVISIBLES, ''));
  let end = name.length;
  while (end > 0 && (name[end - 1] === '.' || name[end - 1] === ' ')) end--;
  return name.slice(0, end);
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** What would let a name leave its tree, reach into a repository or break a line-based format. */
function escapes(path: string): string | null {
  if (path === '') return 'it is empty';
  if (path.length > MAX_EXISTING) return `it is longer than ${MAX_EXISTING} characters`;
  if (CONTROL.test(path)) return 'it holds a control character';
  if (!path.isWellFormed()) return 'it is not valid Unicode';
  if (path.startsWith('/')) return 'it is absolute; it must be relative to the project';
  return null;
}

function structurePart(part: string): string | null {
  if (part === '') return 'it has an empty component';
  if (part === '.' || part === '..') return `it has the component \`${part}\``;
  const bare = bareName(part);
  if (bare === '.git' || /^git~[0-9]+$/.test(bare)) return 'it reaches into `.git`';
  if (utf8Length(part) > MAX_COMPONENT_BYTES) return 'a component is longer than file systems take';
  return null;
}

/**
 * Whether a path of a tree that exists already (a user's commit) can be handled without leaving the tree: weaker than `checkPath`,
 * which is for new names. Null when it can, else the reason in words.
 */
export function checkStructure(path: string): string | null {
  const whole = escapes(path);
  if (whole !== null) return whole;
  for (const part of path.split('/')) {
    const reason = structurePart(part);
    if (reason !== null) return reason;
  }
  return null;
}

function policyPart(part: string): string | null {
  if (part.length > MAX_COMPONENT) return `a component is longer than ${MAX_COMPONENT} characters`;
  if (/[. ]$/.test(part)) return 'a component ends with a dot or a space, which Windows drops';
  if (part.startsWith(' ')) return 'a component starts with a space';
  if (DEVICE.test(part)) return `\`${part}\` is a device name on Windows`;
  if (SHORT_NAME.test(part)) return `\`${part}\` looks like a Windows short name`;
  if (GIT_FILES.has(bareName(part))) return `\`${part}\` steers git`;
  return null;
}

function policy(path: string): string | null {
  if (path.length > MAX_PATH) return `it is longer than ${MAX_PATH} characters`;
  if (path in Object.prototype) return 'it is a name that JavaScript objects reserve';
  if (path.startsWith('~')) return 'it starts with `~`; it must be relative to the project';
  if (path.startsWith('-')) return 'it starts with `-`, which commands take for an option';
  if (/^[a-z][a-z0-9+.-]*:/i.test(path)) return 'it is a drive or an address; it must be relative to the project';
  if (path.includes('\\')) return 'it has a backslash; use `/`';
  if (/[<>:"|?*]/.test(path)) return 'it has a character that Windows does not allow in names (< > : " | ? *)';
  if (INVISIBLE.test(path)) return 'it holds an invisible or direction-changing character';
  if (ODD_SPACE.test(path)) return 'it holds an unusual space';
  if (MARK_TOWER.test(path)) return 'it stacks combining marks';
  if (path.split('/').length > MAX_LEVELS) return `it is deeper than ${MAX_LEVELS} levels`;
  return null;
}

/**
 * Whether a new file may have this path, on every operating system: relative with forward slashes, nothing that leaves the tree,
 * nothing that git, Windows or a terminal reads as something else. Null when safe, else the reason in words.
 */
export function checkPath(path: string): string | null {
  // Some systems fold full-width and other compatible forms: `．．` is `..` to them, `／` a slash.
  for (const form of new Set([path, path.normalize('NFC'), path.normalize('NFKC')])) {
    const reason = escapes(form) ?? policy(form) ?? checkStructure(form) ?? policyParts(form);
    if (reason !== null) return reason;
  }
  return null;
}

function policyParts(path: string): string | null {
  for (const part of path.split('/')) {
    const problem = policyPart(part);
    if (problem !== null) return problem;
  }
  return null;
}

/** A path as it may be quoted in a sentence: cut, and without anything that a terminal obeys. */
export function quote(path: string): string {
  const shown = path.slice(0, MAX_PATH).replace(/[^\x20-\x7e\p{L}\p{N}]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
  return `\`${shown}${path.length > MAX_PATH ? '…' : ''}\``;
}

/** The folders above a path, nearest last: `a/b/c` gives `a` and `a/b`. */
export function parents(path: string): string[] {
  const found: string[] = [];
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) found.push(path.slice(0, at));
  return found;
}

/**
 * Names that cannot stand side by side: equal after case folding, or a file where another path needs a folder.
 * Gives sentences; none when all is well.
 */
export function findCollisions(paths: Iterable<string>): string[] {
  const files = new Map<string, string>();
  const folders = new Map<string, string>();
  const problems: string[] = [];
  for (const path of paths) {
    const fold = foldPath(path);
    const other = files.get(fold);
    if (other !== undefined)
      problems.push(`${quote(other)} and ${quote(path)} are ${other === path ? 'the same path' : 'the same file on some systems'}.`);
    else files.set(fold, path);
    for (const parent of parents(path)) {
      const key = foldPath(parent);
      const spelled = folders.get(key);
      if (spelled === undefined) folders.set(key, parent);
      else if (spelled !== parent) problems.push(`The folders ${quote(spelled)} and ${quote(parent)} are the same on some systems.`);
    }
  }
  for (const [fold, folder] of folders) {
    const file = files.get(fold);
    if (file !== undefined) problems.push(`${quote(file)} is a file, but another path needs the folder ${quote(folder)}.`);
  }
  return [...new Set(problems)].slice(0, MAX_PROBLEMS);
}

/** Checks a whole set of new paths: each path, their number (at most 5,000) and collisions. Gives sentences; none when all is well. */
export function checkTree(paths: readonly string[]): string[] {
  const problems: string[] = [];
  if (paths.length > MAX_FILES) return [`There are ${paths.length} files; at most ${MAX_FILES} are allowed.`];
  for (const path of paths) {
    const reason = checkPath(path);
    if (reason !== null) problems.push(`${quote(path)} is not a safe path: ${reason}.`);
    if (problems.length >= MAX_PROBLEMS) return problems;
  }
  return problems.length > 0 ? problems : findCollisions(paths);
}
