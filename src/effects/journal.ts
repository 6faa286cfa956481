// The append-only list of events of one run: a JSON line each, flushed before anything else happens.
import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { RedgreenError } from '../core/errors.ts';
import { EVENT_VERSION, type Event } from '../core/events.ts';
import type { Journal } from '../core/ports.ts';

interface Read {
  readonly events: readonly Event[];
  /** Length in bytes of the lines that are whole. */
  readonly whole: number;
}

/** The error for a line that is no event of ours. */
export function damaged(path: string, line: number, what: string, cause?: unknown): RedgreenError {
  return new RedgreenError('journal', `The journal ${path} cannot be read: line ${line} ${what}.`, { cause });
}

/** A line as a value; undefined when it is no JSON object. */
export function parseLine(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** What redgreen 0.1 wrote before: 2 without runs that go on with a branch, and without kept tests; 3 without changes of code that exists; 4 without what is lost in a crash. */
const OLD_VERSIONS: readonly unknown[] = [2, 3, 4];

/** True for the version `v` of an event that can be read, as it is or brought up to this format. */
export function isReadable(v: unknown): boolean {
  return v === EVENT_VERSION || OLD_VERSIONS.includes(v);
}

const ADDED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'run.created': { onto: null, kept: {}, mode: 'new', given: {}, check: null },
  'red.proven': { baseline: [] },
  'budget.reached': { of: 'run' },
  resumed: { lost: [] },
};

function upgraded(value: Record<string, unknown>): Record<string, unknown> {
  if (!OLD_VERSIONS.includes(value['v'])) return value;
  // What an older format does not have comes first, so that what it has stays.
  const missing = ADDED[String(value['type'])] ?? {};
  return { ...missing, ...value, v: EVENT_VERSION };
}

/** The event that stands on line `line` (from 1), of this format or brought up to it. Throws `RedgreenError('journal')`. */
export function checkEvent(path: string, line: number, written: Record<string, unknown>): Event {
  const value = upgraded(written);
  if (!isReadable(written['v'])) {
    const version = typeof value['v'] === 'number' ? `has format ${value['v']}` : 'has no format version';
    throw damaged(
      path,
      line,
      `${version}, but this redgreen reads format ${EVENT_VERSION}; use the redgreen that wrote it, or start a new run`,
    );
  }
  if (value['seq'] !== line)
    throw damaged(
      path,
      line,
      `should be event ${line} but is event ${JSON.stringify(value['seq'] ?? null)}; events are missing or were changed`,
    );
  if (typeof value['at'] !== 'number' || typeof value['type'] !== 'string') throw damaged(path, line, 'has no time or no type');
  return value as unknown as Event;
}

/** Reads what was written whole. Only the last line may be torn (a crash in the middle of a write): the effect it stands for never began. */
function read(path: string, bytes: Buffer): Read {
  const events: Event[] = [];
  let at = 0;
  for (let end = bytes.indexOf(0x0a, at); end !== -1; end = bytes.indexOf(0x0a, at)) {
    const value = parseLine(bytes.toString('utf8', at, end));
    const line = events.length + 1;
    if (value === undefined) {
      if (end + 1 === bytes.length) break;
      throw damaged(path, line, 'is no event');
    }
    events.push(checkEvent(path, line, value));
    at = end + 1;
  }
  return { events, whole: at };
}

/**
 * The events of a journal, in order. A torn last line is left out; a line of another format version, a gap in `seq` or any other damage throws
 * `RedgreenError('journal')`: a journal is never read as something that it is not.
 */
export function readJournal(path: string): readonly Event[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (thrown) {
    throw new RedgreenError('journal', `There is no readable journal at ${path}.`, { cause: thrown });
  }
  return read(path, bytes).events;
}

function openFile(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW, 0o600);
  } catch (thrown) {
    throw new RedgreenError('journal', `The journal ${path} cannot be opened for writing.`, { cause: thrown });
  }
}

/** Makes a new file's name as durable as its contents; file systems that cannot are left as they are. */
function flushFolder(dir: string): void {
  const fd = openSync(dir, 'r');
  try {
    fsyncSync(fd);
  } catch {
    // Not supported here.
  } finally {
    closeSync(fd);
  }
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}

/** A journal that is open for writing, and the events that were in it. */
export interface OpenJournal extends Journal {
  readonly events: readonly Event[];
}

/**
 * Opens a journal for appending, making it (mode 0600) when it is missing. A torn last line is cut off first.
 * `append` takes the event with the next `seq` only and returns when it is on disk. After a failed write nothing more is taken.
 * Throws `RedgreenError('journal')`.
 */
export function openJournal(path: string): OpenJournal {
  const fd = openFile(path);
  let found: Read;
  try {
    found = read(path, readFileSync(fd));
    if (fstatSync(fd).size > found.whole) ftruncateSync(fd, found.whole);
    if (found.whole === 0) flushFolder(dirname(path));
  } catch (thrown) {
    closeSync(fd);
    throw thrown;
  }
  let size = found.whole;
  let seq = found.events.length;
  let state: 'open' | 'closed' | 'broken' = 'open';

  function append(event: Event): void {
    if (state !== 'open')
      throw new RedgreenError(
        'journal',
        `The journal ${path} is ${state === 'closed' ? 'closed' : 'broken by an earlier failed write'}; nothing can be added.`,
      );
    if (event.v !== EVENT_VERSION || event.seq !== seq + 1)
      throw new RedgreenError('journal', `Event ${event.seq} (format ${event.v}) cannot follow event ${seq} in ${path}.`);
    const bytes = Buffer.from(`${JSON.stringify(event)}\n`, 'utf8');
    try {
      writeAll(fd, bytes);
      fdatasyncSync(fd);
    } catch (thrown) {
      state = 'broken';
      cutBack(fd, size);
      throw new RedgreenError(
        'journal',
        `The journal ${path} could not be written (${thrown instanceof Error ? thrown.message : thrown}); free some space and resume the run.`,
        { cause: thrown },
      );
    }
    size += bytes.length;
    seq++;
  }

  return {
    events: found.events,
    append,
    close() {
      if (state === 'closed') return;
      state = 'closed';
      closeSync(fd);
    },
  };
}

/** Takes back a half-written line where that is still possible; readers cope with it in any case. */
function cutBack(fd: number, size: number): void {
  try {
    ftruncateSync(fd, size);
  } catch {
    // The disk is full or gone: the torn line is dropped when the journal is opened again.
  }
}
