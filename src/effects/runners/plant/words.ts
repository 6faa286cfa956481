// Random names and choices for one planted file, all made from the run's nonce: nobody who does not know it can guess them.
import { createHash } from 'node:crypto';

export interface Words {
  /** Lower-case letters that no other call gives. */
  word(): string;
  /** A whole number from 0 up to below `below`. */
  number(below: number): number;
  pick<T>(list: readonly T[]): T;
  /** The list in another order. */
  mix<T>(list: readonly T[]): T[];
}

const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aeiou';

/** The same nonce and path give the same words. */
export function createWords(nonce: string, path: string): Words {
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
  return { word, number, pick, mix };
}
