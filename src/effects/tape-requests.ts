// Single requests of a tape, read without holding the whole of it.

import { eachLine } from './lines.ts';
import type { Passage } from './tape-digest.ts';

interface Taken {
  readonly where: string;
  readonly texts: readonly string[];
}

/**
 * The requests of `keys` (step/subject/attempt) as the tape has them; of several with one key the last. What is damaged or not there is left out.
 * Throws what `fs` throws when there is no readable file.
 */
export function readRequests(path: string, keys: ReadonlySet<string>): ReadonlyMap<string, readonly Passage[]> {
  const taken = new Map<string, readonly Taken[]>();
  eachLine(path, (line) => {
    const call = parse(line);
    if (call['kind'] === 'call' && keys.has(String(call['key']))) taken.set(String(call['key']), takenOf(call['request']));
  });
  const wanted = new Set([...taken.values()].flat().flatMap((passage) => passage.texts));
  const texts = new Map<string, string>();
  // A text stands before the calls that use it, so the file is gone through once more.
  eachLine(path, (line) => {
    const { kind, ref, text } = parse(line);
    if (kind === 'text' && wanted.has(String(ref))) texts.set(String(ref), String(text));
  });
  return new Map(
    [...taken].map(([key, said]) => [
      key,
      said.map(({ where, texts: refs }) => ({ where, text: refs.map((ref) => texts.get(ref) ?? '').join('') })),
    ]),
  );
}

function takenOf(value: unknown): readonly Taken[] {
  if (!Array.isArray(value)) return [];
  return value.map((one: Partial<Taken> | null) => ({
    where: String(one?.where ?? ''),
    texts: Array.isArray(one?.texts) ? one.texts.map(String) : [],
  }));
}

function parse(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
