// Plays one case as a user would see it: the built command, a model on loopback that says what the case says, real boxes, a real repository.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestLine, Verdict } from '../../src/core/events.ts';
import { redgreen } from '../e2e/redgreen.ts';
import { type Asked, type Reply, scripted } from '../e2e/scripted.ts';
import type { Project } from './project.ts';

export interface Call {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface Played {
  readonly project: Project;
  /** What an honest run has made before, whose branch this one goes on with. */
  readonly before?: Project;
  /** What the model does in its `n`th repair request (from 1); nothing when left out. */
  readonly repair?: (n: number) => readonly Call[];
  /** A reply of the tests' author in its `n`th request, when it differs from the project's text. */
  readonly author?: (path: string, n: number) => string | undefined;
  readonly rounds?: number;
  readonly mutants?: number;
}

export interface Outcome {
  /** How the run ended. */
  readonly outcome: string;
  readonly reason: string;
  /** Every verdict on the way, in words, with the tests that did not pass. */
  readonly verdicts: readonly string[];
  /** What was sent back to the tests' author. */
  readonly sentBack: readonly string[];
  /** What a repair was not allowed to touch. */
  readonly refused: readonly string[];
  /** Everything that the model was told after its first request of a repair. */
  readonly told: string;
  readonly survivors: number;
  readonly ms: number;
  readonly stderr: string;
}

/** One home for all cases, so that a runner's packages are installed once; the user's npm settings come along. */
export interface Stage {
  play(played: Played): Promise<Outcome>;
  remove(): void;
}

export function stage(): Stage {
  const dir = mkdtempSync(join(tmpdir(), 'redgreen-cheats-'));
  const home = join(dir, 'home');
  mkdirSync(home);
  writeFileSync(join(home, '.npmrc'), npmSettings());
  let count = 0;
  return {
    play: (played) => play(played, home, join(dir, `case-${++count}`)),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** Where this machine gets its packages. */
function npmSettings(): string {
  const get = (key: string) =>
    execFileSync('npm', ['config', 'get', key], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  return ['registry', 'cafile']
    .map((key) => [key, get(key)])
    .filter(([, value]) => value && value !== 'null')
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

export async function play(played: Played, home: string, cwd: string): Promise<Outcome> {
  mkdirSync(cwd);
  const asking: { now: Played } = { now: played };
  const server = await scripted((asked) => answer(asking.now, asked));
  const env = { OPENAI_BASE_URL: server.url, REDGREEN_ROUNDS: String(played.rounds ?? 2), REDGREEN_MUTANTS: String(played.mutants ?? 0) };
  try {
    if (played.before) {
      asking.now = { project: played.before };
      const first = await redgreen(['--json', '--dir', 'texts', TASK], { cwd, home, env });
      if (first.code !== 0) return outcomeOf(first.stdout, first.stderr, server.asked);
      asking.now = played;
      server.asked.length = 0;
    }
    const on = played.before ? ['--on', BRANCH, CHANGE] : [TASK];
    const ran = await redgreen(['--json', '--dir', 'texts', ...on], { cwd, home, env });
    return outcomeOf(ran.stdout, ran.stderr, server.asked);
  } finally {
    await server.close();
    rmSync(cwd, { recursive: true, force: true });
  }
}

const BRANCH = 'redgreen/texts-and-numbers';
const CHANGE = 'Also count the words of a text.';
const TASK = 'A library that adds up numbers and splits texts into words in lower case; a text without words is refused.';

export function answer({ project, repair, author }: Played, { step, subject, n }: Asked): Reply | undefined {
  if (step === 'plan') return { text: JSON.stringify(planOf(project)) };
  if (step === 'repair') {
    const calls = repair?.(n) ?? [];
    return calls.length > 0 ? { text: '', calls } : { text: 'Nothing more to do.' };
  }
  const text = (step === 'tests' ? author?.(subject, n) : undefined) ?? project.texts[subject];
  if (text?.startsWith('<none>')) return { text };
  return text === undefined ? undefined : { text: `<file path="${subject}">\n${text}</file>` };
}

function planOf({ runner, language, files, tests }: Project): unknown {
  const code = files.filter((f) => f.contract !== '').map((f) => f.path);
  return {
    blocked: '',
    name: 'texts-and-numbers',
    summary: 'Adds up numbers and splits texts into words.',
    language,
    runner,
    files,
    tests: tests.map((path) => ({ path, checks: ['sums, words and refusals'], uses: code })),
    packages: [],
    decisions: ['A text without words is refused.'],
    commands: [],
  };
}

type Line = Readonly<Record<string, unknown>>;

function outcomeOf(stdout: string, stderr: string, asked: readonly Asked[]): Outcome {
  const events = stdout
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  const of = (type: string) => events.filter((e) => e['type'] === type);
  const result = of('result')[0] ?? {};
  return {
    outcome: String(result['outcome'] ?? 'none'),
    reason: String(of('ended')[0]?.['reason'] ?? ''),
    verdicts: [...of('tested'), ...of('proven')].map(inWords),
    sentBack: of('red.proven').flatMap((e) => (e['problems'] as { message: string }[]).map((p) => p.message)),
    refused: of('tools.done').flatMap((e) => e['refused'] as string[]),
    told: asked
      .filter((a) => a.step === 'repair')
      .map((a) => a.text)
      .join('\n'),
    survivors: of('mutated').reduce((sum, e) => sum + (e['survivors'] as unknown[]).length, 0),
    ms: Number(events.at(-2)?.['at'] ?? 0) - Number(events[0]?.['at'] ?? 0),
    stderr,
  };
}

function inWords(event: Line): string {
  const { kind, reason } = event['verdict'] as Verdict;
  const failing = (event['tests'] as TestLine[]).filter((t) => t.status !== 'passed').map((t) => `${t.id}: ${t.why}`);
  const unreverted = (event['unreverted'] as string[] | undefined) ?? [];
  return [`${kind}: ${reason}`, ...failing, ...unreverted.map((id) => `passes without the code: ${id}`)].join('\n');
}
