// Where a block of text stands in another, strictly or with a known tolerance.
import { fuzzyPlace } from './edits-fuzzy.ts';
import { indentOf, type Shift } from './edits-indent.ts';
import { withoutEntities, withoutEscapes, withoutNumbers } from './edits-readings.ts';
import { positions } from './edits-search.ts';
import { LADDER, type Level, type Tolerance, type View, view } from './edits-view.ts';

/** `start` to `end` (UTF-16 units) of the text is what is to be replaced. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly shift: Shift | null;
}

/** Where it stands. `find` and `replace` are as they fit the tolerance; `aligned` says that each line of `find` is a line of the place. */
export interface Found {
  readonly places: readonly Place[];
  readonly tolerance: Tolerance | null;
  readonly find: string;
  readonly replace: string;
  readonly aligned: boolean;
}

/** A text and its views, which are made when they are asked for and kept. */
export interface Scene {
  readonly text: string;
  view(level: Level): View;
  /** Most places that are listed. */
  readonly most: number;
}

/** Below this many characters, letters of another case are overlooked for whole words only. */
const SHORT_FOLD = 16;

/** Makes the scene of a text. Places beyond `most` are not listed. */
export function sceneOf(text: string, most = 100): Scene {
  const views = new Map<Level, View>();
  return {
    text,
    most,
    view(level) {
      const known = views.get(level) ?? view(text, level);
      views.set(level, known);
      return known;
    },
  };
}

/** Drops blank lines from the front, at most `most`; says how many. */
function dropFront(text: string, most: number): { readonly left: string; readonly count: number } {
  let at = 0;
  let count = 0;
  for (let end = text.indexOf('\n'); end !== -1 && count < most && text.slice(at, end).trim() === ''; end = text.indexOf('\n', at)) {
    at = end + 1;
    count++;
  }
  return { left: text.slice(at), count };
}

/** Drops blank lines (or only the final line end) from the back, at most `most`; says how many. */
function dropBack(text: string, most: number): { readonly left: string; readonly count: number } {
  let end = text.length;
  let count = 0;
  for (let at = text.lastIndexOf('\n'); at > 0 && count < most && text.slice(at, end).trim() === ''; at = text.lastIndexOf('\n', end - 1)) {
    end = at;
    count++;
  }
  return { left: text.slice(0, end), count };
}

/** `find` and `replace` without the blank lines at the edges of `find`; of `replace` no more are taken than of `find`. */
function trimEdges(find: string, replace: string): { find: string; replace: string } {
  const front = dropFront(find, Number.POSITIVE_INFINITY);
  const back = dropBack(front.left, Number.POSITIVE_INFINITY);
  return { find: back.left, replace: dropBack(dropFront(replace, front.count).left, back.count).left };
}

/** Places that start and end with a line count before those inside lines. */
function preferWholeLines(chars: string, length: number, at: readonly number[]): readonly number[] {
  const whole = at.filter((i) => (i === 0 || chars[i - 1] === '\n') && (i + length === chars.length || chars[i + length] === '\n'));
  return whole.length > 0 ? whole : at;
}

function wholeWords(chars: string, length: number, at: readonly number[]): readonly number[] {
  const word = (char: string | undefined) => char !== undefined && /[\w$]/.test(char);
  return at.filter((i) => !word(chars[i - 1]) && !word(chars[i + length]));
}

function place(text: string, seen: View, at: number, length: number, level: Level, find: string): Place {
  let start = seen.from(at);
  let end = seen.to(at + length - 1);
  const stop = text.indexOf('\n', end);
  const rest = text.slice(end, stop === -1 ? text.length : stop);
  if (level.trailing && text[end - 1] !== '\n' && rest.trim() === '') end += rest.endsWith('\r') ? rest.length - 1 : rest.length;
  if (!level.indent) return { start, end, shift: null };
  const lineStart = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1;
  const inline = text.slice(lineStart, start).trim() !== '';
  const base = indentOf(text.slice(lineStart, start));
  const findLines = find.split('\n');
  const textLines = text.slice(lineStart, end).split('\n');
  const pairs: [string, string][] = [[indentOf(findLines[0] ?? ''), base]];
  if (!level.inner) {
    for (let i = 1; i < findLines.length; i++) {
      const line = findLines[i] ?? '';
      if (line.trim() !== '') pairs.push([indentOf(line), indentOf(textLines[i] ?? '')]);
    }
  }
  if (!inline) start = lineStart;
  return { start, end, shift: { pairs, inline } };
}

function tryLevel(scene: Scene, find: string, replace: string, level: Level): Found | null {
  const edged = level.edges ? trimEdges(find, replace) : { find, replace };
  const wanted = view(edged.find, level).chars;
  const weight = wanted.replace(/\s+/g, '').length;
  if (weight < level.least) return null;
  const seen = scene.view(level);
  const all = notDeeper(seen.chars, wanted, positions(seen.chars, wanted, scene.most));
  const fitting = level.fold && weight < SHORT_FOLD ? wholeWords(seen.chars, wanted.length, all) : all;
  if (fitting.length === 0) return null;
  const chosen = level.indent && !level.inner ? preferWholeLines(seen.chars, wanted.length, fitting) : fitting;
  return {
    places: chosen.map((at) => place(scene.text, seen, at, wanted.length, level, edged.find)),
    tolerance: level.tolerance,
    find: edged.find,
    replace: level.trailing && /[^\S\n]$/.test(edged.find) ? edged.replace.trimEnd() : edged.replace,
    aligned: !level.inner,
  };
}

/** Without the places that start within the indentation of a line, for a block that starts with its own: it stands deeper there, or elsewhere. */
function notDeeper(chars: string, find: string, at: readonly number[]): readonly number[] {
  if (!/^[ \t]+\S/.test(find)) return at;
  return at.filter(
    (i) => i === 0 || !/[ \t]/.test(chars.charAt(i - 1)) || chars.slice(chars.lastIndexOf('\n', i - 1) + 1, i).trim() !== '',
  );
}

function strictly(scene: Scene, find: string, replace: string): Found | null {
  const places = notDeeper(scene.text, find, positions(scene.text, find, scene.most)).map((start) => ({
    start,
    end: start + find.length,
    shift: null,
  }));
  return places.length === 0 ? null : { places, tolerance: null, find, replace, aligned: true };
}

function climb(scene: Scene, find: string, replace: string): Found | null {
  const lf = { find: find.replaceAll('\r\n', '\n'), replace: replace.replaceAll('\r\n', '\n') };
  for (const level of LADDER) {
    const found = tryLevel(scene, lf.find, lf.replace, level);
    if (found !== null) return found;
  }
  return null;
}

/** The block in another reading of its characters, which is null where that reading is the same. */
function reread(scene: Scene, find: string, replace: string, read: (text: string) => string | null, tolerance: Tolerance): Found | null {
  const bare = read(find);
  if (bare === null || bare.trim() === '') return null;
  const fitting = read(replace) ?? replace;
  const found = strictly(scene, bare, fitting) ?? climb(scene, bare, fitting);
  return found === null ? null : { ...found, tolerance };
}

/**
 * The places of `find` in the scene: byte for byte when there is any, else at the first level of the ladder that has some. Null when it is nowhere.
 * No level after one with a place is tried, so a looser reading never hides an ambiguous stricter one.
 */
export function locate(scene: Scene, find: string, replace: string): Found | null {
  return (
    strictly(scene, find, replace) ??
    reread(scene, find, replace, withoutNumbers, 'line numbers') ??
    climb(scene, find, replace) ??
    reread(scene, find, replace, withoutEscapes, 'escapes') ??
    reread(scene, find, replace, withoutEntities, 'escapes') ??
    nearly(scene, find, replace)
  );
}

function nearly(scene: Scene, find: string, replace: string): Found | null {
  const lf = trimEdges(find.replaceAll('\r\n', '\n'), replace.replaceAll('\r\n', '\n'));
  const near = fuzzyPlace(scene.text, lf.find);
  if (near === null) return null;
  const { start, end, pairs } = near;
  return { places: [{ start, end, shift: { pairs, inline: false } }], tolerance: 'small differences', ...lf, aligned: true };
}
