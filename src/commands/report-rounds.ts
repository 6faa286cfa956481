// Reads what failed in each round, what the model was shown, and what it did.
import { existsSync } from 'node:fs';
import type { TestLine } from '../core/events.ts';
import type { ToolCall, ToolResult } from '../core/model.ts';
import { clip } from '../core/prompt-text.ts';
import type { TestReport } from '../core/report.ts';
import type { State } from '../core/state.ts';
import { readRequests } from '../effects/tape-requests.ts';
import type { FailingTest, Passage, ToldRound, ToldTrouble, ToldTurn } from '../surfaces/report/material.ts';
import type { Story } from '../surfaces/report/story.ts';
import type { Column, Turn } from '../surfaces/report/story-rounds.ts';
import type { Trouble } from '../surfaces/report/story-troubles.ts';
import type { Reader } from './report-material.ts';

/** Rounds that are told: the first and the last ones. */
const MOST_ROUNDS = 40;
const MOST_FAILING = 30;
const MOST_TURNS = 20;
const MOST_TROUBLES = 30;
/** In characters: a message, what a runner printed, a part of a request, a tool's answer, and all requests together. */
const MOST_MESSAGE = 4_000;
const MOST_OUTPUT = 6_000;
const MOST_PASSAGE = 100_000;
const MOST_RESULT = 12_000;
const MOST_SAW = 3_000_000;

/** What was said in requests, by step key, as far as the page has room for it. */
export type Requests = (key: string) => readonly Passage[] | null;

/** The requests that the page shows, from the tape: the first of each told round's repair, and those whose answer was not usable. `left` takes what is not shown. */
export function requestsOf(tape: string, s: State, story: Story, { clean }: Reader, left: Set<string>): Requests {
  const keys = [...roundsTold(story).map(({ column }) => keyOf(column.round)), ...troublesTold(story).map(({ asked }) => asked.key)];
  if (keys.length === 0) return () => null;
  if (!existsSync(tape)) {
    const why = s.run?.source === 'live' ? 'this run has no tape' : 'the replies came from a tape, and requests are not recorded again';
    left.add(`What the model saw: ${why}.`);
    return () => null;
  }
  let room = MOST_SAW;
  const taped = readTaped(tape, new Set(keys), left);
  return (key) => {
    const said = taped.get(key)?.map(({ where, text }) => ({ where, text: clip(clean(text), MOST_PASSAGE) })) ?? null;
    const size = said?.reduce((sum, passage) => sum + passage.text.length, 0) ?? 0;
    if (size <= room) {
      room -= size;
      return said;
    }
    left.add('What the model saw in some requests: together they are too long for one page.');
    return null;
  };
}

function readTaped(tape: string, keys: ReadonlySet<string>, left: Set<string>): ReadonlyMap<string, readonly Passage[]> {
  try {
    return readRequests(tape, keys);
  } catch {
    left.add('What the model saw: the tape cannot be read.');
    return new Map();
  }
}

const keyOf = (round: number) => `repair/round-${round}/1`;

interface Telling {
  readonly column: Column;
  readonly at: number;
}

/** The test runs that were not green or led to a repair. */
function roundsWorth({ rounds: { columns, turns } }: Story): readonly Telling[] {
  const repaired = new Set(turns.map((turn) => turn.round));
  return columns.flatMap((column, at) => (isTold(column, repaired) ? [{ column, at }] : []));
}

/** The first and the last of them. */
function roundsTold(story: Story): readonly Telling[] {
  const all = roundsWorth(story);
  return all.length <= MOST_ROUNDS ? all : [...all.slice(0, MOST_ROUNDS / 2), ...all.slice(-MOST_ROUNDS / 2)];
}

function isTold({ kind, verdict, round }: Column, repaired: ReadonlySet<number>): boolean {
  return kind !== 'stubs' && (verdict?.kind !== 'green' || (kind === 'round' && repaired.has(round)));
}

/** What failed in each told round, what the model saw of it, and what it did. */
export async function tellRounds(story: Story, requests: Requests, read: Reader, left: Set<string>): Promise<readonly ToldRound[]> {
  const told: ToldRound[] = [];
  for (const { column, at } of roundsTold(story)) {
    // A change begins with a repair of the code as it is: round 0.
    const isRound = column.kind === 'round' || column.kind === 'base';
    const mine = isRound ? story.rounds.turns.filter((turn) => turn.round === column.round) : [];
    if (mine.length > MOST_TURNS) left.add(`Turns of a repair beyond the first ${MOST_TURNS}.`);
    const turns = await Promise.all(mine.slice(0, MOST_TURNS).map((turn) => tellTurn(turn, read)));
    told.push({ column: at, ...(await tellReport(column, read, left)), saw: isRound ? requests(keyOf(column.round)) : null, turns });
  }
  if (told.length < roundsWorth(story).length) left.add(`Failing test runs between the first and the last ${MOST_ROUNDS / 2}.`);
  return told;
}

/** What the tests' author did on code that exists. */
export async function tellAuthor({ rounds: { author } }: Story, read: Reader, left: Set<string>): Promise<readonly ToldTurn[]> {
  if (author.length > MOST_TURNS) left.add(`Turns of the tests’ author beyond the first ${MOST_TURNS}.`);
  return Promise.all(author.slice(0, MOST_TURNS).map((turn) => tellTurn(turn, read)));
}

/** The answers that could not be used, and what they answered. */
export async function tellTroubles(story: Story, requests: Requests, read: Reader): Promise<readonly ToldTrouble[]> {
  const told: ToldTrouble[] = [];
  for (const { asked, at } of troublesTold(story)) {
    const reply = await read.json<{ readonly text: string }>(asked.reply);
    told.push({ trouble: at, reply: reply && clip(reply.text, MOST_RESULT), saw: requests(asked.key) });
  }
  return told;
}

function troublesTold({ troubles }: Story): readonly { readonly asked: NonNullable<Trouble['asked']>; readonly at: number }[] {
  return troubles.list.flatMap(({ asked }, at) => (asked === null ? [] : [{ asked, at }])).slice(0, MOST_TROUBLES);
}

type Told = Pick<ToldRound, 'failing' | 'outside' | 'broken' | 'output'>;

async function tellReport(column: Column, read: Reader, left: Set<string>): Promise<Told> {
  if (column.failed > MOST_FAILING) left.add(`Failing tests of a round beyond the first ${MOST_FAILING}.`);
  const lines = column.failures.slice(0, MOST_FAILING);
  const report = await read.json<TestReport & { readonly output?: string }>(column.report);
  const failures = new Map(report?.tests?.map((test) => [test.id, test.failure]));
  return {
    failing: lines.map((line) => failing(line, failures.get(read.clean(line.id)))),
    outside: (report?.fileFailures ?? [])
      .slice(0, MOST_FAILING)
      .map(({ path, failure }) => ({ path, failure: { ...failure, message: clip(failure.message, MOST_MESSAGE) } })),
    broken: report?.broken?.message ?? report?.tampered ?? null,
    output: clip(report?.output ?? '', MOST_OUTPUT),
  };
}

function failing(line: TestLine, failure: TestReport['tests'][number]['failure'] | undefined): FailingTest {
  return { id: line.id, message: clip(failure?.message ?? line.why, MOST_MESSAGE), frames: failure?.frames.slice(0, 8) ?? [] };
}

async function tellTurn({ reply, results, ...turn }: Turn, read: Reader): Promise<ToldTurn> {
  const said = await read.json<{ readonly text: string; readonly calls: readonly ToolCall[] }>(reply);
  const answers = (await read.json<readonly ToolResult[]>(results)) ?? [];
  const calls = (said?.calls ?? []).map((call) => {
    const answer = answers.find((one) => one.id === call.id);
    return { name: call.name, args: argsOf(call), result: answer ? clip(answer.text, MOST_RESULT) : null };
  });
  return {
    attempt: turn.attempt,
    model: turn.model,
    text: clip(said?.text ?? '', MOST_RESULT),
    calls,
    changed: turn.changed,
    refused: turn.refused,
  };
}

function argsOf({ args, raw }: ToolCall): readonly (readonly [string, string])[] {
  if (args === null) return [['arguments', clip(raw, MOST_RESULT)]];
  return Object.entries(args).map(([name, value]) => [name, clip(typeof value === 'string' ? value : JSON.stringify(value), MOST_RESULT)]);
}
