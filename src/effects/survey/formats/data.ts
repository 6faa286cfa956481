// Looking into data that someone else wrote: every access says what it wants, and gives nothing where that is not there.

export type Data = Readonly<Record<string, unknown>>;

/** An object's own fields; empty for anything else. */
export function record(value: unknown): Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Data) : {};
}

/** The value at a path of keys, own properties only. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (Object.hasOwn(record(inner), key) ? record(inner)[key] : undefined), value);
}

/** The strings of a list, or of one string; at most 200. */
export function strings(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string').slice(0, 200);
}

/** A string, or null. */
export function string(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
