// Tests and classes of a Python test file, by their indentation.
import type { Case, Name } from './cases.ts';

const HEAD = /^([ \t]*)(?:async[ \t]+)?(class|def)[ \t]+(\w+)/;

/** The cases of a test file, in its order. */
export function pythonCases(text: string): readonly Case[] {
  const lines = text.split('\n');
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length + 1);
  const open: { readonly indent: number; readonly name: Name }[] = [];
  return lines.flatMap((line, i): readonly Case[] => {
    const [, space = '', word, name = ''] = HEAD.exec(line) ?? [];
    if (word === undefined) return [];
    while ((open.at(-1)?.indent ?? -1) >= space.length) open.pop();
    const own: Name = { exact: true, fits: (given) => given.replace(/\[.*\]$/s, '') === name };
    const chain = [...open.map((one) => one.name), own];
    open.push({ indent: space.length, name: own });
    if (word === 'def' && !/^test/i.test(name)) return [];
    const last = lastLine(lines, i, space.length);
    return [
      {
        kind: word === 'class' ? 'suite' : 'test',
        chain,
        start: (starts[i] ?? 0) + space.length,
        end: (starts[last] ?? 0) + (lines[last]?.length ?? 0),
      },
    ];
  });
}

/** The last line of the block that begins at a line: what follows is indented more, but for the closing bracket of its head. */
function lastLine(lines: readonly string[], from: number, indent: number): number {
  let last = from;
  for (let i = from + 1; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line.trim() === '') continue;
    const own = line.length - line.trimStart().length;
    if (own < indent || (own === indent && !/^\s*\)/.test(line))) break;
    last = i;
  }
  return last;
}
