// Values on both sides of the box, as JSON with tags, and whether one is what was expected. Whatever the tested code does to its
// runtime, only plain data arrives here.
import { readPattern } from './oracle-pattern.ts';

/**
 * Plain JSON, where an object with one key that starts with `$` is a tag: `$undefined`, `$number` (NaN, Infinity, -Infinity, -0),
 * `$bigint`, `$date`, `$map`, `$set`, `$bytes` (base64), `$error`, `$object` (an object that has such a key itself), `$other` (what is
 * no data). In what is expected also `$any`, `$near`, `$contains`, `$matches`, `$includes` and `$ref`.
 */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

type Fields = { readonly [key: string]: Value };
export type Tag = readonly [name: string, content: Value];

/** The tag of a value, or null when it is plain. */
export function tagOf(value: Value): Tag | null {
  if (!isFields(value)) return null;
  const keys = Object.keys(value);
  const [key = ''] = keys;
  return keys.length === 1 && key.startsWith('$') ? [key, value[key] ?? null] : null;
}

export function isFields(value: Value | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/**
 * One text for all spellings of a value: keys sorted, properties that are undefined left out, -0 as 0, sets and maps in a fixed order.
 * Two values are the same when these texts are.
 */
export function canonical(value: Value): string {
  const tag = tagOf(value);
  if (tag?.[0] === '$number' && tag[1] === '-0') return '0';
  if (tag) return `{${JSON.stringify(tag[0])}:${canonicalTag(tag)}}`;
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  if (isFields(value)) return canonicalFields(value);
  return value === 0 ? '0' : JSON.stringify(value);
}

function canonicalFields(fields: Fields): string {
  const kept = Object.keys(fields).filter((key) => tagOf(fields[key] ?? null)?.[0] !== '$undefined');
  return `{${kept.toSorted().map((key) => `${JSON.stringify(key)}:${canonical(fields[key] ?? null)}`)}}`;
}

function canonicalTag([name, content]: Tag): string {
  if (name === '$object' && isFields(content)) return canonicalFields(content);
  if ((name === '$set' || name === '$map') && isList(content)) return `[${content.map(canonical).toSorted()}]`;
  if (name === '$date' && typeof content === 'string') return JSON.stringify(instant(content));
  return canonical(content);
}

/** `2024-01-02`, `2024-01-02T00:00:00Z` and `2024-01-02T00:00:00.000Z` are one instant; a time without a zone stays as it is. */
function instant(text: string): string {
  const full = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
  const match = /^(.*T\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?(Z|[+-]00:?00)?$/.exec(full);
  if (!match) return text;
  const seconds = /T\d\d:\d\d$/.test(match[1] ?? '') ? `${match[1]}:00` : match[1];
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  return `${seconds}${fraction === '' ? '' : `.${fraction}`}${match[3] === undefined ? '' : 'Z'}`;
}

/** What differs, and where: `.items[2].name`. Null when `actual` is what was expected. */
export interface Difference {
  readonly where: string;
  readonly expected: string;
  readonly actual: string;
}

/**
 * Puts saved values in the place of `{$ref: name}`, as `$same`: they came out of the box, so nothing in them may count as a matcher.
 */
export function resolve(expected: Value, saved: ReadonlyMap<string, Value>): Value {
  const tag = tagOf(expected);
  if (tag?.[0] === '$ref') return { $same: saved.get(String(tag[1])) ?? { $undefined: true } };
  if (isList(expected)) return expected.map((item) => resolve(item, saved));
  if (isFields(expected)) return Object.fromEntries(Object.entries(expected).map(([key, item]) => [key, resolve(item, saved)]));
  return expected;
}

/** Compares a value from the box with what was expected, which may hold matchers. */
export function differ(expected: Value, actual: Value | undefined, where = ''): Difference | null {
  const found = actual ?? (actual === undefined ? { $undefined: true } : null);
  const different = (): Difference => ({ where, expected: show(expected), actual: show(found) });
  const tag = tagOf(expected);
  if (tag) return differTag(tag, found, where, different);
  const inside = tagOf(found);
  if (inside && !(inside[0] === '$number' && expected === 0))
    return inside[0] === '$object' && isFields(expected) ? differ(expected, inside[1], where) : different();
  if (isList(expected)) return isList(found) ? differLists(expected, found, where) : different();
  if (isFields(expected)) return isFields(found) ? differFields(expected, found, where, true) : different();
  return canonical(expected) === canonical(found) ? null : different();
}

function differLists(expected: readonly Value[], actual: readonly Value[], where: string): Difference | null {
  for (let i = 0; i < Math.min(expected.length, actual.length); i += 1) {
    const found = differ(expected[i] ?? null, actual[i], `${where}[${i}]`);
    if (found) return found;
  }
  if (expected.length === actual.length) return null;
  return {
    where,
    expected: `${plural(expected.length)}: ${show([...expected])}`,
    actual: `${plural(actual.length)}: ${show([...actual])}`,
  };
}

const plural = (n: number) => `${n} ${n === 1 ? 'item' : 'items'}`;

/** `whole`: nothing else may be there. */
function differFields(expected: Fields, actual: Fields, where: string, whole: boolean): Difference | null {
  const own = (fields: Fields, key: string) => (Object.hasOwn(fields, key) ? fields[key] : undefined);
  const keys = whole ? [...new Set([...Object.keys(expected), ...Object.keys(actual)])] : Object.keys(expected);
  for (const key of keys) {
    const wanted = own(expected, key) ?? (Object.hasOwn(expected, key) ? null : { $undefined: true });
    const found = differ(wanted, own(actual, key), `${where}${/^[\w$]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`}`);
    if (found) return found;
  }
  return null;
}

function differTag([name, content]: Tag, actual: Value, where: string, different: () => Difference): Difference | null {
  const verdict = (good: boolean) => (good ? null : different());
  switch (name) {
    case '$any':
      return verdict(tagOf(actual)?.[0] !== '$undefined');
    case '$near':
      return verdict(isNear(content, actual));
    case '$contains':
      return verdict(contains(content, actual));
    case '$matches':
      return verdict(typeof actual === 'string' && typeof content === 'string' && matches(content, actual));
    case '$includes':
      return isFields(content) && isFields(actual) && !tagOf(actual) ? differFields(content, actual, where, false) : different();
    case '$object':
      return tagOf(actual)?.[0] === '$object'
        ? verdict(canonical({ $object: content }) === canonical(actual))
        : differ(content, actual, where);
    case '$number':
      return verdict(content === '-0' ? tagOf(actual)?.[1] === '-0' : canonical({ $number: content }) === canonical(actual));
    case '$same':
      return verdict(canonical(content) === canonical(actual));
    case '$error':
      return verdict(isError(content, actual));
    default:
      return verdict(canonical({ [name]: content }) === canonical(actual));
  }
}

function isNear(content: Value, actual: Value): boolean {
  const [wanted, by] = isList(content) ? content : [content, 1e-9];
  return typeof wanted === 'number' && typeof by === 'number' && typeof actual === 'number' && Math.abs(actual - wanted) <= by;
}

/** A text in a text (all of several), or an item in a list. */
function contains(content: Value, actual: Value): boolean {
  if (typeof actual === 'string')
    return (isList(content) ? content : [content]).every((part) => typeof part === 'string' && actual.includes(part));
  return isList(actual) && actual.some((item) => differ(content, item) === null);
}

/** True when the whole text matches; a pattern that cannot be read matches nothing. */
export function matches(pattern: string, text: string): boolean {
  const read = readPattern(pattern);
  return 'pattern' in read && read.pattern(text);
}

/** `{name?, message?}` against an error from the box, whose `names` are its class and what that extends. */
export function isError(wanted: Value, actual: Value): boolean {
  const error = tagOf(actual);
  if (error?.[0] !== '$error' || !isFields(error[1]) || !isFields(wanted)) return false;
  const { names, message } = error[1];
  const { name, message: said } = wanted;
  const isNamed = name === undefined || name === null || (isList(names) && names.includes(name));
  return isNamed && (said === undefined || said === null || differ(said, message) === null);
}

const SHOWN = 600;

/** A value for people, on one line, of limited length. */
export function show(value: Value): string {
  const text = shown(value, { left: SHOWN * 2 });
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text;
}

function shown(value: Value, room: { left: number }): string {
  if (room.left <= 0) return '…';
  const tag = tagOf(value);
  const text = tag
    ? shownTag(tag, room)
    : isList(value)
      ? `[${value.map((v) => shown(v, room)).join(', ')}]`
      : isFields(value)
        ? shownFields(value, room)
        : JSON.stringify(value);
  room.left -= isList(value) || isFields(value) ? 2 : text.length;
  return text;
}

function shownFields(fields: Fields, room: { left: number }): string {
  const inside = Object.entries(fields).map(([key, v]) => `${/^\w+$/.test(key) ? key : JSON.stringify(key)}: ${shown(v, room)}`);
  return inside.length === 0 ? '{}' : `{ ${inside.join(', ')} }`;
}

function shownTag([name, content]: Tag, room: { left: number }): string {
  const inner = () => shown(content, room);
  switch (name) {
    case '$undefined':
      return 'undefined';
    case '$number':
      return String(content);
    case '$bigint':
      return `${content}n`;
    case '$date':
      return `date ${content}`;
    case '$any':
      return 'anything';
    case '$near':
      return isList(content) ? `${inner()} (number, tolerance)` : `about ${inner()}`;
    case '$contains':
      return `something that contains ${inner()}`;
    case '$matches':
      return `something that matches ${content}`;
    case '$includes':
      return `at least ${inner()}`;
    case '$object':
    case '$same':
      return inner();
    case '$error': {
      const { name: called, names, message } = isFields(content) ? content : {};
      const first = called ?? (isList(names) ? names[0] : null);
      return `${typeof first === 'string' ? first : 'an error'}${message === undefined || message === null ? '' : ` with the message ${shown(message, room)}`}`;
    }
    default:
      return `${name.slice(1)} ${inner()}`;
  }
}
