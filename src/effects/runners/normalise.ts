// Failure texts made equal on every machine: pure functions from what a runner said to what is kept and shown.
import type { Failure, Frame } from '../../core/report.ts';

/** Most characters of a failure's message. */
export const MESSAGE_LIMIT = 4_000;
/** Most characters of raw text that is looked at. */
const RAW_LIMIT = 64_000;
const FRAME_LIMIT = 20;

/** What a harness script reports of an error; every part may be empty. */
export interface RawError {
  readonly name: string;
  readonly message: string;
  /** Lines of `    at function (file:line:column)`, perhaps after a repeat of name and message. */
  readonly stack: string;
  /** More that helps: a diff, expected and actual, a cause, standard error of a crashed process. */
  readonly detail: string;
}

/**
 * Makes a Failure of a raw error.
 * `treeDir` is the tree's absolute path inside the box; paths below it become relative, frames outside it go.
 */
export function normaliseFailure(raw: RawError, treeDir: string, outside: boolean): Failure {
  const stack = clean(raw.stack, treeDir);
  const said = [headline(clean(raw.name, treeDir), clean(raw.message, treeDir)), clean(raw.detail, treeDir)].filter(
    (part) => part.trim() !== '',
  );
  const lines = said
    .join('\n')
    .split('\n')
    .filter((line) => !isFrameLine(line) && !isNoise(line));
  const text = squeeze(lines);
  const traced = stack.split('\n').filter(isFrameLine);
  const inDetail = said.join('\n').split('\n');
  const frames = collectFrames([...traced, ...inDetail]);
  const shown = [...new Set([...traced, ...inDetail.filter(isFrameLine)].flatMap((line) => shownFrame(line) ?? []))].slice(0, FRAME_LIMIT);
  const whole = [text === '' ? 'failed without a message' : text, ...shown].join('\n');
  return { message: keepEnds(whole, MESSAGE_LIMIT), frames, outside };
}

/** Removes escape sequences and invisible characters, and replaces what differs from run to run. Linear in the text's length. */
export function clean(text: string, treeDir: string): string {
  let out = text.length > RAW_LIMIT ? keepEnds(text, RAW_LIMIT) : text;
  out = stripControls(out);
  out = relativePaths(out, treeDir);
  return out
    .replace(/(?:\/private)?(?:\/tmp|\/var\/tmp|\/var\/folders\/[\w+]+\/[\w+]+\/T)\/[^\s/'"`()<>,:;]+/g, '<tmp>')
    .replace(/\/redgreen\/(harness|report)-[0-9a-f]+/g, '/redgreen/$1')
    .replace(/( at )0x[0-9a-fA-F]{6,16}\b/g, '$1<address>')
    .replace(/\b0x[0-9a-f]{12,16}\b/g, '<address>')
    .replace(/\(node:\d+\)/g, '(node:<pid>)')
    .replace(/\b(pid[ =:]{1,2})\d+/gi, '$1<pid>')
    .replace(/((?:127\.0\.0\.1|localhost|::1\]?):)(?:3[2-9]|[456]\d)\d{3}\b/g, '$1<port>')
    .replace(/\bduration_ms:? ?[\d.]+/g, 'duration_ms <time>')
    .replace(/ \(\d+(?:\.\d+)? ?m?s\)(?=\n|$)/g, '')
    .replace(/( in )\d+\.\d+s\b(?=[ =]*(?:\n|$))/g, '$1<time>');
}

/** Control, bidi and zero-width characters: escape sequences go, the rest is dropped or made visible. */
export function stripControls(text: string): string {
  return (
    text
      .replace(/\r\n?/g, '\n')
      // CSI, then OSC and the other strings up to their end, then lone escapes (ECMA-48).
      .replace(/(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,16}[@-~]/g, '')
      .replace(/(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c\n]{0,4096}(?:\u0007|\u001b\\|\u009c)?/g, '')
      .replace(/\u001b[ -/]{0,8}[0-~]?/g, '')
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
      .replace(/[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\udb40[\udc00-\udfff]/g, visible)
  );
}

function visible(character: string): string {
  return `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** Keeps the head and the tail of a text that is longer than `limit` characters. */
export function keepEnds(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const marker = `\n… ${text.length - limit} characters left out …\n`;
  const room = Math.max(0, limit - marker.length);
  const head = Math.ceil(room * 0.6);
  return text.slice(0, head) + marker + text.slice(text.length - (room - head));
}

/**
 * Paths below the tree become relative. A box's tree has a short name (`/work`) that texts under test may hold too (a route
 * `/work/items`), so there only what ends like a file name is taken for a path.
 */
function relativePaths(text: string, treeDir: string): string {
  const dir = treeDir.replace(/\/+$/, '');
  if (dir === '') return text;
  const literal = dir.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const isShort = !dir.slice(1).includes('/');
  const inUrls = text.replaceAll(`file://${dir}/`, '').replaceAll(`file://${encodeURI(dir)}/`, '');
  const below = new RegExp(`(?<![\\w./-])${literal}/${isShort ? '(?=[\\w@/%+-]{1,300}\\.\\w)' : ''}`, 'g');
  const relative = inUrls.replace(below, '');
  return isShort ? relative : relative.replace(new RegExp(`(?<![\\w./-])${literal}(?![\\w./-])`, 'g'), '.');
}

function headline(name: string, message: string): string {
  if (name === '' || message.startsWith(name)) return message;
  return message === '' ? name : `${name}: ${message}`;
}

function isFrameLine(line: string): boolean {
  return /^\s+at \S/.test(line);
}

/** Lines that only the runtime writes and that say nothing of the failure. */
function isNoise(line: string): boolean {
  return (
    /^Node\.js v\d/.test(line) ||
    /^\(Use `node --trace/.test(line) ||
    /^node:internal\//.test(line) ||
    /^ {2}code: 'ERR_TEST_FAILURE'/.test(line)
  );
}

function squeeze(lines: readonly string[]): string {
  return lines
    .join('\n')
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** A frame below the tree, as `    at function (path:line:column)`, or null. */
function shownFrame(line: string): string | null {
  const frame = frameOf(line);
  if (frame === null) return null;
  const name = /^\s+at (?:async )?([^(]{1,120}) \(/.exec(line)?.[1]?.trim();
  const column = frame.column === 0 ? '' : `:${frame.column}`;
  const place = `${frame.path}:${frame.line}${column}`;
  return name === undefined || name.startsWith('<') ? `    at ${place}` : `    at ${name} (${place})`;
}

function collectFrames(lines: readonly string[]): Frame[] {
  const found = new Map<string, Frame>();
  for (const line of lines) {
    const frame = frameOf(line);
    if (frame !== null) found.set(`${frame.path}:${frame.line}`, { path: frame.path, line: frame.line });
    if (found.size >= FRAME_LIMIT) break;
  }
  return [...found.values()];
}

/** The place that a stack line, or a line such as `src/a.ts:3`, names; null when it is none or lies outside the tree. */
function frameOf(line: string): { path: string; line: number; column: number } | null {
  const short = line.slice(0, 1_000);
  const inStack =
    /^\s+at [^(]{0,200}\(([^()]+?):(\d{1,7})(?::(\d{1,6}))?\)$/.exec(short) ??
    /^\s+at (?:async )?([^()\s]+?):(\d{1,7})(?::(\d{1,6}))?$/.exec(short);
  const match = inStack ?? /(?:^|─\[ )([\w@.+/%-]{1,300}\.(?:[cm]?[jt]sx?|py)):(\d{1,7})(?::(\d{1,6}))?(?: \])?$/.exec(short);
  if (match === null) return null;
  const path = decoded(match[1] ?? '');
  if (!isTreePath(path)) return null;
  return { path, line: Number(match[2]), column: Number(match[3] ?? 0) };
}

function isTreePath(path: string): boolean {
  if (path === '' || path.startsWith('/') || path.startsWith('<') || /^[a-z]+:/i.test(path)) return false;
  return !path.split('/').some((part) => part === 'node_modules' || part === 'site-packages' || part === '..' || part === '');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
