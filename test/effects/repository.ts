// Real repositories for tests.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

const made: string[] = [];

afterAll(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
});

/** A private folder that is removed after the file's tests. */
export function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'redgreen-test-'));
  made.push(dir);
  return dir;
}

/** Plain git with a known identity and no configuration of the machine. */
export function git(dir: string, ...args: string[]): string {
  return gitWith(dir, '', ...args);
}

/** The same with text on its standard input. */
export function gitWith(dir: string, input: string, ...args: string[]): string {
  return execFileSync('git', ['-C', dir, ...args], {
    encoding: 'utf8',
    input,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin',
      HOME: '/nonexistent',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'Test',
      GIT_AUTHOR_EMAIL: 't@example.test',
      GIT_COMMITTER_NAME: 'Test',
      GIT_COMMITTER_EMAIL: 't@example.test',
    },
  });
}

export function write(dir: string, files: Record<string, string | Buffer>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
}

/** A repository with one commit of these files. */
export function repository(files: Record<string, string | Buffer> = { 'README.md': '# x\n' }): string {
  const dir = folder();
  git(dir, 'init', '-q', '-b', 'main');
  write(dir, files);
  git(dir, 'add', '-A');
  git(dir, 'commit', '-q', '--allow-empty', '-m', 'first');
  return dir;
}

function hashOf(path: string): string {
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'none';
}

/** All that must stay as it is in a user's repository: files, index, configuration, HEAD, stash, branches, FETCH_HEAD. */
export function fingerprint(dir: string): Record<string, unknown> {
  const inside = join(dir, '.git');
  return {
    status: git(dir, '-c', 'core.fsmonitor=false', 'status', '--porcelain=v2', '--branch', '--untracked-files=all'),
    index: hashOf(join(inside, 'index')),
    config: hashOf(join(inside, 'config')),
    head: readFileSync(join(inside, 'HEAD'), 'utf8'),
    fetchHead: hashOf(join(inside, 'FETCH_HEAD')),
    stash: git(dir, 'stash', 'list'),
    heads: git(dir, 'for-each-ref', '--format=%(refname) %(objectname)')
      .split('\n')
      .filter((line) => !line.includes('refs/heads/redgreen')),
    files: readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((path) => !path.startsWith('.git/'))
      .sort(),
    // `logs` comes with the first branch.
    folder: readdirSync(inside)
      .filter((name) => name !== 'redgreen' && name !== 'logs')
      .sort(),
  };
}
