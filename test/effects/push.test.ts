import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { doorTo, pushBranch, type Remote, readRemotes } from '../../src/effects/push.ts';

const dir = realpathSync(mkdtempSync(join(tmpdir(), 'redgreen-pushing-')));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const at = (name: string) => join(dir, name);
const git = (where: string, ...args: string[]) =>
  execFileSync('git', ['-C', where, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { encoding: 'utf8', stdio: 'pipe' }).trim();
const env = { PATH: process.env['PATH'], HOME: at('home') };

git(dir, 'init', '-q', '-b', 'main', 'repo');
git(dir, 'init', '-q', '--bare', 'remote.git');
git(at('repo'), 'commit', '-q', '--allow-empty', '-m', 'first');
git(at('repo'), 'commit', '-q', '--allow-empty', '-m', 'second');
const target = { root: at('repo'), commonDir: at('repo/.git'), objectFormat: 'sha1' } as const;
const [first, second] = [git(at('repo'), 'rev-parse', 'HEAD~1'), git(at('repo'), 'rev-parse', 'HEAD')];
const to = (url: string): Remote => ({ name: 'origin', url });

describe('pushing', () => {
  test('nothing that the repository configures is started, and relative paths mean what they mean there', async () => {
    writeFileSync(join(target.commonDir, 'hooks/pre-push'), `#!/bin/sh\ntouch ${at('hook')}\n`);
    chmodSync(join(target.commonDir, 'hooks/pre-push'), 0o755);
    git(at('repo'), 'remote', 'add', 'origin', '../remote.git');
    git(at('repo'), 'config', 'remote.origin.receivepack', `touch ${at('receive')} && git-receive-pack`);
    git(at('repo'), 'config', 'push.pushOption', 'x');
    const [origin] = await readRemotes(target, env);
    expect(origin).toEqual(to('../remote.git'));
    await pushBranch({ target, remote: to('../remote.git'), branch: 'redgreen/x', commit: second, env });
    expect(git(at('remote.git'), 'rev-parse', 'redgreen/x')).toBe(second);
    expect([existsSync(at('hook')), existsSync(at('receive'))]).toEqual([false, false]);
  });

  test('a branch that is further on there is not taken back', async () => {
    const back = pushBranch({ target, remote: to('../remote.git'), branch: 'redgreen/x', commit: first, env });
    await expect(back).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/cannot be pushed to origin \(.*(rejected|fast-forward)/),
    });
    expect(git(at('remote.git'), 'rev-parse', 'redgreen/x')).toBe(second);
  });

  test.each(['ext::sh -c true', '.', './.git/evil.git'])('a remote like %s is refused', async (url) => {
    await expect(pushBranch({ target, remote: to(url), branch: 'redgreen/y', commit: second, env })).rejects.toMatchObject({
      code: 'usage',
    });
  });
});

describe('which remote', () => {
  const remote = (name: string, url: string): Remote => ({ name, url });
  const upstream = remote('upstream', 'git@github.com:owner/lib.git');
  const origin = remote('origin', 'https://github.com/me/lib.git');
  const open = { name: 'Owner/lib', url: 'https://github.com/Owner/lib', canPush: true };
  const closed = { name: 'owner/lib', url: 'https://github.com/owner/lib', canPush: false };

  test('the project itself, where one may push there', () => {
    expect(doorTo(open, [origin, upstream])).toEqual({ remote: upstream, prefix: '', project: open });
    expect(doorTo(open, [remote('origin', '/some/where.git')]).prefix).toBe('');
  });

  test('else a fork', () => {
    expect(doorTo(closed, [origin, upstream])).toEqual({ remote: origin, prefix: 'me:', project: closed });
    expect(doorTo(closed, [remote('mine', origin.url), upstream])).toMatchObject({ prefix: 'me:' });
    expect(() => doorTo(closed, [upstream])).toThrow('gh repo fork');
  });
});
