// Other readings of a block: what a listing, a string literal or a page of markup put into it.

const NUMBERED = /^ {0,8}(\d{1,6})(?: ?[|:→] ?|\t)/;
const ESCAPE = /\\([nrt"'`\\$/])/g;
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
const ENTITY = /&(?:lt|gt|amp|quot|apos|#39|#x27|#34);/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&#34;': '"',
  '&apos;': "'",
  '&#39;': "'",
  '&#x27;': "'",
};

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

/** The block with the escapes of a string literal resolved once (a model escaped it twice); null when there are none. */
export function withoutEscapes(text: string): string | null {
  const bare = text.replace(ESCAPE, (_, char: string) => ESCAPED[char] ?? char);
  return bare === text ? null : bare;
}

/** The block with the entities of markup resolved once; null when there are none. */
export function withoutEntities(text: string): string | null {
  const bare = text.replace(ENTITY, (entity) => ENTITIES[entity] ?? entity);
  return bare === text ? null : bare;
}
