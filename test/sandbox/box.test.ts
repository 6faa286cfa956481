import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Limits, Policy, Rung, RunOptions } from '../../sandbox/index.ts';
import { BoxError, openBox } from '../../sandbox/index.ts';
import { policyWith, rungOf } from './rungs.ts';

describe.each(['bubblewrap', 'perl', 'podman'] as const)('a box on the rung %s', (kind) => {
  let rung: Rung | null = null;
  beforeAll(async () => {
    rung = await rungOf(kind);
  });
  afterAll(() => rung?.close());

  const boxed = (name: string, body: (rung: Rung) => Promise<void>) =>
    it(name, async (test) => {
      if (rung === null) return test.skip();
      await body(rung);
    });
  const run = async (on: Rung, argv: readonly string[], policy: Partial<Policy> = {}, options: RunOptions = {}) =>
    (await openBox(on, await policyWith(on, policy))).run(argv, options);
  const sh = (on: Rung, script: string, limits: Partial<Limits> = {}) => run(on, ['sh', '-c', script], { limits });
  const node = (on: Rung, script: string, policy: Partial<Policy> = {}) => run(on, ['node', '-e', script], policy);

  boxed('returns output, exit code and why it ended', async (on) => {
    expect(await sh(on, 'echo out; echo err >&2; exit 7')).toMatchObject({ reason: 'exit', exitCode: 7, stdout: 'out\n', stderr: 'err\n' });
    expect(await sh(on, 'true')).toMatchObject({ reason: 'ok', exitCode: 0, stdout: '', stderr: '' });
    expect(await sh(on, 'kill -9 $$')).toMatchObject({ reason: 'signal', signal: 'SIGKILL' });
    expect(await run(on, ['no-such-program'])).toMatchObject({ reason: 'exit', exitCode: 127 });
  });

  boxed('gives standard input and the working folder', async (on) => {
    expect((await run(on, ['sh', '-c', 'pwd; cat'], {}, { stdin: 'hello', cwd: '/usr' })).stdout).toBe('/usr\nhello');
    expect((await run(on, ['cat'])).stdout).toBe('');
  });

  boxed('is not root and has exactly the environment it was given', async (on) => {
    const uid = (await sh(on, 'id -u')).stdout.trim();
    expect(uid).toBe(String(on.identity?.uid ?? process.getuid?.()));
    expect(uid).not.toBe('0');
    const names = (await sh(on, 'env')).stdout.split('\n').map((line) => line.split('=')[0]);
    expect(names.filter((name) => !['PATH', 'HOME', 'PWD', 'OLDPWD', 'SHLVL', '_', ''].includes(name ?? ''))).toEqual([]);
    expect((await sh(on, 'cat /proc/*/environ | tr "\\0" "\\n" | grep -v -E "^(PATH|HOME|PWD|OLDPWD|SHLVL|_)="')).stdout.trim()).toBe('');
  });

  boxed('sees neither the host’s files nor its processes', async (on) => {
    const folder = mkdtempSync(join(tmpdir(), 'canary-'));
    writeFileSync(join(folder, 'secret'), 'canary');
    const seen = await sh(
      on,
      `cat ${folder}/secret /etc/shadow /etc/machine-id; ls -d ${on.image !== null ? '' : '/root /home /var'} /proc/${process.pid}; ls /proc | grep -c '^[0-9]'`,
    );
    expect(seen.stdout.trim()).toMatch(/^\d$/);
    rmSync(folder, { recursive: true });
  });

  boxed('cannot write outside its own folders', async (on) => {
    const tried = await sh(
      on,
      'for d in / /usr /usr/bin /etc /dev /redgreen /proc; do echo x > $d/planted && echo $d; done 2>/dev/null; echo x > /tmp/ok && echo fine; echo x > /dev/null && echo null',
    );
    expect(tried.stdout).toBe('fine\nnull\n');
  });

  boxed('has no network but its own loopback', async (on) => {
    let knocks = 0;
    const server = createServer((client) => {
      knocks++;
      client.destroy();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const script = `
      const net = require('net'), dgram = require('dgram');
      const tcp = (port, host) => new Promise((r) => net.connect({ port, host }).on('connect', () => r('open')).on('error', (e) => r(e.code)));
      const udp = new Promise((r) => dgram.createSocket('udp4').send('x', 53, '192.0.2.1', (e) => r(e ? e.code : 'sent')));
      const own = new Promise((r) => { const s = net.createServer((c) => c.end()).listen(0, '127.0.0.1', async () => { r(await tcp(s.address().port, '127.0.0.1')); s.close(); }); });
      Promise.all([tcp(${port}, '127.0.0.1'), tcp(443, '192.0.2.1'), udp, own]).then((all) => { console.log(all.join(' ')); process.exit(); });`;
    expect((await node(on, script)).stdout).toBe('ECONNREFUSED ENETUNREACH ENETUNREACH open\n');
    expect(knocks).toBe(0);
    server.close();
  });

  boxed('refuses system calls that lead out', async (on) => {
    const numbers =
      process.arch === 'arm64'
        ? { unshare: 97, mount: 40, keyctl: 219, uring: 425, socket: 198, clone: 220 }
        : { unshare: 272, mount: 165, keyctl: 250, uring: 425, socket: 41, clone: 56 };
    const calls = [
      `syscall(${numbers.unshare}, 0x10000000)`,
      `syscall(${numbers.mount}, $none, $tmp, $tmpfs, 0, 0)`,
      `syscall(${numbers.keyctl}, 0, -3, 0)`,
      `syscall(${numbers.uring}, 1, $buffer)`,
      `syscall(${numbers.socket}, 40, 1, 0)`,
      `syscall(${numbers.socket}, 17, 3, 0)`,
      `syscall(${numbers.socket}, 16, 3, 12)`,
      `syscall(${numbers.clone}, 0x10000011, 0, 0, 0, 0)`,
      'ioctl(STDIN, 0x5412, $buffer)',
    ];
    const script = `my ($buffer, $none, $tmp, $tmpfs) = ("\\0" x 256, "none", "/tmp", "tmpfs"); ${calls.map((call) => `$! = 0; ${call}; print 0 + $!, " ";`).join(' ')} print socket(S, 2, 1, 0) ? "inet" : "none"`;
    const result = await run(on, ['perl', '-e', script]);
    if (result.exitCode === 127) return;
    expect(result.stdout).toBe('1 1 1 38 97 97 93 1 1 inet');
  });

  boxed('ends at the wall time with everything it started', async (on) => {
    const result = await run(on, ['sh', '-c', 'sleep 100 & sleep 100'], { limits: { wallMs: 300 } });
    expect(result).toMatchObject({ reason: 'time', exitCode: null });
  });

  boxed('ends when it is aborted', async (on) => {
    const stop = new AbortController();
    const ended = run(on, ['sleep', '100'], {}, { signal: stop.signal });
    setTimeout(() => stop.abort(), 100);
    expect((await ended).reason).toBe('aborted');
    expect((await run(on, ['sleep', '100'], {}, { signal: stop.signal })).reason).toBe('aborted');
  });

  boxed('stops a flood of output and keeps its head and tail', async (on) => {
    const result = await sh(on, 'echo begin; yes', { outputBytes: 4_000_000, keepBytes: 10_000 });
    expect(result.reason).toBe('output');
    expect(result.stdout.startsWith('begin\ny\n')).toBe(true);
    expect(result.stdout).toMatch(/\[… \d+ bytes left out …\]/);
    expect(result.stdout.length).toBeLessThan(10_100);
  });

  boxed('stops at the limits of memory, processes, CPU time, file size and space', async (on) => {
    const MiB = 1024 * 1024;
    const folder = on.staging.folder('full', { writable: true });
    const eat = 'const kept = []; const go = () => { kept.push(Buffer.alloc(16e6, 1)); setTimeout(go, 10) }; go()';
    const fill = ['sh', '-c', 'i=0; while :; do i=$((i+1)); echo x > /out/$i; done'];
    const fork = 'i=0; while [ $i -lt 100 ]; do sleep 60 & i=$((i+1)); done; wait';
    const [memory, processes, cpu, file, space, entries] = await Promise.all([
      node(on, eat, { limits: { memoryBytes: 200 * MiB } }),
      sh(on, fork, { processes: 40, wallMs: 30_000 }),
      sh(on, 'while :; do :; done', { cpuSeconds: 1, wallMs: 30_000 }),
      run(on, ['dd', 'if=/dev/zero', 'of=/tmp/big', 'bs=1M', 'count=20', 'status=none'], { limits: { fileBytes: MiB } }),
      sh(on, 'dd if=/dev/zero of=/tmp/big bs=1M count=20', { tmpBytes: 4 * MiB }),
      run(on, fill, { write: [{ source: folder, target: '/out' }], limits: { folderEntries: 50, wallMs: 30_000 } }),
    ]);
    on.staging.remove(folder);
    expect([memory.reason, cpu.reason, file.reason, entries.reason]).toEqual(['memory', 'time', 'disk', 'disk']);
    expect(processes.reason).toMatch(/^(?:pids|exit)$/);
    expect(space.stderr).toContain('No space left');
  });

  boxed('takes daemons down with it', async (on) => {
    const folder = on.staging.folder('beat', { writable: true });
    const daemon =
      '(setsid sh -c "while :; do echo x >> /out/beat; sleep 0.02; done" >/dev/null 2>&1 &) ; while [ ! -s /out/beat ]; do :; done';
    const result = await run(on, ['sh', '-c', daemon], { write: [{ source: folder, target: '/out' }] });
    expect(result.reason).toBe('ok');
    const before = readFileSync(join(folder, 'beat'), 'utf8').length;
    await wait(150);
    expect(readFileSync(join(folder, 'beat'), 'utf8').length).toBe(before);
    on.staging.remove(folder);
  });

  boxed('works on a copy that never comes back', async (on) => {
    const source = on.staging.folder('tree');
    on.staging.write(join(source, 'deep/a.txt'), 'one');
    const result = await run(
      on,
      ['sh', '-c', 'echo two >> deep/a.txt; touch new; cat deep/a.txt'],
      { copy: { source, target: '/work', bytes: 1e6 } },
      { cwd: '/work' },
    );
    expect(result).toMatchObject({ reason: 'ok', stdout: 'onetwo\n' });
    expect(readFileSync(join(source, 'deep/a.txt'), 'utf8')).toBe('one');
  });

  boxed('says so when it cannot be made, and never runs the command then', async (on) => {
    await expect(run(on, ['true'], { read: [{ source: '/no/such/folder', target: '/x' }] })).rejects.toThrow(BoxError);
    await expect(run(on, ['true'], {}, { cwd: '/not/inside' })).rejects.toThrow(/box could not be made/);
  });
});
