// Two plain ways to find files, to compare with: BM25 over all words, and counting the task's words as ripgrep would.
import { isTestPath, languageOf } from '../src/effects/repomap/sources.ts';
import { isStopWord, stem, termsOfName } from '../src/effects/repomap/words.ts';

const tokensOf = (text) => text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [];

/** Words of each text by blob, kept from one commit to the next. */
const known = new Map();

async function wordsOf(files, read) {
  const code = files.filter(({ path, size }) => languageOf(path, size) !== null && !isTestPath(path));
  const missing = code.filter(({ oid }) => !known.has(oid));
  const texts = missing.length > 0 ? await read(missing.map(({ path }) => path)) : [];
  for (const [i, { oid }] of missing.entries()) known.set(oid, counted(tokensOf(texts[i] ?? '')));
  return code.map(({ path, oid }) => ({ path, ...known.get(oid) }));
}

function counted(tokens) {
  const [words, stems] = [new Map(), new Map()];
  const add = (map, word) => map.set(word, (map.get(word) ?? 0) + 1);
  for (const token of tokens) {
    add(words, token.toLowerCase());
    for (const term of termsOfName(token)) add(stems, term);
  }
  return { words, stems, length: tokens.length };
}

const best = (scored) =>
  scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ path }) => path);

/** Paths by BM25 (k1 1.2, b 0.75) of stems in the text alone. */
export async function byText(task, files, read) {
  const list = await wordsOf(files, read);
  const terms = new Set(
    tokensOf(task)
      .filter((word) => !isStopWord(word))
      .flatMap((word) => [...termsOfName(word), stem(word)]),
  );
  const average = list.reduce((sum, { length }) => sum + length, 0) / Math.max(1, list.length);
  const idf = new Map();
  for (const term of terms) {
    const having = list.filter(({ stems }) => stems.has(term)).length;
    idf.set(term, Math.log(1 + (list.length - having + 0.5) / (having + 0.5)));
  }
  const score = ({ stems, length }) =>
    [...terms].reduce((sum, term) => {
      const tf = stems.get(term) ?? 0;
      return sum + ((idf.get(term) ?? 0) * tf * 2.2) / (tf + 1.2 * (0.25 + (0.75 * length) / average));
    }, 0);
  return best(list.map((file) => ({ path: file.path, score: score(file) })));
}

/** Paths by how many of the task's words they have (`rg -iw`), then by how often. */
export async function byCount(task, files, read) {
  const list = await wordsOf(files, read);
  const asked = [
    ...new Set(
      tokensOf(task)
        .filter((word) => word.length > 2 && !isStopWord(word))
        .map((word) => word.toLowerCase()),
    ),
  ];
  const score = ({ words }) => {
    const counts = asked.map((word) => words.get(word) ?? 0);
    return counts.filter(Boolean).length + Math.min(0.99, counts.reduce((a, b) => a + b, 0) / 10_000);
  };
  return best(list.map((file) => ({ path: file.path, score: score(file) })));
}
