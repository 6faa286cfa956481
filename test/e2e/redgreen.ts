// Runs the built command as a user would, in a clean environment.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RanOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Sends SIGINT once this stands in the output. */
  readonly interruptAt?: string;
}

/** A private folder with a home, removed by `remove`. */
export function workbench(): { readonly dir: string; readonly home: string; readonly remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'redgreen-e2e-'));
  return { dir, home: join(dir, 'home'), remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Runs `bin/redgreen` with nothing in its environment but PATH, HOME and `env`; without mutants unless `env` asks for them. */
export function redgreen(args: readonly string[], options: RanOptions & { readonly home: string }): Promise<Ran> {
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', HOME: options.home, REDGREEN_MUTANTS: '0', ...options.env };
  const child = spawn(join(root, 'bin/redgreen'), [...args], { cwd: options.cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  const out = { stdout: '', stderr: '' };
  let interrupted = false;
  child.stdout.on('data', (chunk: Buffer) => {
    out.stdout += chunk.toString('utf8');
    if (interrupted || !options.interruptAt || !out.stdout.includes(options.interruptAt)) return;
    interrupted = true;
    child.kill('SIGINT');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    out.stderr += chunk.toString('utf8');
  });
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => done({ code, ...out }));
  });
}
