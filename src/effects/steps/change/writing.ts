// Tool calls that change files: edits, whole files, patches in other agents' formats, changes by meaning.

import { applyFileEdits, type FileFailure } from '../../../core/edit-formats/apply.ts';
import { readEdits } from '../../../core/edit-formats/read.ts';
import { applyShownHunks, type Hunk } from '../../../core/edits.ts';
import { wholeText } from '../../../core/edits-whole.ts';
import { MAX_TEXT } from '../../../core/guard.ts';
import { lostLine } from '../../../core/insertions.ts';
import { oneLine } from '../../../core/prompt-text.ts';
import { reveal } from '../../../core/reveal.ts';
import { changedLines } from '../mutate.ts';
import type { Desk } from './desk.ts';
import { keep, waiting } from './pending.ts';
import { noFile, type Said, wrong } from './said.ts';

/** Files changed in one turn. */
const MOST_CHANGED = 200;
/** Lines shown around a change, and of all changes of a file. */
const AROUND = 2;
const MOST_SHOWN = 30;

/** Makes hunks in a file: all or none. `why` is given where an existing test is changed on purpose. */
export async function edit(desk: Desk, path: string, hunks: readonly Hunk[], why: string | null): Promise<Said> {
  const before = await desk.read(path);
  if (before === null) return failed(desk, noFile(path, desk));
  const kept = waiting(desk.pending, path, before, hunks);
  const together = applyShownHunks(before, [...kept, ...hunks]);
  const result = 'text' in together ? together : applyShownHunks(before, hunks);
  if ('failed' in result) {
    keep(desk.pending, path, hunks);
    return failed(desk, failureText({ path, problem: `Nothing in ${path} was changed.`, failed: result.failed }, result.ok));
  }
  desk.pending.delete(path);
  return put(desk, path, { before, text: result.text, why });
}

/** Writes a whole file; an empty one goes. */
export async function write(desk: Desk, path: string, content: string): Promise<Said> {
  const before = await desk.read(path);
  if (before === null && desk.has(path)) return failed(desk, noFile(path, desk));
  if (content === '' && !MAY_BE_EMPTY.test(path)) return remove(desk, path, before);
  return put(desk, path, { before, text: wholeText(content, before ?? ''), why: null });
}

const MAY_BE_EMPTY = /(^|\/)(__init__\.py|py\.typed|\.gitkeep)$/;

/** Makes the edits of a text in one of the formats that models were trained on. */
export async function patch(desk: Desk, text: string): Promise<Said> {
  const read = readEdits(text);
  if ('problem' in read) return failed(desk, read.problem);
  const paths = read.edits.flatMap((one) =>
    one.path === null ? [] : [one.path, ...(one.kind === 'hunks' && one.to !== null ? [one.to] : [])],
  );
  const texts = new Map(await Promise.all(paths.map(async (path) => [path, await desk.read(path)] as const)));
  const { changed, removed, failures } = applyFileEdits((path) => texts.get(path) ?? null, read.edits);
  const said: Said[] = failures.map((failure) => failed(desk, failureText(failure, [])));
  for (const [path, now] of Object.entries(changed))
    said.push(await put(desk, path, { before: texts.get(path) ?? null, text: now, why: null }));
  for (const path of removed) said.push(await remove(desk, path, texts.get(path) ?? null));
  return { text: said.map((one) => one.text).join('\n\n'), isError: said.every((one) => one.isError) };
}

/** Makes what an engine changed: all of it or, where one file may not be written, nothing. */
export async function putAll(desk: Desk, changed: Readonly<Record<string, string>>, removed: readonly string[]): Promise<Said | null> {
  const paths = [...Object.keys(changed), ...removed];
  const refusal = paths.map((path) => refusalOf(desk, path)).find((reason) => reason !== null);
  if (refusal !== undefined) return failed(desk, `nothing was changed: ${refusal}`);
  if (desk.changed.size + paths.length > MOST_CHANGED)
    return failed(desk, `nothing was changed: ${paths.length} files are more than one turn may change`);
  for (const [path, text] of Object.entries(changed)) desk.put(path, text);
  for (const path of removed) desk.put(path, null);
  return null;
}

async function remove(desk: Desk, path: string, before: string | null): Promise<Said> {
  if (before === null) return failed(desk, `${oneLine(path, 200)}: there is no such file, and \`content\` is empty`);
  const refusal = refusalOf(desk, path) ?? (await lostIn(desk, path, ''));
  if (refusal !== null) return failed(desk, refusal);
  desk.put(path, null);
  return { text: `${path} is gone` };
}

interface Wanted {
  readonly before: string | null;
  readonly text: string;
  readonly why: string | null;
}

async function put(desk: Desk, path: string, { before, text, why }: Wanted): Promise<Said> {
  const refusal = refusalOf(desk, path);
  if (refusal !== null) return failed(desk, refusal);
  if (text.length > MAX_TEXT) return failed(desk, `${path} would have ${text.length} characters; at most ${MAX_TEXT} are taken`);
  if (!desk.changed.has(path) && desk.changed.size >= MOST_CHANGED)
    return failed(desk, `${MOST_CHANGED} files are changed in this turn already`);
  if (text === before) return { text: `${path} was like that already` };
  const lost = why === null ? await lostIn(desk, path, text) : null;
  if (lost !== null) return failed(desk, lost);
  if (why !== null) desk.amended.push({ path, why: oneLine(why, 400) });
  desk.put(path, text);
  return { text: before === null ? `${path} is written` : `${path} is changed:\n${changeShown(before, text)}`.trimEnd() };
}

/** Why a test file of the base may not become `after`: it loses a line, which has to be said on purpose. */
async function lostIn(desk: Desk, path: string, after: string): Promise<string | null> {
  if (desk.kind !== 'reproduce' || [...(desk.s.change?.amended ?? []), ...desk.amended].some((one) => one.path === path)) return null;
  const base = await desk.base(path);
  const lost = base === null ? null : lostLine(base, after);
  if (lost === null) return null;
  return `${path} was there before: add to it and leave every line. Line ${lost.line} (\`${lost.text}\`) would be lost. Where the task makes an existing test wrong, use \`amend_test\`.`;
}

/** Why a path may not be written; such a touch is counted. */
function refusalOf(desk: Desk, path: string): string | null {
  const answer = desk.gate(path);
  if ('ok' in answer) return null;
  desk.refused.push(path);
  return answer.reason;
}

function failed(desk: Desk, text: string): Said {
  desk.failed = true;
  return wrong(text);
}

function failureText({ problem, failed: hunks }: FileFailure, ok: readonly number[]): string {
  const each = hunks.map(({ index, problem: why, nearest }) => {
    const near =
      nearest.length > 0 ? `\nThe nearest lines are:\n${nearest.map((l) => `${String(l.line).padStart(4)} ${l.text}`).join('\n')}` : '';
    return `edits[${index}]: ${why}${near}`;
  });
  const others =
    ok.length > 0
      ? `Send only what failed: ${ok.map((i) => `edits[${i}]`).join(', ')} fitted, and will be made with your next \`edit\` of this file.`
      : '';
  return [problem, ...each, others].filter((part) => part !== '').join('\n');
}

/** The lines that are new, with a few around them, numbered. */
function changeShown(before: string, after: string): string {
  const lines = reveal(after).split('\n');
  const near = new Set(changedLines(before, after).flatMap((n) => Array.from({ length: AROUND * 2 + 1 }, (_, i) => n - AROUND + i)));
  const shown = [...near].filter((n) => n >= 1 && n <= lines.length).sort((a, b) => a - b);
  const text = shown.slice(0, MOST_SHOWN).map((n, i) => {
    const gap = i > 0 && shown[i - 1] !== n - 1 ? '   …\n' : '';
    return `${gap}${String(n).padStart(4)} ${lines[n - 1] ?? ''}`;
  });
  return `${text.join('\n')}${shown.length > MOST_SHOWN ? '\n   …' : ''}`;
}
