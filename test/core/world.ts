// A world for the core alone: commands are answered by plain functions, events are folded, nothing is run.
import type { Body, Command, Content, Event, Gauge, Limits, Verdict } from '../../src/core/events.ts';
import { EVENT_VERSION } from '../../src/core/events.ts';
import type { ToolCall } from '../../src/core/model.ts';
import { next } from '../../src/core/next.ts';
import { outcomeOf } from '../../src/core/outcome.ts';
import type { Plan } from '../../src/core/plan.ts';
import { initialState, reduce } from '../../src/core/reduce.ts';
import type { State } from '../../src/core/state.ts';

export const plan: Plan = {
  name: 'greeter',
  summary: 'Greets.',
  language: 'typescript',
  runner: 'node:test',
  files: [
    { path: 'src/a.ts', purpose: 'a', contract: 'export function a(): number;', uses: [] },
    { path: 'src/b.ts', purpose: 'b', contract: 'export function b(): number;', uses: ['src/a.ts'] },
  ],
  tests: [{ path: 'test/a.test.ts', checks: ['a works'], uses: ['src/a.ts'] }],
  packages: [],
  decisions: [],
  commands: [],
};

export const limits: Limits = { money: 2, tokens: null, requests: null, rounds: 12, wallMs: null };
const usage = { input: 10, cached: 0, cacheWrite: 0, output: 10, reasoning: 0 };
const id = (n: number) => `test/a.test.ts › t${n}`;

/** What the tests show in each round: the numbers of the failing ones, of four. */
export type Rounds = readonly (readonly number[])[];

export interface Script {
  readonly answer?: (command: Command, state: State) => Content | undefined;
  readonly respond?: (command: Command, state: State) => Body | undefined;
  readonly rounds?: Rounds;
  readonly created?: Partial<Extract<Body, { type: 'run.created' }>>;
  /** The events of a run that was cut off, which is resumed. */
  readonly before?: readonly Event[];
}

export interface Played {
  readonly state: State;
  readonly ids: readonly string[];
  readonly events: readonly Event[];
}

/** Plays a run to its end, or until nothing more may run. Commands are carried out one at a time, in order. */
export function play(script: Script = {}): Played {
  const ids: string[] = [];
  const events: Event[] = [];
  let state = initialState;
  const emit = (body: Body) => {
    const event: Event = { ...body, v: EVENT_VERSION, seq: events.length + 1, at: events.length };
    events.push(event);
    state = reduce(state, event);
  };
  if (script.before) {
    for (const event of script.before) emit(event);
    emit({ type: 'resumed', lost: [], limits });
  } else emit({ ...created, ...script.created });
  emit({ type: 'box.chosen', rung: 'test', safe: true });
  for (let steps = 0; steps < 400 && !state.ended; steps += 1) {
    const command = next(state).find((c) => c.kind !== 'deadline');
    if (!command) break;
    ids.push(command.id);
    if (command.kind === 'end') emit({ type: 'ended', ...outcomeOf(state), branch: state.shipped?.branch ?? null, commit: null });
    else {
      emit({
        type: 'started',
        id: command.id,
        kind: command.kind,
        step: command.step,
        subject: command.subject,
        attempt: command.attempt,
        reserved: 0,
        reservedTokens: 0,
      });
      emit(script.respond?.(command, state) ?? respond(command, state, script));
    }
  }
  return { state, ids, events };
}

export const created: Extract<Body, { type: 'run.created' }> = {
  type: 'run.created',
  run: 'r1',
  redgreen: '0',
  node: '24',
  prompt: 'p',
  title: 'greet',
  dir: '/x',
  createdRepository: true,
  models: { plan: ['m'], tests: ['m'], draft: ['m'], repair: ['m'] },
  limits,
  concurrency: 8,
  approve: false,
  mutants: 0,
  language: null,
  runner: null,
  base: { commit: null, files: [] },
  onto: null,
  kept: {},
  mode: 'new',
  given: {},
  check: null,
  source: 'live',
};

export const call = (name: string, args: Record<string, unknown> = {}): ToolCall => ({ id: 'c', name, args, raw: JSON.stringify(args) });

function defaultAnswer(command: Command): Content {
  if (command.step === 'plan') return { kind: 'plan', plan };
  if (command.step === 'repair')
    return command.attempt === 1 ? { kind: 'turn', calls: [call('edit')], text: '' } : { kind: 'turn', calls: [], text: 'done' };
  return { kind: 'file', blob: `blob-${command.subject}-${command.attempt}`, characters: 10 };
}

/** What existing tests show of a file: one change that they do not notice. */
export const GAUGE: Gauge = {
  mutants: 2,
  killed: 1,
  survivors: [{ path: 'src/a.ts', line: 3, inside: 'a', operator: 'boundary', behaviour: 'the limit is one higher' }],
  lines: { all: 9, unreached: [4, 5] },
};

/** What a command ends with when all goes well. */
export function respond(command: Command, state: State, script: Script): Body {
  const done = { id: command.id };
  switch (command.kind) {
    case 'ask':
      return {
        type: 'answered',
        ...done,
        step: command.step,
        subject: command.subject,
        attempt: command.attempt,
        reply: `reply-${command.id}`,
        stop: 'end',
        model: 'm',
        usage,
        cost: 0.01,
        sentCharacters: 100,
        content: script.answer?.(command, state) ?? defaultAnswer(command),
      };
    case 'vet-plan':
      return { type: 'plan.vetted', ...done, violations: [] };
    case 'install':
      return { type: 'installed', ...done, attempt: command.attempt, files: { 'package.json': 'pkg' }, deps: null, problems: [] };
    case 'red':
      return {
        type: 'red.proven',
        baseline: [],
        ...done,
        attempt: command.attempt,
        mended: [],
        problems: [],
        tests: [1, 2, 3, 4].map((n) => ({ id: id(n), path: 'test/a.test.ts', throwing: 'failed', wrong: 'failed' })),
        report: 'red',
      };
    case 'check':
      return { type: 'checked', ...done, mended: [], diagnostics: [] };
    case 'test':
      return tested(command, state, script.rounds ?? [[]]);
    case 'tools':
      return {
        type: 'tools.done',
        ...done,
        round: state.round,
        turn: command.attempt,
        results: 'res',
        changes: [{ path: 'src/a.ts', blob: `edit-${state.round}` }],
        refused: [],
        dispute: null,
        packages: [],
        blocked: null,
      };
    case 'mutate':
      return { type: 'mutated', ...done, attempt: command.attempt, mutants: 10, killed: 10, survivors: [], cut: false, ms: 1 };
    case 'commit':
      return { type: 'committed', ...done, name: command.name, commit: `commit-${command.name}-${command.attempt}`, tree: 'tree' };
    case 'prove':
      return {
        type: 'proven',
        ...done,
        commit: state.commits.candidate?.commit ?? '',
        tree: 'tree',
        verdict: { kind: 'green', reason: 'all 4 tests passed, 2 fresh runs' },
        tests: [],
        report: 'rep',
        runs: 3,
        seeds: [1, 2, 3],
        unreverted: [],
        statement: null,
        ms: 1,
      };
    case 'ship':
      return {
        type: 'shipped',
        ...done,
        branch: 'redgreen/greeter',
        commit: state.commits.final?.commit ?? state.commits.best?.commit ?? '',
        checkedOut: true,
      };
    case 'survey':
      return { type: 'surveyed', ...done, survey: 'survey', line: 'TypeScript', language: 'typescript', runner: 'vitest', setups: [] };
    case 'baseline':
      return { type: 'based', ...done, baseline: 'base', files: 3, passed: 12, failing: 1, remark: '', ms: 1 };
    case 'gauge':
      return { type: 'gauged', ...done, path: command.subject, gauge: GAUGE, remark: '', ms: 1 };
    case 'admit': {
      const path = 'test/new.test.ts';
      const tests = [{ id: `${path} › one`, path, kept: true, stage: 'useful', why: 'it notices a change' } as const];
      const files = { [path]: `kept-${command.subject}` };
      return { type: 'admitted', ...done, path: command.subject, problems: [], tests, suspects: [], files, after: GAUGE, ms: 1 };
    }
    case 'deadline':
    case 'end':
      throw new Error('not answered here');
    default: {
      const never: never = command;
      return never;
    }
  }
}

function tested(command: Command, state: State, rounds: Rounds): Body {
  const failing = rounds[Math.min(state.round, rounds.length - 1)] ?? [];
  const tests = [1, 2, 3, 4].map((n) => ({
    id: id(n),
    path: 'test/a.test.ts',
    status: failing.includes(n) ? ('failed' as const) : ('passed' as const),
    why: failing.includes(n) ? 'no' : '',
  }));
  const verdict: Verdict =
    failing.length === 0 ? { kind: 'green', reason: 'all 4 tests passed' } : { kind: 'red', reason: `${failing.length} of 4` };
  return { type: 'tested', id: command.id, round: state.round + 1, verdict, tests, report: `report-${state.round + 1}`, ms: 1 };
}
