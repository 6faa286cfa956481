// Makes the demo's tape anew: runs its task with a real model and keeps what the model said.
//   npm run demo:record [-- --task FILE] [-- --model NAME]
// Needs a key or OPENAI_BASE_URL. The new tape replaces demo/tape.jsonl only when the run ended green.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const root = join(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  options: { task: { type: 'string', default: join(root, 'demo/task.md') }, keep: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const dir = mkdtempSync(join(tmpdir(), 'redgreen-record-'));
const target = join(dir, 'project');
const run = spawnSync(join(root, 'bin/redgreen'), ['--file', values.task, '--dir', target, '--plain', ...positionals], {
  stdio: 'inherit',
});
const runs = join(target, '.git/redgreen/runs');
const [id] = readdirSync(runs).sort().reverse();
if (run.status !== 0 || id === undefined) {
  console.error(`The run did not end green (exit ${run.status}); demo/ is as it was. The run is kept in ${target}.`);
  process.exit(1);
}
const tape = join(runs, id, 'tape.jsonl');
const calls = readFileSync(tape, 'utf8')
  .split('\n')
  .filter((line) => line.includes('"kind":"call"')).length;
copyFileSync(tape, join(root, 'demo/tape.jsonl'));
if (values.task !== join(root, 'demo/task.md')) copyFileSync(values.task, join(root, 'demo/task.md'));
if (!values.keep) rmSync(dir, { recursive: true, force: true });
console.log(`demo/tape.jsonl holds ${calls} replies of a run that ended green.`);
