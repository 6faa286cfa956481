// Follows a file that a boxed process writes. For the eye only: what is too much or too fast is left out, and nothing here ever throws.
import { closeSync, constants, openSync, readSync } from 'node:fs';

/** Milliseconds between two looks. */
const LOOK_MS = 150;
/** Most bytes of one look, of one line, and of all. */
const LOOK_BYTES = 128 * 1024;
const LINE_BYTES = 64 * 1024;
const ALL_BYTES = 4 * 1024 * 1024;

const NEWLINE = 0x0a;

/**
 * Hands over each whole line that is added to the file at `path`, which must be there and ours, until the returned function is called.
 * The file is opened once: what a boxed process puts in its place is not looked at.
 */
export function followLines(path: string, onLine: (line: string) => void): () => void {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return () => undefined;
  }
  const split = splitter(onLine);
  const buffer = Buffer.allocUnsafe(LOOK_BYTES);
  let at = 0;
  const look = () => {
    try {
      const count = readSync(fd, buffer, 0, LOOK_BYTES, at);
      at += count;
      split(buffer.subarray(0, count));
      if (at >= ALL_BYTES) clearInterval(timer);
    } catch {
      clearInterval(timer);
    }
  };
  const timer = setInterval(look, LOOK_MS).unref();
  return () => {
    clearInterval(timer);
    closeSync(fd);
  };
}

/** Cuts bytes into lines; those that are too long are dropped. */
function splitter(onLine: (line: string) => void): (bytes: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let isTooLong = false;
  return (bytes) => {
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([rest, bytes.subarray(from, end)]);
      if (!isTooLong && line.length <= LINE_BYTES) onLine(line.toString('utf8'));
      rest = Buffer.alloc(0);
      isTooLong = false;
      from = end + 1;
    }
    isTooLong ||= rest.length + bytes.length - from > LINE_BYTES;
    rest = isTooLong ? Buffer.alloc(0) : Buffer.concat([rest, bytes.subarray(from)]);
  };
}
