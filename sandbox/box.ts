// A box: one policy on one rung, in which commands are run.
import { availableParallelism } from 'node:os';
import type { Door, DoorEntry } from './door.ts';
import { openDoor } from './door.ts';
import { launcherArgv } from './launcher.ts';
import type { Op } from './mounts.ts';
import { mountOps } from './mounts.ts';
import type { Limits, Policy, RunOptions, RunResult } from './policy.ts';
import { BoxError, defaultLimits } from './policy.ts';
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
  /** Kills runs in flight, waits until they are proven dead, and closes the door. Throws `BoxError` when something is left. */
  close(): Promise<void>;
}

/** What the launcher sees of our environment. */
const LAUNCH_ENV = { PATH: '/usr/bin:/bin' };

/** Opens a box. On the rung `none` mounts, network and most limits of the policy are not enforced: paths are host paths. */
export async function openBox(rung: Rung, policy: Policy): Promise<Box> {
  const limits = { ...defaultLimits(availableParallelism()), ...rung.limits, ...policy.limits };
  const opened = await openPolicyDoor(rung, policy);
  const shut = async () => {
    await opened?.door.close();
    if (opened !== null) rung.staging.remove(opened.folder);
  };
  let ops: readonly Op[];
  try {
    ops = rung.plan === null ? [] : mountOps(policy, limits, rung, opened?.folder ?? null);
  } catch (error) {
    await shut();
    throw error;
  }
  const closing = new AbortController();
  const running = new Set<Promise<RunResult>>();
  return {
    async run(argv, options = {}) {
      if (closing.signal.aborted) throw new BoxError('this box is closed');
      const signal = options.signal === undefined ? closing.signal : AbortSignal.any([closing.signal, options.signal]);
      const ended = startOf(rung, policy, limits, ops, argv, { ...options, signal }).then(runProcess);
      running.add(ended);
      return ended.finally(() => running.delete(ended));
    },
    doorLog: () => opened?.door.log ?? [],
    async close() {
      closing.abort();
      const ends = await Promise.allSettled(running);
      await shut();
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
  };
}

async function openPolicyDoor(rung: Rung, policy: Policy): Promise<{ door: Door; folder: string } | null> {
  if (policy.network === 'none' || !rung.mounts) return null;
  const folder = rung.staging.folder('door');
  return { folder, door: await openDoor(policy.network.door, folder, rung.identity) };
}

async function startOf(
  rung: Rung,
  policy: Policy,
  limits: Limits,
  ops: readonly Op[],
  argv: readonly string[],
  options: RunOptions,
): Promise<Start> {
  const wallMs = Math.min(limits.wallMs, options.timeoutMs ?? limits.wallMs);
  const common = {
    leaking: rung.leaking,
    cgroup: rung.cgroup,
    limits: { ...limits, wallMs },
    folders: policy.write.map((mount) => mount.source),
    outside: null,
    stdin: options.stdin,
    signal: options.signal,
  };
  const cwd = options.cwd ?? '/tmp';
  if (rung.plan === null) return { ...common, ...bare(argv, rung.cgroup !== null), env: policy.env, cwd, identity: null, memory: [] };
  const inside = {
    policy,
    limits,
    ops,
    env: policy.env,
    cwd,
    argv: launcherArgv(
      insideLimits(rung, limits),
      rung.mounts ? (policy.copy?.target ?? null) : null,
      rung.mounts && rung.image === null,
      argv,
    ),
  };
  const plan = await rung.plan(inside);
  if (plan.outside !== undefined) {
    const { program, argv: words, outside, group = false } = plan;
    const inputs = group ? [Buffer.alloc(0), Buffer.alloc(0)] : [];
    return {
      ...common,
      program,
      argv: words,
      env: outside.env,
      cwd: '/',
      identity: null,
      inputs,
      stands: group,
      group,
      memory: [],
      outside,
    };
  }
  const words = Buffer.from(plan.words.map((word) => `${word}\0`).join(''));
  return {
    ...common,
    program: plan.program,
    argv: plan.argv,
    env: LAUNCH_ENV,
    cwd: '/',
    identity: plan.asRoot === true ? null : rung.identity,
    inputs: [words, rung.filter],
    stands: true,
    group: false,
    memory: ops.flatMap((op) => (op.op === 'tmpfs' && op.entries !== undefined ? [op] : [])),
  };
}

/**
 * A control group (of ours, or of a container engine) counts processes and says when there are too many; the launcher's own limit, which in
 * a container is over all boxes of the user, must not be reached before.
 */
function insideLimits(rung: Rung, limits: Limits): Limits {
  if (!rung.mounts) return { ...limits, processes: UNLIMITED };
  return rung.cgroup === null && rung.image === null ? limits : { ...limits, processes: limits.processes * 4 + 64 };
}

/** More than any system allows, so that it is left as it is: without a namespace all processes of the user would count. */
const UNLIMITED = 10_000_000;

/** Without a box; a line of shell waits until it is in its control group. */
function bare([program = '', ...rest]: readonly string[], waits: boolean): Pick<Start, 'program' | 'argv' | 'inputs' | 'stands' | 'group'> {
  const common = { stands: false, group: true };
  if (!waits) return { ...common, program, argv: rest, inputs: [] };
  const gate = 'read -r go <&3 || exit 125; exec 3<&-; exec "$@"';
  return { ...common, program: '/bin/sh', argv: ['-c', gate, 'sh', program, ...rest], inputs: [Buffer.from('\n')] };
}
