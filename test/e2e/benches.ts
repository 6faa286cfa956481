// Repositories, homes and model servers of end-to-end tests, taken away after each.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { CoverResult } from '../../src/surfaces/surface.ts';
import { makeRepository, PAGES } from './pages.ts';
import { workbench } from './redgreen.ts';
import { type Asked, type Reply, type Scripted, scripted } from './scripted.ts';

const open: { close(): Promise<void> }[] = [];
const benches: { remove(): void }[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
  for (const bench of benches.splice(0)) bench.remove();
});

/** A model that says what the script tells it. */
export async function model(script: (asked: Asked) => Reply | undefined): Promise<Scripted> {
  const server = await scripted(script);
  open.push(server);
  return server;
}

/** A repository with these files in one commit, and a home beside it. */
export function repository(name = 'pages', files: Readonly<Record<string, string>> = PAGES) {
  const made = workbench();
  benches.push(made);
  const repo = join(made.dir, name);
  makeRepository(repo, files);
  return { repo, dir: made.dir, home: made.home };
}

export const git = (dir: string, ...args: string[]) => execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' }).trim();

/** The last line of `--json`. */
export const result = (text: string): Record<string, unknown> & { readonly cover?: CoverResult } =>
  JSON.parse(text.trim().split('\n').at(-1) ?? '{}');
