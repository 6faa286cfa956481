// An expression of a type that is well-typed and not what anyone would want.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import { classReference, markedError, opaque, plannedOwner, quote, type StubContext } from './stub-context.ts';

const WRONG_NUMBER = '-987654321';
const WRONG_TEXT = "'redgreen-wrong'";
const DEEPEST = 6;

/** Where a value stands. */
interface Place {
  readonly name: string;
  /** Evaluated when the module loads or an instance is made: nothing that may not be ready, and no constructor, is called. */
  readonly eager: boolean;
  readonly stack: readonly T.Type[];
}

/** The expression for a value of `type`; `name` is what a thrown error calls it. */
export function wrongValue(context: StubContext, type: T.Type, name: string, eager: boolean): string {
  return value(context, type, { name, eager, stack: [] });
}

/** The body of a function with this signature, without braces. */
export function bodyOf(context: StubContext, signature: T.Signature | undefined, name: string): string {
  if (signature === undefined) return context.kind === 'throwing' ? `throw ${markedError(context, name)};` : '';
  return body(context, signature, { name, eager: false, stack: [] }, null);
}

function body(context: StubContext, signature: T.Signature, place: Place, self: T.Type | null): string {
  const type = signature.getReturnType();
  if (context.kind === 'throwing') {
    const error = markedError(context, place.name);
    return nameOf(type) === 'Promise' ? `return Promise.reject(${error});` : `throw ${error};`;
  }
  const predicate = context.checker.getTypePredicateOfSignature(signature);
  if (predicate !== undefined) {
    return predicate.kind === ts.TypePredicateKind.Identifier || predicate.kind === ts.TypePredicateKind.This ? 'return false;' : '';
  }
  if ((type.flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined)) !== 0) return '';
  if ((type.flags & ts.TypeFlags.Never) !== 0) return `throw ${markedError(context, place.name)};`;
  if (isThis(type) || type === self) return 'return this;';
  return `return ${value(context, type, { ...place, eager: false })};`;
}

function isThis(type: T.Type): boolean {
  return (type.flags & ts.TypeFlags.TypeParameter) !== 0 && (type as T.TypeParameter & { isThisType?: boolean }).isThisType === true;
}

function value(context: StubContext, type: T.Type, place: Place): string {
  const simple = primitive(context, type, place);
  if (simple !== null) return simple;
  if (type.isUnion()) return union(context, type, place);
  if ((type.flags & ts.TypeFlags.TypeParameter) !== 0) return viaConstraint(context, type, place);
  if (place.stack.includes(type) || place.stack.length > DEEPEST) return opaque(context, place.name);
  const deeper = { ...place, stack: [...place.stack, type] };
  if (type.isIntersection()) {
    const base = type.types.map((part) => primitive(context, part, place)).find((part) => part !== null && part !== 'undefined');
    return base ?? object(context, type, deeper);
  }
  if ((type.flags & ts.TypeFlags.Object) !== 0) return objectLike(context, type, deeper);
  if ((type.flags & ts.TypeFlags.NonPrimitive) !== 0) return '{}';
  return viaConstraint(context, type, place);
}

function primitive(context: StubContext, type: T.Type, place: Place): string | null {
  const { flags } = type;
  if ((flags & ts.TypeFlags.Any) !== 0) return opaque(context, place.name);
  if ((flags & ts.TypeFlags.Unknown) !== 0) return WRONG_TEXT;
  if (type.isStringLiteral()) return quote(type.value);
  if (type.isNumberLiteral()) return String(type.value);
  if ((flags & ts.TypeFlags.BigIntLiteral) !== 0) return context.checker.typeToString(type);
  if ((flags & ts.TypeFlags.BooleanLiteral) !== 0) return context.checker.typeToString(type);
  if ((flags & ts.TypeFlags.Boolean) !== 0) return 'false';
  if ((flags & (ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral | ts.TypeFlags.StringMapping)) !== 0) return WRONG_TEXT;
  if ((flags & ts.TypeFlags.Number) !== 0) return WRONG_NUMBER;
  if ((flags & ts.TypeFlags.BigInt) !== 0) return `${WRONG_NUMBER}n`;
  if ((flags & ts.TypeFlags.ESSymbolLike) !== 0) return "Symbol('redgreen-wrong')";
  if ((flags & ts.TypeFlags.Null) !== 0) return 'null';
  if ((flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) !== 0) return 'undefined';
  if ((flags & ts.TypeFlags.Never) !== 0) return opaque(context, place.name);
  return null;
}

const EMPTY = ts.TypeFlags.Null | ts.TypeFlags.Undefined | ts.TypeFlags.Void;

function union(context: StubContext, type: T.UnionType, place: Place): string {
  const empty = type.types.find((part) => (part.flags & EMPTY) !== 0);
  const full = type.types.filter((part) => (part.flags & EMPTY) === 0);
  const fresh = full.find((part) => !place.stack.includes(part));
  if (fresh === undefined || (empty !== undefined && place.stack.length >= DEEPEST - 1)) {
    return empty !== undefined ? ((empty.flags & ts.TypeFlags.Null) !== 0 ? 'null' : 'undefined') : opaque(context, place.name);
  }
  // false before true, whatever the compiler's order
  if (full.every((part) => (part.flags & ts.TypeFlags.BooleanLiteral) !== 0) && full.length === 2) return 'false';
  return value(context, fresh, place);
}

function viaConstraint(context: StubContext, type: T.Type, place: Place): string {
  const constraint = context.checker.getBaseConstraintOfType(type);
  if (constraint === undefined || constraint === type || place.stack.length > DEEPEST) return WRONG_TEXT;
  return value(context, constraint, { ...place, stack: [...place.stack, type] });
}

/** Expressions for types of the standard library and of Node, by name. */
const KNOWN: Readonly<Record<string, string>> = {
  Date: `new Date(${WRONG_NUMBER})`,
  RegExp: '/redgreen-wrong/',
  Error: "new Error('redgreen-wrong')",
  TypeError: "new TypeError('redgreen-wrong')",
  RangeError: "new RangeError('redgreen-wrong')",
  Map: 'new Map()',
  ReadonlyMap: 'new Map()',
  WeakMap: 'new WeakMap()',
  Set: 'new Set()',
  ReadonlySet: 'new Set()',
  WeakSet: 'new WeakSet()',
  URL: "new URL('redgreen:wrong')",
  URLSearchParams: 'new URLSearchParams()',
  Headers: 'new Headers()',
  Request: "new Request('http://redgreen.invalid/')",
  Response: "new Response('redgreen-wrong', { status: 599 })",
  Blob: 'new Blob()',
  FormData: 'new FormData()',
  Buffer: 'Buffer.alloc(0)',
  NonSharedBuffer: 'Buffer.alloc(0)',
  ArrayBuffer: 'new ArrayBuffer(0)',
  AbortController: 'new AbortController()',
  AbortSignal: 'new AbortController().signal',
  Function: '() => undefined',
  Object: '{}',
  String: WRONG_TEXT,
  Number: WRONG_NUMBER,
  Boolean: 'false',
};

const ARRAYS = new Set(['Array', 'ReadonlyArray', 'ArrayLike']);
const ITERABLES = new Set([
  'Iterable',
  'Iterator',
  'IterableIterator',
  'IteratorObject',
  'ArrayIterator',
  'MapIterator',
  'SetIterator',
  'Generator',
]);
const ASYNC_ITERABLES = new Set(['AsyncIterable', 'AsyncIterator', 'AsyncIterableIterator', 'AsyncIteratorObject', 'AsyncGenerator']);

function nameOf(type: T.Type): string {
  return type.symbol?.name === '__type' ? '' : (type.symbol?.name ?? '');
}

function objectLike(context: StubContext, type: T.Type, place: Place): string {
  const { checker } = context;
  const planned = type.symbol !== undefined && plannedOwner(context, type.symbol) !== null;
  if (checker.isTupleType(type)) {
    return `[${checker
      .getTypeArguments(type as T.TypeReference)
      .map((part) => value(context, part, place))
      .join(', ')}]`;
  }
  if (!planned) {
    const foreign = foreignValue(context, type, place);
    if (foreign !== null) return foreign;
  }
  if (planned && (type.symbol.flags & ts.SymbolFlags.Class) !== 0 && type.getConstructSignatures().length === 0)
    return instance(context, type, place);
  return object(context, type, place);
}

function foreignValue(context: StubContext, type: T.Type, place: Place): string | null {
  const name = nameOf(type);
  if (name === 'Promise' || name === 'PromiseLike') {
    const [inner] = context.checker.getTypeArguments(type as T.TypeReference);
    const settled = inner === undefined ? 'undefined' : value(context, inner, { ...place, eager: place.eager });
    return `Promise.resolve(${settled})`;
  }
  if (ARRAYS.has(name)) return '[]';
  if (ITERABLES.has(name)) return '(function* () {})()';
  if (ASYNC_ITERABLES.has(name)) return '(async function* () {})()';
  if (/^(Big)?(Uint|Int|Float)\d+(Clamped)?Array$/.test(name)) return `new ${name}(0)`;
  const known = Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined;
  if (known !== undefined) return known;
  // A mapped or anonymous type of a library's alias (Record, Partial, Omit) is built by its members; a named one is not ours to build.
  const named =
    name !== '' &&
    name !== '__object' &&
    name !== '__function' &&
    (type.symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.Class)) !== 0;
  return named ? opaque(context, name) : null;
}

function instance(context: StubContext, type: T.Type, place: Place): string {
  const reference = context.imports.size < 50 ? classReference(context, type.symbol) : null;
  if (reference === null) return opaque(context, type.symbol.name);
  const imported = plannedOwner(context, type.symbol) !== context.path;
  if (place.eager && imported) return opaque(context, type.symbol.name);
  const declaration = type.symbol.valueDeclaration;
  const isAbstract =
    declaration !== undefined && (ts.getCombinedModifierFlags(declaration as T.Declaration) & ts.ModifierFlags.Abstract) !== 0;
  if (place.eager || isAbstract || context.kind === 'throwing') return `Object.create(${reference}.prototype)`;
  return `new ${reference}()`;
}

function object(context: StubContext, type: T.Type, place: Place): string {
  const { checker } = context;
  const [call] = type.getCallSignatures();
  if (call !== undefined) return `function () { ${body(context, call, place, null)} }`;
  if (type.getConstructSignatures().length > 0) return opaque(context, place.name);
  const members = checker.getPropertiesOfType(type).flatMap((property) => {
    const key = keyOf(property.name);
    return key === null ? [] : [member(context, type, property, key, place)];
  });
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function member(context: StubContext, type: T.Type, property: T.Symbol, key: string, place: Place): string {
  const propertyType = context.checker.getTypeOfSymbol(property);
  const inner = { ...place, name: `${place.name}.${property.name}` };
  const [call] = propertyType.isUnion() ? [] : propertyType.getCallSignatures();
  if (call !== undefined) return `${key}() { ${body(context, call, inner, type)} }`;
  return `${key}: ${value(context, propertyType, inner)}`;
}

/** The source text of a property's name; null for symbols that cannot be named. */
function keyOf(name: string): string | null {
  const symbol = /^__@(iterator|asyncIterator|dispose|asyncDispose|toStringTag|toPrimitive)@/.exec(name)?.[1];
  if (symbol !== undefined) return `[Symbol.${symbol}]`;
  if (name.startsWith('__@') || name.startsWith('__#')) return null;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}
