import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { createJavascript } from '../../../src/effects/languages/javascript.ts';
import { defaultWorkerPath } from '../../../src/effects/languages/typescript/adapter.ts';
import { createTypescript, createWorkerClient } from '../../../src/effects/languages/typescript.ts';
import { GOOD, SHOP } from './typescript-plan.ts';

const folder = mkdtempSync(join(tmpdir(), 'worker-'));
afterAll(() => rmSync(folder, { recursive: true }));

function worker(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Waits until a condition holds; fails the test by its own time limit when it never does. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

test('one worker serves both adapters and many jobs, goes when idle, and comes back', async () => {
  const client = createWorkerClient({ workerPath: defaultWorkerPath(), idleMs: 300 });
  const typescript = createTypescript({ client });
  const javascript = createJavascript({ client });
  expect(client.status().pid).toBeNull();
  const [a, b] = await Promise.all([typescript.vetPlan(SHOP), typescript.check(SHOP, GOOD, null), javascript.stubs(SHOP, 'wrong')]);
  expect([a, b]).toEqual([[], { mended: [], diagnostics: [] }]);
  const { pid, peakRss } = client.status();
  expect(pid).not.toBeNull();
  expect(peakRss).toBeGreaterThan(50e6);
  expect(peakRss).toBeLessThan(600e6);
  await until(() => !isAlive(pid ?? 0));
  expect(client.status().pid).toBeNull();
  expect(await typescript.vetPlan(SHOP)).toEqual([]);
  const second = client.status().pid ?? 0;
  expect(second).not.toBe(pid);
  await client.close();
  expect(isAlive(second)).toBe(false);
});

test('closing twice, and without ever having run, is fine', async () => {
  const language = createTypescript();
  await language.close();
  await language.close();
});

test('a worker that dies is an error that says so, and the next job starts another', async () => {
  const workerPath = worker('dies.mjs', "process.stdin.once('data', () => { console.error('Error: no more'); process.exit(7); });");
  const language = createTypescript({ workerPath });
  const failed = {
    name: 'RedgreenError',
    code: 'language',
    message: 'The TypeScript checker stopped: exit code 7 (Error: no more)',
    retryable: true,
  };
  await expect(language.vetPlan(SHOP)).rejects.toMatchObject(failed);
  await expect(language.vetPlan(SHOP)).rejects.toMatchObject(failed);
  await language.close();
});

test('a worker that does not answer is killed', async () => {
  const client = createWorkerClient({ workerPath: worker('hangs.mjs', 'process.stdin.resume();'), timeoutMs: 1_000 });
  const job = createTypescript({ client }).vetPlan(SHOP);
  const { pid } = client.status();
  await expect(job).rejects.toMatchObject({ code: 'language', message: 'The TypeScript checker stopped: it did not answer within 1 s' });
  await until(() => pid === null || !isAlive(pid));
});

test('closing ends a job that runs', async () => {
  const client = createWorkerClient({ workerPath: worker('slow.mjs', 'process.stdin.resume();') });
  const job = createTypescript({ client }).vetPlan(SHOP);
  const said = expect(job).rejects.toMatchObject({ code: 'language', message: 'The TypeScript checker stopped: it was closed' });
  await until(() => client.status().pid !== null);
  await client.close();
  await said;
});

test('a worker that cannot be started is an error', async () => {
  const language = createTypescript({ nodePath: join(folder, 'no-node') });
  await expect(language.vetPlan(SHOP)).rejects.toMatchObject({ code: 'language', message: expect.stringContaining('ENOENT') });
});

test('the worker sees no environment and may write nothing', async () => {
  const probe = worker(
    'probe.mjs',
    `import { writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
const tried = [];
try { writeFileSync(${JSON.stringify(join(folder, 'written'))}, 'x'); tried.push('wrote'); } catch (error) { tried.push(error.code); }
try { spawnSync('true'); tried.push('started'); } catch (error) { tried.push(error.code); }
process.stdin.once('data', (data) => process.stdout.write(JSON.stringify({ id: JSON.parse(data).id, ok: false, error: [...tried, ...Object.keys(process.env).filter((name) => name !== '__CF_USER_TEXT_ENCODING')].join(' '), rss: 1 }) + '\\n'));`,
  );
  const language = createTypescript({ workerPath: probe });
  await expect(language.vetPlan(SHOP)).rejects.toThrow('The TypeScript checker failed: ERR_ACCESS_DENIED ERR_ACCESS_DENIED');
  await language.close();
});
