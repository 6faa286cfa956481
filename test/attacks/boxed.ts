// Runs one attempt in a box with a real policy and judges, from outside, whether it got out.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statfsSync, statSync, watch } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { DoorPolicy, Mount, Policy, Rung, RunResult } from '../../sandbox/index.ts';
import { DOOR_SOCKET, giveAway, openBox } from '../../sandbox/index.ts';
import { NOTHING } from '../../sandbox/watch.ts';
import type { Runner } from '../../src/core/ports.ts';
import { createBases } from '../../src/effects/box-base.ts';
import { readReport } from '../../src/effects/box-files.ts';
import type { Programs } from '../../src/effects/box-programs.ts';
import { openInstallSession } from '../../src/effects/box-session.ts';
import { layTest } from '../../src/effects/box-test.ts';
import type { Attempt } from './attempt.ts';
import { argvOf } from './attempt.ts';
import type { Canaries } from './canaries.ts';
import { digest } from './canaries.ts';
import type { Removal } from './weaken.ts';
import { weakerLimits } from './weaken.ts';

/** `skipped`: the box has no Perl. `void`: it did not come to its end, so nothing is known. */
export type Verdict = 'held' | 'escaped' | 'skipped' | 'void';

export interface Outcome {
  readonly id: string;
  readonly verdict: Verdict;
  /** What got out, or why it is void: one line. */
  readonly detail: string;
  readonly ms: number;
}

export interface Bench {
  readonly rung: Rung;
  readonly removed: ReadonlySet<Removal>;
  readonly programs: Programs;
  readonly canaries: Canaries;
  /** Of a container. */
  readonly image: string | undefined;
}

interface Ran {
  readonly result: RunResult;
  readonly report: string | null;
  /** Found wrong outside, besides what the canaries say. */
  readonly wrong: readonly string[];
}

const TREE = { 'src/a.js': 'export const a = 1;\n', 'package.json': '{"type":"module"}\n' };

export async function runAttempt(bench: Bench, attempt: Attempt): Promise<Outcome> {
  const began = performance.now();
  const shared = Object.fromEntries(bench.rung.shared.map((name) => [`ns_${name}`, '']));
  const facts = {
    ...bench.canaries.facts,
    ...shared,
    image: bench.image === undefined ? '' : 'yes',
    uid: String(bench.rung.identity?.uid ?? process.getuid?.()),
  };
  const open = openDescriptors();
  const free = freeBytes(bench);
  let verdict: Pick<Outcome, 'verdict' | 'detail'>;
  try {
    const ran = await run(bench, attempt, facts);
    const touched = await bench.canaries.touched();
    const more = open < openDescriptors() - 2 ? ['descriptors of the harness stayed open'] : [];
    const lost = free - freeBytes(bench) > DISK_BYTES ? ['free space of the host is gone'] : [];
    verdict = judge(attempt, ran, bench.canaries.mark, [...ran.wrong, ...touched, ...more, ...lost]);
  } catch (error) {
    verdict = { verdict: 'void', detail: `the box failed: ${(error as Error).message}` };
  }
  return { id: attempt.id, ...verdict, detail: verdict.detail.slice(0, 300), ms: Math.round(performance.now() - began) };
}

const REPORT_BYTES = 8 * 1024 * 1024;

/** What a busy machine may lose or gain by itself while an attempt runs. */
const DISK_BYTES = 2 * 1024 ** 3;

function judge(attempt: Attempt, ran: Ran, mark: string, wrong: readonly string[]): Pick<Outcome, 'verdict' | 'detail'> {
  const { stdout, stderr, reason } = ran.result;
  const said = /^ESCAPED: (.*)$/m.exec(stdout)?.[1];
  if (said !== undefined) return { verdict: 'escaped', detail: said };
  if (`${stdout}${stderr}${ran.report ?? ''}`.includes(mark)) return { verdict: 'escaped', detail: 'a secret was read' };
  if ((ran.report?.length ?? 0) > REPORT_BYTES) return { verdict: 'escaped', detail: 'a report without end was read' };
  if (wrong.length > 0) return { verdict: 'escaped', detail: wrong.join('; ') };
  if (/^DONE$/m.test(stdout)) return { verdict: 'held', detail: '' };
  if (ran.result.exitCode === 127 && attempt.program.language === 'perl') return { verdict: 'skipped', detail: 'no Perl in the box' };
  if (attempt.ends?.includes(reason)) return { verdict: 'held', detail: `ended: ${reason}` };
  return { verdict: 'void', detail: `${reason} ${ran.result.exitCode ?? ran.result.signal}: ${stderr.trim().slice(-200)}` };
}

function run(bench: Bench, attempt: Attempt, facts: Readonly<Record<string, string>>): Promise<Ran> {
  if (attempt.judge === 'death') return inOrphan(bench, attempt);
  return attempt.phase === 'install' ? inInstall(bench, attempt, facts) : inTest(bench, attempt, facts);
}

/** In a box of another harness, which is then killed. */
async function inOrphan({ rung, removed, image }: Bench, attempt: Attempt): Promise<Ran> {
  const folder = rung.staging.folder('beat', { writable: true });
  const report = join(folder, 'beat');
  const job = { rung: rung.kind, removed: [...removed], ids: [attempt.id], beat: folder, ...(image === undefined ? {} : { image }) };
  const child = spawn(process.execPath, [process.argv[1] ?? '', JSON.stringify(job)], { stdio: 'ignore' });
  for (let i = 0; i < 400 && naive(report) === null; i++) await wait(25);
  const began = naive(report) !== null;
  child.kill('SIGKILL');
  await wait(250);
  const wrong = await beats(report);
  const result = { reason: 'ok', exitCode: 0, signal: null, stdout: began ? 'DONE' : '', stderr: '', ms: 0, usage: NOTHING } as const;
  return { result, report: null, wrong };
}

/** In the policy of a test run or of a proof, as box-test.ts makes it. */
async function inTest(bench: Bench, attempt: Attempt, facts: Readonly<Record<string, string>>): Promise<Ran> {
  const { rung, removed, programs } = bench;
  const deps = rung.staging.folder('deps');
  rung.staging.write(join(deps, 'node_modules/dep/index.js'), 'export const dep = 1;\n');
  let host = { harness: '', tree: '' };
  const runner = runnerOf((options) => {
    host = { harness: options.harnessDir, tree: options.treeDir };
    const where = { ...facts, report: options.reportPath, harness_dir: options.harnessDir, tree: options.treeDir };
    return argvOf(attempt.program, where);
  });
  const test = { tree: TREE, runner, tests: ['a.test.js'], only: null, deps: join(deps, 'node_modules'), order: null, nonce: 'n' };
  const laid = await layTest(rung, programs, createBases(rung), {
    ...test,
    readOnlyTree: attempt.phase === 'proof',
    timeoutMs: TIMEOUT_MS,
  });
  try {
    const policy = weakerPolicy(laid.policy, attempt, removed);
    const watched = sourcesOf(laid.policy, host, deps);
    const before = watched.map(digest);
    const box = await openBox(rung, policy);
    const running = box.run(programs.resolve(laid.argv), { cwd: laid.cwd });
    const [result, seen] = await Promise.all([running, meanwhile(attempt, facts)]);
    const beat = attempt.judge === 'heartbeat' ? await beats(laid.reportFile) : [];
    const late = attempt.judge === 'prompt' && result.ms > PROMPT_MS ? ['the run was held open'] : [];
    const report = removed.has('report') ? naive(laid.reportFile) : readReport(laid.reportFile);
    const changed = watched.some((folder, i) => digest(folder) !== before[i]) ? ['the tree, the harness or the packages were changed'] : [];
    return { result, report, wrong: [...seen, ...beat, ...late, ...changed] };
  } finally {
    laid.remove();
    rung.staging.remove(deps);
  }
}

const TIMEOUT_MS = 60_000;

/** A run whose command is over must not be held open by what it left behind. */
const PROMPT_MS = 4_000;

/** In the policy of an install, as box-session.ts makes it, beside another install that it must not see. */
async function inInstall(bench: Bench, attempt: Attempt, facts: Readonly<Record<string, string>>): Promise<Ran> {
  const { rung, programs, canaries } = bench;
  const common = { rung, programs, base: join(canaries.folder, '..'), tools: null, registry: { ca: null } };
  const other = await openInstallSession({ ...common, files: { 'package.json': `{"name":"${canaries.mark}"}\n` }, door: { targets: [] } });
  const session = await openInstallSession({ ...common, files: { 'package.json': '{"private":true}\n' }, door: doorOf(bench, attempt) });
  try {
    const where = { ...facts, cache: session.paths.cache, work: session.paths.work, other: other.work, socket_door: DOOR_SOCKET };
    const result = await session.run(argvOf(attempt.program, where), undefined);
    return { result, report: null, wrong: [] };
  } finally {
    await session.close();
    await other.close();
  }
}

/** A registry inside a company, at a private address; or, for `public`, one whose name is made to lead to a canary. */
function doorOf({ canaries, removed }: Bench, attempt: Attempt): DoorPolicy {
  const { tcp, registry } = canaries.facts;
  if (attempt.door === 'public') return { targets: [`localhost:${tcp}`], allowPrivate: removed.has('private') };
  return {
    targets: [`localhost:${registry}`, ...(removed.has('target') ? [`localhost:${tcp}`] : [])],
    allowPrivate: true,
    maxBytes: removed.has('doorBytes') ? 2 ** 40 : 1_000_000,
    maxConnections: removed.has('doorCount') ? 1_000 : 8,
  };
}

function runnerOf(argv: (options: Parameters<Runner['command']>[0]) => readonly string[]): Runner {
  return {
    id: 'attack',
    languages: ['javascript'],
    packages: [],
    rules: '',
    plans: false,
    isTestFile: () => true,
    harness: { 'run.mjs': 'export {};\n' },
    command: (options) => ({ argv: argv(options), env: {} }),
    plant: () => null,
    parse: () => ({ tests: [], fileFailures: [], finished: true, broken: null }),
  };
}

function weakerPolicy(policy: Policy, attempt: Attempt, removed: ReadonlySet<Removal>): Policy {
  const { copy, ...rest } = policy;
  const reports = removed.has('folder') ? policy.write.map(wholeFolder) : policy.write;
  const trees = removed.has('copy') && copy !== undefined ? [copy] : [];
  return {
    ...rest,
    write: [...reports, ...trees],
    ...(trees.length > 0 || copy === undefined ? {} : { copy }),
    limits: weakerLimits({ ...policy.limits, wallMs: TIMEOUT_MS, ...attempt.limits }, removed),
  };
}

function wholeFolder({ source, target }: Mount): Mount {
  giveAway(dirname(source), { uid: statSync(source).uid, gid: statSync(source).gid });
  return { source: dirname(source), target: dirname(target) };
}

/** Host folders of the tree, the runner's files and the packages; on no rung at all they are where they are. */
function sourcesOf(policy: Policy, inside: { readonly harness: string; readonly tree: string }, deps: string): string[] {
  const mounts = [...policy.read, ...(policy.copy === undefined ? [] : [policy.copy])];
  return [...[inside.harness, inside.tree].map((path) => mounts.find((mount) => mount.target === path)?.source ?? path), deps];
}

/** From outside, while it runs: can its listener be reached? */
async function meanwhile(attempt: Attempt, facts: Readonly<Record<string, string>>): Promise<string[]> {
  if (attempt.meanwhile === 'watches') return watches();
  if (attempt.meanwhile !== 'squat') return [];
  for (let i = 0; i < 20; i++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ port: Number(facts['squat']), host: '127.0.0.1' });
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    });
    if (open) return ['a port of the host was taken'];
    await wait(40);
  }
  return [];
}

/** Node makes its one inotify instance at the first watch. */
async function watches(): Promise<string[]> {
  await wait(500);
  try {
    watch('/proc/self').close();
    return [];
  } catch (error) {
    return [`the user cannot watch files any more: ${(error as NodeJS.ErrnoException).code}`];
  }
}

/** What a daemon that survived goes on writing to the report. */
async function beats(report: string): Promise<string[]> {
  const before = naive(report);
  await wait(250);
  return naive(report) === before ? [] : ['a daemon outlived the run'];
}

function naive(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

function freeBytes(bench: Bench): number {
  const stat = statfsSync(bench.rung.staging.path);
  return stat.bsize * stat.bfree;
}
