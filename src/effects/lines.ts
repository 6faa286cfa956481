import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK = 1024 * 1024;

/**
 * Calls `visit` for each line of a file that ends in a newline, in order. Memory is bounded by the longest line, whatever the file's size.
 * What stands after the last newline was torn while it was written, and is passed over. Throws what `fs` throws.
 */
export function eachLine(path: string, visit: (line: string) => void): void {
  const fd = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(CHUNK);
    let parts: Buffer[] = [];
    for (let length = readSync(fd, chunk); length > 0; length = readSync(fd, chunk)) {
      let at = 0;
      for (let end = chunk.indexOf(0x0a); end !== -1 && end < length; end = chunk.indexOf(0x0a, at)) {
        const piece = chunk.subarray(at, end);
        visit((parts.length === 0 ? piece : Buffer.concat([...parts, piece])).toString('utf8'));
        parts = [];
        at = end + 1;
      }
      // A copy, because the chunk is filled again.
      if (at < length) parts.push(Buffer.from(chunk.subarray(at, length)));
    }
  } finally {
    closeSync(fd);
  }
}
