import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findCgroups } from '../../sandbox/cgroup-find.ts';
import type { Rung } from '../../sandbox/index.ts';
import { BoxError, chooseRung, openBox, openStaging } from '../../sandbox/index.ts';
import { isAbandoned } from '../../sandbox/owner.ts';
import { leftGroups, withMark } from './bombs.ts';
import { policyWith } from './rungs.ts';

const HARNESS = fileURLToPath(new URL('./leaks-run.ts', import.meta.url));
const RUNS = 1_000;
const KILLS = 50;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leaks-'));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const only = (kind: 'bubblewrap' | 'perl') => ({
  node: process.execPath,
  hide: [kind === 'perl' ? 'bubblewrap' : 'perl'] as const,
  tmpDir: folder,
});

/** What a process of ours could leave behind. */
function holdings(rung: Rung) {
  const children = readdirSync('/proc/self/task').flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean),
  );
  return {
    children: children.length,
    descriptors: readdirSync('/proc/self/fd').length,
    mounts: readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter((line) => line.includes('redgreen')).length,
    staged: readdirSync(rung.staging.path).toSorted(),
    groups: leftGroups(rung),
  };
}

/** One run of the mix; each ends in its own way. */
async function oneRun(rung: Rung, n: number): Promise<string> {
  const out = rung.staging.folder('out', { writable: true });
  const scripts = [
    'true',
    'exit 3',
    'kill -9 $$',
    'sleep 1000',
    '(setsid sh -c "(sleep 1000 &)" &)',
    'yes',
    'dd if=/dev/zero of=/tmp/x bs=1M',
    'head -c 9000000 /dev/zero > /out/x',
    'exec node -e "Buffer.alloc(3e8, 1)"',
    'mkdir /out/d; chmod 0 /out/d; f() { f | f & }; f; wait',
  ];
  const policy = await policyWith(rung, {
    write: [{ source: out, target: '/out' }],
    network: n % 50 === 0 ? { door: { targets: ['registry.example:443'] } } : 'none',
    limits: { memoryBytes: 128 * 1024 * 1024, processes: 40, tmpBytes: 4e6, folderBytes: 4e6, outputBytes: 1e6, wallMs: 2_000 },
  });
  try {
    const missing = n % 97 === 0 ? [{ source: '/no/such/folder', target: '/x' }] : [];
    const box = await openBox(rung, { ...policy, read: [...policy.read, ...missing] });
    const stop = new AbortController();
    const ended = box.run(['sh', '-c', scripts[n % scripts.length] ?? ''], { signal: stop.signal, timeoutMs: n % 10 === 3 ? 60 : 2_000 });
    if (n % 31 === 0) setTimeout(() => stop.abort(), n % 40);
    const { reason } = await ended;
    await box.close();
    return reason;
  } catch (error) {
    if (error instanceof BoxError) return 'error';
    throw error;
  } finally {
    rung.staging.remove(out);
  }
}

describe.each(['bubblewrap', 'perl'] as const)('on %s', (kind) => {
  it.for([true, false])(`nothing is left after ${RUNS} runs; control groups: %s`, { timeout: 600_000 }, async (grouped, test) => {
    const { rung: made } = await chooseRung(only(kind));
    if (made === null || (grouped && made.cgroup === null)) return test.skip(made?.noCgroup ?? 'no such rung here');
    const rung = grouped ? made : { ...made, cgroup: null };
    const seen = new Map<string, number>();
    const lane = async (first: number) => {
      for (let n = first; n < RUNS; n += 4) {
        const how = await oneRun(rung, n);
        seen.set(how, (seen.get(how) ?? 0) + 1);
      }
    };
    await oneRun(rung, 1);
    const before = holdings(rung);
    await Promise.all([0, 1, 2, 3].map(lane));
    expect(holdings(rung)).toEqual(before);
    expect(['aborted', 'disk', 'error', 'exit', 'memory', 'ok', 'output', 'signal', 'time'].filter((how) => !seen.has(how))).toEqual([]);
    rung.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.for(['cgroup', 'watchdog'])(
    `nothing survives a harness with a %s that is killed at any of ${KILLS} moments, and the next one sweeps`,
    {
      timeout: 900_000,
    },
    async (limited, test) => {
      for (let n = 0; n < KILLS; n++) {
        const mark = `mark-${Math.random().toString(16).slice(2)}`;
        const child = spawn(process.execPath, [HARNESS, kind, folder, mark, limited], { stdio: ['ignore', 'pipe', 'inherit'] });
        const gone = new Promise((resolve) => child.once('exit', resolve));
        const said =
          n % 4 === 0 ? '' : await new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk))));
        if (said.startsWith('SKIP')) return test.skip(said);
        await wait(Math.random() * 400);
        child.kill('SIGKILL');
        await gone;
        const deadline = Date.now() + 5_000;
        while (withMark(mark).length > 0 && Date.now() < deadline) await wait(5);
        expect(withMark(mark)).toEqual([]);
      }
      openStaging(null, folder).close();
      const home = findCgroups();
      expect(readdirSync(folder)).toEqual([]);
      // Of ours only: other programs mount things meanwhile.
      expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(folder);
      if (typeof home === 'string') return;
      const left = [...new Set(Object.values(home.folders))].flatMap((base) =>
        readdirSync(base).filter((name) => isAbandoned(name, 'redgreen-', join(base, name))),
      );
      expect(left).toEqual([]);
      home.close();
    },
  );
});
