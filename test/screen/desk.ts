// A place for one test: a folder, a home, a model on loopback and terminals; all of it goes when the test ends.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Event } from '../../src/core/events.ts';
import { workbench } from '../e2e/redgreen.ts';
import { type Asked, type Reply, type Scripted, scripted } from '../e2e/scripted.ts';
import { openTerminal, type Terminal, type TerminalOptions } from './terminal.ts';

export type Model = (asked: Asked) => Reply | undefined;

export interface Desk {
  readonly dir: string;
  readonly home: string;
  readonly server: Scripted;
  /** Opens a terminal in `dir` that knows the model. */
  open(args: readonly string[], options?: Partial<Omit<TerminalOptions, 'args' | 'home'>>): Terminal;
}

const closing: (() => unknown)[] = [];
afterEach(async () => {
  // Terminals first, then the model, then the folder.
  for (const close of closing.splice(0).reverse()) await close();
});

/** Sets a desk with `model` on it. */
export async function desk(model: Model): Promise<Desk> {
  const { dir, home, remove } = workbench();
  closing.push(remove);
  const server = await scripted(model);
  closing.push(() => server.close());
  return {
    dir,
    home,
    server,
    open: (args, options = {}) => {
      const env = { OPENAI_BASE_URL: server.url, ...options.env };
      const terminal = openTerminal({ cwd: dir, ...options, args, home, env });
      closing.push(() => terminal.close());
      return terminal;
    },
  };
}

/** The journals of the runs in the repository `repo`, oldest run first, as far as they are written. */
export function journals(repo: string): readonly (readonly Event[])[] {
  const runs = join(repo, '.git/redgreen/runs');
  if (!existsSync(runs)) return [];
  const files = readdirSync(runs)
    .sort()
    .map((run) => join(runs, run, 'journal.jsonl'));
  // What follows the last line break is still being written.
  const rows = (file: string) => readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return files.filter((file) => existsSync(file)).map((file) => rows(file).map((row) => JSON.parse(row) as Event));
}
