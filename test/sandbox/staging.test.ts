import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStaging, reachable } from '../../sandbox/index.ts';

const OTHER = { uid: 60_700, gid: 60_700 };
const isRoot = process.getuid?.() === 0;

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'staging-'));
  chmodSync(base, 0o755);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('what another user can reach', () => {
  it('needs every folder on the way and the thing itself', () => {
    mkdirSync(join(base, 'open/closed'), { recursive: true });
    writeFileSync(join(base, 'open/closed/file'), '');
    writeFileSync(join(base, 'open/file'), '');
    symlinkSync(join(base, 'open/file'), join(base, 'link'));
    chmodSync(join(base, 'open/closed'), 0o700);
    expect(reachable(join(base, 'open/file'), OTHER)).toBe(join(base, 'open/file'));
    expect(reachable(join(base, 'link'), OTHER)).toBe(join(base, 'open/file'));
    expect(reachable(join(base, 'open/closed/file'), OTHER)).toBeNull();
    expect(reachable(join(base, 'open/closed/file'), null)).toBe(join(base, 'open/closed/file'));
    expect(reachable(join(base, 'missing'), null)).toBeNull();
    chmodSync(join(base, 'open/file'), 0o600);
    expect(reachable(join(base, 'open/file'), OTHER)).toBeNull();
  });
});

describe('a staging folder', () => {
  it('is closed to everyone but the boxed user, whatever the umask', (test) => {
    if (!isRoot) return test.skip('only root can give files away');
    const before = process.umask(0o077);
    try {
      const staging = openStaging(OTHER, base);
      const folder = staging.folder('tree');
      staging.write(join(folder, 'a/b.txt'), 'text');
      expect(statSync(staging.path).mode & 0o007).toBe(0);
      expect(statSync(folder).mode & 0o007).toBe(0);
      expect(reachable(join(folder, 'a/b.txt'), OTHER)).toBe(join(folder, 'a/b.txt'));
      expect(reachable(join(folder, 'a/b.txt'), { uid: 60_701, gid: 60_701 })).toBeNull();
      expect(lstatSync(staging.folder('out', { writable: true })).uid).toBe(OTHER.uid);
      staging.close();
    } finally {
      process.umask(before);
    }
    expect(readdirSync(base)).toEqual([]);
  });

  it('makes a file of a private folder reachable by linking it', async (test) => {
    if (!isRoot) return test.skip('only root has files that the boxed user cannot reach');
    mkdirSync(join(base, 'home'), { mode: 0o700 });
    writeFileSync(join(base, 'home/tool'), 'tool', { mode: 0o755 });
    chmodSync(join(base, 'home/tool'), 0o755);
    const staging = openStaging(OTHER, base);
    const staged = await staging.file(join(base, 'home/tool'));
    expect(reachable(staged, OTHER)).toBe(staged);
    expect(readFileSync(staged, 'utf8')).toBe('tool');
    expect(await staging.file(join(base, 'home/tool'))).toBe(staged);
    staging.close();
    expect(readFileSync(join(base, 'home/tool'), 'utf8')).toBe('tool');
  });

  it('removes what it holds without following links', () => {
    writeFileSync(join(base, 'keep'), 'keep');
    const staging = openStaging(null, base);
    const folder = staging.folder('out', { writable: true });
    mkdirSync(join(folder, 'locked/deep'), { recursive: true });
    symlinkSync(base, join(folder, 'locked/deep/up'));
    chmodSync(join(folder, 'locked/deep'), 0o000);
    chmodSync(join(folder, 'locked'), 0o000);
    staging.close();
    expect(readdirSync(base)).toEqual(['keep']);
  });

  it('sweeps only what dead processes of ours left', () => {
    const namespace = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0];
    const child = `redgreen-box-999999999-1-${namespace}-dead00`;
    mkdirSync(join(base, child, 'inside'), { recursive: true });
    mkdirSync(join(base, 'redgreen-box-notes'));
    symlinkSync(base, join(base, `redgreen-box-999999998-1-${namespace}-link00`));
    const alive = openStaging(null, base);
    const next = openStaging(null, base);
    expect(existsSync(join(base, child))).toBe(false);
    expect(existsSync(alive.path)).toBe(true);
    expect(existsSync(join(base, 'redgreen-box-notes'))).toBe(true);
    expect(lstatSync(join(base, `redgreen-box-999999998-1-${namespace}-link00`)).isSymbolicLink()).toBe(true);
    alive.close();
    next.close();
  });
});
