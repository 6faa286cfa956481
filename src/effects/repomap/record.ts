// A file's tags as numbers: about a kilobyte each, so that thirty thousand files fit in memory and in one cache file.
import { crc32 } from 'node:zlib';
import type { Definition, DefinitionKind, Tags } from './tags.ts';
import { hashOf, isStopWord, termsOfName } from './words.ts';

const KINDS: readonly DefinitionKind[] = ['function', 'class', 'type', 'method', 'value'];

/**
 * Words of a record, 32 bits each: 0 its length in words; 1 the crc32 of the rest; 2–6 the blob's id (20 bytes); 7–10 how many definitions,
 * names, terms and bytes of imports follow; 11 the file's length in terms. Then definitions (hashes of their names, then line << 8 | exported << 7 | kind),
 * names (hashes, then counts in a byte each), terms (hashes in rising order, then a byte each for the counts in the text and in definitions),
 * and the imports as lines of UTF-8. Each part begins on a word.
 */
const HEAD = 12;
const MAX_DEFINITIONS = 600;
const MAX_NAMES = 1_500;
const MAX_TERMS = 500;

export interface RecordView {
  readonly words: Uint32Array;
  /** Where the record begins. */
  readonly at: number;
}

/** Where the parts of a record begin, in words from `words`' start, and how much is in each. */
function partsAt({ words, at }: RecordView) {
  const [definitions, names, terms, bytes] = [words[at + 7] ?? 0, words[at + 8] ?? 0, words[at + 9] ?? 0, words[at + 10] ?? 0];
  const namesAt = at + HEAD + 2 * definitions;
  const termsAt = namesAt + names + Math.ceil(names / 4);
  const importsAt = termsAt + terms + Math.ceil(terms / 2);
  return { definitions, names, terms, bytes, namesAt, termsAt, importsAt, end: importsAt + Math.ceil(bytes / 4) };
}

/** Packs the tags of the blob `oid` (hex). */
export function encodeRecord(oid: string, tags: Tags): Uint32Array {
  const definitions = tags.definitions.slice(0, MAX_DEFINITIONS);
  const names = [...tags.names].slice(0, MAX_NAMES);
  const { terms, length } = termsOf(tags);
  const imports = Buffer.from(tags.imports.join('\n').slice(0, 16_000), 'utf8');
  const head = new Uint32Array(HEAD);
  head.set([0, 0, ...oidWords(oid), definitions.length, names.length, terms.length, imports.length, length]);
  const { namesAt, termsAt, importsAt, end } = partsAt({ words: head, at: 0 });
  const words = new Uint32Array(end);
  const bytes = new Uint8Array(words.buffer);
  words.set(head);
  words[0] = end;
  for (const [i, { name, line, kind, exported }] of definitions.entries()) {
    words[HEAD + i] = hashOf(name);
    words[HEAD + definitions.length + i] = (Math.min(line, 0xffffff) << 8) | (exported ? 128 : 0) | KINDS.indexOf(kind);
  }
  for (const [i, [name, count]] of names.entries()) {
    words[namesAt + i] = hashOf(name);
    bytes[4 * (namesAt + names.length) + i] = Math.min(count, 255);
  }
  for (const [i, packed] of terms.entries()) {
    words[termsAt + i] = packed / 0x10000;
    bytes[4 * (termsAt + terms.length) + 2 * i] = (packed / 0x100) & 255;
    bytes[4 * (termsAt + terms.length) + 2 * i + 1] = packed & 255;
  }
  bytes.set(imports, importsAt * 4);
  words[1] = checksum(words, 0);
  return words;
}

function oidWords(oid: string): readonly number[] {
  return [0, 8, 16, 24, 32].map((at) => Number.parseInt(oid.slice(at, at + 8).padEnd(8, '0'), 16) >>> 0);
}

/** Hashes of the terms of a name or word, kept from file to file. */
const known = new Map<string, readonly number[]>();
const MAX_KNOWN = 20_000;

function hashesOf(name: string): readonly number[] {
  const there = known.get(name);
  if (there !== undefined) return there;
  if (known.size >= MAX_KNOWN) known.clear();
  const made = isStopWord(name) ? [] : termsOfName(name).map(hashOf);
  known.set(name, made);
  return made;
}

/** The terms in rising order, each as hash << 16 | count in the text << 8 | count in definitions (exact in a double); and how many in all. */
function termsOf(tags: Tags): { readonly terms: Float64Array; readonly length: number } {
  const text = new Map<number, number>();
  let length = 0;
  for (const from of [tags.names, tags.words])
    for (const [name, count] of from)
      for (const hash of hashesOf(name)) {
        text.set(hash, (text.get(hash) ?? 0) + count);
        length += count;
      }
  const defined = new Map<number, number>();
  for (const { name } of tags.definitions) for (const hash of hashesOf(name)) defined.set(hash, (defined.get(hash) ?? 0) + 1);
  const weigh = ([hash, count]: readonly [number, number]) => count + 20 * (defined.get(hash) ?? 0);
  const kept = text.size <= MAX_TERMS ? [...text] : [...text].sort((a, b) => weigh(b) - weigh(a)).slice(0, MAX_TERMS);
  const packed = kept.map(([hash, count]) => hash * 0x10000 + Math.min(count, 255) * 0x100 + Math.min(defined.get(hash) ?? 0, 255));
  return { terms: Float64Array.from(packed).sort(), length };
}

function checksum(words: Uint32Array, at: number): number {
  const size = words[at] ?? 0;
  return crc32(new Uint8Array(words.buffer, words.byteOffset + (at + 2) * 4, (size - 2) * 4)) >>> 0;
}

/** The length of the record at `at`, or null when there is no whole and sound one. */
function recordSize(words: Uint32Array, at: number): number | null {
  const size = words[at] ?? 0;
  if (size < HEAD || at + size > words.length) return null;
  if (partsAt({ words, at }).end !== at + size) return null;
  return words[at + 1] === checksum(words, at) ? size : null;
}

/** The first 40 hex digits of the record's blob. */
export function recordOid({ words, at }: RecordView): string {
  let oid = '';
  for (let i = 2; i < 7; i += 1) oid += (words[at + i] ?? 0).toString(16).padStart(8, '0');
  return oid;
}

export function lengthOf({ words, at }: RecordView): number {
  return words[at + 11] ?? 0;
}

/** How often a term stands in a file: count in its text << 8 | count in its definitions' names; 0 when it does not. Both at most 255. */
export function countOf(view: RecordView, term: number): number {
  const { words } = view;
  const { terms, termsAt } = partsAt(view);
  let low = termsAt;
  let high = termsAt + terms;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle] ?? 0) < term) low = middle + 1;
    else high = middle;
  }
  if (low >= termsAt + terms || words[low] !== term) return 0;
  const at = 2 * (low - termsAt);
  return (byteAt(words, termsAt + terms, at) << 8) | byteAt(words, termsAt + terms, at + 1);
}

/** A byte of a part that begins at the word `from`; records are written and read on one machine, all of which are little-endian. */
function byteAt(words: Uint32Array, from: number, i: number): number {
  return ((words[from + (i >> 2)] ?? 0) >>> (8 * (i & 3))) & 255;
}

/** The hashes of the names that a file defines; one stands there as often as it is defined. */
export function definedIn({ words, at }: RecordView): Uint32Array {
  return words.subarray(at + HEAD, at + HEAD + (words[at + 7] ?? 0));
}

/** The definitions of a file, each by the hash of its name. */
export function definitionsIn({ words, at }: RecordView): readonly (Omit<Definition, 'name'> & { readonly name: number })[] {
  const count = words[at + 7] ?? 0;
  return Array.from({ length: count }, (_, i) => {
    const packed = words[at + HEAD + count + i] ?? 0;
    return { name: words[at + HEAD + i] ?? 0, line: packed >>> 8, kind: KINDS[packed & 7] ?? 'value', exported: (packed & 128) !== 0 };
  });
}

/** Calls `visit` for each name in the code: its hash and how often it stands there. */
export function eachName(view: RecordView, visit: (name: number, count: number) => void): void {
  const { names, namesAt } = partsAt(view);
  for (let i = 0; i < names; i += 1) visit(view.words[namesAt + i] ?? 0, byteAt(view.words, namesAt + names, i));
}

export function importsIn(view: RecordView): readonly string[] {
  const { bytes, importsAt } = partsAt(view);
  const text = Buffer.from(view.words.buffer, view.words.byteOffset + importsAt * 4, bytes).toString('utf8');
  return text === '' ? [] : text.split('\n');
}

/** Records one after the other, as they are sent and kept. */
export function joinRecords(records: readonly Uint32Array[]): Uint32Array {
  const joined = new Uint32Array(records.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const record of records) {
    joined.set(record, at);
    at += record.length;
  }
  return joined;
}

/** The sound records from `at` on, and where the first thing that is none begins (the end, when all are sound). */
export function splitRecords(words: Uint32Array, at = 0): { readonly views: readonly RecordView[]; readonly end: number } {
  const views: RecordView[] = [];
  let next = at;
  for (let size = recordSize(words, next); size !== null; size = recordSize(words, next)) {
    views.push({ words, at: next });
    next += size;
  }
  return { views, end: next };
}
