import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineOf, sweepContainers } from '../../sandbox/container-engine.ts';
import type { Policy, Rung, RunOptions } from '../../sandbox/index.ts';
import { DOOR_SOCKET, openBox } from '../../sandbox/index.ts';
import { ownerTag } from '../../sandbox/owner.ts';
import { selfTest } from '../../sandbox/self-test.ts';
import { TEST_IMAGE } from './image.ts';
import { policyWith, rungOf } from './rungs.ts';

const SANDBOX = fileURLToPath(new URL('../../sandbox/index.ts', import.meta.url));

const podman = (...args: string[]) => spawnSync('podman', args, { encoding: 'utf8' }).stdout.trim();
/** Names of containers that exist, of the redgreen with `tag`. */
const containers = (tag: string) => podman('ps', '--all', '--filter', `label=redgreen.owner=${tag}`, '--format', '{{.Names}}');

describe('a box made by podman', { timeout: 120_000 }, () => {
  let rung: Rung | null = null;
  beforeAll(async () => {
    rung = await rungOf('podman');
  }, 300_000);
  afterAll(() => rung?.close());

  const boxed = (name: string, body: (rung: Rung) => Promise<void>) =>
    it(name, async (test) => {
      if (rung === null) return test.skip();
      await body(rung);
    });
  const run = async (on: Rung, argv: readonly string[], policy: Partial<Policy> = {}, options: RunOptions = {}) =>
    (await openBox(on, await policyWith(on, policy))).run(argv, options);

  boxed('says what it has', async (on) => {
    expect(on.name).toBe(`podman, ${on.identity === null ? '' : 'own uid, '}seccomp, cgroup`);
    expect(on.image).toMatch(/^(?:sha256:)?[0-9a-f]{64}$/);
  });

  boxed('is found out when a protection is missing', async (on) => {
    /** The self-test's answer when podman is called with other words. */
    const told = (change: (argv: readonly string[]) => readonly string[]) =>
      selfTest(
        {
          ...on,
          plan(inside) {
            const plan = on.plan?.(inside);
            if (plan === undefined || 'then' in plan) throw new Error('no plan');
            return { ...plan, argv: change(plan.argv) };
          },
        },
        process.execPath,
      );
    const instead = (word: string, other: string) =>
      told((argv) => {
        expect(argv).toContain(word);
        return argv.map((one) => (one === word ? other : one));
      });
    const added = (...words: string[]) => told((argv) => argv.toSpliced(argv.indexOf('--read-only'), 0, ...words));
    const profile = (await told((argv) => argv)) ?? '';
    expect(profile).toBe('');
    const network = await told((argv) => argv.with(argv.indexOf('--network') + 1, 'host'));
    for (const leak of ['the net namespace is the host', 'a port of the host was reached', 'a datagram reached the host'])
      expect(network).toContain(leak);
    expect(await told((argv) => argv.map((word) => (word.startsWith('seccomp=') ? 'seccomp=unconfined' : word)))).toMatch(
      /filter is not loaded.*lets system calls through: .*keyctl.*vsock/,
    );
    expect(await instead('no-new-privileges', 'no-new-privileges=false')).toContain('new privileges may be gained');
    expect(await told((argv) => argv.with(argv.indexOf('--cap-drop') + 1, 'MKNOD'))).toContain('capabilities are left in CapBnd');
    expect(await told((argv) => argv.with(argv.indexOf('--pid') + 1, 'host'))).toContain('the pid namespace is the host');
    expect(await told((argv) => argv.with(argv.indexOf('--user') + 1, '0:0'))).toContain('the box has another Uid than its own');
    expect(await instead('mask=/sys', 'no-new-privileges')).toContain('/sys/kernel of the host can be seen');
    expect(await added('--device', '/dev/zero:/dev/disk0')).toContain('a device of the host can be seen');
    expect(await added('--volume', `${on.staging.path}:${on.staging.path}`)).toContain('a secret file of the host was read');
    // Process 1 has the variables that podman adds; only the command's own are made from nothing by `env -i`.
    expect(await told((argv) => argv.toSpliced(argv.lastIndexOf('-i'), 1))).toContain('foreign variable');
  });

  boxed('is gone, with its folders, however the run ends', async (on) => {
    const stop = new AbortController();
    const before = readdirSync(on.staging.path);
    setTimeout(() => stop.abort(), 700);
    const spin = ['sh', '-c', 'setsid sh -c "trap : TERM; while :; do :; done" & while :; do :; done'];
    const ends = await Promise.all([
      run(on, ['true']),
      run(on, spin, {}, { timeoutMs: 1_000 }),
      run(on, spin, {}, { signal: stop.signal }),
      run(on, spin, {}, { timeoutMs: 50 }),
      run(on, ['true'], {}, { cwd: '/not/inside' }).catch(() => ({ reason: 'threw' })),
    ]);
    expect(ends.map((end) => end.reason)).toEqual(['ok', 'time', 'aborted', 'time', 'threw']);
    expect(containers(ownerTag())).toBe('');
    expect(readdirSync(on.staging.path)).toEqual(before);
  });

  boxed('says which limit of the kernel was reached, and what was used', async (on) => {
    const eat = 'const kept = []; for (;;) kept.push(Buffer.alloc(16e6, 1))';
    const fork = 'sh -c "i=0; while [ \\$i -lt 100 ]; do sleep 60 & i=\\$((i+1)); done"; sleep 60';
    const [memory, pids, own] = await Promise.all([
      run(on, ['node', '-e', eat], { limits: { memoryBytes: 100 * 1024 * 1024 } }),
      run(on, ['sh', '-c', fork], { limits: { processes: 40 } }),
      run(on, ['sh', '-c', 'sleep 0.3; kill -9 $$']),
    ]);
    expect([memory.reason, pids.reason, own.reason]).toEqual(['memory', 'pids', 'signal']);
    expect(own.usage.peakBytes).toBeGreaterThan(0);
  });

  boxed('mounts a folder whose name an engine could misread', async (on) => {
    const source = join(on.staging.folder('odd'), 'a,b=c "d":e');
    on.staging.write(join(source, 'file'), 'read');
    expect((await run(on, ['cat', '/x/file'], { read: [{ source, target: '/x' }] })).stdout).toBe('read');
  });

  boxed('has a link where one is asked for', async (on) => {
    const source = on.staging.folder('linked');
    on.staging.write(join(source, 'file'), 'through');
    const policy = { read: [{ source, target: '/work' }], links: [{ target: '/redgreen/node_modules', to: '/work' }] };
    expect((await run(on, ['sh', '-c', 'cat /redgreen/node_modules/file; cd -P /redgreen/node_modules; pwd'], policy)).stdout).toBe(
      'through/work\n',
    );
  });

  boxed('reaches the door and nothing else', async (on) => {
    const server = createServer((client) => client.end('from outside')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const script = `
      const ask = (target) => new Promise((resolve) => {
        let got = '';
        const socket = require('net').connect(${JSON.stringify(DOOR_SOCKET)}, () => socket.write('CONNECT ' + target + ' HTTP/1.1\\r\\n\\r\\n'));
        socket.on('data', (chunk) => { got += chunk; }).on('close', () => resolve(got.split('\\r\\n').at(got.includes('200') ? -1 : 0)));
      });
      (async () => console.log(await ask('localhost:${port}'), '|', await ask('localhost:${port + 1}')))();`;
    const policy = { ...(await policyWith(on)), network: { door: { targets: [`localhost:${port}`], allowPrivate: true } } };
    const box = await openBox(on, policy);
    expect((await box.run(['node', '-e', script])).stdout).toBe('from outside | HTTP/1.1 403 not the registry\n');
    expect(box.doorLog().map((entry) => entry.outcome)).toEqual(['open', 'refused']);
    await box.close();
    server.close();
  });

  boxed('does not outlive a redgreen that is killed', async (on) => {
    const folder = mkdtempSync(join(tmpdir(), 'killed-'));
    chmodSync(folder, 0o755);
    writeFileSync(
      join(folder, 'harness.ts'),
      `import { chooseRung, openBox } from ${JSON.stringify(SANDBOX)};
       const { rung } = await chooseRung({ node: process.execPath, only: 'podman', image: ${JSON.stringify(TEST_IMAGE)}, tmpDir: ${JSON.stringify(folder)} });
       const out = rung.staging.folder('beat', { writable: true });
       console.log(out);
       const box = await openBox(rung, { read: [], write: [{ source: out, target: '/out' }], env: { PATH: '/usr/bin:/bin' }, network: 'none' });
       await box.run(['sh', '-c', 'setsid sh -c "while :; do echo x >> /out/beat; sleep 0.02; done" & wait']);`,
    );
    const child = spawn(process.execPath, [join(folder, 'harness.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += String(chunk);
    });
    const beat = () => join(said.trim(), 'beat');
    while (!said.endsWith('\n') || !existsSync(beat())) await wait(20);
    const tag = readdirSync(folder)
      .find((name) => name.startsWith('redgreen-box-'))
      ?.split('-')
      .slice(2, 5)
      .join('-');
    expect(containers(tag ?? '')).toContain(tag);
    child.kill('SIGKILL');
    while (containers(tag ?? '') !== '') await wait(100);
    const length = readFileSync(beat(), 'utf8').length;
    await wait(200);
    expect(readFileSync(beat(), 'utf8').length).toBe(length);
    rmSync(folder, { recursive: true });
    expect(on.safe).toBe(true);
  });

  boxed('is swept when its redgreen is dead, and not before', async () => {
    const dead = ownerTag().replace(/^\d+-\d+/, '999999999-1');
    const names = [`redgreen-${dead}-aaaaaa`, `redgreen-${ownerTag()}-bbbbbb`];
    for (const name of names) podman('create', '--name', name, '--label', 'redgreen.owner=x', '--network', 'none', TEST_IMAGE, 'true');
    const folder = mkdtempSync(join(tmpdir(), 'sweep-'));
    writeFileSync(join(folder, 'containers.conf'), '');
    sweepContainers(engineOf('podman', '/usr/bin/podman', folder));
    expect(podman('ps', '--all', '--filter', 'label=redgreen.owner=x', '--format', '{{.Names}}')).toBe(names[1]);
    podman('rm', '--force', ...names.slice(1));
    rmSync(folder, { recursive: true });
  });
});
