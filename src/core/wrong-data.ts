// Data files that say something else: what a test of data must notice, as a test of code must notice a wrong stub.

/** A text of the same kind as `text` with other contents: JSON of the same shape, else nothing. */
export function wrongData(path: string, text: string): string {
  if (!path.endsWith('.json')) return '';
  try {
    return JSON.stringify(other(JSON.parse(text)));
  } catch {
    return '';
  }
}

function other(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string') return `${value}~`;
  if (typeof value === 'boolean') return !value;
  if (Array.isArray(value)) return value.map(other);
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, other(own)]));
  return 0;
}
