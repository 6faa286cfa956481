// Measures the edits of core/edits.ts and the formats of core/edit-formats on recorded edits.
// usage: node bench/edits.mjs FILE.jsonl [--show]
// Each line: { file_before | files_before, edit: { kind, pairs?: [{ search, replace, all?, start_line? }], text? }, expect: 'ok' | 'error', file_after | files_after, tags }.
// A row with pairs and text is measured twice: as the calls of a tool, and as the text of a reply.
import { readFileSync } from 'node:fs';
import { applyFileEdits } from '../src/core/edit-formats/apply.ts';
import { readEdits } from '../src/core/edit-formats/read.ts';
import { applyHunks } from '../src/core/edits.ts';

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
const table = {};

function count(format, verdict) {
  table[format] ??= {};
  table[format][verdict] = (table[format][verdict] ?? 0) + 1;
}

/** The hunk of a recorded pair. */
function hunkOf({ search, replace, all, start_line: line }) {
  return { find: search, replace, ...(all ? { all } : {}), ...(line > 0 ? { line } : {}) };
}

/** The result of a row as the calls of a tool; `text` is null when it was refused. */
function byPairs(row) {
  const result = applyHunks(row.file_before, row.edit.pairs.map(hunkOf));
  return 'text' in result ? { text: result.text, why: '' } : { text: null, why: result.failed.map((each) => each.problem).join(' ') };
}

/** The result of a row as the text of a reply; files are compared as one JSON text where there are several. */
function byText(row) {
  const read = readEdits(row.edit.text);
  if ('problem' in read) return { text: null, why: read.problem };
  const before = row.files_before ?? null;
  const done = applyFileEdits((path) => (before === null ? row.file_before : (before[path] ?? null)), read.edits, row.path ?? 'file');
  if (done.failures.length > 0) return { text: null, why: JSON.stringify(done.failures) };
  if (before !== null) return { text: JSON.stringify({ ...before, ...done.changed }), why: '' };
  return { text: Object.values(done.changed)[0] ?? row.file_before, why: '' };
}

function judge(row, { text }) {
  const want = row.files_after ? JSON.stringify(row.files_after) : row.file_after;
  if (row.expect === 'error') return text === null ? 'refused, as it should' : 'APPLIED, but should be refused';
  if (text === null) return row.tags.includes('many-matches') ? 'refused by design (several places)' : 'refused, but could apply';
  return text === want || row.dry_run === true ? 'applied right' : 'APPLIED DIFFERENTLY';
}

const started = performance.now();
for (const row of rows) {
  const { kind, pairs, text, dialect } = row.edit;
  const ways = [];
  if (pairs !== undefined && typeof row.file_before === 'string') ways.push(['pairs', byPairs]);
  if (text !== undefined) ways.push([`text: ${dialect ?? kind}`, byText]);
  for (const [format, way] of ways) {
    const result = way(row);
    const verdict = judge(row, result);
    count(format, verdict);
    if (show && /^[A-Z]|but could/.test(verdict))
      console.log(
        format,
        verdict,
        row.name,
        row.tags,
        result.why,
        JSON.stringify({ edit: row.edit, before: row.file_before, got: result.text, want: row.file_after }, null, 1),
      );
  }
}
const ms = performance.now() - started;
for (const [format, verdicts] of Object.entries(table)) {
  console.log(format);
  for (const [verdict, n] of Object.entries(verdicts)) console.log(String(n).padStart(5), verdict);
}
console.log(`${rows.length} rows in ${ms.toFixed(0)} ms`);
