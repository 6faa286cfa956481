// Reads the properties of an oracle file and the generators of their inputs.
import { type Generator, PAIRED, type Property, type Relation, SINGLE, type Target } from './oracle.ts';
import { type Fields, fieldsOf, type Problems, readName } from './oracle-fields.ts';
import { readPattern } from './oracle-pattern.ts';
import { isFields, type Value } from './oracle-value.ts';

const KNOWN = ['name', 'module', 'call', 'given', 'holds', 'by', 'pattern', 'range', 'error'];
const RELATIONS: readonly string[] = [...PAIRED, ...SINGLE];
/** Hold the output against the first argument, or need one. */
const NEED_FIRST: readonly Relation[] = ['inverse', 'idempotent', 'permutation', 'subset', 'sameLength', 'concatenates', 'sums'];

export function readProperty(item: Value, at: string, problems: Problems): Property {
  const fields = fieldsOf(item, at, KNOWN, problems);
  const holds = fields.text('holds') as Relation;
  if (fields.has('holds') && !RELATIONS.includes(holds))
    fields.bad(`"holds": ${JSON.stringify(holds)} is not known; there are ${RELATIONS.join(', ')}`);
  const given = fields.list('given').map((g, i) => readGenerator(g, `${at}.given[${i}]`, problems));
  const needed = holds === 'commutative' ? 2 : NEED_FIRST.includes(holds) ? 1 : 0;
  if (given.length < needed) fields.bad(`"${holds}" needs ${needed === 1 ? 'a generator' : 'two generators'} in "given"`);
  const module = fields.text('module');
  const property: Property = {
    name: readName(fields),
    holds,
    module,
    call: fields.text('call'),
    by: readTarget(fields, module, problems),
    given,
    pattern: fields.has('pattern') ? fields.text('pattern') : null,
    range: fields.has('range') ? fields.range('range', false) : null,
    error: fields.has('error') ? fields.text('error') : null,
  };
  checkParts(property, fields);
  return property;
}

/** `by` is `{module, call}`, or the name of a function in the same module. */
function readTarget(fields: Fields, module: string, problems: Problems): Target | null {
  const by = fields.value('by');
  if (by === undefined) return null;
  if (typeof by === 'string') return { module, call: by };
  const target = fieldsOf(by, `${fields.at}.by`, ['module', 'call'], problems);
  return { module: target.text('module', module), call: target.text('call') };
}

function checkParts({ holds, by, pattern, range }: Property, fields: Fields): void {
  if ((holds === 'inverse' || holds === 'same') !== (by !== null))
    fields.bad(by === null ? `"${holds}" needs "by", the other function` : `"${holds}" has no "by"`);
  if ((holds === 'matches') !== (pattern !== null)) fields.bad(`"pattern" belongs to "matches" and to nothing else`);
  if ((holds === 'between') !== (range !== null)) fields.bad(`"range" belongs to "between" and to nothing else`);
  const read = pattern === null ? null : readPattern(pattern);
  if (read && 'problem' in read) fields.bad(read.problem);
}

const GENERATORS = ['int', 'float', 'text', 'list', 'oneOf', 'tuple', 'record', 'length'];
const NAMED: Readonly<Record<string, string>> = {
  ascii: Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join(''),
  unicode: 'abzAZ09 _-.,;:"\'\\/\t\n\räßéñÆøłıİşğ漢字仮名한글эюяЖעבאعםक\u0301\u200d😀👍🏽🇪🇺𝔘',
};
const MOST_LENGTH = 200;

function readGenerator(item: Value, at: string, problems: Problems): Generator {
  const fields = fieldsOf(item, at, GENERATORS, problems);
  const kinds = GENERATORS.filter((kind) => kind !== 'length' && fields.has(kind));
  if (kinds.length !== 1 && isFields(item)) fields.bad(`needs exactly one of ${GENERATORS.slice(0, -1).join(', ')}`);
  const inner = (value: Value, key: string) => readGenerator(value, `${at}.${key}`, problems);
  switch (kinds[0]) {
    case 'int':
    case 'float': {
      const [from, to] = fields.range(kinds[0], kinds[0] === 'int');
      return { kind: kinds[0], from, to };
    }
    case 'text': {
      const of = fields.text('text');
      if (of === '') fields.bad('"text" must name the characters that may occur (or "ascii", "unicode")');
      return { kind: 'text', alphabet: [...(NAMED[of] ?? of)], ...lengthOf(fields) };
    }
    case 'list':
      return { kind: 'list', item: inner(fields.value('list') ?? null, 'list'), ...lengthOf(fields) };
    case 'tuple':
      return { kind: 'tuple', items: fields.list('tuple').map((one, i) => inner(one, `tuple[${i}]`)) };
    case 'record':
      return {
        kind: 'record',
        fields: Object.fromEntries(Object.entries(fields.values('record')).map(([k, v]) => [k, inner(v, `record.${k}`)])),
      };
    default:
      if (fields.has('oneOf') && fields.list('oneOf').length === 0) fields.bad('"oneOf" must not be empty');
      return { kind: 'oneOf', values: fields.list('oneOf') };
  }
}

function lengthOf(fields: Fields): { readonly from: number; readonly to: number } {
  const [from, to] = fields.has('length') ? fields.range('length', true) : [0, 12];
  if (from < 0 || to > MOST_LENGTH) fields.bad(`"length" must lie from 0 to ${MOST_LENGTH}`);
  return { from: Math.max(0, from), to: Math.min(MOST_LENGTH, to) };
}
