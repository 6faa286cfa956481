// Tries the run's own tests on small changes of the lines that it changed.
import { createHash } from 'node:crypto';
import { asError } from '../../../core/errors.ts';
import type { Body, Command } from '../../../core/events.ts';
import { expectedIds } from '../../../core/kept.ts';
import type { Mutant, Ports } from '../../../core/ports.ts';
import { workedMs } from '../../../core/reduce-words.ts';
import { GONE } from '../../../core/ref.ts';
import type { State } from '../../../core/state.ts';
import { judge } from '../../../core/verdict.ts';
import type { StepContext } from '../../../driver.ts';
import { changedLines, SHARE, withoutText } from '../mutate.ts';
import { load } from '../trees.ts';
import { type Ground, groundOf } from './ground.ts';
import { runSuite } from './suite.ts';
import { targetFiles } from './targets.ts';

export interface MutateTimes {
  readonly testTimeoutMs: number;
  /** Most milliseconds for all mutants. */
  readonly mutationMs: number;
}

/** A change has few lines: more mutants than this say nothing new. */
const MOST = 12;
/** A mutant may take so much longer than the code itself. */
const SLOWER = 3;
const GRACE_MS = 2_000;

type Score = Omit<Extract<Body, { type: 'mutated' }>, 'type' | 'id' | 'attempt' | 'ms'>;

/** Emits `mutated`; what goes wrong is a note and a score of nothing. */
export async function mutateChange(command: Command, ports: Ports, context: StepContext, times: MutateTimes): Promise<void> {
  const s = context.state();
  const began = ports.clock.now();
  const over = AbortSignal.any([context.signal, AbortSignal.timeout(timeFor(s, times, began))]);
  const score = await tryMutants(command, ports, s, context, { times, over }).catch((thrown): Score => {
    if (!context.signal.aborted && !over.aborted)
      context.emit({ type: 'note', text: `The tests could not be tried on changed code: ${asError(thrown).message}` });
    return { mutants: 0, killed: 0, survivors: [], cut: over.aborted };
  });
  if (context.signal.aborted) return;
  context.emit({ type: 'mutated', id: command.id, attempt: command.attempt, ...score, ms: ports.clock.now() - began });
}

function timeFor(s: State, { mutationMs }: MutateTimes, now: number): number {
  const wall = s.run?.limits.wallMs ?? null;
  const left = wall === null ? Infinity : Math.max(0, wall - workedMs(s, now)) * SHARE;
  return Math.floor(Math.min(mutationMs, left === 0 ? Infinity : left));
}

interface Trial {
  readonly times: MutateTimes;
  readonly over: AbortSignal;
}

async function tryMutants(command: Command, ports: Ports, s: State, context: StepContext, { times, over }: Trial): Promise<Score> {
  const ground = await groundOf(ports, s, s.sources);
  const mutants = await mutantsOf(ports, s);
  if (mutants.length === 0) return { mutants: 0, killed: 0, survivors: [], cut: false };
  const tests = await targetFiles(ports, s);
  const expected = expectedIds(s);
  const run = async (changed: Ground, timeoutMs: number) => {
    const { report, ms } = await runSuite(ports, s, { ground: changed, tests, planted: true, timeoutMs, signal: over });
    return { kind: judge(expected, report).verdict.kind, late: report.broken?.kind === 'time', ms };
  };
  const own = await run(ground, times.testTimeoutMs);
  if (own.kind !== 'green') throw new Error('the tests do not pass on the code itself');
  const limit = own.ms * SLOWER + GRACE_MS;
  const survivors: Mutant[] = [];
  let killed = 0;
  for (const [i, m] of mutants.entries()) {
    const { kind } = await run({ ...ground, tree: { ...ground.tree, [m.path]: m.text } }, limit).catch((thrown: unknown) => {
      if (!over.aborted) throw thrown;
      return { kind: 'void' as const };
    });
    if (over.aborted) return { mutants: i, killed, survivors: survivors.map(withoutText), cut: true };
    if (kind === 'green' || kind === 'flaky') survivors.push(m);
    else killed++;
    context.show({ type: 'mutants', id: command.id, tried: i + 1, of: mutants.length, noticed: killed });
  }
  return { mutants: mutants.length, killed, survivors: survivors.map(withoutText), cut: false };
}

async function mutantsOf(ports: Ports, s: State): Promise<readonly Mutant[]> {
  const language = ports.languages.find((l) => l.id === s.plan?.language);
  const changed = Object.fromEntries(Object.entries(s.sources).filter(([, ref]) => ref !== GONE));
  const paths = Object.keys(changed).sort();
  const count = Math.min(MOST, s.run?.mutants ?? 0);
  if (!language || paths.length === 0 || count === 0 || expectedIds(s).length === 0) return [];
  const files = await load(ports, changed);
  const before = await ports.workspace.readMany(paths);
  const lines = Object.fromEntries(paths.flatMap((p, i) => (before[i] == null ? [] : [[p, changedLines(before[i], files[p] ?? '')]])));
  const seed = createHash('sha256')
    .update(s.run?.prompt ?? '')
    .digest()
    .readUInt32LE(0);
  return language.mutants({ files, paths, seed, count, lines });
}
