// Tries the existing tests on one source file and on its mutants: what they leave open is what new tests have to show.
import { baselineOf } from '../../../core/change.ts';
import { asError } from '../../../core/errors.ts';
import type { Command, Gauge } from '../../../core/events.ts';
import type { Ports } from '../../../core/ports.ts';
import type { StepContext } from '../../../driver.ts';
import { withoutText } from '../mutate.ts';
import { type Bench, benchOf, type CoverTimes, type Existing, gaugeLines, mutantsOf, testsNear, tryEach, tryExisting } from './bench.ts';
import { codeLines, isFollowed, runFollowed } from './lines.ts';

interface Gauged {
  readonly gauge: Gauge;
  readonly remark: string;
}

const NOTHING: Gauge = { mutants: 0, killed: 0, survivors: [], lines: null };

/** Emits `gauged`. What goes wrong is its remark: one file that cannot be tried does not end the run. */
export async function gauge(command: Command, ports: Ports, context: StepContext, times: CoverTimes): Promise<void> {
  const s = context.state();
  const began = ports.clock.now();
  const path = command.subject;
  const show = (tried: number, of: number, noticed: number) => context.show({ type: 'mutants', id: command.id, tried, of, noticed });
  const found = await benchOf(ports, s, path, { times, signal: context.signal })
    .then((bench) => tryFile(bench, show))
    .catch((thrown: unknown): Gauged => ({ gauge: NOTHING, remark: `it could not be tried: ${asError(thrown).message}` }));
  if (context.signal.aborted) return;
  context.emit({ type: 'gauged', id: command.id, path, ...found, ms: ports.clock.now() - began });
}

async function tryFile(bench: Bench, show: (tried: number, of: number, noticed: number) => void): Promise<Gauged> {
  const { ports, s, path, text, ground, times, signal } = bench;
  const tests = await testsNear(bench);
  const mutants = await mutantsOf(bench);
  if (tests.length === 0) {
    const code = codeLines(text);
    const follows = isFollowed(s.change?.setups[0]?.runner ?? s.plan?.runner ?? '');
    const lines = follows ? { all: code.length, unreached: code } : null;
    return { gauge: { mutants: mutants.length, killed: 0, survivors: mutants.map(withoutText), lines }, remark: '' };
  }
  const { ran, lines } = await runFollowed(ports, s, path, { ground, tests, planted: false, timeoutMs: times.suiteTimeoutMs, signal });
  if (ran.report.broken) return { gauge: NOTHING, remark: `its existing tests cannot be run: ${ran.report.broken.message}` };
  const existing: Existing = { tests, before: baselineOf(ran.report, tests), ms: ran.ms };
  const over = AbortSignal.any([signal, AbortSignal.timeout(times.mutationMs)]);
  const fates = await tryEach(
    mutants,
    over,
    (mutant) => tryExisting(bench, existing, mutant, over),
    (tried, noticed) => show(tried, mutants.length, noticed),
  );
  const survivors = mutants.filter((_, i) => fates[i] === 'survived').map(withoutText);
  const killed = fates.filter((fate) => fate === 'killed').length;
  const open = fates.length - killed - survivors.length;
  const remark = open === 0 ? '' : `the time for changes to the code was over before ${open} of ${mutants.length} were tried`;
  return { gauge: { mutants: killed + survivors.length, killed, survivors, lines: gaugeLines(text, lines) }, remark };
}
