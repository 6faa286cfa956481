// What was typed on the prompt line, one JSON line each, for the user alone.
import { appendFileSync, chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Lines that are kept, and how many more may stand in the file before it is cut. */
const MOST = 1000;
const SLACK = 200;

/** The newest lines of `path`, oldest first. Never throws: a history that cannot be read is empty. */
export function readHistory(path: string): readonly string[] {
  let lines: readonly string[];
  try {
    lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
  if (lines.length > MOST + SLACK) cut(path, lines.slice(-MOST));
  return lines.slice(-MOST).flatMap(textOf);
}

/** Adds a line to `path`, which is made for its owner only. Never throws: a home that cannot be written costs the history, not the session. */
export function addToHistory(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    appendFileSync(path, `${JSON.stringify({ text: text.toWellFormed() })}\n`, { mode: 0o600 });
    chmodSync(path, 0o600);
  } catch {
    // See above.
  }
}

function cut(path: string, lines: readonly string[]): void {
  try {
    const next = `${path}.${process.pid}`;
    writeFileSync(next, `${lines.join('\n')}\n`, { mode: 0o600 });
    renameSync(next, path);
  } catch {
    // It is cut the next time.
  }
}

function textOf(line: string): readonly string[] {
  try {
    const { text } = JSON.parse(line) as { text?: unknown };
    return typeof text === 'string' && text !== '' ? [text] : [];
  } catch {
    return [];
  }
}
