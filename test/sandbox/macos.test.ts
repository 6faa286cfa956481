// The rung for macOS, tried on Linux: its library drives bubblewrap there. What only a Mac can show is not tried:
// the profiles that the library writes for sandbox-exec, and how complete the list of readable folders is.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultLimits, reachable } from '../../sandbox/index.ts';
import { endMarked, lookAtTree } from '../../sandbox/macos-processes.ts';
import { makeRung } from '../../sandbox/rung.ts';

const SCRIPT = fileURLToPath(new URL('./macos-run.ts', import.meta.url));
const LIBRARY = fileURLToPath(new URL('../../node_modules/@anthropic-ai/sandbox-runtime', import.meta.url));
const USER = 1500;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'macos-'));
  chmodSync(folder, 0o777);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the rung for macOS', () => {
  it('is offered on no other system, and not to root', () => {
    if (process.platform !== 'darwin') expect(makeRung('macos', { image: '' })).toBe('there is no rung macos for this system');
    if (process.getuid?.() === 0) expect(makeRung('macos', { image: '', trial: true })).toContain('root');
  });

  it('holds what it runs, as far as its library does so on Linux', { timeout: 120_000 }, async (test) => {
    const root = process.getuid?.() === 0;
    if (process.platform !== 'linux' || !existsSync('/usr/bin/bwrap') || !existsSync('/usr/bin/socat'))
      return test.skip('needs Linux, bubblewrap, socat');
    if (!existsSync(LIBRARY)) return test.skip('the optional package sandbox-runtime is not installed (npm leaves it out under Node 20)');
    if (root && reachable(SCRIPT, { uid: USER, gid: USER }) === null) return test.skip('the checkout cannot be read by other users');
    const ids = root ? { uid: USER, gid: USER } : {};
    const child = spawnSync(process.execPath, [SCRIPT, folder], {
      ...ids,
      encoding: 'utf8',
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', HOME: '/tmp' },
    });
    expect(child.stderr).toBe('');
    const found = JSON.parse(child.stdout) as Record<string, unknown>;
    if (String(found['whole']).includes('did not run')) return test.skip(String(found['whole']));
    expect(found).toEqual({
      whole: null,
      without: expect.stringMatching(/secret file of the host was read.*a port of the host was reached/),
      name: 'sandbox-exec, watchdog',
      files: ['ok', 'in the tree\nreport\nx\nb'],
      code: ['exit', ''],
      time: ['time', ''],
      memory: ['memory', ''],
      proxy: ['ok', '1'],
      noProxy: ['ok', '0'],
    });
    for (const leak of ['signal', 'environment of another process', 'a socket file', 'a datagram', 'a file was written outside'])
      expect(found['without']).toContain(leak);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('processes without a namespace of their own', () => {
  it('are found by a mark in their environment, wherever they went', async () => {
    const mark = `REDGREEN_BOX=test-${process.pid}`;
    const child = spawn('/bin/sh', ['-c', 'setsid sh -c "sleep 100 & sleep 100" & sleep 100'], {
      env: { PATH: '/usr/bin:/bin', REDGREEN_BOX: `test-${process.pid}` },
    });
    const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
    await wait(200);
    await endMarked(mark);
    expect(await ended).toBe('SIGKILL');
    const left = spawnSync('/bin/ps', process.platform === 'darwin' ? ['-axEww'] : ['axeww'], { encoding: 'utf8' }).stdout;
    expect(left.split('\n').filter((line) => line.includes(mark))).toEqual([]);
  });

  it('are counted with all that they started', async () => {
    const script = 'const kept = Buffer.alloc(80e6, 1); setInterval(() => kept, 1000)';
    const child = spawn('/bin/sh', ['-c', `"${process.execPath}" -e "${script}" & wait`], { detached: true });
    const look = lookAtTree(child.pid ?? 0, { ...defaultLimits(1), memoryBytes: 50e6 });
    let seen = look.exceeded();
    for (let tries = 0; seen === null && tries < 100; tries++) {
      await wait(50);
      seen = look.exceeded();
    }
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    expect(seen).toBe('memory');
    expect(look.usage()).toMatchObject({ exact: false, peakProcesses: 2 });
    expect(look.usage().peakBytes).toBeGreaterThan(50e6);
  });
});
