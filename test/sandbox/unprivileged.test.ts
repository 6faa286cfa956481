import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CgroupHome } from '../../sandbox/cgroup-find.ts';
import { findCgroups } from '../../sandbox/cgroup-find.ts';
import { reachable } from '../../sandbox/index.ts';

const SCRIPT = fileURLToPath(new URL('./bombs-run.ts', import.meta.url));
const USER = 1500;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unprivileged-'));
  chmodSync(folder, 0o777);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Groups that belong to `USER`, below ours (version 1). */
function delegated(home: CgroupHome): string[] {
  const name = `delegated-${process.pid}`;
  return [...new Set(Object.values(home.folders))].map((base) => {
    const group = join(base, name);
    mkdirSync(group);
    for (const path of [group, join(group, 'cgroup.procs')]) chownSync(path, USER, USER);
    return group;
  });
}

async function bombs(kind: string, groups: readonly string[]) {
  const child = spawn(process.execPath, [SCRIPT, kind, folder], {
    uid: USER,
    gid: USER,
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', HOME: '/' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  for (const group of groups) writeFileSync(join(group, 'cgroup.procs'), String(child.pid));
  child.stdin.end('\n');
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(said) as { name: string | null; remedy: string; groups: string[]; wrong: string[] };
}

describe.each(['bubblewrap', 'perl'] as const)('an unprivileged user’s boxes on %s', (kind) => {
  it.for([false, true])('stop what misbehaves; control groups delegated: %s', { timeout: 180_000 }, async (isDelegated, test) => {
    if (process.getuid?.() !== 0) return test.skip('every other test here runs unprivileged already');
    if (reachable(SCRIPT, { uid: USER, gid: USER }) === null) return test.skip('the checkout cannot be read by other users');
    const home = findCgroups();
    if (isDelegated && (typeof home === 'string' || home.version === 2)) return test.skip('needs groups of version 1 to hand over');
    const groups = isDelegated && typeof home !== 'string' ? delegated(home) : [];
    try {
      const told = await bombs(kind, groups);
      if (told.name === null) return test.skip(told.remedy);
      expect(told).toEqual({ ...told, name: `${kind}, seccomp, ${isDelegated ? 'cgroup' : 'watchdog'}`, groups: [], wrong: [] });
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      for (const group of groups) rmdirSync(group);
    }
  });
});
