// Verifies branches that were made by hand, with a real box and without a run.
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Language } from '../../../src/core/ports.ts';
import type { Verified } from '../../../src/core/verified.ts';
import { createBox } from '../../../src/effects/box.ts';
import { hardened } from '../../../src/effects/git.ts';
import { createCheck } from '../../../src/effects/runners/check.ts';
import { createRunners } from '../../../src/effects/runners/index.ts';
import { type VerifyOptions, verify } from '../../../src/effects/verify/verify.ts';
import { folder, git, write } from '../repository.ts';

export const box = await createBox({ stateDir: folder(), env: { PATH: '/usr/bin:/bin' } }).catch(() => null);
export const getBox = async () => box ?? Promise.reject(new Error('no box'));
const runners = createRunners();
afterAll(() => box?.close());

export type Texts = Readonly<Record<string, string | null>>;

/** A repository with these commits: files (null: gone) and the message. */
export function history(...commits: readonly (readonly [Texts, string])[]): string {
  const dir = folder();
  git(dir, 'init', '-q', '-b', 'main');
  for (const [files, message] of commits) {
    const gone = Object.keys(files).filter((path) => files[path] === null);
    for (const path of gone) git(dir, 'rm', '-q', path);
    write(dir, Object.fromEntries(Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== null)));
    git(dir, 'add', '-A');
    git(dir, 'commit', '-q', '--allow-empty', '-m', message);
  }
  return dir;
}

export type More = Partial<Pick<VerifyOptions, 'check' | 'provided' | 'treesDir' | 'expect'>>;

/** What verify says of a repository's main branch. */
export function verifyIn(dir: string, languages: readonly Language[], more: More = {}): Promise<Verified> {
  const { check = null } = more;
  return verify({
    git: hardened({ gitDir: join(dir, '.git') }),
    rev: 'main',
    expect: null,
    signature: async () => null,
    box: getBox,
    languages,
    runners: [...runners.ids.map((id) => runners.runner(id)), ...(check === null ? [] : [createCheck({ argv: check })])],
    provided: async () => false,
    provide: () => async () => ({ deps: null, memberDeps: {}, stamp: null, problems: [], notes: [] }),
    check,
    treesDir: folder(),
    testTimeoutMs: 60_000,
    suiteTimeoutMs: 60_000,
    signal: new AbortController().signal,
    onStep: () => {},
    now: Date.now,
    ...more,
  });
}
