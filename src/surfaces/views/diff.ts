// The diff of a run: what it has changed so far against the commit that it began with. A summary, then a page for each file.
import { GONE } from '../../core/ref.ts';
import type { State } from '../../core/state.ts';
import type { Meeting } from '../surface.ts';
import { plural } from '../words.ts';
import { type Counts, type DiffLibrary, diffFile, type FileDiff } from './diff-file.ts';
import { filesNow, type Made, unwritten } from './files.ts';
import { EMPTY, type Page, prose, type Span, type Styled, safe, span, styled } from './styled.ts';

/** Comparisons by path, kept between two looks at the same run; a file that has not changed meanwhile is not compared again. */
export type DiffMemory = Map<string, { readonly ref: string; readonly diff: FileDiff }>;

interface Compared extends Made {
  readonly diff: FileDiff;
}

/** The pages of the diff. Texts are read from the run; files as they were before are left out. */
export async function diffView(
  run: Pick<Meeting, 'read' | 'base'>,
  state: State,
  memory: DiffMemory = new Map(),
): Promise<readonly Page[]> {
  const files = (await compareAll(run, state, memory)).filter((one) => one.diff.kind !== 'same');
  return [
    { title: 'summary', lines: summary(files, state) },
    ...files.map((one) => ({ title: safe(one.path), lines: fileLines(one, state) })),
  ];
}

/** The lines that each file of the run gained and lost so far. */
export async function countLines(
  run: Pick<Meeting, 'read' | 'base'>,
  state: State,
  memory: DiffMemory,
): Promise<Readonly<Record<string, Counts>>> {
  return Object.fromEntries((await compareAll(run, state, memory)).map(({ path, diff }) => [path, diff]));
}

async function compareAll(run: Pick<Meeting, 'read' | 'base'>, state: State, memory: DiffMemory): Promise<readonly Compared[]> {
  const lib = await import('diff');
  return Promise.all(filesNow(state).map(async (made) => ({ ...made, diff: await compare(run, state, made, memory, lib) })));
}

async function compare(
  run: Pick<Meeting, 'read' | 'base'>,
  state: State,
  made: Made,
  memory: DiffMemory,
  lib: DiffLibrary,
): Promise<FileDiff> {
  const known = memory.get(made.path);
  if (known?.ref === made.ref) return known.diff;
  const [before, after] = await Promise.all([run.base(made.path), made.ref === GONE ? null : run.read(made.ref)]);
  const isUnreadable = before === null && state.run?.base.files.includes(made.path) === true;
  const diff: FileDiff = isUnreadable
    ? {
        kind: 'changed',
        added: 0,
        removed: 0,
        lines: [styled(span('What was there before is no text or too large, so the two are not compared.', 'quiet'))],
      }
    : diffFile(made.path, before, after, lib);
  memory.set(made.path, { ref: made.ref, diff });
  return diff;
}

function fileLines({ path, diff, ...made }: Compared, state: State): readonly Styled[] {
  const words = [diff.kind, ...(made.kind === 'source' ? [] : [made.kind]), ...(isLocked(path, state) ? ['locked'] : [])].join(', ');
  return [styled(span(safe(path), 'strong'), span(`  ${words}  `, 'quiet'), ...counts(diff)), EMPTY, ...diff.lines];
}

function isLocked(path: string, state: State): boolean {
  return state.tests[path]?.status === 'frozen';
}

function summary(files: readonly Compared[], state: State): readonly Styled[] {
  return [...changes(files, state), ...missing(unwritten(state))];
}

function changes(files: readonly Compared[], state: State): readonly Styled[] {
  if (files.length === 0) return [styled(span('Nothing is changed so far.', 'quiet'))];
  const total = { added: sum(files, 'added'), removed: sum(files, 'removed') };
  const width = Math.max(...files.map((one) => countText(one.diff).length));
  return [
    styled(span(plural(files.length, 'file'), 'strong'), span('  '), ...counts(total)),
    EMPTY,
    ...files.map(({ path, kind, diff }) =>
      prose(
        width + 12,
        span(' '.repeat(width - countText(diff).length)),
        ...counts(diff),
        span(`  ${diff.kind.padEnd(8)}  `, 'quiet'),
        span(safe(path)),
        ...mark(kind, path, state),
      ),
    ),
  ];
}

function missing(paths: readonly string[]): readonly Styled[] {
  if (paths.length === 0) return [];
  return [
    EMPTY,
    styled(span(`not written yet: ${plural(paths.length, 'file')}`, 'quiet')),
    ...paths.map((path) => styled(span(`  ${safe(path)}`, 'quiet'))),
  ];
}

function mark(kind: Made['kind'], path: string, state: State): readonly Span[] {
  if (kind === 'source') return [];
  return [span(`  ${kind}${isLocked(path, state) ? ', locked' : ''}`, 'quiet')];
}

function sum(files: readonly Compared[], side: 'added' | 'removed'): number {
  return files.reduce((count, one) => count + one.diff[side], 0);
}

type Lines = Pick<FileDiff, 'added' | 'removed'>;

function countText({ added, removed }: Lines): string {
  return `+${added} -${removed}`;
}

function counts({ added, removed }: Lines): readonly Span[] {
  return [span(`+${added}`, added > 0 ? 'good' : 'quiet'), span(' '), span(`-${removed}`, removed > 0 ? 'bad' : 'quiet')];
}
