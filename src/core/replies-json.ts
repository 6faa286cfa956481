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
  const bare = text.replace(/"(?:[^"\\]|\\[\s\S])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (t) => (t.startsWith('"') ? mendString(t) : ''));
  return bare.replace(/"(?:[^"\\]|\\[\s\S])*"|,(?=\s*[}\]])/g, (t) => (t.startsWith('"') ? t : ''));
}

function mendString(quoted: string): string {
  return quoted
    .replace(/\\([^"\\/bfnrtu])/g, (_, c: string) => (c === '\n' ? '\\n' : `\\\\${c}`))
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
