// What is sent for a fixed scripted task: requests, bytes, and the share of them that a prompt cache would know already.
// usage: node bench/bytes.mjs
import { romanModel, TASK } from '../test/e2e/roman.ts';
import { table, tempFolder } from './measure.mjs';
import { wholeRun } from './runs.mjs';

/** A request as a provider's cache sees it: tools, then the messages in order. */
function cached({ tools = [], messages }) {
  return Buffer.from(JSON.stringify(tools) + messages.map((m) => JSON.stringify(m)).join('\n'));
}

function shared(a, b) {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a[at] === b[at]) at++;
  return at;
}

/** Runs the task and gives the rows of the table, one a step and the sum. */
export async function bytes() {
  const temp = tempFolder();
  const { asked } = await wholeRun({ dir: temp.at('project'), home: temp.at('home'), task: TASK, script: romanModel });
  temp.clean();
  const texts = asked.map((a) => cached(a.body));
  const sums = new Map();
  asked.forEach((a, i) => {
    const known = texts.slice(0, i).reduce((most, earlier) => Math.max(most, shared(earlier, texts[i])), 0);
    for (const step of [a.step, 'all']) {
      const sum = sums.get(step) ?? { requests: 0, sent: 0, prompt: 0, known: 0 };
      sums.set(step, {
        requests: sum.requests + 1,
        sent: sum.sent + a.bytes,
        prompt: sum.prompt + texts[i].length,
        known: sum.known + known,
      });
    }
  });
  const all = sums.get('all');
  sums.delete('all');
  return [...sums, ['all', all]].map(([step, s]) => [
    step,
    String(s.requests),
    String(s.sent),
    `${((100 * s.known) / s.prompt).toFixed(0)} %`,
  ]);
}

export const BYTES_HEAD = ['step', 'requests', 'bytes sent', 'leading bytes known from an earlier request'];

if (import.meta.main) {
  console.log(table([BYTES_HEAD, ...(await bytes())]));
  process.exit();
}
