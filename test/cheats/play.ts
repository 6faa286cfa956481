// Plays one case as a user would see it: the built command, a model on loopback that says what the case says, real boxes, a real repository.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redgreen } from '../e2e/redgreen.ts';
import { type Asked, type Reply, scripted } from '../e2e/scripted.ts';
import { type ChangePlayed, playChange } from './play-change.ts';
import type { Project } from './project.ts';
import { type Outcome, outcomeOf } from './read-outcome.ts';

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

/** One home for all cases, so that a runner's packages are installed once; the user's npm settings come along. */
export interface Stage {
  play(played: Played | ChangePlayed): Promise<Outcome>;
  remove(): void;
}

export function stage(): Stage {
  const dir = mkdtempSync(join(tmpdir(), 'redgreen-cheats-'));
  const home = join(dir, 'home');
  mkdirSync(home);
  writeFileSync(join(home, '.npmrc'), npmSettings());
  let count = 0;
  return {
    play: (played) => {
      const cwd = join(dir, `case-${++count}`);
      return 'repository' in played ? playChange(played, home, cwd) : play(played, home, cwd);
    },
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
