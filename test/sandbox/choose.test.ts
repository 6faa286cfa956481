import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LaunchPlan } from '../../sandbox/bubblewrap.ts';
import { chooseRung, reachable } from '../../sandbox/index.ts';
import { makeRung } from '../../sandbox/rung.ts';
import { selfTest } from '../../sandbox/self-test.ts';

const SANDBOX = fileURLToPath(new URL('../../sandbox/index.ts', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'choose-'));
  chmodSync(folder, 0o777);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function changed(plan: LaunchPlan | Promise<LaunchPlan> | undefined, change: (words: readonly string[]) => readonly string[]): LaunchPlan {
  if (plan === undefined || 'then' in plan) throw new Error('no plan');
  return { ...plan, words: change(plan.words) };
}

describe('choosing a rung', () => {
  it('offers none, with a remedy, where no launcher is', async () => {
    const choice = await chooseRung({ node: process.execPath, hide: ['bubblewrap', 'perl'] });
    expect(choice.rung).toBeNull();
    expect(choice.failures.map((failure) => failure.kind)).toEqual(['bubblewrap', 'perl']);
    expect(choice.remedy).not.toBe('');
  });

  it('goes without a box only when told to, and says that it is not safe', async () => {
    const choice = await chooseRung({ node: process.execPath, unsafe: true, tmpDir: folder });
    expect(choice.rung).toMatchObject({ kind: 'none', safe: false });
    choice.rung?.close();
  });

  it('is not talked down: a rung that is asked for is the only one', async () => {
    const choice = await chooseRung({ node: process.execPath, only: 'podman', image: 'localhost/no-such-image', tmpDir: folder });
    expect(choice.rung).toBeNull();
    expect(choice.failures.map((failure) => failure.kind)).toEqual(['podman']);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('fails the self-test, naming the leak, when a part of the box is missing', { timeout: 60_000 }, async (test) => {
    const rung = makeRung('bubblewrap', { tmpDir: folder, image: '' });
    if (typeof rung === 'string') return test.skip(rung);
    const { plan } = rung;
    /** The self-test's answer for a box whose launcher gets other words. */
    const withWords = (change: (words: readonly string[]) => readonly string[]) =>
      selfTest({ ...rung, plan: (inside) => changed(plan?.(inside), change) }, process.execPath);
    const without = (word: string, count: number) => withWords((words) => words.toSpliced(words.indexOf(word), count));
    const added = (...more: string[]) => withWords((words) => words.toSpliced(words.lastIndexOf('--remount-ro') - 2, 0, ...more));
    const whole = await selfTest(rung, process.execPath);
    if (whole !== null && !whole.includes('broke out')) return test.skip(whole);
    expect(whole).toBeNull();
    expect(await without('--seccomp', 2)).toContain('system call filter is not loaded');
    const network = await without('--unshare-net', 1);
    for (const leak of ['a port of the host was', 'an abstract socket of the host was', 'the net namespace is the host'])
      expect(network).toContain(leak);
    expect(await without('--unshare-ipc', 1)).toContain('the ipc namespace is the host');
    expect(await without('--unshare-pid', 1)).toContain('the pid namespace is the host');
    expect(await withWords((words) => words.toSpliced(words.lastIndexOf('--remount-ro'), 2))).toMatch(/a file was written to \/(?:;|$)/);
    const shown = await added('--bind', folder, folder);
    for (const leak of ['a secret file of the host was read', 'a file was written to', 'a socket file of the host was reached', '/root'])
      expect(shown).toContain(leak);
    expect(await added('--ro-bind', '/sys', '/sys')).toContain('/sys/kernel of the host can be seen');
    expect(await added('--dev-bind', '/dev/zero', '/dev/disk0')).toContain('a device of the host can be seen');
    expect(await added('--setenv', 'OPENAI_API_KEY', 'x')).toContain('foreign variable');
    const open = Buffer.from([6, 0, 0, 0, 0, 0, 0xff, 0x7f]);
    const calls = await selfTest({ ...rung, filter: open }, process.execPath);
    for (const name of ['vsock', 'keyctl', 'io_uring_setup', 'unshare', 'ptrace', 'ioctl-21522', 'clone']) expect(calls).toContain(name);
    rung.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('gives root perl where nobody may make user namespaces, under another id all the same', async (test) => {
    if (process.getuid?.() !== 0) return test.skip('needs root');
    const script = `
      import { chooseRung, openBox } from ${JSON.stringify(SANDBOX)};
      const { rung, failures } = await chooseRung({ node: process.execPath, tmpDir: ${JSON.stringify(folder)} });
      if (rung === null) { console.log(JSON.stringify(failures)); process.exit(); }
      const [tree, deps] = ['tree', 'deps'].map((name) => rung.staging.folder(name));
      rung.staging.write(tree + '/a/b/file', '');
      const read = [{ source: deps, target: '/work/a/b/deps' }];
      const copy = { source: tree, target: '/work', bytes: 1_000_000 };
      const box = await openBox(rung, { read, copy, write: [], env: { PATH: '/usr/bin:/bin', HOME: '/tmp/home' }, network: 'none' });
      const result = await box.run(['sh', '-c', 'id -u; touch /tmp/home/a /dev/shm/b /work/a/b/file /work/a/b/new && echo fine']);
      console.log(rung.kind, rung.identity.uid, result.stdout);
      rung.close();`;
    writeFileSync(join(folder, 'script.ts'), script);
    // A user namespace with the ids of this one, in which no further one can be made.
    const forbid =
      'syscall(shift() + 0, 0x10000000) == 0 or exit; syswrite STDERR, "r"; <STDIN>; open(my $max, ">", "/proc/sys/user/max_user_namespaces") or die; print $max "0\\n"; close $max; exec @ARGV';
    const unshare = process.arch === 'arm64' ? '97' : '272';
    const child = spawn('perl', ['-e', forbid, unshare, process.execPath, join(folder, 'script.ts')], { stdio: 'pipe' });
    child.stderr.once('data', () => {
      for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${child.pid}/${map}`, '0 0 65536');
      child.stdin.end('\n');
    });
    let said = '';
    let errors = '';
    child.stdout.on('data', (chunk) => {
      said += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      errors += String(chunk);
    });
    await new Promise((resolve) => child.once('close', resolve).once('error', resolve));
    if (errors === '' || (said.startsWith('[') && !said.includes('broke out'))) return test.skip(said || 'no user namespaces, or no perl');
    expect(errors).toBe('r');
    expect(said).toMatch(/^perl (\d{5}) \1\nfine\n/);
  });

  it.for(['bubblewrap', 'perl'] as const)('gives an unprivileged user %s too', (kind, test) => {
    if (process.getuid?.() !== 0) return test.skip('every other test here runs unprivileged already');
    if (reachable(SANDBOX, { uid: 1500, gid: 1500 }) === null) return test.skip('the checkout cannot be read by other users');
    const hide = kind === 'perl' ? 'bubblewrap' : 'perl';
    const script = `
      import { chooseRung, openBox } from ${JSON.stringify(SANDBOX)};
      const { rung, failures } = await chooseRung({ node: process.execPath, hide: ['${hide}'], tmpDir: ${JSON.stringify(folder)} });
      if (rung === null) { console.log(JSON.stringify(failures)); process.exit(); }
      const box = await openBox(rung, { read: [], write: [], env: { PATH: '/usr/bin:/bin' }, network: 'none' });
      const result = await box.run(['sh', '-c', 'id -u; ls -d /home /root ${folder}; cat /proc/self/status | grep -E "^(Seccomp|CapEff):" | tr -d "\\\\n"']);
      console.log(rung.name + '|' + result.stdout);
      rung.close();`;
    writeFileSync(join(folder, 'script.ts'), script);
    const child = spawnSync(process.execPath, [join(folder, 'script.ts')], {
      uid: 1500,
      gid: 1500,
      encoding: 'utf8',
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', HOME: '/' },
    });
    if (child.stdout.startsWith('[') && !child.stdout.includes('broke out')) return test.skip(child.stdout);
    expect(child.stderr).toBe('');
    expect(child.stdout.trim()).toMatch(new RegExp(`^${kind}, seccomp, \\w+\\|1500\\nCapEff:\\s0+Seccomp:\\s2$`));
    expect(readdirSync(folder)).toEqual(['script.ts']);
  });
});
