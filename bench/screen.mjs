// What the live screen costs: processor time, frames and bytes while a model streams into eight files, beside the same run without a screen; and its
// memory over a thousand rounds.
// usage: node bench/screen.mjs [--runs 3] [--rate 2000] [--seconds 20]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pty from '@lydell/node-pty';
import { cleanEnv, option, REDGREEN, shown, spread, table, tempFolder, timed } from './measure.mjs';
import { WORDS } from './parallel.mjs';
import { cpuOf, memoryOf, timeOf } from './processes.mjs';
import { memoryOverRounds } from './screen-memory.mjs';

/** From the last file's first token to what is measured: the red proof is done then, and nothing happens but streaming. */
const SETTLE_MS = 5_000;
const PATIENCE_MS = 60_000;
/** The mark with which a frame begins (synchronised output). */
const FRAME = '\u001b[?2026h';
const TASK = 'Eight files of small functions.';

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Starts the model; `streaming` resolves when all files stream. */
async function startModel(rate) {
  const script = fileURLToPath(new URL('./screen-model.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, String(rate)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const [url] = await once(lines, 'line');
  const streaming = new Promise((done) => {
    let files = 0;
    lines.on('line', () => ++files === WORDS.length && done());
  });
  return { url, streaming, stop: () => child.kill() };
}

/** Runs redgreen in a terminal of 80 by 24 whose output is only counted, or without one. */
function start(temp, name, url, isScreen) {
  const options = { cwd: temp.dir, env: cleanEnv(temp.at('home'), { OPENAI_BASE_URL: url, TERM: 'xterm-256color' }) };
  const args = ['--model', 'local/scripted-1', '--dir', temp.at(name), TASK];
  const seen = { bytes: 0, frames: 0, firstFrame: 0 };
  if (!isScreen) {
    const child = spawn(REDGREEN, ['--json', ...args], { ...options, stdio: 'ignore' });
    return { pid: child.pid, seen, ended: once(child, 'exit') };
  }
  const child = pty.spawn(REDGREEN, args, { ...options, cols: 80, rows: 24, encoding: null });
  let rest = '';
  child.onData((chunk) => {
    const text = rest + chunk.toString('latin1');
    const frames = text.split(FRAME).length - 1;
    if (frames > 0 && seen.frames === 0) seen.firstFrame = cpuOf(child.pid).own;
    seen.bytes += chunk.length;
    seen.frames += frames;
    // A mark may come in two pieces.
    rest = text.slice(1 - FRAME.length);
  });
  return { pid: child.pid, seen, ended: new Promise((done) => child.onExit(done)) };
}

/** Of one second: milliseconds on a processor, frames, bytes. Of the process: milliseconds up to its first frame, megabytes at the end. */
async function measure(temp, name, isScreen, { rate, seconds }) {
  const model = await startModel(rate);
  const { pid, seen, ended } = start(temp, name, model.url, isScreen);
  const never = Promise.race([pause(PATIENCE_MS), ended]).then(() => Promise.reject(new Error('the files do not stream')));
  await Promise.race([model.streaming, never]);
  await pause(SETTLE_MS);
  const before = { ...seen, cpu: timeOf(pid), at: performance.now() };
  await pause(seconds * 1000);
  const took = (performance.now() - before.at) / 1000;
  const cpu = timeOf(pid) - before.cpu;
  if (cpu <= 0) throw new Error('the run ended while it was measured');
  const of = (name) => (seen[name] - before[name]) / took;
  const result = { cpu: cpu / took, frames: of('frames'), bytes: of('bytes'), firstFrame: seen.firstFrame, memory: memoryOf(pid) };
  process.kill(pid, 'SIGINT');
  await ended;
  model.stop();
  return result;
}

/** Measures and gives the rows of two tables: a stream, memory over rounds. */
export async function screen(runs, options) {
  const temp = tempFolder();
  const seen = [];
  const empty = [];
  for (let n = 0; n < runs; n++) {
    empty.push((await timed([process.execPath, '-e', '0'], { env: cleanEnv(temp.at('home')), cwd: temp.dir })).cpu);
    const on = await measure(temp, `screen-${n}`, true, options);
    seen.push({ on, off: await measure(temp, `json-${n}`, false, options) });
  }
  temp.clean();
  const of = (get, digits = 0) => shown(seen.map(get), digits);
  const base = spread(empty).median;
  return {
    stream: [
      ['redgreen with the screen, % of a core', of(({ on }) => on.cpu / 10, 1), '≤ 25'],
      ['the same run with --json to nowhere, % of a core', of(({ off }) => off.cpu / 10, 1), ''],
      ['the screen itself, % of a core', of(({ on, off }) => (on.cpu - off.cpu) / 10, 1), ''],
      ['the run with the screen ÷ without', of(({ on, off }) => on.cpu / off.cpu, 2), ''],
      ['frames a second', of(({ on }) => on.frames, 1), '≤ 12'],
      ['bytes a second to the terminal', of(({ on }) => on.bytes), ''],
      ['CPU ms of the process up to its first frame', of(({ on }) => on.firstFrame), ''],
      ['the same ÷ node -e 0', of(({ on }) => on.firstFrame / base, 1), ''],
      ['memory of the process with the screen, MB (Pss)', of(({ on }) => on.memory), ''],
      ['memory without it, MB (Pss)', of(({ off }) => off.memory), ''],
    ],
    rounds: await memoryOverRounds(),
  };
}

export const STREAM_HEAD = ['a terminal of 80 by 24, eight files streaming', 'min / median / max', 'aim'];
export const ROUNDS_HEAD = [
  'memory of a screen in MB, 80 files, 500 tests',
  'heap',
  'heap without the screen',
  'RSS',
  'RSS without the screen',
];

if (import.meta.main) {
  const { stream, rounds } = await screen(option('runs', 3), { rate: option('rate', 2000), seconds: option('seconds', 20) });
  console.log(`${table([STREAM_HEAD, ...stream])}\n\n${table([ROUNDS_HEAD, ...rounds])}`);
  process.exit();
}
