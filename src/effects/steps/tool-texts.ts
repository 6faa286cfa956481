// What tool results say.
import type { Files } from '../../core/ref.ts';
import type { TestReport } from '../../core/report.ts';
import { reveal } from '../../core/reveal.ts';

const MATCHES = 60;
const FAILURES = 8;

/** Lines `from` to `to` (from 1, inclusive; 0 for the end) with their numbers, so that they can be named but not mistaken for text. */
export function readLines(text: string, from: number, to: number): string {
  const lines = text.split('\n');
  const last = to === 0 ? lines.length : Math.min(to, lines.length);
  if (from > lines.length) return `the file has ${lines.length} lines`;
  return lines
    .slice(from - 1, last)
    .map((line, i) => `${String(from + i).padStart(4)} ${line}`)
    .join('\n');
}

/** Every line that holds the literal text, as `path:line: text`. */
export function searchFiles(files: Files, wanted: string, under: string): string {
  const found: string[] = [];
  for (const path of Object.keys(files).sort()) {
    if (!path.startsWith(under)) continue;
    const lines = reveal(files[path] ?? '').split('\n');
    for (const [i, line] of lines.entries()) {
      if (line.includes(wanted)) found.push(`${path}:${i + 1}: ${line.trim().slice(0, 200)}`);
    }
  }
  if (found.length === 0) return 'found nowhere';
  const more = found.length > MATCHES ? `\n[… and ${found.length - MATCHES} more]` : '';
  return `${found.slice(0, MATCHES).join('\n')}${more}`;
}

/** A test run for the model: counts, then the first failures with their messages. `ids` narrows what is told. */
export function reportText(report: TestReport, ids: readonly string[]): string {
  if (report.tampered !== undefined) return `The run cannot be believed: ${report.tampered}`;
  if (report.broken) return report.broken.message;
  const tests = ids.length > 0 ? report.tests.filter((t) => ids.includes(t.id)) : report.tests;
  const failed = tests.filter((t) => t.status !== 'passed');
  const outside = report.fileFailures.map((f) => `✗ ${f.path}\n${f.failure.message}`);
  const told = failed.slice(0, FAILURES).map((t) => `✗ ${t.id}\n${t.failure?.message ?? t.status}`);
  const more = failed.length > FAILURES ? [`[… and ${failed.length - FAILURES} more failing]`] : [];
  const head = `${tests.length - failed.length} passed, ${failed.length + outside.length} failed`;
  return [head, ...outside, ...told, ...more].join('\n\n');
}
