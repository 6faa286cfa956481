// What a path says of its file.
import { hashOf, stem, termsOfName, wholeOf } from './words.ts';

/** Terms of a path, by hash: of the file's own name and of its folders. */
export interface Place {
  readonly name: readonly number[];
  readonly folders: readonly number[];
}

/** Files that stand for their folder. */
const FOLDER_FILE = /^(?:index|mod|lib|__init__|main)$/;
const LANGUAGE_FOLDER = /(?:^|\/)(?:locales?|i18n|l10n|lang|languages?|translations?)\//;

/** The terms of a path; `locale/de-AT/…` also says German and Austria. */
export function placeOf(path: string): Place {
  const parts = path.replace(/(?:\.d)?\.\w+$/, '').split('/');
  const own = parts.at(-1) ?? '';
  const stands = parts.length > 1 && FOLDER_FILE.test(own);
  const spoken = LANGUAGE_FOLDER.test(path);
  const folders = parts.slice(0, stands ? -2 : -1);
  return { name: hashes([stands ? (parts.at(-2) ?? own) : own], spoken), folders: ofFolders(folders.join('/'), spoken) };
}

function hashes(parts: readonly string[], spoken: boolean): readonly number[] {
  return [...new Set(parts.flatMap((part) => [...termsOfPart(part), ...(spoken ? spokenNames(part) : [])]).map(hashOf))];
}

const MAX_KNOWN = 5_000;
const folderCache = new Map<string, readonly number[]>();

/** The terms of a folder, one list for all files in it. */
function ofFolders(folders: string, spoken: boolean): readonly number[] {
  const known = folderCache.get(folders);
  if (known !== undefined) return known;
  if (folderCache.size >= MAX_KNOWN) folderCache.clear();
  const made = hashes(folders.split('/'), spoken);
  folderCache.set(folders, made);
  return made;
}

function termsOfPart(part: string): readonly string[] {
  return [...part.split(/[-._ ]/).flatMap((word) => termsOfName(word)), wholeOf(part), stem(part)];
}

const spokenCache = new Map<string, readonly string[]>();

/** The English names of the language (and country) that a code stands for. */
function spokenNames(code: string): readonly string[] {
  if (!/^[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?$/.test(code)) return [];
  const known = spokenCache.get(code);
  if (known !== undefined) return known;
  const name =
    new Intl.DisplayNames('en', { type: 'language', fallback: 'none', languageDisplay: 'standard' }).of(code.replace('_', '-')) ?? '';
  const terms = (name.match(/\p{L}{3,}/gu) ?? []).map(stem);
  spokenCache.set(code, terms);
  return terms;
}
