// Measures applyEdit on recorded search-and-replace edits.
// usage: node bench/edits.mjs FILE.jsonl [--show]
// Each line: { file_before, edit: { kind, pairs: [{ search, replace, all? }] }, expect: 'ok' | 'error', file_after, tags }.
import { readFileSync } from 'node:fs';
import { applyEdit } from '../src/core/edits.ts';

const [file, ...flags] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node bench/edits.mjs FILE.jsonl [--show]');
  process.exit(2);
}
const show = flags.includes('--show');
const rows = readFileSync(file, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));
const counts = {};
const count = (key) => {
  counts[key] = (counts[key] ?? 0) + 1;
};

/** Applies a row's pairs; null when one is refused. */
function apply(row) {
  let text = row.file_before;
  for (const pair of row.edit.pairs) {
    const result = applyEdit(text, pair.search, pair.replace);
    if ('problem' in result) return { text: null, why: result.problem };
    text = result.text;
  }
  return { text, why: '' };
}

const started = performance.now();
for (const row of rows) {
  if (row.edit.kind !== 'search-replace' || typeof row.file_before !== 'string') {
    count('not our format (patches, malformed text, several files)');
    continue;
  }
  if (row.edit.pairs.some((pair) => pair.all)) {
    count('not our format (replace all)');
    continue;
  }
  const { text, why } = apply(row);
  const dry = row.dry_run === true;
  let verdict;
  if (row.expect === 'error') verdict = text === null ? 'refused, as it should' : 'APPLIED, but should be refused';
  else if (text === null) verdict = row.tags.includes('many-matches') ? 'refused by design (several places)' : 'refused, but could apply';
  else verdict = text === row.file_after || dry ? 'applied right' : 'APPLIED DIFFERENTLY';
  count(verdict);
  if (show && /^[A-Z]|but could/.test(verdict))
    console.log(
      verdict,
      row.name,
      row.tags,
      why,
      JSON.stringify({ pairs: row.edit.pairs, before: row.file_before, got: text, want: row.file_after }, null, 1),
    );
}
const ms = performance.now() - started;
for (const [key, value] of Object.entries(counts)) console.log(String(value).padStart(5), key);
console.log(`${rows.length} rows in ${ms.toFixed(0)} ms`);
