// What the past says: files that were changed for alike reasons, and files that are changed often and lately.
import { readTask } from './query.ts';

/** A commit of the past, the newest first in a list. */
export interface PastCommit {
  readonly subject: string;
  readonly paths: readonly string[];
}

/** A commit of more files is a clean-up or a release. */
const MAX_FILES = 12;
/** Commits after which a change counts half as much. */
const HALF_LIFE = 150;

/** A number from 0 to 1 for each of `paths`. */
export function historyScores(task: string, commits: readonly PastCommit[], paths: readonly string[]): Float64Array {
  const byPath = new Map(paths.map((path, i) => [path, i]));
  const query = readTask(task).terms;
  const past = commits
    .filter((commit) => commit.paths.length <= MAX_FILES)
    .map((commit) => ({ ...commit, terms: readTask(commit.subject).terms }));
  const seen = new Map<number, number>();
  for (const { terms } of past) for (const term of terms.keys()) seen.set(term, (seen.get(term) ?? 0) + 1);
  const similar = new Float64Array(paths.length);
  const recent = new Float64Array(paths.length);
  for (const [age, { terms, paths: touched }] of past.entries()) {
    let same = 0;
    let size = 1;
    for (const [term, weight] of terms) {
      const idf = Math.log(1 + past.length / (seen.get(term) ?? 1));
      size += weight * idf;
      if (query.has(term)) same += Math.min(weight, query.get(term) ?? 0) * idf;
    }
    const share = 1 / Math.sqrt(touched.length);
    for (const path of touched) {
      const i = byPath.get(path);
      if (i === undefined) continue;
      similar[i] = (similar[i] ?? 0) + ((same * same) / size) * share;
      recent[i] = (recent[i] ?? 0) + 0.5 ** (age / HALF_LIFE) * share;
    }
  }
  const [s, r] = [largest(similar), largest(recent)];
  return similar.map((x, i) => 0.8 * Math.sqrt(x / s) + 0.2 * Math.sqrt((recent[i] ?? 0) / r));
}

function largest(numbers: Float64Array): number {
  return numbers.reduce((a, b) => Math.max(a, b), 0) || 1;
}
