// The harness's own time with a model that answers at once: by step, a round, a turn of a repair conversation; and its memory.
// usage: node bench/overhead.mjs [--runs 5]
import { romanModel, TASK } from '../test/e2e/roman.ts';
import { option, shown, table, tempFolder } from './measure.mjs';
import { watchMemory } from './processes.mjs';
import { commands, wholeRun } from './runs.mjs';

const READS = 10;

/** As the roman model, but the repair reads a file ten times before it edits it. */
function readingModel(asked) {
  if (asked.step !== 'repair' || asked.n > READS) return romanModel({ ...asked, n: asked.step === 'repair' ? asked.n - READS : asked.n });
  return { text: 'I look at it first.', calls: [{ name: 'read', args: { path: 'src/roman.ts', from: asked.n, to: asked.n + 5 } }] };
}

/** Milliseconds in boxes, as far as events tell: test runs of rounds and of the proof. */
const boxed = (events) => events.reduce((sum, e) => sum + (e.type === 'tested' || e.type === 'proven' ? e.ms : 0), 0);

/** From one round's test result to the next one's, without the test run itself. */
function rounds(events) {
  const tested = events.filter((e) => e.type === 'tested');
  return tested.slice(1).map((e, i) => e.at - tested[i].at - e.ms);
}

/** A turn: the request (render, send, read the answer, journal) and the tool call it asks for. */
function turns(events) {
  const answered = commands(events).filter((c) => c.started.kind === 'ask' && c.started.step === 'repair');
  const tools = commands(events).filter((c) => c.started.kind === 'tools');
  return { request: answered.map((c) => c.ms), tool: tools.map((c) => c.ms) };
}

const stepMs = (kind) => (events) =>
  commands(events)
    .filter((c) => c.started.kind === kind)
    .map((c) => (c.ended.type === 'tested' || c.ended.type === 'proven' ? c.ms - c.ended.ms : c.ms));

/** Measures and gives the rows of two tables: times, memory. */
export async function overhead(runs) {
  const temp = tempFolder();
  const home = temp.at('home');
  const seen = [];
  for (let n = 0; n <= runs; n++) {
    const plain = await wholeRun({ dir: temp.at(`plain-${n}`), home, task: TASK, script: romanModel });
    const reading = await wholeRun({ dir: temp.at(`reading-${n}`), home, task: TASK, script: readingModel });
    if (n > 0) seen.push({ plain, reading });
  }
  const memory = await memoryOf(temp.at('memory'), home);
  temp.clean();
  return { times: timeRows(seen), memory };
}

function timeRows(seen) {
  const plain = seen.map((s) => s.plain);
  const all = (of) => plain.flatMap((run) => of(run.events));
  const turn = seen.map((s) => turns(s.reading.events));
  return [
    ['whole run (2 rounds, 8 requests, proof), wall', plain.map((run) => run.wall)],
    ['of it in boxed tests of rounds and proof', plain.map((run) => boxed(run.events))],
    ['plan: checked by its compiler (first start of the type-checking child)', all(stepMs('vet-plan'))],
    ['red: two stubs made, tests run on both in boxes', all(stepMs('red'))],
    ['check: files mended and type-checked', all(stepMs('check'))],
    ['a round without its test run: repair of 2 turns, check', all(rounds)],
    ['a test run, outside its box', all(stepMs('test'))],
    ['a commit', all(stepMs('commit'))],
    ['the proof, outside its boxes', all(stepMs('prove'))],
    ['a turn’s request: prompt, loopback, answer, journal', turn.flatMap((t) => t.request)],
    ['a turn’s tool call (read)', turn.flatMap((t) => t.tool)],
  ].map(([name, list]) => [name, String(list.length), shown(list)]);
}

async function memoryOf(dir, home) {
  let watch = null;
  await wholeRun({
    dir,
    home,
    task: TASK,
    script: romanModel,
    onStart: (pid) => {
      watch = watchMemory(pid);
    },
  });
  const { tree, root, others } = watch.stop();
  const rest = Object.entries(others).sort((a, b) => b[1] - a[1]);
  return [['all processes together', tree], ['the harness process', root], ...rest.slice(0, 4)].map(([name, mb]) => [name, mb.toFixed(0)]);
}

export const TIME_HEAD = ['overhead, TypeScript project, model answers at once', 'n', 'ms min / median / max'];
export const MEMORY_HEAD = ['peak memory', 'MB (Pss)'];

if (import.meta.main) {
  const { times, memory } = await overhead(option('runs', 5));
  console.log(`${table([TIME_HEAD, ...times])}\n\n${table([MEMORY_HEAD, ...memory])}`);
  process.exit();
}
