import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { RedgreenError } from '../core/errors.ts';
import { nearest } from './nearest.ts';
import { isKey, KEYS, type Key } from './table.ts';

const MOST_BYTES = 64 * 1024;

/** Reads a config file: settings as written, by key; null when there is none. Throws `RedgreenError('config')`. */
export async function readConfigFile(path: string, options: { readonly follow: boolean }): Promise<ReadonlyMap<Key, unknown> | null> {
  const source = await readSmall(path, options.follow);
  if (source === null) return null;
  const { parseDocument } = await import('yaml');
  let data: unknown;
  try {
    const document = parseDocument(source, { prettyErrors: true, logLevel: 'error' });
    // A warning is a tag that is not understood: in a file of data that is a mistake.
    for (const problem of [...document.errors, ...document.warnings]) throw problem;
    data = document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '').replace(/[:.]$/, '') : String(error);
    throw new RedgreenError('config', `${path} is no valid YAML: ${message}.`, { cause: error });
  }
  if (data === null || data === undefined) return new Map();
  const found = new Map<Key, unknown>();
  flatten(data, '', path, found);
  return found;
}

async function readSmall(path: string, follow: boolean): Promise<string | null> {
  try {
    // A project's file that is a link could point at anything of the user's; a FIFO would never answer.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | (follow ? 0 : constants.O_NOFOLLOW));
    const stat = await file.stat();
    if (!stat.isFile()) throw new RedgreenError('config', `${path} must be an ordinary file, not a link or folder.`);
    if (stat.size > MOST_BYTES) throw new RedgreenError('config', `${path} is larger than 64 kB; a config file holds only settings.`);
    return await file.readFile('utf8');
  } catch (error) {
    if (error instanceof RedgreenError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'ELOOP' && !follow) throw new RedgreenError('config', `${path} must be an ordinary file, not a link or folder.`);
    throw new RedgreenError('config', `${path} cannot be read (${code ?? String(error)}).`, { cause: error });
  }
}

function flatten(data: unknown, prefix: string, path: string, found: Map<Key, unknown>): void {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new RedgreenError('config', `${path} must hold settings as "name: value"${prefix === '' ? '' : ` under ${prefix}`}.`);
  }
  for (const [name, value] of Object.entries(data)) {
    const full = prefix === '' ? name : `${prefix}.${name}`;
    if (isKey(full)) found.set(full, value);
    else if (KEYS.some((known) => known.startsWith(`${full}.`))) flatten(value, full, path, found);
    else throw unknownKey(full, path);
  }
}

function unknownKey(name: string, path: string): RedgreenError {
  const groups = KEYS.flatMap((known) => (known.includes('.') ? [known.slice(0, known.indexOf('.'))] : []));
  const guess = KEYS.find((known) => known.endsWith(`.${name}`)) ?? nearest(name, [...KEYS, ...groups], 3);
  return new RedgreenError(
    'config',
    `${path} sets "${name}", which is no setting${guess === null ? '; docs/config.md lists them all.' : `; did you mean "${guess}"?`}`,
  );
}
