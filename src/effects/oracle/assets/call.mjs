// Loads one module and makes the calls that standard input names; results go out on file descriptor 3 as tagged JSON (core/oracle-value.ts).
import fs from 'node:fs';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';

// Kept before any other code is loaded: what that code replaces must not garble the answers.
const { writeSync, readFileSync } = fs;
const { stringify, parse } = JSON;
const { keys, getPrototypeOf, is } = Object;
const { isArray, from } = Array;
const exit = process.exit.bind(process);
const hold = new Int32Array(new SharedArrayBuffer(4));
const wait = Atomics.wait;
const MOST_DEPTH = 60;
const MOST_NODES = 50_000;
const MOST_ITEMS = 1_000;

const { treeDir, module, steps } = parse(readFileSync(0, 'utf8'));
const saved = new Map();
const loaded = await load();
if (loaded !== null) {
  for (const step of steps) say(await answer(step));
  say({ done: true });
}
// What the module left open (a timer, a server) must not hold the process.
exit(0);

async function load() {
  try {
    return await import(pathToFileURL(`${treeDir}/${module}`).href);
  } catch (error) {
    say({ load: thrown(error) });
    say({ done: true });
    return null;
  }
}

async function answer(step) {
  try {
    const result = await settled(await perform(step));
    if (step.as !== null) saved.set(step.as, result);
    return { value: encode(result) };
  } catch (error) {
    return { thrown: thrown(error) };
  }
}

function perform({ kind, name, on, args }) {
  const [owner, found] = on === null ? exported(name) : member(instance(on), name);
  if (kind === 'get') return found;
  if (typeof found !== 'function')
    throw new TypeError(`${name} is not a function here, but ${found === undefined ? 'missing' : typeof found}`);
  const given = args.map(decode);
  return kind === 'new' ? Reflect.construct(found, given) : Reflect.apply(found, owner, given);
}

function instance(name) {
  if (!saved.has(name)) throw new Error(`there is no ${name}: the step that makes it failed`);
  return saved.get(name);
}

/** An export, or one of a CommonJS module's or default export's members. */
function exported(name) {
  const found = member(loaded, name);
  return found[1] === undefined && loaded.default != null ? member(loaded.default, name) : found;
}

function member(start, name) {
  let owner = start;
  let found = start;
  for (const part of name.split('.')) {
    owner = found;
    found = found?.[part];
  }
  return [owner, found];
}

/** What a generator gives, as a list. */
async function settled(value) {
  if (value === null || typeof value !== 'object' || typeof value.next !== 'function') return value;
  const list = [];
  const take = (item) => list.push(item) < MOST_ITEMS;
  if (typeof value[Symbol.iterator] === 'function') for (const item of value) if (!take(item)) break;
  if (typeof value[Symbol.asyncIterator] === 'function') for await (const item of value) if (!take(item)) break;
  return list;
}

function thrown(error) {
  return { error: encodeError(error), stack: text(() => error.stack).slice(0, 6_000) };
}

function encodeError(error) {
  const names = [];
  for (let at = error; at !== null && typeof at === 'object' && names.length < 10; at = getPrototypeOf(at))
    names.push(
      text(() => at.name),
      text(() => at.constructor.name),
    );
  const message = error !== null && typeof error === 'object' ? text(() => error.message) : text(() => String(error));
  return { $error: { names: [...new Set(names)].filter((name) => name !== '' && name !== 'Object'), message: message.slice(0, 4_000) } };
}

function text(get) {
  try {
    const value = get();
    return typeof value === 'string' ? value : '';
  } catch {
    return '';
  }
}

/** A value as tagged JSON: what can be seen of it from outside, own enumerable properties of objects. */
function encode(value) {
  let nodes = 0;
  const path = new Set();
  const inner = (v, depth) => {
    if (++nodes > MOST_NODES || depth > MOST_DEPTH) return { $other: 'more than can be shown' };
    switch (typeof v) {
      case 'undefined':
        return { $undefined: true };
      case 'boolean':
      case 'string':
        return v;
      case 'number':
        return Number.isFinite(v) && !is(v, -0) ? v : { $number: is(v, -0) ? '-0' : String(v) };
      case 'bigint':
        return { $bigint: v.toString() };
      case 'object':
        break;
      default:
        return { $other: typeof v };
    }
    if (v === null) return null;
    if (path.has(v)) return { $other: 'itself' };
    path.add(v);
    const result = object(v, (item) => inner(item, depth + 1));
    path.delete(v);
    return result;
  };
  return inner(value, 0);
}

function object(v, inner) {
  if (isArray(v)) return from(v, inner);
  if (types.isDate(v)) return { $date: Number.isNaN(v.getTime()) ? 'invalid' : v.toISOString() };
  if (types.isMap(v)) return { $map: from(v, ([key, item]) => [inner(key), inner(item)]) };
  if (types.isSet(v)) return { $set: from(v, inner) };
  if (types.isUint8Array(v)) return { $bytes: Buffer.from(v.buffer, v.byteOffset, v.byteLength).toString('base64') };
  if (types.isAnyArrayBuffer(v)) return { $bytes: Buffer.from(v).toString('base64') };
  if (types.isTypedArray(v)) return from(v, inner);
  if (types.isNativeError(v)) return encodeError(v);
  if (types.isRegExp(v) || types.isPromise(v) || types.isBoxedPrimitive(v)) return { $other: types.isRegExp(v) ? String(v) : 'object' };
  const plain = {};
  for (const key of keys(v)) Object.defineProperty(plain, key, { value: inner(v[key]), enumerable: true });
  const [only, ...others] = keys(plain);
  return only?.startsWith('$') && others.length === 0 ? { $object: plain } : plain;
}

/** Tagged JSON as a value. */
function decode(v) {
  if (isArray(v)) return v.map(decode);
  if (v === null || typeof v !== 'object') return v;
  const [tag, ...others] = keys(v);
  if (tag?.startsWith('$') && others.length === 0) return decodeTag(tag, v[tag]);
  return fields(v);
}

function fields(v) {
  const plain = {};
  for (const key of keys(v))
    Object.defineProperty(plain, key, { value: decode(v[key]), enumerable: true, writable: true, configurable: true });
  return plain;
}

function decodeTag(tag, content) {
  switch (tag) {
    case '$undefined':
      return undefined;
    case '$number':
      return Number(content);
    case '$bigint':
      return BigInt(content);
    case '$date':
      return new Date(content);
    case '$map':
      return new Map(content.map(([key, item]) => [decode(key), decode(item)]));
    case '$set':
      return new Set(content.map(decode));
    case '$bytes':
      return new Uint8Array(Buffer.from(content, 'base64'));
    case '$error':
      return Object.assign(new Error(content?.message ?? ''), content?.name === undefined ? {} : { name: content.name });
    case '$fn':
      return () => decode(content);
    case '$tuple':
      return content.map(decode);
    case '$ref':
      return instance(content);
    case '$object':
      return fields(content);
    default:
      return { [tag]: decode(content) };
  }
}

/** Writes a line; the pipe may be full for a moment. */
function say(line) {
  let rest = Buffer.from(`${stringify(line)}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(3, rest));
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      wait(hold, 0, 0, 5);
    }
  }
}
