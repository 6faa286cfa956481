// Tasks from a repository's history: commits that look like fixes, each with its words and the files that it touched.
import { execFileSync } from 'node:child_process';
import { parsePast, pastArguments } from '../src/effects/repomap/past.ts';
import { isTestPath, languageOf } from '../src/effects/repomap/sources.ts';

const MOST = 1 << 30;

export function git(repo, args, input) {
  return execFileSync('git', ['-C', repo, ...args], { maxBuffer: MOST, ...(input === undefined ? {} : { input }) });
}

const isCode = (path) => languageOf(path, 1) !== null;
const NO_FIX = /^(?:chore|build|ci|docs|style|bump|release)\b|deps|eslint|lint\b|typo/i;

/** The last `count` fixes: parent commit, words, the code and the tests that were changed (not added), the newest first. */
export function fixesOf(repo, count) {
  const log = git(repo, ['log', '--no-merges', '--format=%x01%P%x02%s%x02%b%x03', '--name-status', 'HEAD']).toString();
  const commits = log.split('\x01').slice(1).map(commitOf);
  return commits.filter(isFix).slice(0, count);
}

function commitOf(entry) {
  const [head, list] = entry.split('\x03');
  const [parents, subject, body] = head.split('\x02');
  const files = list
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'));
  const code = files.filter(([, ...paths]) => isCode(paths.at(-1)) && !isTestPath(paths.at(-1)));
  const changed = (wanted) =>
    files.filter(([status, path]) => status === 'M' && isCode(path) && isTestPath(path) === wanted).map(([, path]) => path);
  return {
    parent: parents.split(' ')[0],
    subject,
    words: wordsOf(subject, body),
    code: changed(false),
    tests: changed(true),
    size: code.length,
  };
}

function isFix({ parent, subject, code, tests, size }) {
  return parent !== '' && code.length > 0 && size <= 5 && (/\b(?:fix|bug)/i.test(subject) || tests.length > 0) && !NO_FIX.test(subject);
}

/** Subject and body without what would tell the answer: file names, addresses, hashes, numbers of issues, lines for machines. */
function wordsOf(subject, body) {
  return [subject, ...body.split('\n').filter((line) => !/^(?:Co-authored|Signed-off|Reviewed|PR-URL|Refs?:|\(cherry)/i.test(line))]
    .join('\n')
    .replace(/https?:\S+/g, ' ')
    .replace(/[\w@./-]*[\w-]+\.(?:[cm]?[jt]sx?|py|go|rs|md|json)\b/g, ' ')
    .replace(/\b[0-9a-f]{7,40}\b|#\d+/g, ' ')
    .slice(0, 4000);
}

/** The regular files of a commit. */
export function filesOf(repo, commit) {
  const lines = git(repo, ['ls-tree', '-r', '-l', '-z', '--full-tree', commit]).toString().split('\0').filter(Boolean);
  return lines.flatMap((line) => {
    const [meta, path] = line.split('\t');
    const [mode, type, oid, size] = meta.split(/\s+/);
    return type === 'blob' && mode !== '120000' ? [{ path, oid, size: Number(size) }] : [];
  });
}

/** Reads texts of `files` by path, as the map wants it. */
export function readerOf(repo, files) {
  const oids = new Map(files.map(({ path, oid }) => [path, oid]));
  return async (paths) => {
    const out = git(repo, ['cat-file', '--batch'], `${paths.map((path) => oids.get(path)).join('\n')}\n`);
    let at = 0;
    return paths.map(() => {
      const end = out.indexOf(10, at);
      const size = Number(out.subarray(at, end).toString().split(' ')[2]);
      const bytes = out.subarray(end + 1, end + 1 + size);
      at = end + 2 + size;
      return bytes.includes(0) ? null : bytes.toString();
    });
  };
}

/** The commits before `commit`, as the map wants them. */
export function pastOf(repo, commit) {
  return async () => parsePast(git(repo, pastArguments(commit)).toString());
}
