// One digest for all that is installed, so that a proof can say with what it was made, and notice when that changed since.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Files that are read at a time. */
const AT_ONCE = 16;

/**
 * The digest `dirHash` of in-toto's DigestSet (spec/v1/digest_set.md) over the plain files of `folder`, in lower-case hex: sha256 over the lines
 * that sha256sum would print, sorted by path.
 */
export async function dirHash(folder: string): Promise<string> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const bytes = paths.map((path) => [Buffer.from(path, 'utf8'), path] as const).sort(([a], [b]) => Buffer.compare(a, b));
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += AT_ONCE) {
    const some = bytes.slice(at, at + AT_ONCE);
    lines.push(...(await Promise.all(some.map(async ([, path]) => `${sha256(await readFile(join(folder, path)))}  ${path}\n`))));
  }
  return sha256(lines.join(''));
}

function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}
