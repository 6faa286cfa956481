// What a one-line bug with one failing given test costs in a small repository, with a model that answers at once:
// requests, bytes sent, our own time beside the test runs, memory.
// usage: node bench/change.mjs [--runs 5]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GIVEN, makeRepository, pagesModel } from '../test/e2e/pages.ts';
import { option, shown, table, tempFolder } from './measure.mjs';
import { watchMemory } from './processes.mjs';
import { wholeRun } from './runs.mjs';

const TEST = 'test/short-page.test.js';

/** Commands in which tests run, or packages are installed: what is left of a run is our own time and the model's. */
const BOXED = new Set(['install', 'baseline', 'red', 'tools', 'test', 'mutate', 'prove']);

/** Milliseconds of a run in which no box worked, from its first event to its last. */
function ownTime(events) {
  const open = new Set();
  let since = events[0].at;
  let own = 0;
  for (const event of events.filter((e) => e.at !== undefined)) {
    const before = open.size;
    if (event.type === 'started' && BOXED.has(event.kind)) open.add(event.id);
    else if (event.type !== 'started' && event.id !== undefined) open.delete(event.id);
    if (before === 0 && open.size > 0) own += event.at - since;
    if (before > 0 && open.size === 0) since = event.at;
    if (event.type === 'ended') own += event.at - since;
  }
  return own;
}

/** Makes the repository, with the given test beside it. */
function prepare(dir) {
  makeRepository(dir);
  writeFileSync(join(dir, TEST), GIVEN);
}

/** The rows of the table: what was measured, the aim, and the figures. */
export async function change(runs) {
  const temp = tempFolder();
  const seen = [];
  for (let n = 0; n <= runs; n++) {
    const dir = temp.at(`pages-${n}`);
    prepare(dir);
    let watch = null;
    const run = await wholeRun({
      dir,
      home: temp.at('home'),
      task: 'make these pass',
      args: ['--tests', join(dir, TEST)],
      script: pagesModel,
      onStart: (pid) => {
        watch = watchMemory(pid);
      },
    });
    const memory = watch?.stop();
    if (n > 0) seen.push({ ...run, memory, own: ownTime(run.events) });
  }
  temp.clean();
  const all = (of) => shown(seen.map(of));
  return [
    ['requests', '5', all((r) => r.asked.length)],
    ['bytes sent in all', '18,000', all((r) => r.asked.reduce((sum, a) => sum + a.bytes, 0))],
    ['our own time beside the test runs, ms', '400', all((r) => r.own)],
    ['wall, ms', '', all((r) => r.wall)],
    ['memory of the harness at its peak, MB', '150', all((r) => r.memory.root)],
  ];
}

export const CHANGE_HEAD = ['one-line bug, one failing given test', 'aim', 'min / median / max'];

if (import.meta.main) {
  console.log(table([CHANGE_HEAD, ...(await change(Number(option('--runs', 5))))]));
  process.exit();
}
