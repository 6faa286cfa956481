import { mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTrust, readPromptFolder } from '../../src/effects/trust.ts';

let dir: string;
let project: string;
let folder: string;
const store = () => join(dir, 'state/trusted.json');
const trust = () => createTrust({ file: store() });

beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'trust-')));
  project = join(dir, 'project');
  folder = join(project, '.redgreen/prompts');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'plan.md'), 'one');
});

afterEach(() => rm(dir, { recursive: true, force: true }));

test('trust holds for these bytes at this place, until revoked', async () => {
  expect(await trust().isTrusted(project)).toBe(false);
  const entry = await trust().trust(project);
  expect(await trust().isTrusted(project)).toBe(true);
  expect(await trust().list()).toEqual([entry]);
  expect(entry).toEqual({ dir: project, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(await trust().revoke(project)).toBe(true);
  expect(await trust().isTrusted(project)).toBe(false);
  expect(await trust().revoke(project)).toBe(false);
});

test.each([
  ['a file changes', async () => writeFile(join(folder, 'plan.md'), 'two')],
  ['a file is added', async () => writeFile(join(folder, 'x.txt'), '')],
  ['a file is renamed', async () => rename(join(folder, 'plan.md'), join(folder, 'draft.md'))],
  [
    'a file moves into a folder',
    async () => mkdir(join(folder, 'a')).then(() => rename(join(folder, 'plan.md'), join(folder, 'a/plan.md'))),
  ],
  ['the folder goes', async () => rm(folder, { recursive: true })],
])('trust ends when %s', async (_, change) => {
  await trust().trust(project);
  await change();
  expect(await trust().isTrusted(project)).toBe(false);
});

test('the same prompts elsewhere are not trusted', async () => {
  await trust().trust(project);
  const other = join(dir, 'other');
  await mkdir(join(other, '.redgreen/prompts'), { recursive: true });
  await writeFile(join(other, '.redgreen/prompts/plan.md'), 'one');
  expect(await trust().isTrusted(other)).toBe(false);
});

test('contents cannot be moved between files unseen', async () => {
  const digest = async (files: Record<string, string>) => {
    const at = await mkdtemp(join(dir, 'f-'));
    for (const [name, text] of Object.entries(files)) await writeFile(join(at, name), text);
    return (await readPromptFolder(at))?.digest;
  };
  expect(await digest({ a: 'b1:c', d: '' })).not.toBe(await digest({ a: 'b', c: '', d: '' }));
  expect(await digest({ a: 'x', b: 'y' })).toBe(await digest({ b: 'y', a: 'x' }));
});

test('links are refused, within the folder and for the folder', async () => {
  await symlink('/etc/hostname', join(folder, 'draft.md'));
  await expect(trust().trust(project)).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('plain files') });
  const linked = join(dir, 'linked');
  await mkdir(join(linked, '.redgreen'), { recursive: true });
  await symlink(join(dir, 'state'), join(linked, '.redgreen/prompts'));
  await expect(trust().trust(linked)).rejects.toThrow('not a plain folder');
});

test('a project without prompts cannot be trusted and is not asked about', async () => {
  await rm(folder, { recursive: true });
  await expect(trust().trust(project)).rejects.toThrow('no prompts of its own');
  expect(await trust().load(project)).toBeNull();
});

test("the list is the user's alone, and nothing else is left beside it", async () => {
  await trust().trust(project);
  expect((await stat(store())).mode & 0o777).toBe(0o600);
  expect(await readdir(join(dir, 'state'))).toEqual(['trusted.json']);
  expect(JSON.parse(await readFile(store(), 'utf8'))).toMatchObject({ v: 1 });
});

test('a broken list is an error, not an empty one', async () => {
  await mkdir(join(dir, 'state'));
  await writeFile(store(), '{"trusted": [');
  await expect(trust().isTrusted(project)).rejects.toMatchObject({ code: 'config' });
});
