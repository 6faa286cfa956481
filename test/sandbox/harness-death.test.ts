import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStaging } from '../../sandbox/index.ts';

const SANDBOX = fileURLToPath(new URL('../../sandbox/index.ts', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'death-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a harness of its own process: chooses `rung`, then runs `body` with `box` and `rung` in scope. */
function harness(kind: string, body: string, stdio: ('ignore' | 'pipe' | number)[]) {
  const hide = kind === 'perl' ? ['bubblewrap'] : ['perl'];
  const script = `
    import { chooseRung, openBox } from ${JSON.stringify(SANDBOX)};
    const { rung, remedy } = await chooseRung({ node: process.execPath, hide: ${JSON.stringify(hide)}, tmpDir: ${JSON.stringify(folder)} });
    if (rung === null) { console.log('SKIP ' + remedy); process.exit(); }
    const open = (write) => openBox(rung, { read: [], write, env: { PATH: '/usr/bin:/bin' }, network: 'none' });
    ${body}`;
  writeFileSync(join(folder, 'harness.ts'), script);
  return spawn(process.execPath, [join(folder, 'harness.ts')], { stdio });
}

describe.each(['bubblewrap', 'perl'])('a harness with boxes on %s', (kind) => {
  it('takes its boxes down when it is killed, and its folders are swept by the next one', async (test) => {
    const { chmodSync } = await import('node:fs');
    chmodSync(folder, 0o755);
    const child = harness(
      kind,
      `const out = rung.staging.folder('beat', { writable: true });
       console.log(out);
       const box = await open([{ source: out, target: '/out' }]);
       await box.run(['sh', '-c', 'setsid sh -c "while :; do echo x >> /out/beat; sleep 0.02; done" & wait']);`,
      ['ignore', 'pipe', 'inherit' as 'ignore'],
    );
    let said = '';
    child.stdout?.on('data', (chunk) => {
      said += String(chunk);
    });
    const beat = () => join(said.trim(), 'beat');
    while (!said.startsWith('SKIP') && (!said.endsWith('\n') || !existsSync(beat()))) await wait(10);
    if (said.startsWith('SKIP')) {
      console.warn(said);
      return test.skip();
    }
    const closed = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await closed;
    await wait(100);
    const before = readFileSync(beat(), 'utf8').length;
    await wait(150);
    expect(readFileSync(beat(), 'utf8').length).toBe(before);

    expect(readdirSync(folder).some((name) => name.startsWith('redgreen-box-'))).toBe(true);
    openStaging(null, folder).close();
    expect(readdirSync(folder)).toEqual(['harness.ts']);
  });

  it('lets no inherited descriptor into a box', async (test) => {
    const { chmodSync } = await import('node:fs');
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'secret'), 'canary');
    const secret = openSync(join(folder, 'secret'), 'r');
    const stdio: ('ignore' | 'pipe' | number)[] = ['ignore', 'pipe', 'ignore'];
    while (stdio.length < 41) stdio.push('ignore');
    stdio[7] = secret;
    stdio[40] = secret;
    const child = harness(
      kind,
      `const result = await (await open([])).run(['sh', '-c', 'cat /proc/self/fd/7 /proc/self/fd/40; ls -l /proc/self/fd']);
       console.log(result.stdout);
       rung.close();`,
      stdio,
    );
    closeSync(secret);
    let said = '';
    child.stdout?.on('data', (chunk) => {
      said += String(chunk);
    });
    await new Promise((resolve) => child.once('close', resolve));
    if (said.startsWith('SKIP')) return test.skip();
    expect(said).toContain('/proc/');
    expect(said).not.toContain('canary');
    expect(said).not.toContain('secret');
  });
});
