// What the properties say, as functions of inputs and outputs.
import type { Property } from './oracle.ts';
import type { CallAnswer } from './oracle-answers.ts';
import { canonical, isError, isList, matches, tagOf, type Value } from './oracle-value.ts';

/** What one input showed. `second` is the other half of a paired property; null when it was not asked. */
export interface Observed {
  readonly args: readonly Value[];
  readonly first: CallAnswer;
  readonly second: CallAnswer | null;
}

/** True when the property holds for what was observed. */
export function holds(property: Property, { args, first, second }: Observed): boolean {
  if (property.holds === 'throws') return 'thrown' in first && isError({ name: property.error }, first.thrown.error);
  if ('thrown' in first) return false;
  const out = first.value;
  const input = args[0] ?? null;
  switch (property.holds) {
    case 'inverse':
      return isValue(second, input);
    case 'idempotent':
    case 'commutative':
    case 'same':
      return isValue(second, out);
    case 'sorted':
      return isList(out) && out.every((item, i) => i === 0 || isAscending(out[i - 1] ?? null, item));
    case 'permutation':
      return isList(out) && isList(input) && bag(out).join() === bag(input).join();
    case 'subset':
      return isList(out) && isList(input) && isWithin(bag(out), bag(input));
    case 'sameLength':
      return lengthOf(out) !== null && lengthOf(out) === lengthOf(input);
    case 'concatenates':
      return isList(out) && canonical(joined(out, input)) === canonical(input);
    case 'sums':
      return typeof input === 'number' && isClose(sum(out), input);
    case 'matches':
      return typeof out === 'string' && property.pattern !== null && matches(property.pattern, out);
    case 'between':
      return typeof out === 'number' && property.range !== null && out >= property.range[0] && out <= property.range[1];
    default:
      return true;
  }
}

function isValue(answer: CallAnswer | null, wanted: Value): boolean {
  return answer !== null && 'value' in answer && canonical(answer.value) === canonical(wanted);
}

function isAscending(a: Value, b: Value): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a <= b;
  return typeof a === 'string' && typeof b === 'string' && a <= b;
}

function bag(items: readonly Value[]): readonly string[] {
  return items.map(canonical).toSorted();
}

/** Each item of the sorted `small` is in the sorted `large`, as often. */
function isWithin(small: readonly string[], large: readonly string[]): boolean {
  let at = 0;
  for (const item of small) {
    while (at < large.length && (large[at] ?? '') < item) at += 1;
    if (large[at] !== item) return false;
    at += 1;
  }
  return true;
}

function lengthOf(value: Value): number | null {
  if (typeof value === 'string') return [...value].length;
  const tag = tagOf(value);
  if (tag && (tag[0] === '$set' || tag[0] === '$map')) return isList(tag[1]) ? tag[1].length : null;
  return isList(value) ? value.length : null;
}

/** Parts put together again: texts to a text, lists to a list. */
function joined(parts: readonly Value[], whole: Value): Value {
  if (typeof whole === 'string') return parts.every((part) => typeof part === 'string') ? parts.join('') : null;
  return parts.every(isList) ? parts.flat() : null;
}

/** The sum of all numbers in a value. */
function sum(value: Value): number {
  if (typeof value === 'number') return value;
  const tag = tagOf(value);
  if (tag?.[0] === '$map' && isList(tag[1])) return tag[1].reduce((n: number, entry) => n + (isList(entry) ? sum(entry[1] ?? null) : 0), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((n: number, item) => n + sum(item), 0);
}

/** Up to what adding in another order can change. */
function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));
}
