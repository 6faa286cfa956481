// What redgreen wrote at the end of a commit's message: git-interpret-trailers(1).
import { oneLine } from './sanitise.ts';

/** Redgreen's own trailers of a message by key, each with every value that it has there; only the last paragraph counts. */
export function trailersOf(message: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const last = message.trimEnd().slice(-20_000).split(/\n[ \t]*\n/).at(-1) ?? '';
  for (const line of last.split('\n')) {
    const [, key, value] = /^(Redgreen-[A-Za-z]{1,20}):[ \t]*(.{0,400})/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) found.set(key, [...(found.get(key) ?? []), oneLine(value, 400)]);
  }
  return found;
}
