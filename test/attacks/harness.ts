// A harness of its own: plants canaries, makes a rung, runs attempts in boxes, prints one outcome a line.
// usage: node harness.ts '{"rung", "removed", "ids"}'
import { openBox } from '../../sandbox/box.ts';
import { DEFAULT_IMAGE } from '../../sandbox/container.ts';
import type { RungKind } from '../../sandbox/rung.ts';
import { makeRung } from '../../sandbox/rung.ts';
import { makePrograms } from '../../src/effects/box-programs.ts';
import { argvOf } from './attempt.ts';
import { ATTEMPTS } from './attempts/index.ts';
import type { Bench } from './boxed.ts';
import { runAttempt } from './boxed.ts';
import { plant } from './canaries.ts';
import type { Removal } from './weaken.ts';
import { weaken } from './weaken.ts';

export interface Job {
  readonly rung: RungKind;
  readonly removed: readonly Removal[];
  readonly ids: readonly string[];
  /** Of a container. */
  readonly image?: string;
  /** In an outer box: a machine that forbids user namespaces, so that the rung of Perl does without. */
  readonly noUserns?: boolean;
  /** Runs the one attempt in a box that may write to this folder, until someone kills us. */
  readonly beat?: string;
}

const job = JSON.parse(process.argv[2] ?? '{}') as Job;
const removed = new Set(job.removed);
const made = makeRung(removed.has('box') ? 'none' : job.rung, { image: job.image ?? DEFAULT_IMAGE });
if (typeof made === 'string') {
  console.log(JSON.stringify({ missing: made }));
} else {
  const rung = weaken(made, removed);
  if (job.beat !== undefined) {
    const box = await openBox(rung, {
      read: [],
      write: [{ source: job.beat, target: '/out' }],
      env: { PATH: '/usr/bin:/bin' },
      network: 'none',
    });
    const program = ATTEMPTS.find((one) => one.id === job.ids[0])?.program;
    if (program !== undefined) await box.run(argvOf(program, { report: '/out/beat' }));
    process.exit();
  }
  const programs = await makePrograms(rung, process.execPath, null);
  let bench: Bench = { rung, removed, programs, image: job.image, canaries: await plant(rung.identity, process.env['REDGREEN_CANARY']) };
  for (const attempt of ATTEMPTS.filter((one) => job.ids.includes(one.id))) {
    const outcome = await runAttempt(bench, attempt);
    console.log(JSON.stringify(outcome));
    if (outcome.verdict === 'held') continue;
    bench.canaries.close();
    bench = { ...bench, canaries: await plant(rung.identity, process.env['REDGREEN_CANARY']) };
  }
  bench.canaries.close();
  made.close();
  // Connections of the canaries may still be open.
  process.stdout.write(`${JSON.stringify({ done: true })}\n`, () => process.exit());
}
