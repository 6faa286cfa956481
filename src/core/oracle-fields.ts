// Reads the fields of data that a model wrote, and notes what is wrong, each with its place.

import { isFields, isList, type Value } from './oracle-value.ts';
import { oneLine } from './prompt-text.ts';

export type Problems = string[];

/** The fields of one object. What is missing or of the wrong kind is noted once and replaced by something harmless. */
export interface Fields {
  readonly at: string;
  has(key: string): boolean;
  value(key: string): Value | undefined;
  text(key: string, fallback?: string): string;
  /** A list of texts. */
  words(key: string): readonly string[];
  /** An object whose values are texts. */
  texts(key: string): Readonly<Record<string, string>>;
  /** An object of any values. */
  values(key: string): Readonly<Record<string, Value>>;
  list(key: string): readonly Value[];
  /** Two numbers, the first not above the second. */
  range(key: string, whole: boolean): readonly [number, number];
  bad(message: string): void;
}

/** Opens an object; `known` are all the keys that it may have. */
export function fieldsOf(item: Value | undefined, at: string, known: readonly string[], problems: Problems): Fields {
  const from = isFields(item) ? item : {};
  const place = (key: string) => (at === '' ? key : `${at}.${key}`);
  const note = (where: string, message: string) => void problems.push(`${where || 'the file'}: ${message}`);
  if (!isFields(item)) note(at, `must be an object, but it is ${kindOf(item)}`);
  for (const key of Object.keys(from))
    if (!known.includes(key)) note(place(oneLine(key, 60)), `is not known here; there are ${known.join(', ')}`);
  const own = (key: string): Value | undefined => (Object.hasOwn(from, key) ? from[key] : undefined);
  const wrong = (key: string, what: string) => note(place(key), `must be ${what}, but it is ${kindOf(own(key))}`);
  const text = (key: string, fallback?: string): string => {
    const found = own(key) ?? fallback;
    if (typeof found === 'string') return found;
    wrong(key, 'a string');
    return '';
  };
  const values = (key: string): Readonly<Record<string, Value>> => {
    const found = own(key) ?? {};
    if (isFields(found)) return found;
    wrong(key, 'an object');
    return {};
  };
  return {
    at,
    has: (key) => own(key) !== undefined,
    value: own,
    text,
    values,
    texts(key) {
      const found = Object.entries(values(key));
      if (!found.every(([, v]) => typeof v === 'string')) wrong(key, 'an object whose values are strings');
      return Object.fromEntries(found.map(([k, v]) => [k, String(v)]));
    },
    words(key) {
      const found = own(key) ?? [];
      if (isList(found) && found.every((v) => typeof v === 'string')) return found as readonly string[];
      wrong(key, 'a list of strings');
      return [];
    },
    list(key) {
      const found = own(key) ?? [];
      if (isList(found)) return found;
      wrong(key, 'a list');
      return [];
    },
    range(key, whole) {
      const found = own(key);
      const [from, to] = isList(found) && found.length === 2 ? found : [];
      const right = whole ? Number.isSafeInteger : Number.isFinite;
      if (typeof from === 'number' && typeof to === 'number' && right(from) && right(to) && from <= to) return [from, to];
      wrong(key, `two ${whole ? 'whole ' : ''}numbers, the smaller first`);
      return [0, 0];
    },
    bad: (message) => note(at, message),
  };
}

function kindOf(value: Value | undefined): string {
  if (value === undefined) return 'missing';
  return value === null ? 'null' : isList(value) ? 'a list' : typeof value === 'object' ? 'an object' : oneLine(JSON.stringify(value), 80);
}

/** A case's or property's name: one line, without what separates the parts of a test's id. */
export function readName(fields: Fields): string {
  const name = fields.text('name').trim();
  if (fields.has('name') && (name === '' || name.length > 200 || /[\u0000-\u001f\u007f›]/.test(name)))
    fields.bad('the name must be one line of at most 200 characters, without ›');
  return name;
}
