// The parts of a long text that matter, by lines.

/** Lines before and after a place that stands in no block. */
const AROUND = 3;
/** Longest block shown whole; of a longer one its head and what is around the place. */
const LONGEST = 70;
/** Lines of a longer block that is named itself. */
const HEAD = 24;
/** Lines of comments and decorators that belong to what is below them. */
const ABOVE = 10;
/** Lines left out that are cheaper shown than named. */
const GAP = 2;

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Lines with their numbers, so that they can be named but not mistaken for text. `from` is the number of the first. */
export function numbered(lines: readonly string[], from: number): string {
  return lines.map((line, i) => `${String(from + i).padStart(4)} ${line}`).join('\n');
}

/**
 * The blocks (functions, test cases) around some lines of a text, as numbered lines with a mark where lines are left out.
 *
 * @param at line numbers from 1, the most important first: those that do not fit are left out
 * @param characters the most that is given
 */
export function excerpt(text: string, at: readonly number[], characters: number): string {
  const lines = text.split('\n');
  const chosen: Range[] = [];
  let left = characters;
  for (const range of at.flatMap((line) => blockAround(lines, line))) {
    if (chosen.some((c) => c.from <= range.from && range.to <= c.to)) continue;
    const cost = lines.slice(range.from - 1, range.to).reduce((n, line) => n + line.length + 6, 0);
    if (cost > left && chosen.length > 0) continue;
    chosen.push(range);
    left -= cost;
  }
  const shown = merged(chosen).map(({ from, to }) => numbered(lines.slice(from - 1, to), from));
  const whole = shown.join('\n   …\n');
  return whole.length <= characters * 1.2 ? whole : `${whole.slice(0, characters)}\n   …`;
}

/** The block that a line opens or stands in, with the comments above it. */
function blockAround(lines: readonly string[], line: number): readonly Range[] {
  if (line < 1 || line > lines.length) return [];
  const start = headerOf(lines, line);
  if (start === null) return [{ from: Math.max(1, line - AROUND), to: Math.min(lines.length, line + AROUND) }];
  const end = endOf(lines, start);
  const from = withComments(lines, start);
  if (end - start <= LONGEST) return [{ from, to: end }];
  if (line === start) return [{ from, to: start + HEAD }];
  if (line - start <= LONGEST / 2) return [{ from, to: start + LONGEST }];
  const half = Math.floor(LONGEST / 3);
  return [
    { from: line - half, to: Math.min(end, line + half) },
    { from, to: start },
  ];
}

/** The line that opens the block of `line`: itself where the next line is further in, else the nearest one above that is further out. */
function headerOf(lines: readonly string[], line: number): number | null {
  const own = indentOf(lines[line - 1]) ?? 0;
  const next = lines.slice(line).find((text) => text.trim() !== '');
  if ((indentOf(next) ?? 0) > own) return line;
  for (let at = line - 1; at >= 1; at--) {
    const indent = indentOf(lines[at - 1]);
    if (indent !== null && indent < own && !/^\s*[)\]}]+[;,]?\s*$/.test(lines[at - 1] ?? '')) return at;
  }
  return null;
}

function endOf(lines: readonly string[], start: number): number {
  const indent = indentOf(lines[start - 1]) ?? 0;
  for (let at = start + 1; at <= lines.length; at++) {
    const own = indentOf(lines[at - 1]);
    if (own === null || own > indent) continue;
    // `} else {` and `): void {` go on with the block.
    if (/^\s*[)\]}].*[{(:]\s*$/.test(lines[at - 1] ?? '')) continue;
    return /^\s*(?:[)\]}]|end\b)/.test(lines[at - 1] ?? '') ? at : lastFilled(lines, at - 1);
  }
  return lastFilled(lines, lines.length);
}

function lastFilled(lines: readonly string[], at: number): number {
  let last = at;
  while (last > 1 && (lines[last - 1] ?? '').trim() === '') last--;
  return last;
}

function withComments(lines: readonly string[], start: number): number {
  let from = start;
  while (from > 1 && start - from < ABOVE && /^\s*(?:\/\/|\/?\*|#|@|"""|--)/.test(lines[from - 2] ?? '')) from--;
  return from;
}

function indentOf(line: string | undefined): number | null {
  if (line === undefined || line.trim() === '') return null;
  return line.replaceAll('\t', '    ').search(/\S/);
}

function merged(ranges: readonly Range[]): readonly Range[] {
  const sorted = [...ranges].sort((a, b) => a.from - b.from);
  const all: Range[] = [];
  for (const range of sorted) {
    const last = all.at(-1);
    if (last !== undefined && range.from <= last.to + 1 + GAP) all[all.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else all.push(range);
  }
  return all;
}
