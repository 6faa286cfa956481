// Line numbers that a listing put before the lines of a block.

const NUMBERED = /^ {0,8}(\d{1,6})(?: ?[|:→] ?|\t)/;

/** The block without the line numbers that a listing put before each of its lines; null when it is no such block. */
export function withoutNumbers(text: string): string | null {
  const lines = text.split('\n');
  let last: number | null = null;
  const bare: string[] = [];
  for (const line of lines) {
    const match = NUMBERED.exec(line);
    if (match === null) {
      if (line.trim() === '') {
        bare.push('');
        continue;
      }
      return null;
    }
    const number = Number(match[1]);
    if (last !== null && number !== last + 1) return null;
    last = number;
    bare.push(line.slice(match[0].length));
  }
  return last === null ? null : bare.join('\n');
}
