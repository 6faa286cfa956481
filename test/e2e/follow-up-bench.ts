// A branch of one run, in repositories to go on with it from: one made by redgreen, and clones of somebody's own.
import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type Ran, redgreen, workbench } from './redgreen.ts';
import { romanModel, TASK } from './roman.ts';
import { type Asked, type Reply, type Scripted, scripted } from './scripted.ts';

export const BRANCH = 'redgreen/roman-numerals';
export type Line = Readonly<Record<string, unknown>>;

export const git = (repo: string, ...args: string[]): string =>
  execFileSync('git', ['-C', repo, '-c', 'user.name=Someone', '-c', 'user.email=someone@example.org', ...args], {
    encoding: 'utf8',
  }).trim();

export const lines = (text: string): readonly Line[] =>
  text
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);

/** Every note of a run. */
export const notes = (all: readonly Line[]): string =>
  all
    .filter((e) => e['type'] === 'note')
    .map((e) => String(e['text']))
    .join('\n');

export interface Run extends Ran {
  readonly events: readonly Line[];
  readonly result: Line | undefined;
  readonly asked: readonly Asked[];
}

export interface Bench {
  readonly dir: string;
  readonly home: string;
  /** The first run, which everything else goes on with. */
  begin(): Promise<Run>;
  /** Runs redgreen with `--json` against a model that says what `script` tells it. */
  run(cwd: string, args: readonly string[], script: (asked: Asked) => Reply | undefined, interruptAt?: string): Promise<Run>;
  /** A folder that is not there yet. */
  fresh(name: string): string;
  /** The repository as the first run left it: made by redgreen, its branch checked out. */
  made(): string;
  /** The same branch in a repository of somebody's own, who is on another one. */
  cloned(): string;
  close(): Promise<void>;
}

export function createBench(): Bench {
  const { dir, home, remove } = workbench();
  const servers: Scripted[] = [];
  let n = 0;
  const fresh = (name: string) => join(dir, `${name}-${++n}`);
  const run: Bench['run'] = async (cwd, args, script, interruptAt) => {
    const server = await scripted(script);
    servers.push(server);
    const env = { OPENAI_BASE_URL: server.url };
    const ran = await redgreen([...args, '--json'], { cwd, home, env, ...(interruptAt ? { interruptAt } : {}) });
    const events = lines(ran.stdout);
    return { ...ran, events, result: events.at(-1), asked: server.asked };
  };
  return {
    dir,
    home,
    run,
    fresh,
    begin: () => run(dir, ['--dir', 'roman', TASK], romanModel),
    made() {
      const repo = fresh('made');
      cpSync(join(dir, 'roman'), repo, { recursive: true });
      return repo;
    },
    cloned() {
      const repo = fresh('cloned');
      git(dir, 'clone', '-q', join(dir, 'roman'), repo);
      git(repo, 'checkout', '-q', '--orphan', 'main');
      git(repo, 'rm', '-q', '-r', '-f', '.');
      git(repo, 'commit', '-q', '--allow-empty', '-m', 'Nothing');
      return repo;
    },
    async close() {
      for (const server of servers.splice(0)) await server.close();
      remove();
    },
  };
}
