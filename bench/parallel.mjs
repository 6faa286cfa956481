// How long tests and eight files take that are written at the same time, beside the longest of them alone.
// usage: node bench/parallel.mjs [--runs 3] [--rate 60] [--tape FILE]
import { readTape } from '../src/effects/tape-file.ts';
import { scripted } from '../test/e2e/scripted.ts';
import { shown, spread, table, tempFolder } from './measure.mjs';
import { commands, wholeRun } from './runs.mjs';

/** Functions of each file: the longest has 24, about 2,900 characters. It stands last in the plan, which is the worst place. */
const SIZES = [8, 8, 12, 12, 16, 16, 20, 24];
export const WORDS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'];

const signature = (word, n) => `export function ${word}${n}(value: number): number`;
const body = (word, n) => `/** Adds ${n} to a value, then doubles it. */\n${signature(word, n)} {\n  return (value + ${n}) * 2;\n}\n`;
const range = (n) => Array.from({ length: n }, (_, i) => i + 1);

const sources = Object.fromEntries(
  WORDS.map((word, i) => [
    `src/${word}.ts`,
    range(SIZES[i])
      .map((n) => body(word, n))
      .join('\n'),
  ]),
);

function testOf(words) {
  const imports = words.map((word) => `import { ${word}1, ${word}2 } from '../src/${word}.ts';`).join('\n');
  const checks = words.map(
    (word) => `test('${word} adds and doubles', () => {\n  assert.equal(${word}1(1), 4);\n  assert.equal(${word}2(1), 6);\n});\n`,
  );
  return `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n${imports}\n\n${checks.join('\n')}`;
}

export const tests = { 'test/front.test.ts': testOf(WORDS.slice(0, 4)), 'test/back.test.ts': testOf(WORDS.slice(4)) };

export const plan = JSON.stringify({
  name: 'adders',
  summary: 'Eight files of small functions.',
  language: 'typescript',
  runner: 'node:test',
  files: WORDS.map((word, i) => ({
    path: `src/${word}.ts`,
    purpose: 'Adds a fixed number to a value, then doubles it.',
    contract: `/** Each adds its number and doubles the sum. */\n${range(SIZES[i])
      .map((n) => `${signature(word, n)};`)
      .join('\n')}\n`,
    uses: [],
  })),
  tests: Object.keys(tests).map((path, i) => ({
    path,
    checks: ['each file’s first two functions give the doubled sum'],
    uses: WORDS.slice(i * 4, i * 4 + 4).map((word) => `src/${word}.ts`),
  })),
  packages: [],
  decisions: [],
  commands: [],
  blocked: '',
});

const reply = (path, text) => `<file path="${path}">\n${text}</file>`;

function model(rate) {
  return ({ step, subject }) => {
    if (step === 'plan') return { text: plan };
    const text = sources[subject] ?? tests[subject];
    return text === undefined ? undefined : { text: reply(subject, text), tokensPerSecond: rate };
  };
}

/** Milliseconds that the longest reply takes when nothing else is asked: one plain request. */
async function longestAlone(rate) {
  const all = Object.entries({ ...sources, ...tests }).map(([path, text]) => reply(path, text));
  const longest = all.reduce((a, b) => (b.length > a.length ? b : a));
  const server = await scripted(() => ({ text: longest, tokensPerSecond: rate }));
  const started = performance.now();
  const answer = await fetch(`${server.url}/chat/completions`, { method: 'POST', body: JSON.stringify({ messages: [] }) });
  await answer.text();
  const ms = performance.now() - started;
  await server.close();
  return ms;
}

/** Milliseconds from the plan's acceptance to the last first draft of tests and files. The run is stopped there. */
async function together(dir, home, rate) {
  const wanted = WORDS.length + Object.keys(tests).length;
  let answers = 0;
  const { events } = await wholeRun({
    dir,
    home,
    task: 'Eight files of small functions.',
    script: model(rate),
    outcome: 'interrupted',
    onEvent: (event, stop) => {
      if (event.type === 'answered' && (event.step === 'tests' || event.step === 'draft') && ++answers === wanted) stop();
    },
  });
  const accepted = events.find((e) => e.type === 'plan.vetted');
  const drafts = commands(events).filter((c) => c.ended.type === 'answered' && c.started.step !== 'plan');
  return { ms: Math.max(...drafts.map((c) => c.ended.at)) - accepted.at, most: concurrent(drafts) };
}

function concurrent(drafts) {
  return Math.max(...drafts.map((d) => drafts.filter((o) => o.started.at <= d.started.at && o.ended.at > d.started.at).length));
}

/** Characters that a model wrote by step, from a recorded run's tape. */
function ofTape(path) {
  const sizes = { plan: 0, tests: 0, draft: 0, repair: 0 };
  for (const { key, reply } of readTape(path).calls) sizes[key.split('/')[0]] += reply.text.length;
  return sizes;
}

const sum = (texts) => Object.values(texts).reduce((n, text) => n + text.length, 0);

function sizeRow(name, { plan, tests, draft }) {
  return [name, String(plan), String(tests), String(draft), ((plan + tests) / draft).toFixed(2)];
}

/** Measures and gives the rows of two tables: times, characters. */
export async function parallel(runs, rate, tape) {
  const temp = tempFolder();
  const results = [];
  for (let n = 0; n < runs; n++) {
    const alone = await longestAlone(rate);
    const { ms, most } = await together(temp.at(`project-${n}`), temp.at('home'), rate);
    results.push({ alone, ms, most, ratio: ms / alone });
  }
  temp.clean();
  const sizes = [sizeRow('this script', { plan: plan.length, tests: sum(tests), draft: sum(sources) })];
  if (tape) sizes.push(sizeRow('the recorded run', ofTape(tape)));
  return {
    times: [
      ['the longest reply alone, ms', shown(results.map((r) => r.alone)), ''],
      ['tests and eight files together, ms', shown(results.map((r) => r.ms)), ''],
      [
        'ratio',
        shown(
          results.map((r) => r.ratio),
          3,
        ),
        '≤ 1.15',
      ],
      ['requests at the same time, at most', String(spread(results.map((r) => r.most)).max), ''],
    ],
    sizes,
  };
}

export const PARALLEL_HEAD = ['parallel drafting, 60 tokens a second', 'min / median / max', 'aim'];
export const SIZES_HEAD = ['characters', 'plan', 'tests', 'code', '(plan + tests) ÷ code'];

if (import.meta.main) {
  const word = (name, fallback) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : fallback);
  const { times, sizes } = await parallel(Number(word('--runs', 3)), Number(word('--rate', 60)), word('--tape', null));
  console.log(`${table([PARALLEL_HEAD, ...times])}\n\n${table([SIZES_HEAD, ...sizes])}`);
  process.exit();
}
