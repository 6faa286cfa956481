// Asks the built artefact what the harness wants to know, and writes down what it says. Runs inside the box:
// node drive.mjs TREE REPORT DEPS|- [PYTHON], with the questions on standard input, where tested code cannot read them. Nothing here knows what is
// expected.
import { closeSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { askServer } from './serve.mjs';
import { start } from './start.mjs';

const [treeDir, reportPath, depsDir, python] = process.argv.slice(2);
const here = import.meta.dirname;
const { jobs, nonce, jobMs, totalMs } = JSON.parse(readFileSync(0, 'utf8'));
const MOST_TEXT = 400_000;
const MOST_REPORT = 7_000_000;
const until = Date.now() + totalMs;
// What a curious child would see of its parent.
process.title = 'sh';

const lines = [JSON.stringify({ nonce })];
let room = MOST_REPORT;
const queue = [...jobs];
await Promise.all([worker(), worker()]);
lines.push(JSON.stringify({ done: true }), '');
writeFileSync(reportPath, lines.join('\n'));
process.exit(0);

async function worker() {
  for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
    const answer = Date.now() > until ? { end: 'time' } : await answerOf(job);
    const text = JSON.stringify({ id: job.id, ...answer });
    const fits = text.length <= room;
    if (fits) room -= text.length;
    lines.push(fits ? text : JSON.stringify({ id: job.id, end: 'output' }));
  }
}

/** Each job has a process (or several, one after the other), a folder and a home of its own. */
async function answerOf(job) {
  const dir = mkdtempSync(join(tmpdir(), 'app-'));
  const place = { dir, work: join(dir, 'work'), env: environment(dir) };
  for (const name of ['work', 'home', 'tmp']) mkdirSync(join(dir, name));
  try {
    if (job.kind === 'calls') return await calls(job, place);
    for (const [path, text] of Object.entries(job.files)) {
      mkdirSync(dirname(join(place.work, path)), { recursive: true });
      writeFileSync(join(place.work, path), text);
    }
    if (job.kind === 'commands') return await commands(job, place);
    if (!isThere(job.argv)) return { end: 'missing' };
    return await askServer(job, { ...place, command, ms: jobMs, until });
  } catch (error) {
    return { end: `harness: ${error}` };
  }
}

/** What a user's shell would give it: no sign of tests or of continuous integration. */
function environment(dir) {
  const { PATH, LANG, TZ } = process.env;
  const env = { PATH, LANG, TZ, HOME: join(dir, 'home'), TMPDIR: join(dir, 'tmp') };
  if (python) env.PYTHONPATH = pythonPaths().join(':');
  return env;
}

function pythonPaths() {
  const src = join(treeDir, 'src');
  const own = existsSync(src) && !existsSync(join(src, '__init__.py')) ? [treeDir, src] : [treeDir];
  return depsDir === '-' ? own : [...own, depsDir];
}

/** argv with the interpreter in front and the program's path in full. */
function command([program, ...rest]) {
  if (program === '-m') return [python, '-m', ...rest];
  return [extname(program) === '.py' ? python : process.execPath, join(treeDir, program), ...rest];
}

/** An interpreter that finds no program ends like a program that refuses its input: nothing may be learnt from that. */
function isThere([program, module = '']) {
  if (program !== '-m') return existsSync(join(treeDir, program));
  const path = module.replaceAll('.', '/');
  return pythonPaths().some((dir) => existsSync(join(dir, path, '__main__.py')) || existsSync(join(dir, `${path}.py`)));
}

async function calls({ module, steps }, { work, env }) {
  const isPython = extname(module) === '.py';
  const main = join(work, isPython ? 'main.py' : 'main.mjs');
  copyFileSync(join(here, isPython ? 'call.py' : 'call.mjs'), main);
  const child = start([isPython ? python : process.execPath, main], {
    cwd: work,
    env,
    stdin: JSON.stringify({ treeDir, module, steps }),
    channel: true,
    ms: Math.min(jobMs, until - Date.now()),
  });
  const ended = await child.ended;
  const said = ended.channel.split('\n').slice(0, -1).flatMap(read);
  const load = said.find((line) => line.load !== undefined)?.load ?? null;
  const answers = said.filter((line) => line.load === undefined && line.done === undefined);
  const done = said.some((line) => line.done === true);
  return { load, calls: answers, end: done || load ? null : (ended.end ?? `exit ${ended.exit}`), stderr: ended.stderr.slice(-4_000) };
}

function read(line) {
  try {
    const value = JSON.parse(line);
    return value !== null && typeof value === 'object' ? [value] : [];
  } catch {
    return [];
  }
}

async function commands({ steps }, { work, env }) {
  const done = [];
  for (const { argv, stdin, env: own, after } of steps) {
    if (!isThere(argv)) return { commands: done, end: 'missing' };
    const options = { cwd: work, env: { ...env, ...own }, stdin, channel: false, ms: Math.min(jobMs, until - Date.now()) };
    const { exit, end, stdout, stderr } = await start(command(argv), options).ended;
    const files = Object.fromEntries(after.map((path) => [path, textOf(join(work, path))]));
    done.push({ exit, end, stdout: stdout.slice(0, MOST_TEXT), stderr: stderr.slice(0, MOST_TEXT), after: files });
  }
  return { commands: done };
}

/** A file's text, or null; never more than fits, and no FIFO is waited for. */
function textOf(path) {
  try {
    const fd = openSync(path, 'r');
    const buffer = Buffer.alloc(MOST_TEXT);
    const length = readSync(fd, buffer, 0, MOST_TEXT, 0);
    closeSync(fd);
    return buffer.toString('utf8', 0, length);
  } catch {
    return null;
  }
}
