// What a box costs: start-up of small programs and a suite of 200 tests, on each rung, against the same without a box.
// usage: node bench/sandbox.mjs [--runs 21] [--suites 5]
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { chooseRung, openBox } from '../sandbox/index.ts';
import { option, shown, spread, table, tempFolder } from './measure.mjs';

const FILES = 10;
const TESTS_A_FILE = 20;
const PATH = '/redgreen/bin:/usr/bin:/bin';

const testFile = (file) => `import assert from 'node:assert/strict';
import { test } from 'node:test';
const words = (n) => Array.from({ length: n }, (_, i) => ((i * 2654435761) % 4294967296).toString(36));
${Array.from({ length: TESTS_A_FILE }, (_, n) => `test('sorts ${file}-${n}', () => { const w = words(${2_000 + n}); assert.deepEqual([...w].sort().reverse(), [...w].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0))); });`).join('\n')}
`;

/** Writes the suite and gives its folder, readable by other users. */
function writeSuite(temp) {
  chmodSync(temp.dir, 0o755);
  const dir = temp.at('suite');
  mkdirSync(dir);
  for (let file = 0; file < FILES; file++) writeFileSync(`${dir}/${file}.test.mjs`, testFile(file));
  return dir;
}

/** The same program without a box. */
function bare(cwd) {
  return ([program, ...args]) =>
    new Promise((done, fail) => {
      const child = spawn(program === 'node' ? process.execPath : program, args, {
        cwd,
        env: { PATH, HOME: '/tmp' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout.resume();
      child.stderr.resume();
      child.on('error', fail);
      child.on('close', (code) => (code === 0 ? done() : fail(new Error(`${program} ended with ${code}`))));
    });
}

/** Each run in a box of its own, made from nothing, as the harness does. */
async function boxed(rung, suite) {
  const node = await rung.staging.file(process.execPath);
  const policy = {
    read: [
      { source: node, target: '/redgreen/bin/node' },
      { source: suite, target: '/work' },
    ],
    write: [],
    env: { PATH, HOME: '/tmp/home' },
    network: 'none',
  };
  return async (argv) => {
    const box = await openBox(rung, policy);
    const result = await box.run(argv, { cwd: '/work' });
    await box.close();
    if (result.reason !== 'ok') throw new Error(`${argv[0]} in a box: ${result.reason}: ${result.stderr.slice(0, 300)}`);
  };
}

/** Every way of running here, the bare one first. */
async function ways(suite) {
  const rungs = [];
  const found = [['bare', bare(suite)]];
  for (const kind of ['bubblewrap', 'perl']) {
    const { rung, remedy } = await chooseRung({ node: process.execPath, only: kind });
    if (rung === null) console.error(`no ${kind} here: ${remedy}`);
    else {
      rungs.push(rung);
      if (rung.cgroup !== null) found.push([`${kind}, cgroup`, await boxed(rung, suite)]);
      found.push([`${kind}, watchdog`, await boxed({ ...rung, cgroup: null }, suite)]);
    }
  }
  return { found, close: () => rungs.forEach((rung) => void rung.close()) };
}

/** Milliseconds of each way: they take turns, so that a busy moment hits all of them; `lanes` runs at the same time. */
async function measure(found, argv, runs, lanes) {
  const seen = new Map(found.map(([name]) => [name, []]));
  for (let n = 0; n <= runs; n++) {
    for (const [name, run] of found) {
      const began = performance.now();
      await Promise.all(Array.from({ length: lanes }, () => run(argv)));
      if (n > 0) seen.get(name).push(performance.now() - began);
    }
  }
  return seen;
}

function rows(what, seen) {
  const base = spread(seen.get('bare'));
  return [...seen].map(([name, ms]) => {
    const { min, median } = spread(ms);
    const more =
      name === 'bare'
        ? ['', '']
        : [
            `${(min - base.min).toFixed(1)} / ${(median - base.median).toFixed(1)}`,
            `${(min / base.min).toFixed(3)} / ${(median / base.median).toFixed(3)}`,
          ];
    return [what, name, shown(ms, 1), ...more];
  });
}

/** Measures and gives the rows of the table. */
export async function sandbox(runs, suites) {
  const temp = tempFolder();
  const { found, close } = await ways(writeSuite(temp));
  const suite = ['node', '--test', '--test-reporter=dot'];
  const all = [];
  for (const lanes of [1, 2]) {
    const at = lanes === 1 ? '' : `, ${lanes} at a time`;
    all.push(...rows(`true${at}`, await measure(found, ['true'], runs, lanes)));
    all.push(...rows(`node -e 0${at}`, await measure(found, ['node', '-e', '0'], runs, lanes)));
    all.push(...rows(`${FILES * TESTS_A_FILE} tests${at}`, await measure(found, suite, suites, lanes)));
  }
  close();
  temp.clean();
  return all;
}

export const SANDBOX_HEAD = ['program', 'box', 'ms min / median / max', 'added, min / median', '÷ bare, min / median'];

if (import.meta.main) {
  console.log(table([SANDBOX_HEAD, ...(await sandbox(option('runs', 21), option('suites', 5)))]));
  process.exit();
}
