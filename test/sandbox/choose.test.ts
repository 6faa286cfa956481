import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

  it('fails the self-test, naming the leak, when a part of the box is missing', async (test) => {
    const rung = makeRung('bubblewrap', folder);
    if (typeof rung === 'string') return test.skip(rung);
    const plan = rung.plan;
    const without = (word: string, count: number) => ({
      ...rung,
      plan: (inside: Parameters<NonNullable<typeof plan>>[0]) => {
        const made = plan?.(inside);
        if (made === undefined) throw new Error('no plan');
        const at = made.words.indexOf(word);
        return { ...made, words: made.words.toSpliced(at, count) };
      },
    });
    const whole = await selfTest(rung, process.execPath);
    if (whole !== null && !whole.includes('broke out')) return test.skip(whole);
    expect(whole).toBeNull();
    expect(await selfTest(without('--seccomp', 2), process.execPath)).toContain('system call filter is not loaded');
    expect(await selfTest(without('--unshare-net', 1), process.execPath)).toContain('a port of the host was reached');
    expect(await selfTest(without('--unshare-net', 1), process.execPath)).toContain('an abstract socket of the host was reached');
    expect(await selfTest(without('--unshare-ipc', 1), process.execPath)).toContain('the ipc namespace is the host');
    rung.close();
    expect(readdirSync(folder)).toEqual([]);
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
    expect(child.stdout.trim()).toMatch(new RegExp(`^${kind}, seccomp\\|1500\\nCapEff:\\s0+Seccomp:\\s2$`));
    expect(readdirSync(folder)).toEqual(['script.ts']);
  });
});
