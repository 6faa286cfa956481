// Giving a replacement the indentation of the place it goes to.

/** How indentation in `find` corresponds to indentation in the text. */
export interface Shift {
  /** `[in find, in the text]`, one for each line that is not blank, the first line's first. */
  readonly pairs: readonly (readonly [string, string])[];
  /** True when the place starts inside a line, so that the first line gets no indentation. */
  readonly inline: boolean;
}

/** Columns of a tab where nothing tells. */
const TAB_WIDTH = 4;

/** The leading white space of a line. */
export function indentOf(line: string): string {
  let end = 0;
  while (line[end] === ' ' || line[end] === '\t') end++;
  return line.slice(0, end);
}

/** One answer for each indentation of `find`; only the first line's when lines disagree. */
function mapping(shift: Shift): Map<string, string> {
  const map = new Map<string, string>();
  for (const [from, to] of shift.pairs) {
    const known = map.get(from);
    if (known !== undefined && known !== to) return new Map(shift.pairs.slice(0, 1).map(([a, b]) => [a, b]));
    map.set(from, to);
  }
  return map;
}

type Convert = (extra: string) => string;

/** Turns indentation beyond what is mapped from the style of `find` into that of the text. */
function converter(map: ReadonlyMap<string, string>): Convert {
  const pairs = [...map].filter(([from, to]) => from !== '' && to !== '');
  const spacesToTabs = pairs.find(([from, to]) => /^ +$/.test(from) && /^\t+$/.test(to));
  if (spacesToTabs !== undefined) {
    const width = Math.max(1, Math.round(spacesToTabs[0].length / spacesToTabs[1].length));
    return (extra) => (/^ +$/.test(extra) ? '\t'.repeat(Math.round(extra.length / width)) : extra);
  }
  const tabsToSpaces = pairs.find(([from, to]) => /^\t+$/.test(from) && /^ +$/.test(to));
  if (tabsToSpaces !== undefined) {
    const width = Math.max(1, Math.round(tabsToSpaces[1].length / tabsToSpaces[0].length) || TAB_WIDTH);
    return (extra) => (/^\t+$/.test(extra) ? ' '.repeat(extra.length * width) : extra);
  }
  return (extra) => extra;
}

function shifted(indent: string, map: ReadonlyMap<string, string>, convert: Convert): string {
  const known = map.get(indent);
  if (known !== undefined) return known;
  const keys = [...map.keys()].sort((a, b) => b.length - a.length);
  const prefix = keys.find((key) => indent.startsWith(key));
  if (prefix !== undefined) return (map.get(prefix) ?? '') + convert(indent.slice(prefix.length));
  // Less indented than every line of `find`: take as much away in the text.
  const nearest = keys.at(-1) ?? '';
  const target = map.get(nearest) ?? '';
  return nearest.startsWith(indent) ? target.slice(0, Math.max(0, target.length - convert(nearest.slice(indent.length)).length)) : indent;
}

/** `text` (LF line ends) with each line's indentation moved from where `find` had it to where the text has it; blank lines become empty. */
export function reindent(text: string, shift: Shift): string {
  const map = mapping(shift);
  const convert = converter(map);
  const lines = text.split('\n').map((line, i) => {
    const indent = indentOf(line);
    const rest = line.slice(indent.length);
    if (rest === '' || rest === '\r') return '';
    return (shift.inline && i === 0 ? '' : shifted(indent, map, convert)) + rest;
  });
  return lines.join('\n');
}
