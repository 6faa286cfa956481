// What the tests did, from the stubs to the proof, and what was done about it.
import type { Event, TestLine, Verdict } from '../../core/events.ts';
import { isVacuous } from '../../core/redproof.ts';
import type { Ref } from '../../core/ref.ts';
import type { TestId, TestStatus } from '../../core/report.ts';
import type { State } from '../../core/state.ts';
import { plural } from '../words.ts';
import { createEnds } from './ends.ts';

/** One test run: a column of the matrix. */
export interface Column {
  /** `stubs`: without the code; `base`: the tests of a change, on the code as it was. */
  readonly kind: 'stubs' | 'base' | 'round' | 'proof';
  /** Of a round; else 0. */
  readonly round: number;
  readonly verdict: Verdict | null;
  readonly passed: number;
  readonly failed: number;
  /** Tests of the repository that passed before and still did, which are not counted as passed; 0 where they were not run. */
  readonly also: number;
  /** Tests of the repository that turned out to be unsteady. */
  readonly unsteady: readonly TestId[];
  /** Skipped or to do. */
  readonly other: number;
  readonly ms: number;
  /** The round's edits made it worse and were taken back. */
  readonly takenBack: boolean;
  readonly diagnostics: State['checks']['diagnostics'];
  /** Those that did not pass, at most 200. */
  readonly failures: readonly TestLine[];
  /** The whole report; null for the stubs. */
  readonly report: Ref | null;
}

/** A turn of a conversation. */
export interface Turn {
  readonly round: number;
  readonly attempt: number;
  readonly model: string;
  readonly reply: Ref;
  readonly results: Ref | null;
  readonly changed: readonly string[];
  readonly refused: readonly string[];
}

export interface Row {
  readonly id: TestId;
  /** One for each column; null where the test was not there. */
  readonly marks: readonly (TestStatus | null)[];
}

export interface Rounds {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly turns: readonly Turn[];
  /** Turns of the tests' author on code that exists. */
  readonly author: readonly Turn[];
  /** Columns that were let go from the middle, because there were too many. */
  readonly dropped: number;
}

const MOST_COLUMNS = 200;
const MOST_TESTS = 5_000;
const MOST_FAILURES = 200;
const MOST_TURNS = 1_000;
const MOST_DIAGNOSTICS = 50;

type Marked = readonly { readonly id: TestId; readonly status: TestStatus }[];

/** Gathers the test runs and the repairs, event by event. */
export function createRounds() {
  const columns = createEnds<Column>(MOST_COLUMNS);
  const rows = new Map<TestId, Map<Column, TestStatus>>();
  const turns = createEnds<Turn>(MOST_TURNS);
  const author = createEnds<Turn>(MOST_TURNS);
  let stubs: Column | null = null;

  const mark = (column: Column, lines: Marked) => {
    for (const { id, status } of lines) {
      const row = rows.get(id);
      if (row) row.set(column, status);
      else if (rows.size < MOST_TESTS) rows.set(id, new Map([[column, status]]));
    }
  };
  const add = (column: Column, lines: Marked) => {
    mark(column, lines);
    const gone = columns.add(column);
    if (gone) for (const row of rows.values()) row.delete(gone);
  };

  return {
    event(event: Event, state: State): void {
      if (event.type === 'red.proven') {
        const { column, lines } = withoutCode(event, state);
        // Tests that are asked for later are proven red with the others: the last proof stands for all.
        if (stubs) Object.assign(stubs, column);
        else {
          stubs = column;
          add(stubs, []);
        }
        mark(stubs, lines);
      } else if (event.type === 'tested') {
        const column = columnOf('round', event.round, event.tests, event, state);
        add({ ...column, takenBack: state.carried.some((c) => c.round === event.round && c.reverted) }, event.tests);
      } else if (event.type === 'proven') add(columnOf('proof', 0, event.tests, event, state), event.tests);
      else if (event.type === 'answered' && (event.step === 'repair' || event.step === 'reproduce')) {
        const round = Number(/-(\d+)$/.exec(event.subject)?.[1] ?? state.round);
        const { attempt, model, reply } = event;
        const ends = event.step === 'repair' ? turns : author;
        ends.add({ round, attempt, model, reply, results: null, changed: [], refused: [] });
      } else if (event.type === 'tools.done') {
        const ends = event.id.startsWith('tools/tests-') ? author : turns;
        const last = ends.items.at(-1);
        if (last?.round !== event.round) return;
        ends.replaceLast({ ...last, results: event.results, changed: event.changes.map((c) => c.path), refused: event.refused });
      }
    },
    done: (): Rounds => ({
      columns: columns.items,
      rows: [...rows].map(([id, row]) => ({ id, marks: columns.items.map((column) => row.get(column) ?? null) })),
      turns: turns.items,
      author: author.items,
      dropped: columns.dropped,
    }),
  };
}

/** What the tests did before there was any code, or before any was changed. */
function withoutCode(
  event: Extract<Event, { type: 'red.proven' }>,
  state: State,
): { readonly column: Column; readonly lines: readonly TestLine[] } {
  if (state.change === null) {
    const lines = event.tests.map(
      (test) => ({ id: test.id, path: test.path, status: isVacuous(test) ? 'passed' : 'failed', why: '' }) as const,
    );
    return { lines, column: columnOf('stubs', 0, lines, { verdict: null, ms: 0, report: null }, state) };
  }
  const lines = event.baseline;
  const failing = lines.filter((line) => line.status === 'failed').length;
  const verdict = { kind: 'red', reason: `${failing} of ${plural(lines.length, 'test')} failed on the code as it was` } as const;
  return { lines, column: columnOf('base', 0, lines, { verdict, ms: 0, report: event.report }, state) };
}

type Ran = Pick<Column, 'verdict' | 'ms' | 'report'> & { readonly alsoPassed?: number; readonly unsteady?: readonly TestId[] };

function columnOf(kind: Column['kind'], round: number, lines: readonly TestLine[], ran: Ran, state: State): Column {
  const count = (status: TestStatus) => lines.filter((line) => line.status === status).length;
  const [passed, failed] = [count('passed'), count('failed')];
  return {
    kind,
    round,
    verdict: ran.verdict,
    passed,
    failed,
    other: lines.length - passed - failed,
    also: ran.alsoPassed ?? 0,
    unsteady: ran.unsteady ?? [],
    ms: ran.ms,
    takenBack: false,
    diagnostics: kind === 'round' ? state.checks.diagnostics.slice(0, MOST_DIAGNOSTICS) : [],
    failures: kind === 'stubs' ? [] : lines.filter((line) => line.status === 'failed').slice(0, MOST_FAILURES),
    report: ran.report,
  };
}
