// The file of a tape: JSON Lines. A text stands once, under its sha256; a call refers to the texts it is made of.
//
//   {"kind":"tape","v":1,…}
//   {"kind":"text","ref":"<sha256>","text":"…"}
//   {"kind":"call","key":"draft/src/a.ts/1","digest":"<sha256>","request":[{"where":"message 1 (user)","texts":["<sha256>"]},…],"reply":{…}}
import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { RedgreenError } from '../core/errors.ts';
import type { ModelReply, ModelRequest } from '../core/model.ts';
import { callOf } from './models/calls.ts';
import { digestOf, keyOf, type Passage, passages, sha256 } from './tape-digest.ts';

const TAPE_VERSION = 1;

/** A recorded call, with its texts in place. */
export interface TapedCall {
  readonly key: string;
  readonly digest: string;
  readonly request: readonly Passage[];
  readonly reply: ModelReply;
}

export interface Tape {
  readonly meta: Readonly<Record<string, unknown>>;
  readonly calls: readonly TapedCall[];
  /** Refs of the texts that the file holds. */
  readonly texts: ReadonlySet<string>;
  /** Bytes of whole lines; what follows is a line that was torn when its writer died. */
  readonly wholeBytes: number;
}

interface Line {
  readonly kind?: unknown;
  readonly [name: string]: unknown;
}

interface ReplyLine extends Omit<ModelReply, 'text' | 'calls' | 'carry'> {
  readonly text: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly raw: string }[];
  readonly carry?: { readonly provider: string; readonly items: string };
}

/**
 * Reads a tape. A torn last line is passed over.
 * Throws `RedgreenError('tape.missing')` when there is no file, `'journal'` when a line before the last is damaged or the version
 * is another.
 */
export function readTape(path: string): Tape {
  const bytes = read(path);
  const wholeBytes = bytes.lastIndexOf(10) + 1;
  const texts = new Map<string, string>();
  const calls: TapedCall[] = [];
  let meta: Readonly<Record<string, unknown>> = {};
  const lines = bytes.subarray(0, wholeBytes).toString('utf8').split('\n');
  for (const [at, text] of lines.entries()) {
    if (text.trim() === '') continue;
    const line = parse(text, path, at + 1);
    if (line.kind === 'tape') meta = checked(line, path);
    else if (line.kind === 'text') texts.set(String(line['ref']), String(line['text']));
    else if (line.kind === 'call') calls.push(restore(line, texts, path, at + 1));
  }
  return { meta, calls, texts: new Set(texts.keys()), wholeBytes };
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new RedgreenError('tape.missing', `There is no readable tape at ${path}.`, { cause });
  }
}

function parse(text: string, path: string, at: number): Line {
  try {
    const line = JSON.parse(text) as unknown;
    if (typeof line === 'object' && line !== null) return line as Line;
  } catch {
    // Falls through to the error.
  }
  throw damaged(path, at);
}

function damaged(path: string, at: number): RedgreenError {
  return new RedgreenError('journal', `Line ${at} of the tape ${path} is damaged; restore the file, or record it anew.`);
}

function checked({ kind: _, v, ...meta }: Line, path: string): Record<string, unknown> {
  if (v === TAPE_VERSION) return meta;
  throw new RedgreenError('journal', `The tape ${path} has version ${String(v)}; this redgreen reads version ${TAPE_VERSION}.`);
}

function restore(line: Line, texts: ReadonlyMap<string, string>, path: string, at: number): TapedCall {
  const text = (ref: unknown): string => {
    const found = texts.get(String(ref));
    if (found === undefined) throw damaged(path, at);
    return found;
  };
  try {
    const request = line['request'] as readonly { where: string; texts: readonly string[] }[];
    const { carry, ...reply } = line['reply'] as ReplyLine;
    return {
      key: String(line['key']),
      digest: String(line['digest']),
      request: request.map(({ where, texts: refs }) => ({ where, text: refs.map(text).join('') })),
      reply: {
        ...reply,
        text: text(reply.text),
        calls: reply.calls.map((call) => callOf({ ...call, raw: text(call.raw) })),
        ...(carry ? { carry: { provider: carry.provider, items: JSON.parse(text(carry.items)) as unknown } } : {}),
      },
    };
  } catch {
    throw damaged(path, at);
  }
}

export interface TapeWriter {
  /** Writes a call and flushes it; when the promise is done it is on disk. Returns the call as it was written. */
  append(request: ModelRequest, reply: ModelReply): TapedCall;
  close(): void;
}

/** Opens a tape to append to, and makes it (and its folder) if need be. `clean` is applied to every text before it is written. */
export function openTape(
  path: string,
  meta: Readonly<Record<string, unknown>>,
  clean: (text: string) => string,
): TapeWriter & { readonly tape: Tape } {
  mkdirSync(dirname(path), { recursive: true });
  const tape: Tape = existsSync(path) ? readTape(path) : { meta, calls: [], texts: new Set(), wholeBytes: 0 };
  if (existsSync(path)) truncateSync(path, tape.wholeBytes);
  const file = openSync(path, 'a', 0o600);
  const known = new Set(tape.texts);
  let size = tape.wholeBytes;
  /** Writes whole lines or nothing: a torn line with others behind it would make the tape unreadable. */
  const write = (lines: readonly unknown[]): void => {
    const bytes = Buffer.from(lines.map((each) => `${JSON.stringify(each)}\n`).join(''), 'utf8');
    try {
      writeWhole(file, bytes);
      fsyncSync(file);
      size += bytes.length;
    } catch (cause) {
      takeBack(file, size);
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new RedgreenError('journal', `The tape ${path} could not be written (${why}); free some space and resume the run.`, { cause });
    }
  };
  if (tape.wholeBytes === 0) write([{ kind: 'tape', v: TAPE_VERSION, ...meta }]);
  return {
    tape,
    append(request, reply) {
      const texts = new Map<string, string>();
      const ref = (text: string): string => {
        const name = sha256(text);
        if (!known.has(name)) texts.set(name, text);
        return name;
      };
      const { line, call } = callLine(request, reply, clean, ref);
      write([...[...texts].map(([name, text]) => ({ kind: 'text', ref: name, text })), line]);
      for (const name of texts.keys()) known.add(name);
      return call;
    },
    close: () => closeSync(file),
  };
}

function callLine(request: ModelRequest, reply: ModelReply, clean: (text: string) => string, ref: (text: string) => string) {
  const said = passages(request, clean);
  const split = partsOf(request, clean);
  const { carry, ...rest } = reply;
  const answer = { ...rest, text: clean(reply.text), calls: reply.calls.map((call) => callOf({ ...call, raw: clean(call.raw) })) };
  const items = carry ? (JSON.parse(clean(JSON.stringify(carry.items))) as unknown) : undefined;
  const call: TapedCall = {
    key: keyOf(request),
    digest: digestOf(said),
    request: said,
    reply: { ...answer, ...(carry ? { carry: { provider: carry.provider, items } } : {}) },
  };
  const line = {
    kind: 'call',
    key: call.key,
    digest: call.digest,
    request: said.map(({ where, text }) => ({ where, texts: (split.get(where) ?? [text]).map(ref) })),
    reply: {
      ...answer,
      text: ref(answer.text),
      calls: answer.calls.map(({ id, name, raw }) => ({ id, name, raw: ref(raw) })),
      ...(carry ? { carry: { provider: carry.provider, items: ref(JSON.stringify(items)) } } : {}),
    },
  };
  return { line, call };
}

/** The parts of each user message, so that what requests share is written once. Left out where cleaning the whole differs. */
function partsOf(request: ModelRequest, clean: (text: string) => string): Map<string, string[]> {
  const parts = new Map<string, string[]>();
  for (const [at, message] of request.messages.entries()) {
    if (message.role !== 'user') continue;
    const texts = message.parts.map((part) => clean(part.text));
    if (texts.join('') === clean(message.parts.map((part) => part.text).join(''))) parts.set(`message ${at + 1} (user)`, texts);
  }
  return parts;
}

function takeBack(file: number, size: number): void {
  try {
    ftruncateSync(file, size);
  } catch {
    // A torn last line is passed over when the tape is read.
  }
}

function writeWhole(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
