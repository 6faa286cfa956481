// Edits of a text by hunks: where `find` stands, and the text with it replaced. Strict first, then by a ladder of tolerances;
// never at a place that is not the only one, and all hunks of a text or none.
import { type Found, type Place, sceneOf } from './edits-locate.ts';
import {
  ambiguous,
  type Candidates,
  type Change,
  candidates,
  type Hunk,
  inOrder,
  lineNumber,
  type NotApplied,
  refused,
} from './edits-place.ts';
import { spliceAll } from './edits-splice.ts';
import type { Tolerance } from './edits-view.ts';
import { reveal, unreveal, writeOut } from './reveal.ts';

export type { NearLine } from './edits-nearest.ts';
export type { Hunk, NotApplied } from './edits-place.ts';
export type { Tolerance } from './edits-view.ts';

/** An edit that was made; `tolerance` is null when `find` stood there byte for byte, else what had to be overlooked. */
export interface Applied {
  readonly text: string;
  readonly tolerance: Tolerance | null;
}

/** A hunk that could not be placed, by its index from 0. */
export interface FailedHunk extends NotApplied {
  readonly index: number;
}

/** All hunks made; or none, with what each of the failed ones lacks and which ones would have fitted. */
export type HunksResult =
  | { readonly text: string; readonly tolerances: readonly Tolerance[] }
  | { readonly failed: readonly FailedHunk[]; readonly ok: readonly number[] };

const BOM = '\ufeff';

/**
 * Replaces `find` by `replace` at its only place in `text`.
 * Keeps a byte order mark, CRLF line ends and what follows the last line; a replacement takes the line ends and indentation of its place, and
 * lines that it shares with `find` stay byte for byte. Whole lines replaced by nothing go with their line end. An empty `find` fits an empty text only.
 */
export function applyEdit(text: string, find: string, replace: string): Applied | NotApplied {
  const result = applyHunks(text, [{ find, replace }]);
  if ('text' in result) return { text: result.text, tolerance: result.tolerances[0] ?? null };
  const [failed] = result.failed;
  return failed === undefined ? refused('The edit was not made.') : { problem: failed.problem, nearest: failed.nearest };
}

/** As `applyEdit`, for a text that was shown with `reveal`: what is written out in `find` and `replace` means the characters themselves. */
export function applyShownEdit(text: string, find: string, replace: string): Applied | NotApplied {
  const shown = reveal(text);
  if (shown === text) return applyEdit(text, find, replace);
  const result = applyEdit(shown, writeOut(find), writeOut(replace));
  return 'text' in result ? { ...result, text: unreveal(result.text) } : result;
}

/** As `applyHunks`, for a text that was shown with `reveal`. */
export function applyShownHunks(text: string, hunks: readonly Hunk[], order: Order = 'free'): HunksResult {
  const shown = reveal(text);
  if (shown === text) return applyHunks(text, hunks, order);
  const written = hunks.map((hunk) => ({ ...hunk, find: writeOut(hunk.find), replace: writeOut(hunk.replace) }));
  const result = applyHunks(shown, written, order);
  return 'text' in result ? { ...result, text: unreveal(result.text) } : result;
}

/** `free`: each hunk is placed in what the ones before it made of the text. `ordered`: all are placed in the text as it is, one below the other (a diff). */
export type Order = 'free' | 'ordered';

/** Makes every hunk or none. */
export function applyHunks(text: string, hunks: readonly Hunk[], order: Order = 'free'): HunksResult {
  const bom = text.startsWith(BOM) ? BOM : '';
  const bare = hunks.map((hunk) => ({ ...hunk, find: withoutBom(hunk.find), replace: withoutBom(hunk.replace) }));
  const result = order === 'ordered' ? applyOrdered(text.slice(bom.length), bare) : applyFreely(text.slice(bom.length), bare);
  return 'text' in result ? { ...result, text: bom + result.text } : result;
}

function withoutBom(text: string): string {
  return text.startsWith(BOM) ? text.slice(1) : text;
}

function applyFreely(text: string, hunks: readonly Hunk[]): HunksResult {
  let current = text;
  const grown: { line: number; by: number }[] = [];
  const outcome = outcomes();
  for (const [index, hunk] of hunks.entries()) {
    const scene = sceneOf(current, hunk.all === true ? Number.POSITIVE_INFINITY : undefined);
    const changes = chosen(candidates(scene, moved(hunk, grown)), hunk, current);
    if ('problem' in changes) {
      outcome.failed.push({ ...changes, index });
      continue;
    }
    const next = spliceAll(current, changes);
    const by = next.split('\n').length - current.split('\n').length;
    if (by !== 0) grown.push({ line: lineNumber(current, changes[0]?.place.start ?? 0), by });
    current = next;
    outcome.made(index, changes);
  }
  return outcome.result(current);
}

/** A hunk whose line number is as the hunks before it have moved it. */
function moved(hunk: Hunk, grown: readonly { readonly line: number; readonly by: number }[]): Hunk {
  if (hunk.line === undefined) return hunk;
  return { ...hunk, line: grown.reduce((line, step) => (step.line < line ? line + step.by : line), hunk.line) };
}

function applyOrdered(text: string, hunks: readonly Hunk[]): HunksResult {
  const scene = sceneOf(text);
  const all = hunks.map((hunk) => candidates(scene, hunk));
  const fitting = inOrder(all.map((each) => ('places' in each ? each.places : [])));
  const outcome = outcomes();
  const changes: Change[] = [];
  for (const [index, each] of all.entries()) {
    const hunk = hunks[index];
    if (hunk === undefined) continue;
    const places = fitting[index] ?? [];
    const narrowed = 'problem' in each || places.length === 0 ? each : { ...each, places };
    const made = chosen(narrowed, hunk, text);
    if ('problem' in made) outcome.failed.push({ ...made, index });
    else if (overlaps(changes, made))
      outcome.failed.push({ ...refused('It overlaps another change of this edit: make one of both.'), index });
    else {
      changes.push(...made);
      outcome.made(index, made);
    }
  }
  return outcome.result(outcome.failed.length > 0 ? text : spliceAll(text, changes));
}

function outcomes() {
  const failed: FailedHunk[] = [];
  const ok: number[] = [];
  const tolerances: Tolerance[] = [];
  return {
    failed,
    made(index: number, changes: readonly Change[]): void {
      ok.push(index);
      const tolerance = changes[0]?.found.tolerance ?? null;
      if (tolerance !== null) tolerances.push(tolerance);
    },
    result: (text: string): HunksResult => (failed.length === 0 ? { text, tolerances } : { failed, ok }),
  };
}

/** The places that are changed: the only one, or every one where that was asked for. */
function chosen(from: Candidates, hunk: Hunk, text: string): readonly Change[] | NotApplied {
  if ('problem' in from) return from;
  const { found, places, also } = from;
  if (hunk.all !== true && places.length > 1) return ambiguous(found, places, text);
  const changes = separate(places).map((place) => ({
    found: fitted(found, hunk, text, place),
    place,
  }));
  return [...changes, ...also];
}

/** What is inserted stands as lines of its own; a replacement of whole lines ends the text with a line end. */
function fitted(found: Found, { insert, endsLine }: Hunk, text: string, place: Place): Found {
  const atEnd = place.end === text.length && !text.endsWith('\n');
  const end = endsLine === true && atEnd && found.replace !== '' && !found.replace.endsWith('\n') ? '\n' : '';
  if (insert === undefined) return { ...found, replace: found.replace + end };
  const lines = found.replace.replace(/\r?\n$/, '');
  return { ...found, replace: atEnd && text !== '' ? `\n${lines}${end}` : `${lines}\n` };
}

/** Without the places that overlap an earlier one. */
function separate(places: readonly Place[]): readonly Place[] {
  let end = -1;
  return places.filter((place) => {
    if (place.start < end) return false;
    end = place.end;
    return true;
  });
}

function overlaps(before: readonly Change[], made: readonly Change[]): boolean {
  return made.some((a) => before.some((b) => a.place.start < b.place.end && b.place.start < a.place.end));
}
