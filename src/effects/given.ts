// Reads the tests that the user gives: files, folders or globs, of the repository or from elsewhere.
import { glob, lstat, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { RedgreenError } from '../core/errors.ts';
import { checkPath, looksLikeTest } from '../core/guard.ts';
import type { Runner } from '../core/ports.ts';
import type { Files } from '../core/ref.ts';

export interface GivenWanted {
  /** What the user wrote, as files, folders or globs. */
  readonly patterns: readonly string[];
  /** Where they stand. */
  readonly cwd: string;
  /** Root of the repository's working tree. */
  readonly root: string;
  /** Paths of the base commit, and the text of each. */
  readonly files: readonly string[];
  readonly readBase: (path: string) => Promise<string | null>;
  readonly runners: readonly Pick<Runner, 'isTestFile'>[];
}

export interface Given {
  /** Texts by their path in the repository: the tests, and what came with them and is not in the base as it is. */
  readonly files: Files;
  /** What the user should know, in sentences. */
  readonly notes: readonly string[];
}

const MOST_FILES = 1_000;
const MOST_BYTES = 1_000_000;
const MOST_IN_ALL = 20_000_000;
const NOT_FOLLOWED = new Set(['node_modules', '.git', '.venv', 'venv', 'dist', 'target', '__pycache__']);

/**
 * The given tests. Files of the repository are taken as the working tree has them, committed or not; files from elsewhere go where the
 * repository has its tests, in place of one that has the same name there. Throws `RedgreenError('usage')` for what is not there, is no text or too much.
 */
export async function readGiven(options: GivenWanted): Promise<Given> {
  const wanted = { ...options, cwd: await realpath(options.cwd), root: await realpath(options.root) };
  const found = (await Promise.all(wanted.patterns.map((pattern) => find(pattern, wanted)))).flat();
  const paths = [...new Map(found.map((one) => [one.file, one])).values()];
  if (paths.length > MOST_FILES) throw usage(`--tests names ${paths.length} files; at most ${MOST_FILES} are taken.`);
  const taken: Record<string, string> = {};
  const notes: string[] = [];
  const leftOut: string[] = [];
  let bytes = 0;
  for (const { file, under, named } of paths) {
    const place = placeOf(file, under, wanted);
    const read = await textOf(file);
    if (read.text === null) {
      if (named) throw usage(read.problem);
      leftOut.push(place.path);
      continue;
    }
    const { text } = read;
    bytes += text.length;
    if (bytes > MOST_IN_ALL) throw usage(`The files of --tests are larger than ${MOST_IN_ALL / 1e6} MB together.`);
    const before = wanted.files.includes(place.path) ? await wanted.readBase(place.path) : null;
    const isTest = looksLikeTest(place.path) || wanted.runners.some((runner) => runner.isTestFile(place.path));
    if (before === text && !isTest && !named) continue;
    if (taken[place.path] !== undefined) throw usage(`Two files of --tests would both be ${place.path}; rename one of them.`);
    if (place.isForeign)
      notes.push(`${file} is taken as ${place.path}${before === null || before === text ? '' : ', in place of the test that is there'}.`);
    taken[place.path] = text;
  }
  if (leftOut.length > 0) {
    const more = leftOut.length > 3 ? ` and ${leftOut.length - 3} more` : '';
    notes.push(
      `Not taken, as no text of at most 1 MB: ${leftOut.slice(0, 3).join(', ')}${more}. What is committed of that stays as it is.`,
    );
  }
  if (Object.keys(taken).length === 0) throw usage(`--tests ${wanted.patterns.join(' ')} names no test file.`);
  return { files: taken, notes };
}

interface Found {
  readonly file: string;
  /** The folder that was named, from which paths of foreign files count; null for a file or a glob. */
  readonly under: string | null;
  /** The user named this very file. */
  readonly named: boolean;
}

async function find(pattern: string, { cwd, root }: GivenWanted): Promise<readonly Found[]> {
  if (pattern.trim() === '') throw usage('--tests has an empty path; it takes files, folders or globs.');
  const path = resolve(cwd, pattern);
  const about = await stat(path).catch(() => null);
  if (about !== null) await requireHome(path, root);
  if (about?.isFile()) return [{ file: await realpath(path), under: null, named: true }];
  if (about?.isDirectory()) {
    const folder = await realpath(path);
    const files = await matching('**/*', folder);
    return files.map((file) => ({ file, under: folder, named: false }));
  }
  const files = /[*?{[]/.test(pattern) ? await matching(isAbsolute(pattern) ? relative(cwd, pattern) : pattern, cwd) : [];
  if (files.length === 0) throw usage(`There is no test file "${pattern}"; --tests takes files, folders or globs.`);
  for (const file of files) await requireHome(file, root);
  return files.map((file) => ({ file, under: null, named: false }));
}

/** What is named below the repository must be in it: its links may lead to files of the user that nobody meant. */
async function requireHome(path: string, root: string): Promise<void> {
  if (isAway(relative(root, path)) || !isAway(relative(root, await realpath(path)))) return;
  throw usage(`${path} leads out of the repository by a link; name the place that it leads to, when you mean that.`);
}

function isAway(way: string): boolean {
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
}

async function matching(pattern: string, cwd: string): Promise<readonly string[]> {
  const files: string[] = [];
  const exclude = (name: string) => NOT_FOLLOWED.has(basename(name));
  for await (const name of glob(pattern, { cwd, exclude })) {
    const file = join(cwd, name);
    if ((await lstat(file)).isFile()) files.push(file);
    if (files.length > MOST_FILES) break;
  }
  return files.sort();
}

type Read = { readonly text: string } | { readonly text: null; readonly problem: string };

async function textOf(file: string): Promise<Read> {
  try {
    if ((await stat(file)).size > MOST_BYTES) return { text: null, problem: `${file} is larger than 1 MB; that is no test file.` };
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(file)) };
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw usage(`${file} cannot be read (${code}).`);
    return { text: null, problem: `${file} is no UTF-8 text, so it cannot be taken as a test.` };
  }
}

function placeOf(file: string, under: string | null, { root, files }: GivenWanted): { readonly path: string; readonly isForeign: boolean } {
  const inside = relative(root, file).split(sep).join('/');
  const isForeign = inside === '' || inside.startsWith('../') || isAbsolute(inside);
  const twins = isForeign ? files.filter((other) => basename(other) === basename(file) && looksLikeTest(other)) : [];
  if (twins.length === 1 && twins[0] !== undefined && under === null) return { path: twins[0], isForeign };
  const path = isForeign
    ? join(testFolder(files, file), under === null ? basename(file) : relative(under, file))
        .split(sep)
        .join('/')
    : inside;
  const unsafe = checkPath(path);
  if (unsafe !== null) throw usage(`${file} cannot be taken as a test: ${unsafe}.`);
  return { path, isForeign };
}

/** Where most tests of the same kind are. */
function testFolder(files: readonly string[], file: string): string {
  const extension = /\.[^.]+$/.exec(basename(file))?.[0] ?? '';
  const folders = files.filter((path) => path.endsWith(extension) && looksLikeTest(path)).map((path) => dirname(path));
  const counts = new Map<string, number>();
  for (const folder of folders) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  const [best] = [...counts].sort((a, b) => b[1] - a[1] || a[0].length - b[0].length);
  return best?.[0] ?? 'test';
}

function usage(message: string): RedgreenError {
  return new RedgreenError('usage', message);
}
