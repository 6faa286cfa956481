// Search-and-replace edits: where `find` stands in a text, and the text with it replaced. Strict first, then by a ladder of tolerances;
// never at a place that is not the only one.

import { reindent } from './edits-indent.ts';
import { type Found, locate, type Tolerance } from './edits-locate.ts';
import { type NearLine, nearestLines } from './edits-nearest.ts';
import { reveal, unreveal, writeOut } from './reveal.ts';

export type { Tolerance } from './edits-locate.ts';
export type { NearLine } from './edits-nearest.ts';

/** An edit that was made; `tolerance` is null when `find` stood there byte for byte, else what had to be overlooked. */
export interface Applied {
  readonly text: string;
  readonly tolerance: Tolerance | null;
}

/** An edit that was not made: why, in words for the model, and the lines that are most like `find` (none when it stands at several places). */
export interface NotApplied {
  readonly problem: string;
  readonly nearest: readonly NearLine[];
}

const BOM = '\ufeff';

/**
 * Replaces `find` by `replace` at its only place in `text`.
 * Keeps a byte order mark, CRLF line ends and what follows the last line; a replacement takes the line ends and indentation of its place.
 * Whole lines replaced by nothing go with their line end. An empty `find` fits an empty text only.
 */
export function applyEdit(text: string, find: string, replace: string): Applied | NotApplied {
  const bom = text.startsWith(BOM) ? BOM : '';
  const body = text.slice(bom.length);
  const wanted = find.startsWith(BOM) ? find.slice(1) : find;
  const given = replace.startsWith(BOM) ? replace.slice(1) : replace;
  if (wanted === given) return refused('`find` and `replace` are the same: there is nothing to change.');
  if (wanted.trim() === '' && !body.includes(wanted)) return refused('`find` is empty: give the lines that are to be replaced.');
  if (wanted === '') {
    if (body !== '') return refused('`find` is empty, but the file is not: give the lines that are to be replaced.');
    return { text: bom + given, tolerance: null };
  }
  const found = locate(body, wanted, given);
  if (found === null) return notFound(body, wanted, given);
  if (found.places.length > 1) return ambiguous(found, body);
  return { text: bom + splice(body, found), tolerance: found.tolerance };
}

/** As `applyEdit`, for a text that was shown with `reveal`: what is written out in `find` and `replace` means the characters themselves. */
export function applyShownEdit(text: string, find: string, replace: string): Applied | NotApplied {
  const shown = reveal(text);
  if (shown === text) return applyEdit(text, find, replace);
  const result = applyEdit(shown, writeOut(find), writeOut(replace));
  return 'text' in result ? { ...result, text: unreveal(result.text) } : result;
}

/** Applies edits one after the other, all or none. A refusal says which edit (from 0) it was. */
export function applyEdits(
  text: string,
  edits: readonly { readonly find: string; readonly replace: string }[],
): { readonly text: string; readonly tolerances: readonly Tolerance[] } | (NotApplied & { readonly index: number }) {
  let current = text;
  const tolerances: Tolerance[] = [];
  for (const [index, edit] of edits.entries()) {
    const result = applyEdit(current, edit.find, edit.replace);
    if ('problem' in result) return { ...result, index };
    current = result.text;
    if (result.tolerance !== null) tolerances.push(result.tolerance);
  }
  return { text: current, tolerances };
}

function refused(problem: string): NotApplied {
  return { problem, nearest: [] };
}

function ambiguous(found: Found, body: string): NotApplied {
  const lines = found.places.slice(0, 8).map((place) => lineNumber(body, place.start));
  const more = found.places.length > lines.length ? ' …' : '';
  const how = found.tolerance === null ? '' : ` (${found.tolerance} overlooked)`;
  return refused(
    `\`find\` stands at ${found.places.length} places${how}, on lines ${lines.join(', ')}${more}: give more lines around it, so that it fits only one.`,
  );
}

function notFound(body: string, find: string, replace: string): NotApplied {
  const nearest = nearestLines(body, find);
  const done = replace.trim().length >= 12 && body.replaceAll('\r\n', '\n').includes(replace.replaceAll('\r\n', '\n').trim());
  if (done) return { problem: '`find` is not in the file, but `replace` is: this edit seems to have been made already.', nearest };
  const hint = nearest.length > 0 ? ' The lines most like it are given: copy them exactly.' : ' Read the file again before the next edit.';
  return { problem: `\`find\` is not in the file.${hint}`, nearest };
}

function lineNumber(text: string, at: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i !== -1 && i < at; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

/** The line end that a replacement at `start..end` should have; null to leave it as it was given. */
function lineEnd(text: string, start: number, end: number): '\r\n' | '\n' | null {
  const region = text.slice(start, end);
  const sample = region.includes('\n') ? region : text;
  const all = sample.split('\n').length - 1;
  if (all === 0) return null;
  const windows = sample.split('\r\n').length - 1;
  if (windows === 0) return '\n';
  return windows * 2 >= all ? '\r\n' : '\n';
}

function splice(body: string, found: Found): string {
  const place = found.places[0];
  if (place === undefined) return body;
  let { start, end } = place;
  let text = found.replace;
  if (place.shift !== null) text = reindent(text, place.shift);
  const eol = lineEnd(body, start, end);
  if (eol === '\r\n') text = text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n');
  else if (eol === '\n' && found.tolerance !== null) text = text.replaceAll('\r\n', '\n');
  if (text === '' && start !== end) ({ start, end } = wholeLines(body, start, end));
  return body.slice(0, start) + text + body.slice(end);
}

/** Lines that are deleted whole take their line end with them. */
function wholeLines(body: string, start: number, end: number): { start: number; end: number } {
  const lineStart = start === 0 ? 0 : body.lastIndexOf('\n', start - 1) + 1;
  const partial = body.slice(lineStart, start).trim() !== '' || /[\r\n]/.test(body[start] ?? '') || body[end - 1] === '\n';
  if (partial) return { start, end };
  if (body.startsWith('\r\n', end)) return { start: lineStart, end: end + 2 };
  if (body.startsWith('\n', end)) return { start: lineStart, end: end + 1 };
  return { start, end };
}
