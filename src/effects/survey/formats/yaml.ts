import { parseJson } from './json.ts';

/** Characters: the library takes the square of the length over some hostile texts. */
const MOST = 30_000;

/** Null when it cannot be read. The library is loaded only for a text that is not JSON. */
export async function parseYaml(text: string): Promise<unknown> {
  if (text.length > MOST) return null;
  if (/^\s*\{/.test(text)) return parseJson(text);
  const { parseDocument } = await import('yaml');
  try {
    return parseDocument(text, { logLevel: 'silent' }).toJS({ maxAliasCount: 20 });
  } catch {
    return null;
  }
}
