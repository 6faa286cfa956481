// What a task asks for, as weighted terms and as exact names.
import { hashOf, isStopWord, partsOf, stem, termsOfName, wholeOf } from './words.ts';

export interface Query {
  /** Terms (by hash) and how much each counts. */
  readonly terms: ReadonlyMap<number, number>;
  /** Hashes of names that are spelt as code spells them: `retryDelay`, `MAX_SIZE`, `` `add` ``, `close()`. */
  readonly names: ReadonlySet<number>;
  /** What looks like a path or a file's name, in lower case. */
  readonly paths: readonly string[];
}

/** The first line of a task says what it is about, the rest explains. */
const REST = 0.35;
/** Two words that stand together may be one name: `content type`, `contentType`. */
const PAIR = 0.6;
/** Longer texts are logs; their end says no more. */
const MAX_TEXT = 20_000;

/** Reads a task. */
export function readTask(task: string): Query {
  const text = task.slice(0, MAX_TEXT);
  const [first = '', ...rest] = text.trim().split('\n');
  const terms = new Map<number, number>();
  const names = new Set<number>();
  weigh(first, 1, terms, names);
  const body = new Map<number, number>();
  for (const line of rest) weigh(line, 1, body, names);
  for (const [term, count] of body) terms.set(term, (terms.get(term) ?? 0) + REST * (1 + Math.log(count)));
  return { terms, names, paths: pathsIn(text) };
}

function weigh(line: string, weight: number, terms: Map<number, number>, names: Set<number>): void {
  let before = '';
  const add = (term: string, more: number) => terms.set(hashOf(term), (terms.get(hashOf(term)) ?? 0) + more);
  for (const match of line.matchAll(/[\p{L}_$#][\p{L}\p{N}_$]*|[^\p{L}\s]/gu)) {
    const word = match[0];
    if (!/[\p{L}]/u.test(word)) {
      if (!/[-_/.`]/.test(word)) before = '';
      continue;
    }
    const plain = partsOf(word).length === 1;
    if (isName(word, line, match.index)) names.add(hashOf(word));
    if (plain && isStopWord(word)) {
      before = '';
      continue;
    }
    if (plain && word.length > 1) add(stem(word), weight);
    if (!plain) for (const term of termsOfName(word)) add(term, term === wholeOf(word) ? weight * 1.5 : weight * 0.8);
    if (before !== '') add(wholeOf(before + word), weight * PAIR);
    before = word;
  }
}

function isName(word: string, line: string, at: number): boolean {
  if (word.length < 3) return false;
  if (/[\p{Ll}\p{N}]\p{Lu}|_|\$/u.test(word)) return true;
  const [previous, next] = [line[at - 1] ?? '', line.slice(at + word.length, at + word.length + 2)];
  return previous === '`' || previous === '.' || previous === '#' || next.startsWith('`') || next.startsWith('(') || /^\.\w/.test(next);
}

function pathsIn(text: string): readonly string[] {
  const found =
    text.match(/[\w@./-]*[\w-]+\.(?:[cm]?[jt]sx?|py|go|rs|java|rb|php|cs|c|h|cc|cpp|hpp|vue|svelte|kt|swift)\b|\b[\w-]+(?:\/[\w.-]+)+/gi) ??
    [];
  return [...new Set(found.map((path) => path.replace(/^[./]+/, '').toLowerCase()))];
}
