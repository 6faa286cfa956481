// Random names and choices for one planted file, all made from the run's nonce: nobody who does not know it can guess them.
import { createHash } from 'node:crypto';

export interface Words {
  /** Lower-case letters that no other call gives. */
  word(): string;
  /** A whole number from 0 up to below `below`. */
  number(below: number): number;
  /** A name in the manner of the file's own tests: one to six words, one of them new, so that no pattern tells our tests from theirs. */
  name(glue: string): string;
  pick<T>(list: readonly T[]): T;
  /** The list in another order. */
  mix<T>(list: readonly T[]): T[];
}

const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aeiou';

/** The same nonce and path give the same words. `text` is the file's own. */
export function createWords(nonce: string, path: string, text: string): Words {
  const own = wordsOfNames(text);
  const given = new Set<string>();
  let count = 0;
  const number = (below: number): number => {
    const hash = createHash('sha256').update(`${nonce}\0${path}\0${count++}`).digest();
    return hash.readUInt32BE(0) % below;
  };
  const word = (): string => {
    const syllables = Array.from({ length: 4 + number(2) }, () => `${CONSONANTS[number(14)]}${VOWELS[number(5)]}`);
    const made = syllables.join('');
    if (given.has(made)) return word();
    given.add(made);
    return made;
  };
  const pick = <T>(list: readonly T[]): T => list[number(list.length)] as T;
  const mix = <T>(list: readonly T[]): T[] =>
    list
      .map((one) => ({ one, at: number(2 ** 31) }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ one }) => one);
  const name = (glue: string): string =>
    mix([word(), ...Array.from({ length: own.length === 0 ? 0 : number(6) }, () => pick(own))]).join(glue);
  return { word, number, name, pick, mix };
}

/** Words of the names that a file gives to its tests. */
function wordsOfNames(text: string): readonly string[] {
  const names = [...text.matchAll(/\b(?:test|it)(?:\.\w+)*\(\s*(['"`])(.{1,200}?)\1|\bdef test_(\w{1,200})/g)].map(
    (m) => m[2] ?? m[3] ?? '',
  );
  // A line that begins with "at" would be taken for a frame of a stack.
  return [...new Set(names.flatMap((one) => one.match(/[A-Za-z]+/g) ?? []))].filter((one) => one !== 'at');
}
