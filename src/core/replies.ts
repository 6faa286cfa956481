// A file out of a model's reply, whatever it was wrapped in.
import type { Stop } from './model.ts';
import type { Violation } from './plan.ts';
import { extensionOf } from './prompt-text.ts';
import { withoutReasoning } from './replies-json.ts';

export { type PlanReply, parsePlanReply } from './replies-plan.ts';

export type FileReply = { readonly text: string } | { readonly cut: string } | { readonly violations: readonly Violation[] };

/**
 * Reads one file from a reply: between `<file path="…">` and `</file>`, in a fence, or bare. A reply that was cut off gives what came
 * of the file, up to its last whole line.
 *
 * @param path the file that was asked for
 * @param stop why the reply ended
 */
export function parseFileReply(reply: string, path: string, stop: Stop): FileReply {
  if (stop === 'refusal' || stop === 'filter') return wrong(path, 'the reply was refused or filtered: reply with the file');
  const text = withoutReasoning(reply);
  const cutOff = stop === 'length' || stop === 'context';
  if (text.trim() === '') return wrong(path, cutOff ? USED_UP : 'the reply is empty');
  const tagged = fromTags(text, path);
  if (tagged && 'problem' in tagged) return wrong(path, tagged.problem);
  const block = tagged ?? fromFences(text, path);
  if ('problem' in block) return wrong(path, block.problem);
  if (!block.closed && cutOff) return cutReply(wholeLines(dropHalfTag(withoutOpening(block.text, path))), path);
  const content = tidy(tagged ? unwrapFence(block.text, path) : block.text);
  if (content === '' && !MAY_BE_EMPTY.test(path)) return wrong(path, 'the file is empty: reply with its whole text');
  return { text: content };
}

/** The reason of a reply that says that there is nothing to write (`<none>reason</none>`); null when it says no such thing. */
export function parseNone(reply: string): string | null {
  const reason = /^\s*<none>([^<]{0,2000})<\/none>\s*$/.exec(withoutReasoning(reply))?.[1]?.trim();
  return reason === undefined ? null : reason || 'no reason given';
}

const MAY_BE_EMPTY = /(^|\/)(__init__\.py|py\.typed|\.keep|\.gitkeep)$/;
const USED_UP = 'the reply was used up before the file began: think less, and reply with the file';

function cutReply(partial: string, path: string): FileReply {
  return partial.trim() === '' ? wrong(path, USED_UP) : { cut: partial };
}

interface Block {
  readonly text: string;
  readonly closed: boolean;
}

type Search = Block | { readonly problem: string };

function wrong(path: string, message: string): FileReply {
  return { violations: [{ where: path, message }] };
}

// Every repetition that could meet another of its kind is bounded, so that no reply takes more than linear time.
const OPEN = /^[ \t]*<file(?:\s{1,8}(?:\w{1,16}\s{0,8}=\s{0,8})?["']?([^"'>\n]{0,400})["']?)?\s{0,8}>[ \t]*$/;
const CLOSE = /^[ \t]*<\/file>[ \t]*$/;

/** The block between tags; null when the reply has no opening tag. */
function fromTags(text: string, path: string): Search | null {
  const lines = tagsOnOwnLines(text).split('\n');
  const blocks = tagBlocks(lines);
  const [only] = blocks;
  if (!only) return null;
  const named = blocks.filter((b) => samePath(b.path, path));
  const chosen = named.at(-1) ?? (blocks.length === 1 && mayBe(only.path, path) ? only : undefined);
  if (chosen) return chosen;
  return { problem: `the reply holds ${blocks.map((b) => b.path || 'a file without a path').join(', ')}; reply with ${path} alone` };
}

/** Breaks the line after the first opening tag and before the last closing one, where a model did not. */
function tagsOnOwnLines(text: string): string {
  const open = /^[ \t]*<file\b[^>\n]*>/m.exec(text);
  const start = open ? open.index + open[0].length : 0;
  const rest = text.slice(start);
  const broken = open && /^[ \t]*\S/.test(rest) ? `${text.slice(0, start)}\n${rest.trimStart()}` : text;
  return broken.replace(/([^\s])[ \t]*<\/file>\s*$/, '$1\n</file>');
}

function tagBlocks(lines: readonly string[]): (Block & { readonly path: string })[] {
  const blocks: (Block & { path: string })[] = [];
  for (let i = 0; i < lines.length; i++) {
    const open = OPEN.exec(lines[i] ?? '');
    if (!open) continue;
    const end = closingLine(lines, i);
    blocks.push({ path: open[1]?.trim() ?? '', text: lines.slice(i + 1, end === -1 ? undefined : end).join('\n'), closed: end !== -1 });
    if (end === -1) break;
    i = end;
  }
  return blocks;
}

/** The line that closes the tag at `start`. Tags inside the file count when they are balanced; else the last closing line is taken. */
function closingLine(lines: readonly string[], start: number): number {
  let depth = 0;
  for (let i = start; i < lines.length; i++) {
    if (OPEN.test(lines[i] ?? '')) depth++;
    else if (CLOSE.test(lines[i] ?? '') && --depth === 0) return i;
  }
  const last = lines.findLastIndex((line) => CLOSE.test(line));
  return last > start ? last : -1;
}

function samePath(a: string, b: string): boolean {
  const plain = (p: string) =>
    p
      .trim()
      .replace(/^(\.?\/)+/, '')
      .toLowerCase();
  return plain(a) === plain(b);
}

/** True when a tag's path may stand for the one asked for: none at all, or the same name. */
function mayBe(tag: string, path: string): boolean {
  return tag === '' || samePath(tag.split('/').at(-1) ?? '', path.split('/').at(-1) ?? '');
}

const FENCE = /^ {0,3}(`{3,}|~{3,})([^`\n]*)$/;

function fromFences(text: string, path: string): Search {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => FENCE.test(line));
  if (first === -1) return { text, closed: false };
  if (isMarkdown(path)) return markdownBlock(lines, first);
  const blocks = fencedBlocks(lines);
  const named = blocks.filter((b) => b.info.includes(path) || b.before.includes(path));
  const fitting = named.length > 0 ? named : fits(blocks, path);
  const [only] = fitting;
  if (only && fitting.length === 1) return only;
  return { problem: `the reply holds ${blocks.length} code blocks; reply with ${path} as one block` };
}

/** Blocks in the file's own language; all of them when there is none. */
function fits(blocks: readonly FencedBlock[], path: string): readonly FencedBlock[] {
  if (blocks.length < 2) return blocks;
  const extension = extensionOf(path);
  const names = { ts: ['typescript'], mts: ['typescript'], js: ['javascript'], mjs: ['javascript'], py: ['python'] }[extension] ?? [];
  const mine = blocks.filter(
    (b) => [extension, extension.slice(1), ...names].includes(b.info.split(/[\s:{]/)[0]?.toLowerCase() ?? '') && b.info !== '',
  );
  return mine.length > 0 ? mine : blocks;
}

/** A Markdown file has fences of its own: only a fence that is marked as Markdown, or longer than three, wraps it. */
function markdownBlock(lines: readonly string[], first: number): Search {
  const match = FENCE.exec(lines[first] ?? '');
  const ticks = match?.[1] ?? '';
  const wraps = /^\s*(markdown|md)\b/i.test(match?.[2] ?? '') || ticks.length > 3;
  if (!wraps) return { text: lines.join('\n'), closed: false };
  const end = lines.findLastIndex((line) => isBare(line, ticks));
  const closed = end > first && lines.slice(end + 1).every((line) => !FENCE.test(line));
  return { text: lines.slice(first + 1, closed ? end : undefined).join('\n'), closed };
}

type FencedBlock = Block & { readonly info: string; readonly before: string };

function fencedBlocks(lines: readonly string[]): FencedBlock[] {
  const blocks: FencedBlock[] = [];
  for (let i = 0; i < lines.length; i++) {
    const open = FENCE.exec(lines[i] ?? '');
    if (!open) continue;
    const end = closingFence(lines, i, open[1] ?? '');
    const before = lines.slice(Math.max(0, i - 2), i).join('\n');
    blocks.push({
      info: open[2]?.trim() ?? '',
      before,
      text: lines.slice(i + 1, end === -1 ? undefined : end).join('\n'),
      closed: end !== -1,
    });
    if (end === -1) break;
    i = end;
  }
  return blocks;
}

/** The line that closes a fence; a fence with a word inside opens another, and when they do not pair up the last bare one closes. */
function closingFence(lines: readonly string[], start: number, ticks: string): number {
  let depth = 1;
  for (let i = start + 1; i < lines.length; i++) {
    const match = FENCE.exec(lines[i] ?? '');
    if (!match || match[1]?.[0] !== ticks[0]) continue;
    if (match[2]?.trim()) depth++;
    else if (isBare(lines[i] ?? '', depth === 1 ? ticks : '```') && --depth === 0) return i;
  }
  const last = depth > 1 ? lines.findLastIndex((line) => isBare(line, ticks)) : -1;
  return last > start ? last : -1;
}

function isBare(line: string, ticks: string): boolean {
  const match = FENCE.exec(line);
  return match?.[2]?.trim() === '' && match[1]?.[0] === (ticks[0] ?? '`') && match[1].length >= ticks.length;
}

function isMarkdown(path: string): boolean {
  return /^(md|markdown|mdx)$/.test(extensionOf(path));
}

/** Takes off a fence that a model put inside the tags. */
function unwrapFence(text: string, path: string): string {
  const lines = text.trim().split('\n');
  const open = FENCE.exec(lines[0] ?? '');
  const ticks = open?.[1] ?? '';
  if (!open || lines.length < 2) return text;
  const marked = /^\s*(markdown|md)\b/i.test(open[2] ?? '');
  if (isMarkdown(path) && !marked) return text;
  return isBare(lines.at(-1) ?? '', ticks) ? lines.slice(1, -1).join('\n') : text;
}

/** Takes off the opening fence of a reply that was cut off inside its tags. */
function withoutOpening(text: string, path: string): string {
  const [first = '', ...rest] = text.trimStart().split('\n');
  return FENCE.test(first) && !isMarkdown(path) ? rest.join('\n') : text;
}

/** Without blank lines at both ends, with one line break at the end; empty for a file of nothing. */
function tidy(text: string): string {
  const body = text.replace(/^(?:[ \t]*\n)+/, '').trimEnd();
  return body.trim() === '' ? '' : `${body}\n`;
}

/** What is whole of a text that was cut off: up to its last line break, when there is one. */
function wholeLines(text: string): string {
  const end = text.lastIndexOf('\n');
  return end <= 0 ? text : text.slice(0, end + 1);
}

function dropHalfTag(text: string): string {
  return text.replace(/\n[ \t]*<\/?f?i?l?e?$/, '\n');
}

/** Characters that must be the same before a stretch counts as said twice. */
const OVERLAP = 16;

/**
 * Joins a file that was cut off with the rest that came later. What the rest repeats of the end is dropped; a rest that starts the
 * file anew replaces it.
 */
export function joinCut(partial: string, rest: string): string {
  const opening = leading(partial);
  if (opening.length >= OVERLAP && leading(rest) === opening) return rest;
  const most = Math.min(partial.length, rest.length, 8_000);
  for (let n = most; n >= OVERLAP; n--) {
    const repeated = rest.slice(0, n);
    if (partial.endsWith(repeated) && repeated.replace(/\s/g, '').length >= OVERLAP) return partial + rest.slice(n);
  }
  return partial + rest;
}

/** The first lines of a text, without what is blank: by them one knows the same file again. */
function leading(text: string): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, 3)
    .join('\n')
    .slice(0, 200);
}
