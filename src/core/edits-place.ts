// Where the hunks of an edit go: each at its only place, or refused with the reason.
import { elidedParts } from './edits-elided.ts';
import { indentOf } from './edits-indent.ts';
import { type Found, locate, type Place, type Scene } from './edits-locate.ts';
import { type NearLine, nearestLines } from './edits-nearest.ts';

/** One change to a text. */
export interface Hunk {
  readonly find: string;
  readonly replace: string;
  /** Every place is replaced instead of the only one. */
  readonly all?: boolean;
  /** `find` stays, and `replace` is put before or after it as lines of its own. With an empty `find` the place is `line` (`after` 0 is the top, infinity the end). */
  readonly insert?: 'before' | 'after';
  /** The line (from 1) where `find` is said to start in the text as it was: decides between places that are alike. */
  readonly line?: number;
  /** Lines that stand before the place, in this order: it is the first one after them. */
  readonly under?: readonly string[];
  /** The place is the end of the text. */
  readonly atEnd?: boolean;
  /** The replacement is whole lines: where it ends the text, the text ends with a line end. */
  readonly endsLine?: boolean;
  /** How many lines of context `find` and `replace` start and end with, of which the outermost may be wrong. */
  readonly context?: readonly [number, number];
}

/** An edit that was not made: why, in words for the model, and the lines that are most like `find` (none when it stands at several places). */
export interface NotApplied {
  readonly problem: string;
  readonly nearest: readonly NearLine[];
}

export interface Change {
  readonly found: Found;
  readonly place: Place;
}

/** Where a hunk may go; the changes of one candidate are made together. */
export type Candidates = { readonly found: Found; readonly places: readonly Place[]; readonly also: readonly Change[] } | NotApplied;

/** Lines of outer context that may be wrong, as `patch` has it. */
const MOST_FUZZ = 2;

export function refused(problem: string): NotApplied {
  return { problem, nearest: [] };
}

/** Where a hunk may go. More than one place is returned only where an order of hunks may still decide. */
export function candidates(scene: Scene, hunk: Hunk): Candidates {
  if (hunk.find.trim() === '' && !scene.text.includes(hunk.find))
    return refused('`find` is empty: give the lines that are to be replaced.');
  if (hunk.find === '') return withoutFind(scene.text, hunk);
  if (hunk.find === hunk.replace && hunk.insert === undefined)
    return refused('`find` and `replace` are the same: there is nothing to change.');
  const found = locate(scene, hunk.find, hunk.replace) ?? withLessContext(scene, hunk);
  if (found === null) return elided(scene, hunk) ?? notFound(scene.text, hunk);
  const under = hunk.under ?? [];
  const below = under.length === 0 ? found.places : firstBelow(scene.text, found.places, under);
  if (below === null) return refused(`The line \`${under.join('` … `')}\`, under which the change is to be, is not in the file.`);
  const ending = hunk.atEnd === true ? atTheEnd(scene.text, below) : below;
  if (ending.length === 0) return notFound(scene.text, hunk);
  const inserted = hunk.insert === undefined ? found : { ...found, find: '', aligned: false };
  return { found: inserted, places: pick(scene.text, ending, hunk), also: [] };
}

function pick(text: string, places: readonly Place[], { line, insert, find }: Hunk): readonly Place[] {
  const hinted = line === undefined || places.length < 2 ? [] : places.filter((place) => lineNumber(text, place.start) === line);
  const chosen = hinted.length === 1 ? hinted : places;
  return insert === undefined ? chosen : chosen.map((place) => beside(text, place, insert, find));
}

/** The empty place beside a place: before its first line or after its last; what is put there gets the indentation of the first. */
function beside(text: string, place: Place, insert: 'before' | 'after', find: string): Place {
  const lineStart = place.start === 0 ? 0 : text.lastIndexOf('\n', place.start - 1) + 1;
  const pairs = place.shift?.pairs ?? [[indentOf(find), indentOf(text.slice(lineStart))] as const];
  const shift = { pairs, inline: false };
  if (insert === 'before') return { start: lineStart, end: lineStart, shift };
  const newline = place.end > 0 && text[place.end - 1] === '\n' ? place.end - 1 : text.indexOf('\n', place.end);
  const at = newline === -1 ? text.length : newline + 1;
  return { start: at, end: at, shift };
}

function withoutFind(text: string, { replace, insert, line }: Hunk): Candidates {
  const at = (start: number): Candidates => ({
    found: { places: [], tolerance: null, find: '', replace, aligned: false },
    places: [{ start, end: start, shift: null }],
    also: [],
  });
  if (insert === undefined || line === undefined) {
    if (text === '' && replace !== '') return at(0);
    const what =
      text === '' ? 'and so is `replace`: there is nothing to change' : 'but the file is not: give the lines that are to be replaced';
    return refused(`\`find\` is empty, ${what}.`);
  }
  const lines = text.split('\n');
  const count = text.endsWith('\n') || text === '' ? lines.length - 1 : lines.length;
  const before = insert === 'after' ? line : line - 1;
  if (before === Number.POSITIVE_INFINITY) return at(text.length);
  if (before < 0 || before > count) return refused(`There is no line ${line} to insert at: the file has ${count} lines.`);
  return at(lines.slice(0, before).reduce((sum, each) => sum + each.length + 1, 0));
}

function withLessContext(scene: Scene, hunk: Hunk): Found | null {
  const [front, back] = hunk.context ?? [0, 0];
  for (let fuzz = 1; fuzz <= Math.min(MOST_FUZZ, Math.max(front, back)); fuzz++) {
    const from = Math.min(fuzz, front);
    const to = Math.min(fuzz, back);
    const inner = (text: string): string => {
      const lines = text.split('\n');
      return lines.slice(from, lines.length - to).join('\n');
    };
    const find = inner(hunk.find);
    if (find.replace(/\W+/g, '').length < 8) return null;
    const found = locate(scene, find, inner(hunk.replace));
    if (found !== null) return { ...found, tolerance: 'outer context' };
  }
  return null;
}

/** A block with lines left out: its parts, where they stand in this order at one place each. */
function elided(scene: Scene, hunk: Hunk): Candidates | null {
  const parts = elidedParts(hunk.find, hunk.replace);
  if (parts === null) return null;
  const found = parts.map((part) => locate(scene, part.find, part.replace));
  const chosen = inOrder(found.map((each) => each?.places ?? []));
  const changes = found.flatMap((each, i) => {
    const place = chosen[i]?.[0];
    return each === null || place === undefined || chosen[i]?.length !== 1
      ? []
      : [{ found: { ...each, tolerance: 'elided lines' as const }, place }];
  });
  const [first, ...also] = changes.filter(({ found: { find, replace } }) => find !== replace);
  return changes.length === parts.length && first !== undefined ? { found: first.found, places: [first.place], also } : null;
}

/** Of each list of places those that leave a place for every other list when all stand one after the other. */
export function inOrder(lists: readonly (readonly Place[])[]): readonly (readonly Place[])[] {
  let least = 0;
  const forward = lists.map((places) => {
    const fitting = places.filter((place) => place.start >= least);
    if (fitting.length > 0) least = Math.min(...fitting.map((place) => place.end));
    return fitting;
  });
  let most = Number.POSITIVE_INFINITY;
  return forward
    .toReversed()
    .map((places) => {
      const fitting = places.filter((place) => place.end <= most);
      if (fitting.length > 0) most = Math.max(...fitting.map((place) => place.start));
      return fitting;
    })
    .toReversed();
}

/** The first place after the lines `under`; for each time that they stand in the text. Null when they do not. */
function firstBelow(text: string, places: readonly Place[], under: readonly string[]): readonly Place[] | null {
  const lines = text.split('\n');
  const starts: number[] = [];
  let at = 0;
  for (const line of lines) {
    starts.push(at);
    at += line.length + 1;
  }
  let ends = [0];
  for (const anchor of under) {
    const wanted = anchor.trim();
    const hits = lines.flatMap((line, i) => (line.trim() === wanted ? [i] : []));
    ends = [...new Set(ends.flatMap((end) => hits.filter((i) => (starts[i] ?? 0) >= end)))].map(
      (i) => (starts[i] ?? 0) + (lines[i]?.length ?? 0),
    );
    if (ends.length === 0) return null;
  }
  return [...new Set(ends.flatMap((end) => places.find((place) => place.end > end && place.start >= end) ?? []))];
}

function atTheEnd(text: string, places: readonly Place[]): readonly Place[] {
  return places.filter((place) => text.slice(place.end).trim() === '');
}

function notFound(body: string, { find, replace }: Hunk): NotApplied {
  const nearest = nearestLines(body, find);
  const done = replace.trim().length >= 12 && body.replaceAll('\r\n', '\n').includes(replace.replaceAll('\r\n', '\n').trim());
  if (done) return { problem: '`find` is not in the file, but `replace` is: this edit seems to have been made already.', nearest };
  const hint = nearest.length > 0 ? ' The lines most like it are given: copy them exactly.' : ' Read the file again before the next edit.';
  return { problem: `\`find\` is not in the file.${hint}`, nearest };
}

/** Says that a hunk fits several places. */
export function ambiguous(found: Found, places: readonly Place[], body: string): NotApplied {
  const lines = places.slice(0, 8).map((place) => lineNumber(body, place.start));
  const more = places.length > lines.length ? ' …' : '';
  const how = found.tolerance === null ? '' : ` (${found.tolerance} overlooked)`;
  return refused(
    `\`find\` stands at ${places.length} places${how}, on lines ${lines.join(', ')}${more}: give more lines around it, so that it fits only one.`,
  );
}

export function lineNumber(text: string, at: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i !== -1 && i < at; i = text.indexOf('\n', i + 1)) line++;
  return line;
}
