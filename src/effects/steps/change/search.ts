// Looks for a text in all files of a repository, by ripgrep.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { RedgreenError } from '../../../core/errors.ts';
import type { Files } from '../../../core/ref.ts';
import { isInside } from '../../box-files.ts';
import type { Ground } from './ground.ts';

export interface Search {
  readonly pattern: string;
  readonly isRegex: boolean;
  readonly ignoreCase: boolean;
  /** Folder or file; empty for everywhere. */
  readonly under: string;
}

export interface Hit {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** Milliseconds and bytes of one search. */
const TIME = 20_000;
const BYTES = 8_000_000;
const LINE = 240;

/**
 * Lines of the base and of what is laid over it, by path and line.
 * Throws `RedgreenError('internal')` with the reason where the pattern is no regular expression, or ripgrep cannot be run.
 */
export async function search({ base, tree: overlay, removed }: Ground, wanted: Search): Promise<readonly Hit[]> {
  const hidden = new Set([...Object.keys(overlay), ...removed]);
  const there = (base === undefined ? [] : await ripgrep(base, wanted)).filter((hit) => !hidden.has(hit.path));
  const paths = Object.keys(overlay);
  if (paths.length === 0) return there;
  const dir = await mkdtemp(join(tmpdir(), 'redgreen-search-'));
  try {
    await writeTree(dir, overlay);
    return [...there, ...(await ripgrep(dir, wanted))].sort(byPlace);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function writeTree(dir: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    if (!isInside(path)) continue;
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
}

function byPlace(a: Hit, b: Hit): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line;
}

async function ripgrep(dir: string, { pattern, isRegex, ignoreCase, under }: Search): Promise<readonly Hit[]> {
  const { rgPath } = await import('@vscode/ripgrep');
  const how = [...(isRegex ? [] : ['--fixed-strings']), ...(ignoreCase ? ['--ignore-case'] : [])];
  const where = under === '' ? '.' : join('.', under);
  const argv = [...FLAGS, ...how, '--regexp', pattern, '--', where.startsWith('.') ? where : `./${where}`];
  const { code, stdout, stderr } = await run(rgPath, argv, dir);
  // 1: nothing was found; 2 also where a file could not be read.
  if (code === 2 && stderr.trim() !== '' && !/No such file/.test(stderr))
    throw new RedgreenError('internal', stderr.trim().split('\n').slice(0, 6).join('\n'));
  return stdout.split('\n').flatMap(hitOf).sort(byPlace);
}

/** Nothing is skipped but binaries and large files; the user's own configuration of ripgrep does not count. */
const FLAGS =
  '--no-config --no-ignore --hidden --glob !.git --no-messages --color never --no-heading --with-filename --line-number --null --max-filesize 1M --max-columns 2000 --max-columns-preview'.split(
    ' ',
  );

function hitOf(line: string): readonly Hit[] {
  const [, path, number, text] = /^(?:\.\/)?([^\0]+)\0(\d+):(.*)$/.exec(line) ?? [];
  return path === undefined || text === undefined ? [] : [{ path, line: Number(number), text: text.trim().slice(0, LINE) }];
}

function run(
  file: string,
  argv: readonly string[],
  cwd: string,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((done, fail) => {
    execFile(file, argv, { cwd, env: {}, timeout: TIME, maxBuffer: BYTES, encoding: 'utf8' }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') done({ code, stdout, stderr });
      else if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') done({ code: 0, stdout, stderr });
      else fail(new RedgreenError('internal', 'The search could not be made: look for something rarer, or in a folder.', { cause: error }));
    });
  });
}
