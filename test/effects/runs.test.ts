import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVENT_VERSION } from '../../src/core/events.ts';
import { lockHolder, takeLock } from '../../src/effects/lock.ts';
import {
  createRun,
  findRun,
  indexRun,
  isRunId,
  latestRun,
  listRuns,
  lockRun,
  newRunId,
  readIndex,
  runFiles,
} from '../../src/effects/runs.ts';
import { folder } from './repository.ts';

const NOW = Date.UTC(2026, 10, 23, 17, 5, 9);

function finished(stateDir: string, now: number, lines: readonly object[]) {
  const files = createRun(stateDir, { now, random: Math.random });
  writeFileSync(
    files.journal,
    lines.map((line, i) => `${JSON.stringify({ v: EVENT_VERSION, seq: i + 1, at: now + i, ...line })}\n`).join(''),
  );
  return files;
}

const created = {
  type: 'run.created',
  title: 'a title',
  dir: '/some/where',
  base: { commit: null, files: Array.from({ length: 20_000 }, (_, i) => `src/file-${i}.ts`) },
};

describe('run ids and folders', () => {
  it('names a run by its start in UTC', () => {
    expect(newRunId(NOW, () => 0)).toBe('20261123-170509-0000');
    expect(newRunId(NOW, () => 0.999)).toBe('20261123-170509-zzzz');
    expect(isRunId(newRunId(NOW, Math.random))).toBe(true);
    expect(isRunId('../20261123-170509-0000')).toBe(false);
  });

  it('makes the folders for the owner only, and another id when one is taken', () => {
    const stateDir = join(folder(), 'redgreen');
    let calls = 0;
    const random = () => (calls++ < 8 ? 0 : 0.5);
    const first = createRun(stateDir, { now: NOW, random });
    const second = createRun(stateDir, { now: NOW, random });
    expect([first.id, second.id]).toEqual(['20261123-170509-0000', '20261123-170509-iiii']);
    for (const dir of [stateDir, first.dir, first.blobs]) expect(statSync(dir).mode & 0o777).toBe(0o700);
  });

  it('follows no planted link, and takes no id that leads outside', () => {
    const dir = folder();
    mkdirSync(join(dir, 'elsewhere'));
    symlinkSync(join(dir, 'elsewhere'), join(dir, 'redgreen'));
    expect(() => createRun(join(dir, 'redgreen'), { now: NOW, random: Math.random })).toThrow(expect.objectContaining({ code: 'target' }));
    expect(readdirSync(join(dir, 'elsewhere'))).toEqual([]);
    expect(() => runFiles(dir, '../../etc')).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

describe('lists of runs', () => {
  it('tells the start and the end of each run, newest first', () => {
    const stateDir = join(folder(), 'redgreen');
    finished(stateDir, NOW, [
      created,
      { type: 'note', text: 'x'.repeat(100_000) },
      { type: 'ended', outcome: 'green', reason: 'all 41 tests pass', branch: 'redgreen/a', commit: null },
    ]);
    const open = finished(stateDir, NOW + 60_000, [created, { type: 'note', text: 'working' }]);
    appendFileSync(open.journal, '{"torn');
    createRun(stateDir, { now: NOW + 120_000, random: Math.random });
    expect(listRuns(stateDir)).toMatchObject([
      { problem: 'it has no journal' },
      { title: 'a title', target: '/some/where', outcome: null, branch: null, running: false, lastAt: NOW + 60_001, problem: null },
      {
        title: 'a title',
        outcome: 'green',
        reason: 'all 41 tests pass',
        branch: 'redgreen/a',
        startedAt: NOW,
        lastAt: NOW + 2,
        problem: null,
      },
    ]);
    expect(latestRun(stateDir)?.problem).toBe('it has no journal');
    expect(listRuns(join(stateDir, 'nowhere'))).toEqual([]);
    expect(latestRun(join(stateDir, 'nowhere'))).toBeNull();
  });

  it('says when a journal has another format', () => {
    const stateDir = join(folder(), 'redgreen');
    const files = createRun(stateDir, { now: NOW, random: Math.random });
    writeFileSync(files.journal, '{"v":7,"seq":1,"at":1,"type":"run.created"}\n');
    expect(listRuns(stateDir)[0]?.problem).toContain('format 7');
  });

  it('finds a run by a part of its id', () => {
    const stateDir = join(folder(), 'redgreen');
    const a = finished(stateDir, NOW, [created]);
    finished(stateDir, NOW + 86_400_000, [created]);
    expect(findRun(stateDir, a.id).id).toBe(a.id);
    expect(findRun(stateDir, '20261123').id).toBe(a.id);
    expect(findRun(stateDir, a.id.slice(-4)).id).toBe(a.id);
    expect(() => findRun(stateDir, '2026')).toThrow(/2 runs fit/);
    expect(() => findRun(stateDir, '')).toThrow(/No run fits/);
  });

  it('keeps a user-wide index of runs that exist', () => {
    const dir = folder();
    const index = join(dir, 'state', 'runs.jsonl');
    const files = finished(join(dir, 'redgreen'), NOW, [created]);
    indexRun(index, { stateDir: join(dir, 'redgreen'), id: files.id });
    indexRun(index, { stateDir: join(dir, 'redgreen'), id: files.id });
    indexRun(index, { stateDir: join(dir, 'gone'), id: files.id });
    appendFileSync(index, 'garbage\n{"stateDir":"/","id":"../x"}\n');
    expect(readIndex(index).map((run) => run.dir)).toEqual([files.dir]);
    expect(readIndex(join(dir, 'none'))).toEqual([]);
  });
});

describe('run locks', () => {
  it('keeps a second process out, and lets it in when the first is gone', async () => {
    const files = createRun(join(folder(), 'redgreen'), { now: NOW, random: Math.random });
    const script = `import { takeLock } from ${JSON.stringify(new URL('../../src/effects/lock.ts', import.meta.url).href)}; takeLock(${JSON.stringify(files.lock)}, 'x'); console.log('held'); setInterval(() => {}, 1e6);`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect(() => lockRun(files)).toThrow(
      expect.objectContaining({ code: 'locked', message: expect.stringContaining(`process ${child.pid}`) }),
    );
    expect(lockHolder(files.lock)?.pid).toBe(child.pid);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = lockRun(files);
    expect(lockHolder(files.lock)?.pid).toBe(process.pid);
    lock.release();
    expect(existsSync(files.lock)).toBe(false);
    expect(readdirSync(files.dir)).toEqual(['blobs']);
  });

  it('is not fooled by a recycled process id, a broken file or another boot', () => {
    const path = join(folder(), 'lock');
    for (const stale of [
      { pid: process.pid, start: '1', boot: '', host: '' },
      { pid: process.pid, start: '', boot: 'other', host: '' },
    ]) {
      takeLock(path, 'x').release();
      const own = takeLock(path, 'x');
      const holder = lockHolder(path);
      own.release();
      writeFileSync(path, JSON.stringify({ ...holder, ...stale, boot: stale.boot || holder?.boot, host: holder?.host }));
      expect(lockHolder(path)).toBeNull();
      takeLock(path, 'x').release();
    }
    writeFileSync(path, 'garbage');
    takeLock(path, 'x').release();
    expect(existsSync(path)).toBe(false);
  });

  it('believes that a process on another machine lives', () => {
    const path = join(folder(), 'lock');
    writeFileSync(path, JSON.stringify({ pid: 1, start: '1', boot: 'x', host: 'elsewhere.example' }));
    expect(() => takeLock(path, 'The run')).toThrow(/The run is in use by process 1 on elsewhere\.example/);
  });

  it('lets one of several rivals have a stale lock', () => {
    const path = join(folder(), 'lock');
    writeFileSync(path, 'garbage');
    const script = `import { takeLock } from ${JSON.stringify(new URL('../../src/effects/lock.ts', import.meta.url).href)}; try { takeLock(${JSON.stringify(path)}, 'x'); console.log('won'); } catch (e) { console.log(e.code); } setTimeout(() => {}, 1500);`;
    const run = `for i in 1 2 3; do "$0" --input-type=module-typescript -e "$1" & done; wait`;
    const said = execFileSync('sh', ['-c', run, process.execPath, script], { encoding: 'utf8' }).trim().split('\n').sort();
    expect(said).toEqual(['locked', 'locked', 'won']);
  });
});
