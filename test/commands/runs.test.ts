import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Context } from '../../src/commands/context.ts';
import { canResume, runNamed, runsHere } from '../../src/commands/find-runs.ts';
import { runs } from '../../src/commands/runs.ts';
import { indexFile } from '../../src/config/dirs.ts';
import type { Body } from '../../src/core/events.ts';
import { EVENT_VERSION } from '../../src/core/events.ts';
import { openJournal } from '../../src/effects/journal.ts';
import { createRun, indexRun } from '../../src/effects/runs.ts';
import { created } from '../surfaces/events.ts';

let root: string;
let repository: string;
let written: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'redgreen-runs-')));
  repository = join(root, 'repository');
  written = '';
  execFileSync('git', ['init', '-q', repository]);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function context(cwd: string): Context {
  const stream = { write: (text: string) => (written += text) } as unknown as NodeJS.WriteStream;
  const dirs = { config: join(root, 'config'), cache: join(root, 'cache'), state: join(root, 'state') };
  return {
    stdin: process.stdin,
    stdout: stream,
    stderr: stream,
    env: { PATH: process.env['PATH'], HOME: root },
    cwd,
    dirs,
    now: Date.now,
    quit: () => {},
  };
}

/** A run in the repository's state folder, journaled by the real journal. */
function record(at: number, ...bodies: Body[]): string {
  const stateDir = join(repository, '.git', 'redgreen');
  const files = createRun(stateDir, { now: at, random: () => 0.5 });
  const journal = openJournal(files.journal);
  const all: Body[] = [{ ...created, ...(created.type === 'run.created' ? { run: files.id, dir: repository } : {}) } as Body, ...bodies];
  for (const [i, body] of all.entries()) journal.append({ ...body, v: EVENT_VERSION, seq: i + 1, at: at + i });
  journal.close();
  indexRun(indexFile(context(root).dirs), { stateDir, id: files.id });
  return files.id;
}

const ended = (outcome: 'green' | 'red' | 'budget', branch: string | null): Body => ({
  type: 'ended',
  outcome,
  reason: 'because',
  code: null,
  branch,
  commit: null,
});
const DAY = Date.UTC(2026, 0, 1);

describe('redgreen runs', () => {
  it('lists this repository’s runs, newest first', async () => {
    const green = record(DAY, ended('green', 'redgreen/wordcount'));
    const cut = record(DAY + 1000);
    expect(await runs(context(join(repository, '.git', '..')), [], {})).toBe(0);
    expect(written).toBe(
      `cut off     ${cut} · a tool that counts words\ngreen       ${green} · a tool that counts words · redgreen/wordcount\n`,
    );
  });

  it('says the same as JSON', async () => {
    const id = record(DAY, ended('red', null));
    await runs(context(repository), [], { json: true });
    expect(JSON.parse(written)).toEqual({
      type: 'runs',
      runs: [
        {
          run: id,
          outcome: 'red',
          state: 'red',
          title: 'a tool that counts words',
          dir: repository,
          branch: null,
          reason: 'because',
          startedAt: DAY,
          lastAt: DAY + 1,
          problem: null,
        },
      ],
    });
  });

  it('lists every repository’s runs outside a repository and with --all', async () => {
    const id = record(DAY, ended('green', null));
    expect((await runsHere(context(root), {})).map((run) => run.id)).toEqual([id]);
    execFileSync('git', ['init', '-q', join(root, 'other')]);
    expect(await runsHere(context(join(root, 'other')), {})).toEqual([]);
    expect((await runsHere(context(join(root, 'other')), {}, true)).map((run) => run.id)).toEqual([id]);
    await runs(context(join(root, 'other')), [], { all: true });
    expect(written).toBe(`green       ${id} · a tool that counts words · ${repository}\n`);
  });

  it('finds a run by its whole id from anywhere, and by a part of it in its repository', async () => {
    const id = record(DAY, ended('budget', null));
    expect((await runNamed(context(root), {}, id)).id).toBe(id);
    expect((await runNamed(context(repository), {}, id.slice(-4))).id).toBe(id);
    await expect(runNamed(context(repository), {}, '../../etc')).rejects.toMatchObject({ code: 'usage' });
    await expect(runNamed(context(root), {}, 'zzzz')).rejects.toMatchObject({
      code: 'usage',
      message: 'No run is called "zzzz"; redgreen runs --all lists them.',
    });
  });

  it('knows which runs can go on', async () => {
    record(DAY, ended('green', null));
    record(DAY + 1000, ended('red', null));
    record(DAY + 2000, ended('budget', null));
    record(DAY + 3000);
    expect((await runsHere(context(repository), {})).map(canResume)).toEqual([true, true, false, false]);
  });
});
