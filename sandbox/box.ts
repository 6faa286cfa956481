// A box: one policy on one rung, in which commands are run.
import { availableParallelism } from 'node:os';
import type { Door, DoorEntry } from './door.ts';
import { openDoor } from './door.ts';
import { launcherArgv } from './launcher.ts';
import type { Op } from './mounts.ts';
import { mountOps } from './mounts.ts';
import type { Limits, Policy, RunOptions, RunResult } from './policy.ts';
import { defaultLimits } from './policy.ts';
import type { Start } from './process.ts';
import { runProcess } from './process.ts';
import type { Rung } from './rung.ts';

export interface Box {
  /**
   * Runs argv (a path inside, or a name in the policy's PATH) and waits until its whole tree is dead.
   * Throws `BoxError` when the box cannot be made or its end cannot be proven.
   */
  run(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** What was asked of the door so far; empty without one. */
  doorLog(): readonly DoorEntry[];
  /** Closes the door. Runs must have ended. */
  close(): Promise<void>;
}

/** What the launcher sees of our environment. */
const LAUNCH_ENV = { PATH: '/usr/bin:/bin' };

/** Opens a box. On the rung `none` mounts, network and most limits of the policy are not enforced: paths are host paths. */
export async function openBox(rung: Rung, policy: Policy): Promise<Box> {
  const limits = { ...defaultLimits(availableParallelism()), ...policy.limits };
  const opened = await openPolicyDoor(rung, policy);
  const ops = rung.plan === null ? [] : mountOps(policy, limits, rung.etc, opened?.folder ?? null);
  return {
    run: (argv, options = {}) => runProcess(startOf(rung, policy, limits, ops, argv, options)),
    doorLog: () => opened?.door.log ?? [],
    async close() {
      await opened?.door.close();
      if (opened !== null) rung.staging.remove(opened.folder);
    },
  };
}

async function openPolicyDoor(rung: Rung, policy: Policy): Promise<{ door: Door; folder: string } | null> {
  if (policy.network === 'none' || rung.plan === null) return null;
  const folder = rung.staging.folder('door');
  return { folder, door: await openDoor(policy.network.door, folder, rung.identity) };
}

function startOf(rung: Rung, policy: Policy, limits: Limits, ops: readonly Op[], argv: readonly string[], options: RunOptions): Start {
  const wallMs = Math.min(limits.wallMs, options.timeoutMs ?? limits.wallMs);
  const common = {
    leaking: rung.leaking,
    limits: { ...limits, wallMs },
    folders: policy.write.map((mount) => mount.source),
    stdin: options.stdin,
    signal: options.signal,
  };
  const cwd = options.cwd ?? '/tmp';
  if (rung.plan === null) {
    const [program = '', ...rest] = argv;
    return { ...common, program, argv: rest, env: policy.env, cwd, identity: null, inputs: null, group: true };
  }
  const inside = { ops, env: policy.env, cwd, argv: launcherArgv(limits, policy.copy?.target ?? null, argv) };
  const plan = rung.plan(inside);
  const words = Buffer.from(plan.words.map((word) => `${word}\0`).join(''));
  return {
    ...common,
    program: plan.program,
    argv: plan.argv,
    env: LAUNCH_ENV,
    cwd: '/',
    identity: rung.identity,
    inputs: [words, rung.filter],
    group: false,
  };
}
