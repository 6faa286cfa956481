// JSON out of what a model wrote around it.

export type Found = { readonly value: unknown } | { readonly problem: string };

/** Removes a byte order mark and the visible reasoning that some local models put before the reply. */
export function withoutReasoning(reply: string): string {
  const text = reply.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const closed = /^\s*<(think|thinking|reasoning)>[\s\S]*?<\/\1>/i.exec(text);
  if (closed) return text.slice(closed[0].length);
  return /^\s*<(think|thinking|reasoning)>/i.test(text) ? '' : text;
}

/**
 * Finds the JSON object in a reply: bare, in a fence, with prose around it, with trailing commas, comments or raw line breaks in
 * strings, or as the only item of an array.
 */
export function findJson(reply: string): Found {
  const text = withoutReasoning(reply).trim();
  if (text === '') return { problem: 'the reply is empty: reply with one JSON object' };
  const candidates = objectsIn(text);
  if (candidates.some((candidate) => isTooDeep(candidate.text)))
    return { problem: `the JSON is nested more than ${MAX_DEPTH} levels deep` };
  for (const candidate of candidates) {
    const value = parseLenient(candidate.text);
    if (value !== undefined) return { value };
  }
  if (candidates.length === 0) return { problem: 'the reply holds no JSON object: reply with one JSON object and nothing else' };
  const first = candidates[0];
  if (first && !first.closed)
    return { problem: 'the JSON ends before its last brace: the reply was cut off, or a quote or brace is missing' };
  return { problem: `the JSON cannot be read: ${reasonOf(first?.text ?? '')}` };
}

/** Levels of braces and brackets that are read. */
const MAX_DEPTH = 64;

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      const end = stringEnd(text, i);
      if (end === -1) return false;
      i = end - 1;
    } else if (c === '{' || c === '[') {
      if (++depth > MAX_DEPTH) return true;
    } else if (c === '}' || c === ']') depth--;
  }
  return false;
}

/** Index after the string that begins at `start`; -1 when it does not end. */
function stringEnd(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
  }
  return -1;
}

interface Candidate {
  readonly text: string;
  readonly closed: boolean;
}

/** Top-level `{…}` stretches of a text, the longest first; the last may be unclosed. */
function objectsIn(text: string): Candidate[] {
  const found: Candidate[] = [];
  for (let at = text.indexOf('{'); at !== -1; ) {
    const end = closingBrace(text, at);
    found.push(end === -1 ? { text: text.slice(at), closed: false } : { text: text.slice(at, end + 1), closed: true });
    at = end === -1 ? -1 : text.indexOf('{', end + 1);
  }
  return found.sort((a, b) => b.text.length - a.text.length);
}

/** Index of the brace that closes the one at `start`, strings skipped; -1 when there is none. */
function closingBrace(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const c = text[i];
    if (inString) {
      if (c === '\\') i++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{') depth++;
    else if (c === '}' && --depth === 0) return i;
  }
  return -1;
}

function parseLenient(text: string): unknown {
  for (const attempt of [text, mendJson(text)]) {
    try {
      return JSON.parse(attempt);
    } catch {
      // The next form, or none.
    }
  }
  return undefined;
}

/** Drops comments and trailing commas outside strings, escapes raw controls inside them and mends escapes that JSON does not know. */
export function mendJson(text: string): string {
  const bare = outsideStrings(text, mendString, (at) => commentEnd(text, at));
  return outsideStrings(
    bare,
    (quoted) => quoted,
    (at) => (bare[at] === ',' && /[}\]]/.test(bare[afterSpace(bare, at + 1)] ?? '') ? at + 1 : at),
  );
}

/** The text in one pass: its strings changed by `mend`, the rest without the stretches that `skip` leads over. */
function outsideStrings(text: string, mend: (quoted: string) => string, skip: (at: number) => number): string {
  const out: string[] = [];
  for (let i = 0; i < text.length; ) {
    if (text[i] === '"') {
      const end = stringEnd(text, i);
      if (end === -1) return out.join('') + text.slice(i);
      out.push(mend(text.slice(i, end)));
      i = end;
    } else {
      const next = skip(i);
      if (next === i) out.push(text[i++] ?? '');
      else i = next;
    }
  }
  return out.join('');
}

/** Index after the comment at `at`; `at` when there is none. */
function commentEnd(text: string, at: number): number {
  if (text[at] !== '/' || (text[at + 1] !== '/' && text[at + 1] !== '*')) return at;
  const end = text[at + 1] === '/' ? text.indexOf('\n', at) : text.indexOf('*/', at + 2);
  if (end === -1) return text.length;
  return text[at + 1] === '/' ? end : end + 2;
}

function afterSpace(text: string, at: number): number {
  let i = at;
  while (i < text.length && /\s/.test(text[i] ?? '')) i++;
  return i;
}

function mendString(quoted: string): string {
  return quoted
    .replace(/\\([\s\S])/g, (pair, c: string) => (/["\\/bfnrtu]/.test(c) ? pair : c === '\n' ? '\\n' : `\\\\${c}`))
    .replace(/[\u0000-\u001f]/g, (c) => (c === '\n' ? '\\n' : c === '\t' ? '\\t' : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`));
}

function reasonOf(text: string): string {
  try {
    JSON.parse(text);
    return 'no reason';
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 300) : 'no reason';
  }
}
