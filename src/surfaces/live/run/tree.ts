// The plan as a tree, by folder; where it has no room, what is active as a list, and the rest counted.
import { oneLine, columns as widthOf } from '../../../core/sanitise.ts';
import type { Tint } from '../../views/styled.ts';
import { keepEnd, type Pieces, padText } from '../paint/paint-spans.ts';
import type { Symbols } from '../paint/symbols.ts';
import { FILE_STATES, type FileRow, type FileState } from './tree-files.ts';

const TONES: Readonly<Record<FileState, Tint>> = {
  planned: 'quiet',
  drafting: 'cyan',
  drafted: 'plain',
  checked: 'plain',
  failing: 'bad',
  done: 'good',
};
/** Said of a file that nothing else is said of. */
const WORDS: Readonly<Record<FileState, string>> = {
  planned: '',
  drafting: '',
  drafted: 'drafted',
  checked: 'checked',
  failing: 'failing',
  done: 'done',
};

/** Columns of a live size, so that what streams in stands in a column of its own. */
const SIZE = 8;

/** Lines that the whole tree takes. */
export function treeHeight(files: readonly FileRow[]): number {
  return foldersOf(files).reduce((sum, [folder, inside]) => sum + inside.length + (isHeaded(folder, inside) ? 1 : 0), 0);
}

/** The files in at most `most` lines of `columns`. */
export function treeRows(files: readonly FileRow[], symbols: Symbols, columns: number, most: number): readonly Pieces[] {
  if (most < 1 || files.length === 0) return [];
  return treeHeight(files) <= most ? wholeTree(files, symbols, columns) : active(files, symbols, columns, most);
}

function wholeTree(files: readonly FileRow[], symbols: Symbols, columns: number): readonly Pieces[] {
  const folders = foldersOf(files);
  const headed = new Set(folders.filter(([folder, inside]) => isHeaded(folder, inside)).map(([folder]) => folder));
  const name = (file: FileRow) => (headed.has(folderOf(file.path)) ? `  ${file.path.slice(folderOf(file.path).length)}` : file.path);
  const width = nameWidth(files.map(name), columns);
  return folders.flatMap(([folder, inside]) => [
    ...(headed.has(folder) ? [[{ text: oneLine(folder, columns), tone: 'quiet' } as const]] : []),
    ...inside.map((file) => fileRow(file, name(file), width, symbols, columns)),
  ]);
}

/** A folder with one file in it is part of that file's name. */
function isHeaded(folder: string, inside: readonly FileRow[]): boolean {
  return folder !== '' && inside.length > 1;
}

function foldersOf(files: readonly FileRow[]): readonly (readonly [string, readonly FileRow[]])[] {
  return [...Map.groupBy(files, (file) => folderOf(file.path))];
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** What asks for attention first, then how many are not shown, by state. */
function active(files: readonly FileRow[], symbols: Symbols, columns: number, most: number): readonly Pieces[] {
  const isAll = files.length <= most;
  const sorted = isAll ? files : files.toSorted((a, b) => FILE_STATES.indexOf(a.state) - FILE_STATES.indexOf(b.state));
  const shown = sorted.slice(0, isAll ? most : most - 1);
  const hidden = sorted.slice(shown.length);
  const width = nameWidth(
    shown.map((file) => file.path),
    columns,
  );
  const rows = shown.map((file) => fileRow(file, file.path, width, symbols, columns));
  return hidden.length === 0 ? rows : [...rows, [{ text: `+ ${countsOf(hidden)}`, tone: 'quiet' }]];
}

function countsOf(files: readonly FileRow[]): string {
  const counts = FILE_STATES.map((state) => ({ state, count: files.filter((file) => file.state === state).length }));
  return counts
    .filter((one) => one.count > 0)
    .map((one) => `${one.count} ${one.state}`)
    .join(', ');
}

/** Columns for names: as many as the longest takes, but not more than leave room for what is said of them. */
function nameWidth(names: readonly string[], columns: number): number {
  const longest = names.reduce((most, name) => Math.max(most, indentOf(name) + widthOf(oneLine(name, columns))), 0);
  return Math.max(6, Math.min(longest, Math.floor((columns - 2) * 0.55)));
}

function indentOf(name: string): number {
  return name.length - name.trimStart().length;
}

function fileRow(file: FileRow, name: string, width: number, symbols: Symbols, columns: number): Pieces {
  const tone = TONES[file.state];
  const indent = indentOf(name);
  const clean = oneLine(name, 1_000);
  const mark = markOf(file.state, symbols);
  return [
    { text: `${' '.repeat(indent)}${mark} `, tone },
    {
      text: padText(keepEnd(clean, width - indent), width - indent),
      tone: file.state === 'planned' && file.detail === '' ? 'quiet' : 'plain',
    },
    {
      text: `  ${file.state === 'drafting' ? padText(file.detail, SIZE) : file.detail === '' ? WORDS[file.state] : file.detail}`,
      tone: 'quiet',
    },
    { text: file.live === '' ? '' : ` ${oneLine(file.live, columns)}`, tone: 'quiet' },
  ];
}

function markOf(state: FileState, symbols: Symbols): string {
  if (state === 'failing') return symbols.failed;
  if (state === 'checked' || state === 'done') return symbols.passed;
  return symbols[state];
}
