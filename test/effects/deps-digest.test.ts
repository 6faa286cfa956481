import { execFileSync } from 'node:child_process';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkDeps, openDepsStore } from '../../src/effects/box-store.ts';
import { dirHash } from '../../src/effects/deps-digest.ts';
import { folder, write } from './repository.ts';

function deps(): string {
  const dir = join(folder(), 'node_modules');
  write(dir, { 'b/index.js': 'b', 'a.js': '', 'a/ü x.js': 'ü', 'B/z': Buffer.from([0, 255]) });
  symlinkSync('../a.js', join(dir, 'b/link.js'));
  return dir;
}

test('the digest of a folder is the one that sha256sum gives', async () => {
  const dir = deps();
  const script = "find . -type f | cut -c3- | LC_ALL=C sort | tr '\\n' '\\0' | xargs -0 sha256sum | sha256sum | cut -f1 -d' '";
  expect(await dirHash(dir)).toBe(execFileSync('sh', ['-c', script], { cwd: dir, encoding: 'utf8' }).trim());
});

test('packages that were changed after they were installed are noticed', async () => {
  const store = openDepsStore(folder(), null);
  const stored = (await store.adopt('a'.repeat(64), 'a'.repeat(64), { folder: deps(), lock: null })).deps ?? '';
  expect(await checkDeps(stored)).toEqual({ digest: await dirHash(stored), intact: true });
  chmodSync(join(stored, 'a.js'), 0o644);
  writeFileSync(join(stored, 'a.js'), 'changed');
  expect(await checkDeps(stored)).toMatchObject({ intact: false });
  expect(await checkDeps(join(folder(), 'node_modules'))).toBe(null);
});
