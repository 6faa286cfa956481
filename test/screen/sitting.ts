// A session in a folder of its own, and how its screens are kept.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Desk, desk, type Model } from './desk.ts';
import { masked } from './mask.ts';
import type { Terminal, TerminalOptions } from './terminal.ts';

/** What an empty prompt line says before the first task. */
export const READY = 'what shall be built?';

export interface Sitting extends Desk {
  /** Where the session works. */
  readonly repo: string;
  /** Opens a session and waits for its prompt. */
  begin(options?: Partial<TerminalOptions>): Promise<Terminal>;
}

export async function sitDown(model: Model): Promise<Sitting> {
  const set = await desk(model);
  const repo = join(set.dir, 'work');
  mkdirSync(repo);
  const begin = async (options: Partial<TerminalOptions> = {}) => {
    const terminal = set.open(options.args ?? [], { cwd: repo, ...options });
    await terminal.waitFor(READY);
    await terminal.waitFor('local/scripted-1');
    return terminal;
  };
  return { ...set, repo, begin };
}

/** Compares the window with the one that is kept under `name`, once it is drawn. */
export async function kept(terminal: Terminal, name: string): Promise<void> {
  await terminal.quiet(250);
  await expect(masked(terminal.screen())).toMatchFileSnapshot(`snapshots/${name}.txt`);
}
