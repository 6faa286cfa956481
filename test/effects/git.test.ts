import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkGitVersion, hardened, identityPart } from '../../src/effects/git.ts';
import { folder, git, repository } from './repository.ts';

describe('hardened', () => {
  it('gives text and bytes', async () => {
    const dir = repository({ 'a.bin': Buffer.from([0xff, 0x00, 0x0a]) });
    const own = hardened({ gitDir: join(dir, '.git') });
    expect((await own.raw(['rev-parse', 'HEAD'])).trim()).toBe(git(dir, 'rev-parse', 'HEAD').trim());
    expect([...(await own.pipe(['cat-file', 'blob', 'HEAD:a.bin'], ''))]).toEqual([0xff, 0x00, 0x0a]);
    expect((await own.pipe(['hash-object', '--stdin', '--no-filters'], 'x\n')).toString()).toMatch(/^[0-9a-f]{40}\n$/);
  });

  it('throws one sentence for every end but 0, also a silent one, with nothing in it that a terminal obeys', async () => {
    const own = hardened({ gitDir: join(repository(), '.git') });
    await expect(own.raw(['rev-parse', '-q', '--verify', 'nope'])).rejects.toMatchObject({
      code: 'git',
      message: 'git rev-parse failed: it said nothing',
    });
    await expect(own.pipe(['cat-file', 'blob', 'nope'], '')).rejects.toMatchObject({
      code: 'git',
      message: expect.stringMatching(/^git cat-file failed: Not a valid object name/),
    });
    await expect(own.raw(['rev-parse', '--verify', 'a\u001b]0;x\u0007'])).rejects.toMatchObject({
      message: expect.not.stringMatching(/[\u0000-\u001f]/),
    });
    await expect(hardened({ gitDir: null, cwd: '/', path: '/nowhere' }).raw(['--version'])).rejects.toMatchObject({
      code: 'git',
      message: expect.stringContaining('git was not found'),
    });
    await expect(hardened({ gitDir: null, cwd: '/', path: '/nowhere' }).pipe(['--version'], '')).rejects.toMatchObject({
      message: expect.stringContaining('git was not found'),
    });
  });

  it('hands git an environment made from nothing, on both ways', async () => {
    const bin = folder();
    writeFileSync(join(bin, 'git'), '#!/bin/sh\nenv | cut -d= -f1 | sort\n', { mode: 0o755 });
    const own = hardened({ gitDir: null, cwd: '/', path: `${bin}:/usr/bin:/bin` });
    // The last one is simple-git's own.
    const allowed =
      /^(?:PATH|HOME|LC_ALL|PWD|SHLVL|_|OLDPWD|GIT_(?:CONFIG_NOSYSTEM|CONFIG_GLOBAL|TERMINAL_PROMPT|ATTR_NOSYSTEM|NO_REPLACE_OBJECTS|NO_LAZY_FETCH|OPTIONAL_LOCKS|LITERAL_PATHSPECS|ALLOW_PROTOCOL|TEST_DISALLOW_ABBREVIATED_OPTIONS))$/;
    for (const text of [await own.raw(['status']), (await own.pipe(['status'], '')).toString()]) {
      const names = text.trim().split('\n');
      expect(names).toContain('GIT_ALLOW_PROTOCOL');
      expect(names.filter((name) => !allowed.test(name))).toEqual([]);
    }
  });

  it('fetches nothing for a partial clone whose remote runs a program', async () => {
    const dir = repository();
    const canary = join(folder(), 'CANARY');
    const program = join(folder(), 'evil');
    writeFileSync(program, `#!/bin/sh\ntouch ${canary}\nexit 1\n`, { mode: 0o755 });
    git(dir, 'config', 'core.repositoryFormatVersion', '1');
    git(dir, 'config', 'extensions.partialClone', 'origin');
    git(dir, 'config', 'remote.origin.promisor', 'true');
    git(dir, 'config', 'remote.origin.url', repository());
    git(dir, 'config', 'remote.origin.uploadpack', program);
    git(dir, 'config', 'protocol.file.allow', 'always');
    const missing = '1'.repeat(40);
    await expect(hardened({ gitDir: join(dir, '.git') }).raw(['cat-file', '-p', missing])).rejects.toMatchObject({ code: 'git' });
    expect(existsSync(canary)).toBe(false);
    // The trap works: plain git runs the program.
    expect(() => git(dir, 'cat-file', '-p', missing)).toThrow();
    expect(existsSync(canary)).toBe(true);
  });
});

describe('versions and names', () => {
  it('tells the version of git', async () => {
    expect(await checkGitVersion()).toMatch(/^\d+\.\d+/);
  });

  it('makes a name fit for a commit', () => {
    expect(identityPart('Ann <root@x>\nevil \u001b[31m')).toBe('Ann root@x evil');
  });
});
