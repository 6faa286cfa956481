// Runs a command that writes JUnit XML, and hands over what it wrote, sealed. Runs inside the box: node junit_run.mjs < settings
import { createHmac } from 'node:crypto';
import { globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runCommand } from './command.mjs';
import { ending } from './exec.mjs';
import { cut, readSettings } from './report.mjs';

/** Together, in bytes; what is handed over may have 8 MiB, escapes included. */
const MOST_XML = 6 * 1024 * 1024;

const settings = readSettings();
const { reportPath, nonce, report, silenceMs, dir, files, narrowed } = settings;
const reports = (cwd) => report.flatMap((glob) => globSync(glob, { cwd }).sort()).map((path) => join(cwd, path));
const end = await runCommand(settings, (cwd) => {
  // What lies there is of another run.
  for (const path of reports(cwd)) rmSync(path, { force: true });
});
const xml = [];
let size = 0;
for (const path of reports(join(end.tree, dir))) {
  if (!statSync(path).isFile()) continue;
  size += statSync(path).size;
  if (size > MOST_XML) break;
  xml.push({ path: relative(end.tree, path), text: readFileSync(path, 'utf8') });
}
const told = {
  v: 1,
  ending: ending(end, silenceMs),
  code: end.stopped ? null : end.code,
  tree: end.tree,
  files,
  narrowed,
  tooLarge: size > MOST_XML,
  xml,
};
const body = `${JSON.stringify({ ...told, output: cut(end.output, 4_000) })}\n`;
writeFileSync(reportPath, body + createHmac('sha256', nonce).update(body).digest('hex'));
