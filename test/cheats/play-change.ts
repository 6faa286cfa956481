// Plays a case on code that exists: a repository with a mistake, tests that show it, and a model that changes something.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Files } from '../../src/core/ref.ts';
import { makeRepository } from '../e2e/pages.ts';
import { redgreen } from '../e2e/redgreen.ts';
import { type Asked, type Reply, scripted } from '../e2e/scripted.ts';
import type { Call } from './play.ts';
import { type Outcome, outcomeOf } from './read-outcome.ts';

export interface ChangePlayed {
  /** The repository at its one commit. */
  readonly repository: Files;
  /** The user's tests, which are not committed; none: the model writes them. */
  readonly given: Files;
  /** What the model does in its `n`th request (from 1), as the author of tests and of code. */
  readonly reproduce?: (n: number) => readonly Call[];
  readonly repair: (n: number) => readonly Call[];
  readonly rounds?: number;
}

const TASK = 'Words of a text come in lower case.';

export async function playChange(played: ChangePlayed, home: string, cwd: string): Promise<Outcome> {
  const dir = join(cwd, 'texts');
  makeRepository(dir, played.repository);
  for (const [path, text] of Object.entries(played.given)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  const server = await scripted((asked) => answer(played, asked));
  try {
    const given = Object.keys(played.given).flatMap((path) => ['--tests', path]);
    const env = { OPENAI_BASE_URL: server.url, REDGREEN_ROUNDS: String(played.rounds ?? 2) };
    const ran = await redgreen(['--json', ...given, TASK], { cwd: dir, home, env });
    return outcomeOf(ran.stdout, ran.stderr, server.asked);
  } finally {
    await server.close();
  }
}

function answer({ reproduce, repair }: ChangePlayed, { step, n }: Asked): Reply | undefined {
  const calls = step === 'repair' ? repair(n) : step === 'reproduce' ? (reproduce?.(n) ?? []) : null;
  if (calls === null) return undefined;
  return calls.length > 0 ? { text: '', calls } : { text: 'Nothing more to do.' };
}
