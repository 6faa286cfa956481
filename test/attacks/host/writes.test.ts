// Every place where redgreen writes or reads on the host, with links, FIFOs and swaps in the way.
import { execFileSync, spawn } from 'node:child_process';
import { linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openStaging } from '../../../sandbox/index.ts';
import { readConfigFile } from '../../../src/config/files.ts';
import { RedgreenError } from '../../../src/core/errors.ts';
import { openAnchor, readPlain, writeAnchored } from '../../../src/effects/anchor.ts';
import { createBlobs } from '../../../src/effects/blobs.ts';
import { readReport, writeFiles } from '../../../src/effects/box-files.ts';
import { openDepsStore } from '../../../src/effects/box-store.ts';
import { openJournal } from '../../../src/effects/journal.ts';
import { createRun, ensureState } from '../../../src/effects/runs.ts';
import { createTrust, readPromptFolder } from '../../../src/effects/trust.ts';
import { folder, repository, write } from '../../effects/repository.ts';
import { target, victim } from './bench.ts';

const children: { kill(): void }[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill();
});

/** A process that swaps `path` for a link to `to` until the test ends. */
async function swap(path: string, to: string): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'swapper.mjs'), path, to], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push({ kill: () => void child.kill('SIGKILL') });
  await new Promise((ready) => child.stdout.once('data', ready));
}

describe('W1 a folder that is swapped for a link in a loop', () => {
  it('never sends an anchored write elsewhere', async () => {
    const outside = victim();
    const root = folder();
    mkdirSync(join(root, 'inner'));
    await swap(join(root, 'inner'), outside.dir);
    let written = 0;
    for (let i = 0; i < 1_000; i++) {
      try {
        const anchor = openAnchor(root, ['inner']);
        await writeAnchored(anchor, 'precious', 'overwritten\n').finally(() => anchor.close());
        written++;
      } catch (error) {
        expect((error as RedgreenError).code).toBe('target');
      }
    }
    // Both happened: the race was real, and some writes found the folder in place.
    expect(written).toBeGreaterThan(0);
    expect(readdirSync(outside.dir)).toEqual(['precious']);
    expect(outside.isWhole()).toBe(true);
  });

  it('never sends a blob elsewhere', async () => {
    const outside = victim();
    const root = folder();
    const blobs = createBlobs(join(root, 'blobs'));
    const refs = await Promise.all(Array.from({ length: 40 }, (_, i) => blobs.put(`first ${i}`)));
    for (const ref of refs.slice(0, 2)) await swap(join(root, 'blobs', ref.slice(0, 2)), outside.dir);
    for (let i = 0; i < 400; i++) await blobs.put(`text ${i}`).catch((error: unknown) => expect(error).toBeInstanceOf(RedgreenError));
    expect(readdirSync(outside.dir)).toEqual(['precious']);
  });
});

describe('W2 links that were put there before', () => {
  it('are refused as folders and replaced as files', async () => {
    const outside = victim();
    const root = folder();
    symlinkSync(outside.dir, join(root, 'folder'));
    expect(() => openAnchor(root, ['folder'])).toThrow(/no plain folder/);
    expect(() => openAnchor(root, ['folder', 'x'], true)).toThrow(/no plain folder/);
    symlinkSync(outside.file, join(root, 'file'));
    linkSync(outside.file, join(root, 'hard'));
    const anchor = openAnchor(root);
    for (const name of ['file', 'hard']) await writeAnchored(anchor, name, 'new\n');
    anchor.close();
    expect(['file', 'hard'].map((name) => [readFileSync(join(root, name), 'utf8'), lstatSync(join(root, name)).mode & 0o7777])).toEqual([
      ['new\n', 0o600],
      ['new\n', 0o600],
    ]);
    expect(outside.isWhole()).toBe(true);
  });

  it('send no journal, no run and no state elsewhere', async () => {
    const outside = victim();
    for (const plant of ['', '/runs']) {
      const dir = repository();
      const { stateDir } = await target(dir);
      if (plant !== '') mkdirSync(stateDir);
      symlinkSync(outside.dir, `${stateDir}${plant}`);
      expect(() => ensureState(stateDir)).toThrow(/no folder/);
      expect(() => createRun(stateDir, { now: Date.now(), random: Math.random })).toThrow(/no folder/);
    }
    const dir = folder();
    symlinkSync(outside.file, join(dir, 'journal.jsonl'));
    expect(() => openJournal(join(dir, 'journal.jsonl'))).toThrow(/cannot be opened/);
    expect([readdirSync(outside.dir), outside.isWhole()]).toEqual([['precious'], true]);
  });

  it('are not written through on the way into a box', () => {
    const outside = victim();
    const staging = openStaging(null, folder());
    const work = staging.folder('work');
    symlinkSync(outside.file, join(work, 'a.ts'));
    expect(() => writeFiles(staging, work, { 'a.ts': 'x' })).toThrow(/could not be written/);
    for (const path of ['../x', '/etc/x', 'a/../../x', '']) expect(() => writeFiles(staging, work, { [path]: 'x' })).toThrow();
    staging.close();
    expect(outside.isWhole()).toBe(true);
  });
});

describe('W3 what is read', () => {
  const odd = (make: (path: string) => void) => {
    const path = join(folder(), 'file');
    make(path);
    return path;
  };
  const kinds: readonly [string, (path: string) => void][] = [
    ['a link', (path) => symlinkSync('/etc/hostname', path)],
    ['a FIFO', (path) => void execFileSync('mkfifo', [path])],
    ['a folder', (path) => mkdirSync(path)],
    ['a device', (path) => symlinkSync('/dev/zero', path)],
    ['a file that is too large', (path) => writeFileSync(path, 'x'.repeat(9 * 1024 * 1024))],
  ];
  it.each(kinds)('%s is refused at once, as a project’s settings, as a prompt, as a report and as a plain file', async (_, make) => {
    await expect(readPlain(odd(make), 1_000)).rejects.toThrow();
    expect(readReport(odd(make))).toBeNull();
    await expect(readConfigFile(odd(make), { follow: false })).rejects.toMatchObject({ code: 'config' });
    const prompts = folder();
    make(join(prompts, 'plan.md'));
    const isFolder = lstatSync(join(prompts, 'plan.md')).isDirectory();
    if (isFolder) expect((await readPromptFolder(prompts))?.files).toEqual({});
    else await expect(readPromptFolder(prompts)).rejects.toMatchObject({ code: 'config' });
  });

  it('a trusted prompt that becomes a link is trusted no more', async () => {
    const project = folder();
    write(project, { '.redgreen/prompts/plan.md': 'mine' });
    const trust = createTrust({ file: join(folder(), 'trust.json') });
    await trust.trust(project);
    expect(await trust.isTrusted(project)).toBe(true);
    rmSync(join(project, '.redgreen/prompts/plan.md'));
    symlinkSync('/etc/hostname', join(project, '.redgreen/prompts/plan.md'));
    await expect(trust.isTrusted(project)).rejects.toMatchObject({ code: 'config' });
  });
});

describe('W4 installed packages', () => {
  const adopt = async (build: (deps: string) => void) => {
    const store = openDepsStore(folder(), null);
    const deps = join(folder(), 'node_modules');
    build(deps);
    return (await store.adopt('a'.repeat(64), 'a'.repeat(64), { folder: deps, lock: null })).deps ?? '';
  };

  it('keep no link that ends outside, however it climbs, and no odd file', async () => {
    const outside = victim();
    const deps = await adopt((dir) => {
      mkdirSync(join(dir, 'deep/e/f'), { recursive: true });
      writeFileSync(join(dir, 'plain'), 'x', { mode: 0o666 });
      writeFileSync(join(dir, 'suid'), 'x');
      execFileSync('chmod', ['6777', join(dir, 'suid')]);
      linkSync(outside.file, join(dir, 'hard'));
      execFileSync('mkfifo', [join(dir, 'fifo')]);
      symlinkSync(outside.file, join(dir, 'absolute'));
      symlinkSync('../../../../../../etc/hostname', join(dir, 'relative'));
      // Its text stays inside, but the kernel goes by way of `top`, which is the folder itself.
      symlinkSync('../../..', join(dir, 'deep/e/f/top'));
      symlinkSync('deep/e/f/top/../..', join(dir, 'climber'));
      symlinkSync('loop', join(dir, 'loop'));
      symlinkSync('../plain', join(dir, 'deep/good'));
    });
    expect(readdirSync(deps).sort()).toEqual(['deep', 'plain', 'suid']);
    expect(readdirSync(join(deps, 'deep')).sort()).toEqual(['e', 'good']);
    expect(lstatSync(join(deps, 'suid')).mode & 0o7777).toBe(0o555);
    expect(lstatSync(join(deps, 'plain')).mode & 0o7777).toBe(0o444);
    expect(outside.isWhole()).toBe(true);
  });

  it('are a folder, not a link to one', async () => {
    const outside = victim();
    await expect(adopt((dir) => symlinkSync(outside.dir, dir))).rejects.toThrow(/left no folder/);
    await expect(adopt(() => undefined)).rejects.toThrow(/left no folder/);
    expect(lstatSync(outside.file).mode & 0o222).not.toBe(0);
  });
});
