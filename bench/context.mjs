// How well the repository map finds the files that real fixes touch, and what it costs as a repository grows.
// usage: node bench/context.mjs [--tasks 60] [--no-scale] [REPOSITORY…]     (git folders; nothing of them is kept)
import { performance } from 'node:perf_hooks';
import { createRepoMap } from '../src/effects/repomap/map.ts';
import { byCount, byText } from './context-baselines.mjs';
import { SCALE_HEAD, scale } from './context-scale.mjs';
import { filesOf, fixesOf, pastOf, readerOf } from './context-tasks.mjs';
import { option, shown, table, tempFolder } from './measure.mjs';

const KS = [1, 3, 5, 10, 20];
const NO_HINTS = { frames: [], seeds: [] };

/** Each way to find files: gives paths, the best first. */
const WAYS = {
  'ripgrep, words counted': ({ task, files, read }) => byCount(task.words, files, read),
  'BM25 on text': ({ task, files, read }) => byText(task.words, files, read),
  'the map, no history': ({ task, bare }) => ranked(bare, task, NO_HINTS),
  'the map': ({ task, map }) => ranked(map, task, NO_HINTS),
  'the map, given tests': ({ task, map }) => ranked(map, task, { frames: [], seeds: task.tests }),
  'the map, given tests, a frame': ({ task, map }) => ranked(map, task, { frames: [{ path: task.code[0], line: 1 }], seeds: task.tests }),
};

async function ranked(map, task, hints) {
  const files = await map.rank({ task: task.words, ...hints }, { count: KS.at(-1) });
  return files.map(({ path }) => path);
}

/** Recall at each k and the mean reciprocal rank of each way, over a repository's fixes. */
async function measure(repo, count, cacheDir) {
  const sums = Object.fromEntries(Object.keys(WAYS).map((way) => [way, { recall: KS.map(() => 0), mrr: 0 }]));
  const tasks = fixesOf(repo, count);
  for (const task of tasks) {
    const files = filesOf(repo, task.parent);
    const read = readerOf(repo, files);
    const map = createRepoMap({ files, read, cacheDir, history: pastOf(repo, task.parent) });
    const bare = createRepoMap({ files, read, cacheDir });
    for (const [way, find] of Object.entries(WAYS)) {
      const found = await find({ task, files, read, map, bare });
      const at = task.code.map((path) => found.indexOf(path)).map((i) => (i === -1 ? Number.POSITIVE_INFINITY : i));
      for (const [i, k] of KS.entries()) sums[way].recall[i] += at.filter((place) => place < k).length / at.length;
      sums[way].mrr += 1 / (1 + Math.min(...at));
    }
  }
  return { tasks: tasks.length, sums };
}

/** Milliseconds: the first answer of a map that knows nothing, of one with a cache, and an answer of one that is loaded. */
async function times(repo, cacheDir) {
  const files = filesOf(repo, 'HEAD');
  const read = readerOf(repo, files);
  const ask = async (map) => {
    const start = performance.now();
    await map.rank({ task: 'Timeout is ignored when the request was aborted', ...NO_HINTS }, { count: 10 });
    return performance.now() - start;
  };
  const cold = await ask(createRepoMap({ files, read, cacheDir: null }));
  await ask(createRepoMap({ files, read, cacheDir }));
  const map = createRepoMap({ files, read, cacheDir });
  const cached = await ask(map);
  const again = [await ask(map), await ask(map), await ask(map)];
  return [String(files.length), cold.toFixed(0), cached.toFixed(0), shown(again)];
}

const repositories = process.argv.slice(2).filter((arg, i, all) => !arg.startsWith('--') && all[i - 1] !== '--tasks');
const HEAD = ['repository', 'fixes', 'way', ...KS.map((k) => `recall@${k}`), 'MRR'];
const rows = [];
const timeRows = [];
const total = {};
for (const repo of repositories) {
  const temp = tempFolder();
  const name = repo
    .replace(/\/(?:repo|\.git)?\/?$/, '')
    .replace(/\/repo$/, '')
    .split('/')
    .at(-1);
  const { tasks, sums } = await measure(repo, option('tasks', 60), temp.at('cache'));
  for (const [way, { recall, mrr }] of Object.entries(sums)) {
    const numbers = [...recall, mrr].map((sum) => sum / Math.max(1, tasks));
    total[way] = numbers.map((x, i) => x + (total[way]?.[i] ?? 0));
    rows.push([name, String(tasks), way, ...numbers.map((x) => x.toFixed(2))]);
  }
  timeRows.push([name, ...(await times(repo, temp.at('head')))]);
  temp.clean();
  console.error(`${name} done`);
}
for (const [way, sums] of Object.entries(total)) rows.push(['mean', '', way, ...sums.map((x) => (x / repositories.length).toFixed(2))]);
if (rows.length > 0) {
  console.log(`${table([HEAD, ...rows])}\n`);
  console.log(`${table([['repository', 'files', 'cold, ms', 'first with cache, ms', 'again, ms'], ...timeRows])}\n`);
}
if (!process.argv.includes('--no-scale')) console.log(table([SCALE_HEAD, ...(await scale())]));
