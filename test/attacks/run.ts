// Starts harnesses (harness.ts) as another user where that is possible, and collects what they say.
import { spawn } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Identity } from '../../sandbox/index.ts';
import { reachable } from '../../sandbox/index.ts';
import type { Outcome } from './boxed.ts';
import type { Job } from './harness.ts';

/** A descriptor that Node does not close by itself when it starts (it does for the lowest ones). */
export const INHERITED = 40;

export const HARNESS = fileURLToPath(new URL('harness.ts', import.meta.url));

export type User = 'root' | 'user';

/** An ordinary id without an account. */
export const ORDINARY: Identity = { uid: 15_321, gid: 15_321 };

/** Who a harness can be started as here. Root's files must be readable by others for the second. */
export function users(): readonly User[] {
  if (process.getuid?.() !== 0) return ['user'];
  return reachable(HARNESS, ORDINARY) !== null && reachable(process.execPath, ORDINARY) !== null ? ['root', 'user'] : ['root'];
}

export interface Said {
  readonly outcomes: readonly Outcome[];
  /** Why there is no such rung here; null when there is one. */
  readonly missing: string | null;
}

/** Runs `job` in a harness of its own, which inherits a descriptor with a secret. */
export async function runJob(job: Job, user: User): Promise<Said> {
  const folder = mkdtempSync(join(tmpdir(), 'attacks-'));
  const ids = user === 'user' && process.getuid?.() === 0 ? ORDINARY : {};
  try {
    chmodSync(folder, 0o1777);
    writeFileSync(join(folder, 'inherited'), `rgc-${'0'.repeat(24)}\n`);
    const secret = openSync(join(folder, 'inherited'), 'r');
    const child = spawn(process.execPath, [HARNESS, JSON.stringify(job)], {
      cwd: '/',
      env: { PATH: '/usr/bin:/bin:/usr/sbin', HOME: folder, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe', ...Array<'ignore'>(INHERITED - 3).fill('ignore'), secret],
      ...ids,
    });
    closeSync(secret);
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), new Promise((resolve) => child.once('close', resolve))]);
    return readSaid(out, err);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Reads a harness's lines. Throws when it fell over. */
export function readSaid(out: string, err: string): Said {
  const lines = out
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Outcome | { readonly missing: string } | { readonly done: true });
  const missing = lines.find((line) => 'missing' in line)?.missing ?? null;
  if (missing === null && !lines.some((line) => 'done' in line)) throw new Error(`the harness fell over: ${err.trim().slice(-2000)}`);
  return { outcomes: lines.filter((line) => 'id' in line), missing };
}

/** Everything that a stream gives. */
export async function text(stream: NodeJS.ReadableStream | null): Promise<string> {
  let all = '';
  for await (const chunk of stream ?? []) all += String(chunk);
  return all;
}

/** True where boxes on rungs of this machine have Perl, so that no attempt may be skipped for want of it. */
export const hasPerl = existsSync('/usr/bin/perl');

/** Text of the page that holds the table. */
export function page(): string {
  return readFileSync(new URL('../../docs/sandbox.md', import.meta.url), 'utf8');
}
