// What is handed to the page, without secrets, with the home folder as ~, and with nothing invisible in it.
import { sanitise } from '../../core/sanitise.ts';
import { redact, type SecretKind } from './redact.ts';

export interface Cleanser {
  /** A copy of plain data with every string in it cleaned, names of fields included. */
  clean<T>(value: T): T;
  /** What was taken out so far. */
  found(): Readonly<Partial<Record<SecretKind, number>>>;
}

/** @param home the user's home folder, absolute; null when it is not known */
export function createCleanser(home: string | null): Cleanser {
  const found: Partial<Record<SecretKind, number>> = {};
  const shorten = homeShortener(home);
  const text = (value: string): string => {
    const redacted = redact(sanitise(value));
    for (const [kind, count] of Object.entries(redacted.found)) found[kind as SecretKind] = (found[kind as SecretKind] ?? 0) + count;
    return shorten(redacted.text);
  };
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [text(key), clean(one)]));
  };
  return { clean: <T>(value: T) => clean(value) as T, found: () => found };
}

function homeShortener(home: string | null): (text: string) => string {
  const dir = home?.replace(/\/+$/, '') ?? '';
  if (!/^\/[^/]+/.test(dir)) return (text) => text;
  const pattern = new RegExp(`${dir.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w.-])`, 'g');
  return (text) => (text.includes(dir) ? text.replace(pattern, () => '~') : text);
}
