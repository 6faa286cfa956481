// Numbers and names as people read them.

/** `1.2 kB` from a count of characters or bytes. */
export function size(count: number): string {
  return count < 1000 ? `${count} B` : `${(count / 1000).toFixed(count < 10_000 ? 1 : 0)} kB`;
}

/** `950`, `12k`, `1.2m`. */
export function amount(count: number): string {
  if (count < 1000) return String(count);
  return count < 999_500 ? `${(count / 1000).toFixed(count < 10_000 ? 1 : 0)}k` : `${(count / 1e6).toFixed(1)}m`;
}

/** US dollars, with one more digit below ten cents. */
export function dollars(value: number): string {
  return `$${value.toFixed(value > 0 && value < 0.1 ? 3 : 2)}`;
}

/** What is spent in US dollars and how many answers nobody knows the price of: these are never taken for nothing. */
export function paid(spent: number, unpriced: number): string {
  if (unpriced === 0) return dollars(spent);
  const unknown = `${plural(unpriced, 'answer')} of unknown price`;
  return spent === 0 ? unknown : `${dollars(spent)} and ${unknown}`;
}

/** `0.4 s`, `12 s`, `3 min 5 s`, `1 h 2 min` from milliseconds. */
export function time(ms: number): string {
  if (ms < 9950) return `${Number((ms / 1000).toFixed(1))} s`;
  const s = Math.round(ms / 1000);
  if (s < 60) return `${s} s`;
  const rest = (n: number, unit: string) => (n === 0 ? '' : ` ${n} ${unit}`);
  if (s < 3600) return `${Math.floor(s / 60)} min${rest(s % 60, 's')}`;
  return `${Math.floor(s / 3600)} h${rest(Math.floor((s % 3600) / 60), 'min')}`;
}

/** `1 file`, `3 files`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
