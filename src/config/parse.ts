// From what a user wrote (in YAML, in the environment, on the command line) to a value. Each throws an Error whose message
// completes the sentence "budget.time … ".

const show = (input: unknown) => JSON.stringify(input) ?? String(input);

function fail(input: unknown, expected: string): never {
  throw new Error(`is ${show(input)}, but must be ${expected}`);
}

/** A non-empty piece of text, or null for `none`. */
export function text(input: unknown): string | null {
  if (input === null || input === 'none') return null;
  if (typeof input !== 'string' || input.trim() === '') fail(input, 'a text');
  return input.trim();
}

/** `a, b` or a YAML list: names, in order. */
export function list(input: unknown): readonly string[] {
  const parts = typeof input === 'string' ? input.split(',') : input;
  if (!Array.isArray(parts)) fail(input, 'a list of names, like a, b');
  const names = parts.map((part) => (typeof part === 'string' ? part.trim() : fail(input, 'a list of names, like a, b')));
  if (names.some((name) => name === '')) fail(input, 'a list of names, like a, b');
  return names;
}

/** An http or https address without user name or password, or null for `none`. */
export function address(input: unknown): string | null {
  const value = text(input);
  if (value === null) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) fail(input, 'an address that starts with http:// or https://');
  if (url.username !== '' || url.password !== '') throw new Error('must not carry a user name or password in the address');
  return value;
}

/** US dollars: `2`, `2.50`, `$2.50`; null for `none` (no cap). */
export function money(input: unknown): number | null {
  if (input === null || input === 'none') return null;
  const value = typeof input === 'string' && /^\$?\d+(\.\d+)?$/.test(input) ? Number(input.replace('$', '')) : input;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) fail(input, 'US dollars, like 2.50, or none');
  return value;
}

/** A whole number from `least` to `most`; text may end in k or m for thousands or millions. */
export function count(least: number, most = Number.MAX_SAFE_INTEGER): (input: unknown) => number {
  return (input) => {
    const match = typeof input === 'string' ? /^(\d+(?:\.\d+)?)([km]?)$/i.exec(input) : null;
    const unit = { k: 1e3, m: 1e6 }[match?.[2]?.toLowerCase() ?? ''] ?? 1;
    const value = match ? Number(match[1]) * unit : input;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most) {
      fail(input, most === Number.MAX_SAFE_INTEGER ? `a whole number of at least ${least}` : `a whole number from ${least} to ${most}`);
    }
    return value;
  };
}

/** As `count`, or null for `none` (no cap). */
export function cap(least: number): (input: unknown) => number | null {
  const number = count(least);
  return (input) => (input === null || input === 'none' ? null : number(input));
}

const MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `90s`, `30m`, `1h30m`, in milliseconds. A bare number is refused, because its unit would be a guess. */
export function duration(input: unknown): number {
  const value = typeof input === 'string' ? input.replaceAll(' ', '') : '';
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(value)) fail(input, 'a time with its unit, like 90s, 30m or 1h30m');
  let total = 0;
  for (const [, number, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) total += Number(number) * (MS[unit ?? ''] ?? 0);
  if (total < 1 || total > 2 ** 31 - 1) fail(input, 'between 1ms and 24 days');
  return Math.round(total);
}

/** As `duration`, or null for `none` (no cap). */
export function durationOrNone(input: unknown): number | null {
  return input === null || input === 'none' ? null : duration(input);
}

const BYTES: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** `512m`, `2g`: at least `least` bytes. */
export function bytes(least: number): (input: unknown) => number {
  return (input) => {
    const match = typeof input === 'string' ? /^(\d+(?:\.\d+)?)([kmg])$/i.exec(input) : null;
    const value = match === null ? 0 : Math.round(Number(match[1]) * (BYTES[match[2]?.toLowerCase() ?? ''] ?? 0));
    return value >= least && Number.isSafeInteger(value) ? value : fail(input, `a size of at least ${least / 1024 ** 2}m, like 512m or 2g`);
  };
}

const AGE_UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };

/** `3d`, `36h`, in milliseconds; 0 for `none`. */
export function age(input: unknown): number {
  if (input === null || input === 'none') return 0;
  const match = typeof input === 'string' ? /^(\d{1,5})\s*([hd])$/.exec(input.trim()) : null;
  return match === null
    ? fail(input, 'a number of hours or days, like 36h or 3d, or none')
    : Number(match[1]) * (AGE_UNITS[match[2] ?? ''] ?? 0);
}

/** One of the words. */
export function choice<const T extends string>(...words: readonly T[]): (input: unknown) => T {
  return (input) => words.find((word) => word === input) ?? fail(input, `one of ${words.join(', ')}`);
}

/** As `choice`, or null for `none`. */
export function choiceOrNone<const T extends string>(...words: readonly T[]): (input: unknown) => T | null {
  const pick = choice(...words);
  return (input) => (input === null || input === 'none' ? null : pick(input));
}

/** true or false; in the environment also 1, 0, yes, no. */
export function flag(input: unknown): boolean {
  if (input === true || input === 'true' || input === '1' || input === 'yes') return true;
  if (input === false || input === 'false' || input === '0' || input === 'no') return false;
  return fail(input, 'true or false');
}
