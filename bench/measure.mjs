// Running a program in a clean environment and measuring what it costs, with nothing but Node, bash and /proc.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** The program as a user starts it. */
export const REDGREEN = join(root, 'bin', 'redgreen');

/** A folder of its own for each measurement; `clean` takes it away. */
export function tempFolder() {
  const dir = mkdtempSync(join(tmpdir(), 'redgreen-bench-'));
  return { dir, at: (name) => join(dir, name), clean: () => rmSync(dir, { recursive: true, force: true }) };
}

/** The whole environment of a measured program: where programs are, and an empty home of its own. */
export function cleanEnv(home, more = {}) {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, LC_ALL: 'C.UTF-8', ...more };
}

/**
 * Runs `argv` to its end under bash's `time`, which adds up what wait4 reports: the process and every child it waited for.
 * Milliseconds: `wall`, `cpu` (user and system).
 */
export function timed(argv, { env, cwd }) {
  const script = 'TIMEFORMAT="%3R %3U %3S"; { time "$@" >/dev/null 2>&1 </dev/null; } 2>&1; echo "$?"';
  return new Promise((done, fail) => {
    const child = spawn('bash', ['-c', script, 'bench', ...argv], { env, cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.on('error', fail);
    child.on('close', () => {
      const [wall, user, system, code] = text.trim().split(/\s+/).map(Number);
      if (code !== 0) fail(new Error(`${argv.join(' ')} ended with ${code}`));
      else done({ wall: wall * 1000, cpu: (user + system) * 1000 });
    });
  });
}

/** Smallest, middle and largest of some numbers. */
export function spread(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return { min: sorted[0], median: (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2, max: sorted.at(-1) };
}

/** `min / median / max`, rounded. */
export function shown(numbers, digits = 0) {
  const { min, median, max } = spread(numbers);
  return [min, median, max].map((n) => n.toFixed(digits)).join(' / ');
}

/** Rows of text, aligned, the first one a heading. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(rows[0]), `| ${widths.map((w) => '-'.repeat(w)).join(' | ')} |`, ...rows.slice(1).map(line)].join('\n');
}

/** The number after a flag such as `--runs 15`. */
export function option(name, fallback) {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? fallback : Number(process.argv[at + 1]);
}
