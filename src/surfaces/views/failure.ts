// A failure as a person reads it: what was expected and what came, and the code that it points at.
import type { Failure, Frame } from '../../core/report.ts';
import { EMPTY, type Span, type Styled, safe, safeLines, span, styled } from './styled.ts';
import { type DiffWords, pairOf } from './words-diff.ts';

/** Gives the text of a file as the tests saw it; null when there is none. */
export type TextOf = (path: string) => Promise<string | null>;

/** Lines of code before and after the one that a frame names. */
const AROUND = 3;
/** Places in the code that are shown. */
const PLACES = 5;

/** The message of a failure, with expected and actual told apart, then each place that it names with the code there. */
export async function failureLines(failure: Failure, textOf: TextOf, diffWords: DiffWords): Promise<readonly Styled[]> {
  const places = await Promise.all(failure.frames.slice(0, PLACES).map((frame) => placeLines(frame, textOf)));
  return [...messageLines(failure.message, diffWords), ...places.flat()];
}

/** Opens a difference line by line: node:assert, vitest and jest. Actual lines bear `+`, expected ones `-`. */
const OPENS = /^\s*(?:\+ actual - expected|- Expected\b|\+ Received\b)/;
const FRAME = /^\s+at \S/;

/** A message (normalised, of any runner): what was expected is green, what came is red. */
export function messageLines(message: string, diffWords: DiffWords): readonly Styled[] {
  const lines = safeLines(message);
  const out: Styled[] = [];
  let inDiff = false;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (FRAME.test(line)) inDiff = false;
    else if (OPENS.test(line)) inDiff = true;
    const pair = sides(line, lines[at + 1] ?? '', inDiff, diffWords);
    if (pair !== null) {
      out.push(...pair);
      at += 1;
    } else out.push(styled(span(line, at === 0 ? 'bad' : toneOf(line, inDiff))));
  }
  return out;
}

function toneOf(line: string, inDiff: boolean): Span['tone'] {
  if (FRAME.test(line)) return 'quiet';
  if (OPENS.test(line)) return 'strong';
  const side = sideOf(line, inDiff);
  return side === null ? 'plain' : side === 'expected' ? 'good' : 'bad';
}

function sideOf(line: string, inDiff: boolean): 'expected' | 'actual' | null {
  if (OPENS.test(line)) return null;
  if (inDiff) return line.startsWith('-') ? 'expected' : line.startsWith('+') ? 'actual' : null;
  if (/^\s*expected:?\s/i.test(line)) return 'expected';
  return /^\s*(?:received|actual):?\s/i.test(line) ? 'actual' : null;
}

/** A line of each side that follow each other: the words that differ stand out. */
function sides(first: string, second: string, inDiff: boolean, diffWords: DiffWords): readonly Styled[] | null {
  const [a, b] = [sideOf(first, inDiff), sideOf(second, inDiff)];
  if (a === null || b === null || a === b) return null;
  const [actual, expected] = a === 'actual' ? [first, second] : [second, first];
  const pair = pairOf(actual, expected, diffWords);
  if (pair === null) return null;
  const [came, wanted] = pair;
  return a === 'actual' ? [{ spans: came }, { spans: wanted }] : [{ spans: wanted }, { spans: came }];
}

async function placeLines({ path, line }: Frame, textOf: TextOf): Promise<readonly Styled[]> {
  const head = [EMPTY, styled(span(`${safe(path)}:${line}`, 'cyan'))];
  const text = await textOf(path);
  return text === null ? head : [...head, ...quote(text, line)];
}

/** The lines around `marked` (1-based) with their numbers. */
function quote(text: string, marked: number): readonly Styled[] {
  const first = Math.max(1, marked - AROUND);
  const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
  const shown = lines.slice(first - 1, marked + AROUND);
  const width = String(first + shown.length - 1).length;
  return shown.map((code, i) => {
    const number = first + i;
    const isMarked = number === marked;
    const gutter = `${isMarked ? '>' : ' '} ${String(number).padStart(width)}  `;
    return styled(span(gutter, isMarked ? 'bad' : 'quiet'), span(safe(code), isMarked ? 'strong' : 'plain'));
  });
}
