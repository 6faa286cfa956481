// A run of a thousand rounds, 80 files and 500 tests on the live screen, in this process, with a terminal that forgets everything. Prints its memory as
// JSON lines. bench/screen-memory.mjs bundles it and starts it with `screen`, or with `bare` for the same events with nobody who looks at them.
import { PassThrough, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { type Body, EVENT_VERSION, type Event, type Signal, type TestLine } from '../src/core/events.ts';
import type { Plan } from '../src/core/plan.ts';
import { initialState, reduce } from '../src/core/reduce.ts';
import { createLive } from '../src/surfaces/live/live.tsx';
import { unicodeSymbols } from '../src/surfaces/live/paint/symbols.ts';
import type { Surface } from '../src/surfaces/surface.ts';

const ROUNDS = [100, 500, 1_000];
const FILES = 80;
const TESTS = 500;
const TEST_FILES = 20;
/** Pieces of one reply. */
const DELTAS = 100;
/** Milliseconds of a round, so that frames are drawn in it. */
const ROUND_MS = 20;

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const source = (n: number) => `src/part-${n % 8}/module${n}.ts`;
const testFile = (n: number) => `test/part${n % TEST_FILES}.test.ts`;

const plan: Plan = {
  name: 'large',
  summary: 'Eighty files.',
  language: 'typescript',
  runner: 'node:test',
  files: range(FILES).map((n) => ({ path: source(n), purpose: 'One of many', contract: `export function f${n}(): number;`, uses: [] })),
  tests: range(TEST_FILES).map((n) => ({ path: testFile(n), checks: ['it works'], uses: [source(n)] })),
  packages: [],
  decisions: [],
  commands: [],
};

/** Results of a round: some tests fail, others than in the round before. */
function results(round: number): TestLine[] {
  return range(TESTS).map((n) => {
    const fails = (n * 7 + round * 13) % 50 === 0;
    const path = testFile(n);
    return {
      id: `${path} › does the thing ${n}`,
      path,
      status: fails ? 'failed' : 'passed',
      why: fails ? `got ${round}, expected ${n}` : '',
    };
  });
}

const limits = { money: null, tokens: null, requests: null, rounds: 1e6, wallMs: null };
const models = { plan: ['m/m'], tests: ['m/m'], draft: ['m/m'], repair: ['m/m'] };
const usage = { input: 1_000, cached: 500, cacheWrite: 0, output: 400, reasoning: 0 };

type Ask = Extract<Body, { type: 'answered' }>;
type Kind = Extract<Body, { type: 'started' }>['kind'];

const started = (kind: Kind, step: string, subject: string, attempt = 1): Body => {
  const id = `${step}/${subject}/${attempt}`;
  return { type: 'started', id, kind, step, subject, attempt, reserved: null, reservedTokens: 0 };
};
const answered = (step: Ask['step'], subject: string, content: Ask['content'], attempt = 1): Body => {
  const id = `${step}/${subject}/${attempt}`;
  const paid = { reply: 'a', stop: 'end' as const, model: 'm/m', usage, cost: 0.01, sentCharacters: 4_000 };
  return { type: 'answered', id, step, subject, attempt, ...paid, content };
};
const streamed = (id: string): Signal[] =>
  range(DELTAS).map((n) => ({ type: 'delta', id, text: `const value${n} = ${n} * 2;${n % 5 === 0 ? '\n' : ' '}` }));

function* opening(): Generator<Body | Signal> {
  yield {
    type: 'run.created',
    run: '20261123-120000-ab12',
    redgreen: '0',
    node: '24',
    prompt: 'p',
    title: 'a large project',
    dir: '/x',
    createdRepository: true,
    mode: 'new',
    given: {},
    check: null,
    models,
    limits,
    concurrency: 8,
    approve: false,
    mutants: 0,
    language: null,
    runner: null,
    base: { commit: null, files: [] },
    onto: null,
    kept: {},
    source: 'live',
  };
  yield { type: 'box.chosen', rung: 'bubblewrap', safe: true };
  yield started('ask', 'plan', 'plan');
  yield answered('plan', 'plan', { kind: 'plan', plan });
  yield { type: 'plan.vetted', id: 'vet/plan/1', violations: [] };
  for (const { path } of [...plan.tests, ...plan.files]) {
    const step = path.startsWith('test/') ? 'tests' : 'draft';
    yield started('ask', step, path);
    yield* streamed(`${step}/${path}/1`);
    yield answered(step, path, { kind: 'file', blob: `blob-${path}`, characters: 3_000 });
  }
  const tests = results(0).map(({ id, path }) => ({ id, path, throwing: 'failed' as const, wrong: 'failed' as const }));
  yield { type: 'red.proven', id: 'red/tests/1', attempt: 1, mended: [], problems: [], tests, report: 'r', baseline: [] };
  yield { type: 'checked', id: 'check/files/1', mended: [], diagnostics: [] };
}

function* round(n: number): Generator<Body | Signal> {
  const subject = `round-${n}`;
  const tests = results(n);
  yield started('test', 'test', subject);
  for (const line of tests) yield { type: 'test', id: `test/${subject}/1`, line };
  const failing = tests.filter((t) => t.status === 'failed').length;
  yield {
    type: 'tested',
    id: `test/${subject}/1`,
    round: n,
    verdict: { kind: 'red', reason: `${failing} of ${TESTS} tests are not passing` },
    tests,
    report: 'report',
    ms: 900,
  };
  yield started('ask', 'repair', subject);
  yield* streamed(`repair/${subject}/1`);
  const path = source(n);
  const calls = ['read', 'edit'].map((name) => ({ id: name, name, args: { path }, raw: JSON.stringify({ path }) }));
  yield answered('repair', subject, { kind: 'turn', calls, text: 'I mend it.' });
  yield started('tools', 'tools', subject);
  yield {
    type: 'tools.done',
    id: `tools/${subject}/1`,
    round: n,
    turn: 1,
    results: 'r',
    changes: [{ path, blob: `edit-${n}` }],
    refused: [],
    dispute: null,
    packages: [],
    blocked: null,
  };
  yield started('check', 'check', subject);
  yield { type: 'checked', id: `check/${subject}/1`, mended: [], diagnostics: [] };
}

/** The screen of a run, on a terminal of 80 by 24 that counts the bytes it gets. */
function openScreen(): { readonly surface: Surface; readonly seen: { bytes: number } } {
  const seen = { bytes: 0 };
  const write = (chunk: Buffer, _: unknown, done: () => void) => {
    seen.bytes += chunk.length;
    done();
  };
  const stdout = Object.assign(new Writable({ write }), { isTTY: true, columns: 80, rows: 24 });
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {}, ref: () => {}, unref: () => {} });
  const nothing = async () => [];
  const live = createLive({
    stdout: stdout as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    reflows: true,
    painting: { color: true, symbols: unicodeSymbols, reader: false },
    now: Date.now,
    interrupt: () => {},
    planMs: null,
    hooks: { command: nothing, list: nothing, edit: async (text) => text, nearest: () => null, history: [], remember: () => {} },
    session: false,
  });
  return { surface: live.surface(), seen };
}

async function memory(at: number, bytes: number): Promise<void> {
  await pause(300);
  // A second time for what the first one's finalisers let go of.
  for (let i = 0; i < 2; i++) globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  console.log(JSON.stringify({ round: at, heap: heapUsed / 2 ** 20, rss: rss / 2 ** 20, bytes }));
}

async function main(): Promise<void> {
  const screen = process.argv[2] === 'screen' ? openScreen() : null;
  const failure = { message: 'got 1, expected 2\n'.repeat(20), frames: [{ path: source(1), line: 3 }], outside: false };
  const report = JSON.stringify({ tests: results(1).map((t) => ({ ...t, name: 'x', failure, retried: false })), fileFailures: [] });
  screen?.surface.meet?.({ say: () => null, read: async () => report, base: async () => null });
  let state = initialState;
  let seq = 0;
  const play = (what: Iterable<Body | Signal>) => {
    for (const one of what) {
      if (one.type === 'delta' || one.type === 'test' || one.type === 'mutants') {
        screen?.surface.signal(one);
        continue;
      }
      const event: Event = { ...one, v: EVENT_VERSION, seq: ++seq, at: Date.now() };
      // A run that does not move would have been ended long before.
      state = { ...reduce(state, event), ending: null, strategy: 0, stale: 0 };
      screen?.surface.event(event, state);
    }
  };
  play(opening());
  for (let n = 1; n <= Math.max(...ROUNDS); n++) {
    play(round(n));
    await pause(ROUND_MS);
    if (ROUNDS.includes(n)) await memory(n, screen?.seen.bytes ?? 0);
  }
  process.exit();
}

await main();
