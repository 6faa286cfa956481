// The repository as the survey sees it: a list of paths, and texts that are read once each and only when they are wanted.
import { checkStructure } from '../../core/guard.ts';
import { parents } from '../../core/guard-paths.ts';

/** What a survey is made of: the files of one commit, and nothing of them run. */
export interface SurveySource {
  /** All paths of the commit, from the repository's root. */
  readonly files: readonly string[];
  /** Text of a file; null when it is not there, is binary or too large. */
  read(path: string): Promise<string | null>;
  /** Subjects of the last commits (30 are enough), newest first. */
  subjects(): Promise<readonly string[]>;
}

/** A source with an index of its paths. */
export interface Repo {
  readonly files: readonly string[];
  has(path: string): boolean;
  /** Text of a file, read once; null when it is not there, or more than 1,500 files were asked for. */
  read(path: string): Promise<string | null>;
  /** Paths of the files with this name, wherever they are. */
  named(name: string): readonly string[];
  /** Paths directly in a folder (empty for the root). */
  inFolder(dir: string): readonly string[];
  /** Whether any file lies below this path. */
  hasFolder(path: string): boolean;
  /** Notes, once each, what could not be understood: a sentence for people. */
  remark(sentence: string): void;
  readonly remarks: readonly string[];
}

const MOST_READ = 1_500;
const MOST_REMARKS = 20;

export function createRepo(source: SurveySource): Repo {
  const known = new Set(source.files);
  const names = new Map<string, string[]>();
  const folders = new Map<string, string[]>();
  for (const path of source.files) {
    push(names, nameOf(path), path);
    push(folders, folderOf(path), path);
  }
  let below: Set<string> | null = null;
  const texts = new Map<string, Promise<string | null>>();
  const remarks: string[] = [];
  return {
    files: source.files,
    has: (path) => known.has(path),
    read(path) {
      const text = texts.get(path) ?? (known.has(path) && texts.size < MOST_READ ? source.read(path) : Promise.resolve(null));
      if (known.has(path)) texts.set(path, text);
      return text;
    },
    named: (name) => (names.get(name) ?? []).filter((path) => checkStructure(path) === null),
    inFolder: (dir) => folders.get(dir) ?? [],
    hasFolder(path) {
      below ??= new Set([...folders.keys()].flatMap((folder) => [folder, ...parents(folder)]));
      return below.has(path);
    },
    remark(sentence) {
      if (remarks.length < MOST_REMARKS && !remarks.includes(sentence)) remarks.push(sentence);
    },
    remarks,
  };
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** The last component of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder of a path; empty for the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The folders above a folder, nearest first, the root (empty) last; none for the root itself. */
export function above(dir: string): string[] {
  return dir === '' ? [] : [...parents(dir).reverse(), ''];
}

/** `name` in the folder `dir`, which is empty for the root. */
export function join(dir: string, name: string): string {
  return dir === '' ? name : `${dir}/${name}`;
}

/** Whether a path lies in a folder; everything lies in the root. */
export function isIn(dir: string, path: string): boolean {
  return dir === '' || path.startsWith(`${dir}/`);
}
