// Names that may become part of a branch, and first lines of commits.
import { oneLine } from './sanitise.ts';

/** Makes a branch-safe slug of any text: lower-case letters, digits and single hyphens, at most 50 characters, never empty. */
export function slugOf(text: string): string {
  const slug = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50)
    .replace(/-+$/, '');
  return slug === '' ? 'run' : slug;
}

/** What stands for a branch in names: `redgreen/word-count` is `word-count`. */
export function branchSlug(branch: string): string {
  return slugOf(branch.replace(/^redgreen[/-]/, ''));
}

/** Longest subject that is made of a text, in characters. */
const MAX_SUBJECT = 72;

/** The first sentence of a text as the first line of a commit: without its full stop, cut after a word. Empty for an empty text. */
export function subjectFrom(text: string): string {
  const sentence = oneLine(/^[\s\S]*?[.!?](?=\s|$)/.exec(text.trim())?.[0] ?? text, 2_000).replace(/[.\s]+$/, '');
  if (sentence.length <= MAX_SUBJECT) return sentence;
  return `${sentence.slice(0, MAX_SUBJECT - 2).replace(/\s+\S*$/, '')} …`;
}
