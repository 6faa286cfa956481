import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readSignature, type Signer, signCommit } from '../../src/effects/signing.ts';

const made: string[] = [];
afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function bench() {
  const dir = mkdtempSync(join(tmpdir(), 'signing-'));
  made.push(dir);
  const [home, repo] = [join(dir, 'home'), join(dir, 'repo.git')];
  mkdirSync(home, { mode: 0o700 });
  const env = { PATH: '/usr/bin:/bin', HOME: home, GNUPGHOME: join(home, '.gnupg') };
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  run('git', 'init', '-q', '--bare', repo);
  const tree = execFileSync('git', ['-C', repo, 'mktree'], { env, input: '', encoding: 'utf8' }).trim();
  const commit = run(
    'git',
    '-C',
    repo,
    '-c',
    'user.name=A B',
    '-c',
    'user.email=a@b.example',
    'commit-tree',
    '-m',
    'Subject\n\nRedgreen-Proof: sha256:00',
    tree,
  );
  const signer: Signer = { home: { dir: home }, path: '/usr/bin:/bin', env };
  return { home, repo, commit, signer, run, config: (...args: string[]) => run('git', 'config', '--global', ...args) };
}

function sshKey(b: ReturnType<typeof bench>, name: string): string {
  const key = join(b.home, name);
  b.run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', key);
  return key;
}

describe('a signed commit', () => {
  it('is the same commit with the signature of the user’s ssh key, and says whose it is', async () => {
    const b = bench();
    const key = sshKey(b, 'id');
    b.config('gpg.format', 'ssh');
    b.config('user.signingkey', `${key}.pub`);
    const signed = await signCommit(b.repo, b.commit, b.signer);
    const content = (id: string) => b.run('git', '-C', b.repo, 'cat-file', 'commit', id);
    expect(content(signed).replace(/gpgsig [\s\S]*?-----END SSH SIGNATURE-----\n( \n)?/, '')).toBe(content(b.commit));
    expect(await readSignature(b.repo, signed, b.signer)).toMatchObject({ status: 'untrusted' });
    writeFileSync(join(b.home, 'allowed'), `a@b.example ${readFileSync(`${key}.pub`, 'utf8')}`);
    b.config('gpg.ssh.allowedSignersFile', join(b.home, 'allowed'));
    expect(await readSignature(b.repo, signed, b.signer)).toMatchObject({ status: 'good', by: 'a@b.example' });
    expect(await readSignature(b.repo, b.commit, b.signer)).toBe(null);
  });

  it('is signed by gpg where git is set up for it', async () => {
    const b = bench();
    b.run('gpg', '--batch', '--quiet', '--passphrase', '', '--quick-gen-key', 'A B <a@b.example>', 'ed25519', 'sign', '0');
    b.config('user.signingkey', 'a@b.example');
    const signed = await signCommit(b.repo, b.commit, b.signer);
    expect(await readSignature(b.repo, signed, b.signer)).toMatchObject({ status: 'good', by: 'A B <a@b.example>' });
    b.run('gpgconf', '--kill', 'all');
  });

  it('is not made without a key', async () => {
    const b = bench();
    await expect(signCommit(b.repo, b.commit, b.signer)).rejects.toThrow(/git commit-tree failed/);
  });

  it('is not made by a program or a key that the store’s own settings name', async () => {
    const b = bench();
    const [canary, program] = [join(b.home, 'canary'), join(b.home, 'program')];
    writeFileSync(program, `#!/bin/sh\ntouch ${canary}\nexit 1\n`, { mode: 0o755 });
    const key = sshKey(b, 'theirs');
    for (const [name, value] of [
      ['gpg.program', program],
      ['gpg.openpgp.program', program],
      ['gpg.ssh.program', program],
      ['gpg.ssh.defaultKeyCommand', program],
      ['gpg.format', 'ssh'],
      ['user.signingkey', `${key}.pub`],
    ] as const)
      b.run('git', '-C', b.repo, 'config', name, value);
    await expect(signCommit(b.repo, b.commit, b.signer)).rejects.toThrow(/git commit-tree failed/);
    b.config('gpg.format', 'ssh');
    await expect(signCommit(b.repo, b.commit, b.signer)).rejects.toThrow(/user\.signingkey/);
    expect(() => readFileSync(canary)).toThrow(/ENOENT/);
  });

  it('cannot be vouched for, nor checked by a program, by the repository’s own settings', async () => {
    const b = bench();
    const key = sshKey(b, 'mallory');
    b.config('gpg.format', 'ssh');
    b.config('user.signingkey', `${key}.pub`);
    const signed = await signCommit(b.repo, b.commit, b.signer);
    const [canary, program] = [join(b.home, 'canary'), join(b.home, 'program')];
    writeFileSync(program, `#!/bin/sh\ntouch ${canary}\n`, { mode: 0o755 });
    writeFileSync(join(b.home, 'theirs'), `boss@company.example ${readFileSync(`${key}.pub`, 'utf8')}`);
    for (const [name, value] of [
      ['gpg.ssh.program', program],
      ['gpg.program', program],
      ['gpg.ssh.allowedSignersFile', join(b.home, 'theirs')],
      ['log.showSignature', 'true'],
    ] as const)
      b.run('git', '-C', b.repo, 'config', name, value);
    expect(await readSignature(b.repo, signed, b.signer)).toMatchObject({ status: 'untrusted' });
    expect(() => readFileSync(canary)).toThrow(/ENOENT/);
  });
});
