// Runs at the moments that a person sees: an expense splitter with eight files and 46 tests, and one with 80 files and 500 tests.
import type { Body, Content, Event, Limits, Signal, TestLine } from '../../../src/core/events.ts';
import { EVENT_VERSION } from '../../../src/core/events.ts';
import type { Role } from '../../../src/core/model.ts';
import type { Plan } from '../../../src/core/plan.ts';
import { initialState, reduce } from '../../../src/core/reduce.ts';
import { emptyView, taken, type View, viewEvent, viewSignal } from '../../../src/surfaces/live/run/view.ts';
import { created as run, START } from '../events.ts';

/** A journaled event, a signal, a time that passes (milliseconds), or what the screen learned otherwise. */
export type Beat = Body | Signal | number | ((view: View) => View);

/** The view after `beats`, each event a second after the one before. */
export function tell(beats: readonly Beat[]): { readonly view: View; readonly now: number; readonly lines: View['lines'] } {
  let state = initialState;
  let view = emptyView;
  let now = START;
  let seq = 0;
  let lines: View['lines'] = [];
  for (const beat of beats) {
    if (typeof beat === 'number') now += beat;
    else if (typeof beat === 'function') view = beat(view);
    else if (beat.type === 'delta' || beat.type === 'test' || beat.type === 'mutants') view = viewSignal(view, beat);
    else {
      const event: Event = { ...beat, v: EVENT_VERSION, seq: ++seq, at: now };
      state = reduce(state, event);
      view = viewEvent(view, event, state);
      lines = [...lines, ...view.lines];
      view = taken(view);
      now += 1000;
    }
  }
  return { view, now, lines };
}

const SOURCES = ['money', 'people', 'expense', 'split', 'ledger', 'settle', 'report', 'cli'] as const;
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  'test/money.test.ts': ['parses amounts', 'rounds half to even', 'refuses letters', 'keeps the currency'],
  'test/split.test.ts': ['splits evenly', 'gives the rest to the first', 'splits by shares', 'refuses no people'],
  'test/settle.test.ts': ['settles with the fewest payments', 'leaves nobody in debt'],
};

export const plan: Plan = {
  name: 'expense-splitter',
  summary: 'Splits expenses in a group and says who pays whom',
  language: 'typescript',
  runner: 'node:test',
  files: SOURCES.map((name, at) => ({
    path: `src/${name}.ts`,
    purpose: `What there is to know of ${name}, and nothing else`,
    contract: `export declare function ${name}(text: string): number;`,
    uses: SOURCES.slice(Math.max(0, at - 1), at).map((other) => `src/${other}.ts`),
  })),
  tests: Object.entries(CHECKS).map(([path, checks]) => ({
    path,
    checks,
    uses: [path.replace('test/', 'src/').replace('.test', '')],
  })),
  packages: [],
  decisions: ['amounts are kept in cents'],
  commands: [],
};

const WHYS: Readonly<Record<string, string>> = {
  'splits evenly': 'got 3.33, expected 3.34',
  'splits by shares': "TypeError: cannot read properties of undefined (reading 'share')",
  'settles with the fewest payments': 'got 4, expected 2',
};

/** 46 tests in three files, of which those named in `failing` fail. */
export function results(failing: readonly string[]): readonly TestLine[] {
  const names = Object.entries(CHECKS).flatMap(([path, checks]) =>
    Array.from({ length: path.includes('settle') ? 14 : 16 }, (_, n) => ({ path, name: checks[n] ?? `case ${n + 1}` })),
  );
  return names.map(({ path, name }) => {
    const fails = failing.includes(name);
    return { id: `${path} › ${name}`, path, status: fails ? 'failed' : 'passed', why: fails ? (WHYS[name] ?? 'got 1, expected 2') : '' };
  });
}

const MODELS = ['openai/gpt-5.5'];
export const created: Body = {
  ...run,
  title: 'split expenses in a group: who owes whom, with the fewest payments, as a command line tool',
  models: { plan: MODELS, tests: MODELS, draft: MODELS, repair: MODELS },
  approve: true,
} as Body;

export function answered(step: Role, subject: string, content: Content, attempt = 1, cost: number | null = 0.0125): Body {
  const usage = { input: 1800, cached: 1200, cacheWrite: 0, output: 900, reasoning: 0 };
  const id = `${step}/${subject}/${attempt}`;
  return {
    type: 'answered',
    id,
    step,
    subject,
    attempt,
    reply: 'a',
    stop: 'end',
    model: 'openai/gpt-5.5',
    usage,
    cost,
    sentCharacters: 4000,
    content,
  };
}

export function started(kind: Extract<Body, { type: 'started' }>['kind'], step: string, subject: string, attempt = 1): Body {
  const id = `${step}/${subject}/${attempt}`;
  return {
    type: 'started',
    id,
    kind,
    step,
    subject,
    attempt,
    reserved: kind === 'ask' ? 0.04 : null,
    reservedTokens: kind === 'ask' ? 9000 : 0,
  };
}

export const delta = (id: string, text: string): Signal => ({ type: 'delta', id, text });
export const result = (id: string, line: TestLine): Signal => ({ type: 'test', id, line });

export const box: Body = { type: 'box.chosen', rung: 'bubblewrap, own uid, seccomp', safe: true };
const file = (characters: number): Content => ({ kind: 'file', blob: 'b', characters });

/** The parts of a run of `of`, in order. */
export function chapters(of: Plan, tests: (failing: readonly string[]) => readonly TestLine[]) {
  const red: Body = {
    type: 'red.proven',
    id: 'red/tests/1',
    attempt: 1,
    mended: [],
    problems: [],
    baseline: [],
    report: 'r',
    tests: tests([]).map(({ id, path }) => ({ id, path, throwing: 'failed', wrong: 'failed' })),
  };
  const writes = [...of.tests.map((t) => ['tests', t.path] as const), ...of.files.map((f) => ['draft', f.path] as const)];
  const planned: readonly Beat[] = [
    answered('plan', 'plan', { kind: 'plan', plan: of }),
    started('vet-plan', 'vet', 'plan'),
    { type: 'plan.vetted', id: 'vet/plan/1', violations: [] },
  ];
  return {
    asking: [created, box, started('ask', 'plan', 'plan')] as readonly Beat[],
    planned,
    approved: [{ type: 'plan.approved', remark: '' }, started('install', 'install', 'packages')] as readonly Beat[],
    authors: (from = 0) => writes.slice(from, from + 8).map(([step, path]) => started('ask', step, path)) as readonly Beat[],
    written: (from: number, to: number) =>
      writes.slice(from, to).map(([step, path], at) => answered(step, path, file(700 + 310 * (at + from)))) as readonly Beat[],
    installed: [{ type: 'installed', id: 'install/packages/1', attempt: 1, files: {}, deps: null, problems: [] }] as readonly Beat[],
    proving: [started('red', 'red', 'tests')] as readonly Beat[],
    red: [red] as readonly Beat[],
    checked: [started('check', 'check', 'tree'), { type: 'checked', id: 'check/tree/1', mended: [], diagnostics: [] }] as readonly Beat[],
    testing: (round: number) => [started('test', 'test', `round-${round}`)] as readonly Beat[],
    tested: (round: number, failing: readonly string[]): readonly Beat[] => {
      const lines = tests(failing);
      const count = lines.filter((l) => l.status === 'failed').length;
      const verdict =
        count === 0
          ? ({ kind: 'green', reason: `all ${lines.length} tests passed` } as const)
          : ({ kind: 'red', reason: `${count} of ${lines.length} tests are not passing` } as const);
      return [{ type: 'tested', id: `test/round-${round}/1`, round, verdict, tests: lines, report: 'r', ms: 2340 }];
    },
  };
}

export const calls = (...made: readonly (readonly [string, string])[]): Content => ({
  kind: 'turn',
  text: '',
  calls: made.map(([name, path], n) => ({ id: String(n), name, args: { path }, raw: '{}' })),
});

export function toolsDone(round: number, turn: number, changed: readonly string[], refused: readonly string[] = []): Body {
  const changes = changed.map((path) => ({ path, blob: 'c' }));
  return {
    type: 'tools.done',
    id: `tools/round-${round}/${turn}`,
    round,
    turn,
    results: 'r',
    changes,
    refused,
    dispute: null,
    packages: [],
    blocked: null,
  };
}

const c = chapters(plan, results);
const failing = ['splits evenly', 'splits by shares', 'settles with the fewest payments', 'case 7'];
const drafting = [...c.asking, ...c.planned, ...c.approved, ...c.authors()];
const drafted = [...drafting, ...c.installed, ...c.written(0, 11)];
const proven = [...drafted, ...c.proving, ...c.red, ...c.checked];
const round1 = [...proven, ...c.testing(1), ...c.tested(1, failing)];
const turn1 = [
  started('ask', 'repair', 'round-1'),
  answered('repair', 'round-1', calls(['read', 'src/split.ts'], ['read', 'src/settle.ts'])),
  started('tools', 'tools', 'round-1'),
  toolsDone(1, 1, []),
  started('ask', 'repair', 'round-1', 2),
  answered('repair', 'round-1', calls(['edit', 'src/split.ts'], ['run_tests', '']), 2),
  started('tools', 'tools', 'round-1', 2),
];
const repaired = [...turn1, toolsDone(1, 2, ['src/split.ts'], ['test/split.test.ts'])];
const green = [...round1, ...repaired, answered('repair', 'round-1', calls(), 3), ...c.testing(2), ...c.tested(2, [])];

export const big: Plan = {
  ...plan,
  files: Array.from({ length: 80 }, (_, n) => ({
    path: `src/${['api', 'core', 'store', 'views'][n % 4]}/${n % 7 === 0 ? '部品-' : 'part-'}${n}.ts`,
    purpose: 'A part of it',
    contract: '',
    uses: [],
  })),
  tests: Array.from({ length: 10 }, (_, n) => ({ path: `test/suite-${n}.test.ts`, checks: ['works'], uses: [`src/api/part-${n * 4}.ts`] })),
};
const many = (bad: readonly string[]): readonly TestLine[] =>
  Array.from({ length: 500 }, (_, n) => {
    const path = `test/suite-${n % 10}.test.ts`;
    const fails = bad.includes(String(n));
    return {
      id: `${path} › group › case ${n}`,
      path,
      status: fails ? 'failed' : 'passed',
      why: fails ? `got ${n}, expected ${n + 1}` : '',
    };
  });
const b = chapters(big, many);
const bigDrafting = [...b.asking, ...b.planned, ...b.approved, ...b.authors(), ...b.installed, ...b.written(0, 30), ...b.authors(30)];
const bigRed = [
  ...b.asking,
  ...b.planned,
  ...b.approved,
  ...b.authors(),
  ...b.installed,
  ...b.written(0, 90),
  ...b.proving,
  ...b.red,
  ...b.checked,
];

const code =
  'export function settle(debts: readonly Debt[]): readonly Payment[] {\n  const sums = new Map<string, number>();\n  for (const debt of de';
const planText =
  '{"name": "expense-splitter",\n "files": [\n  {"path": "src/money.ts", "purpose": "Amounts in cents"},\n  {"path": "src/split.ts", "purpo';

/** Every moment that is kept as a picture. */
export const stories: Readonly<Record<string, readonly Beat[]>> = {
  planning: [...c.asking, 9000, delta('plan/plan/1', planText)],
  'plan waits': [...c.asking, ...c.planned],
  drafting: [
    ...drafting,
    ...c.written(0, 1),
    ...c.written(3, 5),
    delta('draft/src/ledger.ts/1', code),
    delta('draft/src/settle.ts/1', `${'x'.repeat(3000)}\n${code}\n\n`),
    delta('tests/test/split.test.ts/1', "test('splits 合計 evenly 🎉', () => {"),
  ],
  'red proof': [
    ...drafted,
    ...c.proving,
    ...results([])
      .slice(0, 20)
      .map((line) => result('red/tests/1', { ...line, status: 'failed', why: 'stub' })),
  ],
  'tests running': [
    ...proven,
    ...c.testing(1),
    ...results(failing)
      .slice(0, 29)
      .map((line) => result('test/round-1/1', line)),
  ],
  'round with failures': [...round1, started('ask', 'repair', 'round-1'), 14_000],
  repairing: [...round1, ...turn1, { type: 'remark', text: 'amounts are never negative' }],
  'repair thinks': [
    ...round1,
    ...repaired,
    started('ask', 'repair', 'round-1', 3),
    delta('repair/round-1/3', 'The rest belongs to the first person, so the loop has to'),
  ],
  'taken back': [
    ...round1,
    ...repaired,
    answered('repair', 'round-1', calls(), 3),
    ...c.testing(2),
    ...c.tested(2, [...failing, 'refuses letters', 'case 8']),
    started('ask', 'repair', 'round-2'),
  ],
  mutants: [...green, started('mutate', 'mutate', 'code'), 21_000],
  proof: [
    ...green,
    started('prove', 'prove', 'candidate'),
    ...results([])
      .slice(0, 31)
      .map((line) => result('prove/candidate/1', line)),
  ],
  paused: [...round1, started('ask', 'repair', 'round-1'), { type: 'paused' }, 75_000],
  'busy provider': [
    ...drafting,
    ...c.installed,
    ...[...c.authors()].flatMap((beat): Beat[] =>
      typeof beat === 'object' && beat.type === 'started'
        ? [{ type: 'waiting', id: beat.id, ms: 60_000, reason: 'openai is busy (429)' }]
        : [],
    ),
  ],
  'no sandbox, unknown price': [
    created,
    { type: 'box.chosen', rung: 'none', safe: false },
    started('ask', 'plan', 'plan'),
    answered('plan', 'plan', { kind: 'plan', plan }, 1, null),
  ],
  'near the cap': [
    { ...created, limits: { money: 0.03, tokens: null, requests: null, rounds: 12, wallMs: 3_600_000 } as Limits } as Body,
    ...drafting.slice(1),
    ...c.written(0, 1),
  ],
  'big drafting': [...bigDrafting, ...b.authors(30).map((beat) => (typeof beat === 'object' && 'id' in beat ? delta(beat.id, code) : 0))],
  'big repairing': [
    ...bigRed,
    ...b.testing(1),
    ...b.tested(1, ['3', '4', '120', '333', '401', '444', '445']),
    started('ask', 'repair', 'round-1'),
    answered('repair', 'round-1', calls(['read', 'src/core/part-1.ts'])),
    started('tools', 'tools', 'round-1'),
  ],
};
