import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeGroup } from '../../sandbox/cgroup.ts';
import type { CgroupHome } from '../../sandbox/cgroup-find.ts';
import { findCgroups, ownGroups } from '../../sandbox/cgroup-find.ts';
import { BoxError, chooseRung, defaultLimits, openBox } from '../../sandbox/index.ts';
import { leftGroups } from './bombs.ts';
import { policyWith, rungOf } from './rungs.ts';

const line = (id: number, root: string, point: string, type: string, options: string) =>
  `${id} 24 0:28 ${root} ${point} rw,nosuid shared:9 - ${type} ${type} rw,${options}`;

describe('the groups that we are in', () => {
  it('are found with version 1, version 2 and both', () => {
    const one = [
      line(31, '/', '/sys/fs/cgroup/memory', 'cgroup', 'memory'),
      line(32, '/', '/sys/fs/cgroup/cpu,cpuacct', 'cgroup', 'cpu,cpuacct'),
      line(33, '/', '/sys/fs/cgroup/unified', 'cgroup2', 'nsdelegate'),
    ].join('\n');
    expect(ownGroups('5:cpu,cpuacct:/a\n4:memory:/a/b c\n1:name=systemd:/x\n0::/d\n', one)).toEqual({
      v1: { cpu: '/sys/fs/cgroup/cpu,cpuacct/a', cpuacct: '/sys/fs/cgroup/cpu,cpuacct/a', memory: '/sys/fs/cgroup/memory/a/b c' },
      v2: '/sys/fs/cgroup/unified/d',
    });
    const two = line(31, '/', '/sys/fs/cgroup', 'cgroup2', 'nsdelegate');
    expect(ownGroups('0::/user.slice/session-2.scope\n', two)).toEqual({ v1: {}, v2: '/sys/fs/cgroup/user.slice/session-2.scope' });
  });

  it('are found where only a part of the tree is mounted, and left out where they are not in it', () => {
    const part = line(31, '/docker/abc', '/sys/fs/cgroup\\040x', 'cgroup2', '');
    expect(ownGroups('0::/docker/abc/run\n', part).v2).toBe('/sys/fs/cgroup x/run');
    expect(ownGroups('0::/docker/abc\n', part).v2).toBe('/sys/fs/cgroup x');
    expect(ownGroups('0::/docker/abcd\n', part).v2).toBeNull();
    expect(ownGroups('0::/../other\n', line(31, '/', '/sys/fs/cgroup', 'cgroup2', '')).v2).toBeNull();
    expect(ownGroups('0::/a\n', '')).toEqual({ v1: {}, v2: null });
  });
});

/** The home of groups here; null, with the reason printed, where there is none. */
function homeHere(): CgroupHome | null {
  const home = findCgroups();
  if (typeof home !== 'string') return home;
  console.warn(`skipped: ${home}`);
  return null;
}

describe('a control group', () => {
  it('is below ours, holds what it is given, and is gone with everything in it', async (test) => {
    const home = homeHere();
    if (home === null) return test.skip();
    const group = makeGroup(home, { ...defaultLimits(2), memoryBytes: 64 * 1024 * 1024, processes: 20 }, null);
    const child = spawn('sh', ['-c', 'read -r go; sleep 1000 & sleep 1000'], { stdio: ['pipe', 'ignore', 'ignore'] });
    group.add(child.pid ?? 0);
    child.stdin.write('go\n');
    const own = readFileSync('/proc/self/cgroup', 'utf8').split('\n');
    const path = (text: string) => text.replace(/^.*:/, '').replace(/\/[^/]*-self$/, '');
    const its = readFileSync(`/proc/${child.pid}/cgroup`, 'utf8').split('\n');
    const moved = its.filter((text) => text.includes('/redgreen-'));
    expect(moved.length).toBe(new Set(Object.values(home.folders)).size);
    for (const text of moved)
      expect(path(text).startsWith(path(own.find((mine) => mine.split(':')[0] === text.split(':')[0]) ?? 'none'))).toBe(true);
    const gone = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
    expect(leftGroups({ cgroup: home }).length).toBeGreaterThan(0);
    await group.close();
    expect(await gone).toBe('SIGKILL');
    expect(leftGroups({ cgroup: home })).toEqual([]);
    home.close();
  });

  it('says so when a limit cannot be set or a process cannot be put in, and leaves nothing', async (test) => {
    const home = homeHere();
    if (home === null) return test.skip();
    expect(() => makeGroup(home, { ...defaultLimits(2), memoryBytes: Number.NaN }, null)).toThrow(BoxError);
    expect(() => makeGroup({ ...home, folders: { ...home.folders, memory: '/proc/self' } }, defaultLimits(2), null)).toThrow(BoxError);
    const group = makeGroup(home, defaultLimits(2), null);
    expect(() => group.add(-1)).toThrow(BoxError);
    group.add(2 ** 22 - 1);
    await group.close();
    expect(leftGroups({ cgroup: home })).toEqual([]);
    home.close();
  });

  it('is swept when its owner is dead, and kept while it lives', async (test) => {
    const home = homeHere();
    if (home === null) return test.skip();
    const namespace = readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
    const dead = `redgreen-999999999-1-${namespace}-dead`;
    const folders = [...new Set(Object.values(home.folders))];
    for (const folder of folders) mkdirSync(join(folder, dead));
    const orphan = spawn('sleep', ['1000'], { stdio: 'ignore' });
    for (const folder of folders) writeFileSync(join(folder, dead, 'cgroup.procs'), String(orphan.pid));
    const gone = new Promise((resolve) => orphan.once('exit', (_, signal) => resolve(signal)));
    const living = makeGroup(home, defaultLimits(2), null);
    const before = leftGroups({ cgroup: home });
    homeHere()?.close();
    expect(await gone).toBe('SIGKILL');
    homeHere()?.close();
    expect(folders.filter((folder) => existsSync(join(folder, dead)))).toEqual([]);
    expect(leftGroups({ cgroup: home })).toEqual(before);
    await living.close();
    home.close();
  });
});

describe.each(['bubblewrap', 'perl'] as const)('on %s', (kind) => {
  it('a run is in its group from its first instruction, sees only that, and is told what it used', async (test) => {
    const rung = await rungOf(kind);
    if (rung?.cgroup == null) return test.skip(rung?.noCgroup ?? '');
    const box = await openBox(rung, await policyWith(rung));
    const result = await box.run([
      'node',
      '-e',
      "const b = Buffer.alloc(5e7, 1); const end = Date.now() + 100; while (Date.now() < end); console.log(require('fs').readFileSync('/proc/self/cgroup', 'utf8'))",
    ]);
    const groups = result.stdout
      .trim()
      .split('\n')
      .filter((text) => /:(?:memory|pids|):/.test(text));
    expect(groups.map((text) => text.replace(/^.*:/, '')).filter((path) => path !== '/')).toEqual([]);
    expect(result.usage).toMatchObject({ exact: true });
    expect(result.usage.cpuMs).toBeGreaterThan(50);
    expect(result.usage.peakBytes).toBeGreaterThan(5e7);
    expect(result.usage.peakProcesses).toBeGreaterThan(3);
    await box.close();
    rung.close();
  });

  it('many boxes at the same time keep apart: one that bursts takes no other with it', async (test) => {
    const rung = await rungOf(kind);
    if (rung?.cgroup == null) return test.skip(rung?.noCgroup ?? '');
    const box = await openBox(rung, await policyWith(rung, { limits: { memoryBytes: 128 * 1024 * 1024, wallMs: 20_000 } }));
    const bomb = ['node', '-e', 'Buffer.alloc(4e8, 1)'];
    const calm = ['sh', '-c', 'sleep 0.5; echo fine'];
    const ends = await Promise.all([bomb, calm, bomb, calm, bomb, calm].map((argv) => box.run(argv)));
    expect(ends.map((end) => end.reason)).toEqual(['memory', 'ok', 'memory', 'ok', 'memory', 'ok']);
    rung.close();
  });

  it('closing a box kills what runs in it, and it runs nothing more', async (test) => {
    const rung = await rungOf(kind);
    if (rung === null) return test.skip();
    const box = await openBox(rung, await policyWith(rung));
    const ends = [box.run(['sleep', '1000']), box.run(['sh', '-c', 'setsid sleep 1000 & wait'])];
    await box.close();
    expect((await Promise.all(ends)).map((end) => end.reason)).toEqual(['aborted', 'aborted']);
    expect(leftGroups(rung)).toEqual([]);
    await expect(box.run(['true'])).rejects.toThrow('closed');
    rung.close();
  });
});

/** Not gone, and not a zombie that the machine's first process has yet to reap. */
function isAlive(pid: string): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

describe('without a box', () => {
  it('a control group still limits the command and takes daemons down with it', async (test) => {
    const { rung } = await chooseRung({ node: process.execPath, unsafe: true });
    if (rung?.cgroup == null) return test.skip(rung?.noCgroup ?? '');
    const box = await openBox(rung, {
      read: [],
      write: [],
      env: { PATH: process.env['PATH'] ?? '' },
      network: 'none',
      limits: { memoryBytes: 128 * 1024 * 1024, wallMs: 20_000 },
    });
    const daemon = await box.run(['sh', '-c', '(setsid sleep 1000 </dev/null & echo $!)']);
    expect(daemon.reason).toBe('ok');
    expect(isAlive(daemon.stdout.trim())).toBe(false);
    expect((await box.run([process.execPath, '-e', 'Buffer.alloc(4e8, 1)'])).reason).toBe('memory');
    expect(await box.run(['sh', '-c', 'exit 7'])).toMatchObject({ reason: 'exit', exitCode: 7 });
    expect(await box.run(['cat'], { stdin: 'text' })).toMatchObject({ reason: 'ok', stdout: 'text' });
    rung.close();
  });
});

it('processors are capped where there are more', async (test) => {
  const rung = await rungOf('bubblewrap');
  if (rung?.cgroup?.folders.cpu == null || availableParallelism() < 2) return test.skip();
  const box = await openBox(rung, await policyWith(rung, { limits: { processors: 1 } }));
  const spin = 'const end = Date.now() + 700; while (Date.now() < end);';
  const { usage, ms } = await box.run(['sh', '-c', `node -e '${spin}' & node -e '${spin}' & node -e '${spin}'; wait`]);
  expect(usage.cpuMs / ms).toBeLessThan(1.3);
  rung.close();
});
