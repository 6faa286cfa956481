// Signing the final commit with the user's own git key, and reading who signed one. The commit names the record's digest, so its signature covers the record.

import { RedgreenError } from '../core/errors.ts';
import { oneLine } from '../core/sanitise.ts';
import type { Signature } from '../core/verified.ts';
import { hardened } from './git.ts';

/** The user's home and what their signing programs need of the environment. */
export interface Signer {
  readonly home: { readonly dir: string; readonly xdgConfig?: string | undefined };
  readonly path?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Variables that gpg, gpg-agent and ssh-agent look at. */
const PASSED = ['GNUPGHOME', 'GPG_TTY', 'SSH_AUTH_SOCK', 'DBUS_SESSION_BUS_ADDRESS', 'DISPLAY', 'WAYLAND_DISPLAY', 'XDG_RUNTIME_DIR'];

function passed(env: Signer['env']): Record<string, string> {
  return Object.fromEntries(PASSED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/**
 * Makes a signed copy of `commit` in our own store `gitDir`, by the user's global git settings (gpg.format, user.signingkey). Gives its id.
 * Throws `RedgreenError('git')` when git cannot sign.
 */
export async function signCommit(gitDir: string, commit: string, signer: Signer): Promise<string> {
  const reader = hardened({ gitDir, ...(signer.path === undefined ? {} : { path: signer.path }) });
  const raw = (await reader.pipe(['cat-file', 'commit', commit], '')).toString('utf8');
  const end = raw.indexOf('\n\n');
  const headers = raw.slice(0, end).split('\n');
  const value = (name: string) => headers.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  const who = (role: 'author' | 'committer') => {
    const match = /^(.*) <(.*)> (\d+ [+-]\d{4})$/.exec(value(role)[0] ?? '');
    const prefix = `GIT_${role.toUpperCase()}`;
    return { [`${prefix}_NAME`]: match?.[1] ?? '', [`${prefix}_EMAIL`]: match?.[2] ?? '', [`${prefix}_DATE`]: match?.[3] ?? '' };
  };
  const { home, path } = signer;
  const env = { ...passed(signer.env), ...who('author'), ...who('committer') };
  const git = hardened({ gitDir, home, env, ...(path === undefined ? {} : { path }) });
  const parents = value('parent').flatMap((parent) => ['-p', parent]);
  const settings = await ownSettings(signer, `${env['GIT_COMMITTER_NAME']} <${env['GIT_COMMITTER_EMAIL']}>`);
  const made = await git.pipe([...settings, 'commit-tree', '-S', ...parents, value('tree')[0] ?? ''], raw.slice(end + 2));
  return made.toString('latin1').trim();
}

/** The user's global signing settings as arguments that beat whatever the store, which may have come with a repository, says. */
async function ownSettings(signer: Signer, who: string): Promise<readonly string[]> {
  const format = (await globalSetting(signer, 'gpg.format')) || 'openpgp';
  const defaults: Readonly<Record<string, string>> = {
    'gpg.format': format,
    'gpg.program': 'gpg',
    'gpg.openpgp.program': (await globalSetting(signer, 'gpg.program')) || 'gpg',
    'gpg.ssh.program': 'ssh-keygen',
    'gpg.x509.program': 'gpgsm',
    'user.signingkey': format === 'openpgp' ? who : '',
  };
  const own = await Promise.all(
    Object.entries(defaults).map(async ([key, value]) => [key, (await globalSetting(signer, key)) || value] as const),
  );
  if (own.some(([key, value]) => key === 'user.signingkey' && value === ''))
    throw new RedgreenError('git', 'your git settings name no key to sign with (user.signingkey)');
  return own.flatMap(([key, value]) => ['-c', `${key}=${value}`]);
}

/** A value of the user's global git configuration, or an empty text. Never the repository's. */
function globalSetting({ home, path, env }: Signer, key: string): Promise<string> {
  const git = hardened({ gitDir: null, cwd: '/', home, env: passed(env), ...(path === undefined ? {} : { path }) });
  return git.raw(['config', '--global', '--includes', '--path', '--get', key]).then(
    (text) => text.trim(),
    () => '',
  );
}

/** What `%G?` of git-log(1) means. */
const MEANING: Readonly<Record<string, Signature['status']>> = {
  G: 'good',
  U: 'untrusted',
  X: 'expired',
  Y: 'expired',
  R: 'revoked',
  B: 'bad',
  E: 'unknown',
};

/**
 * Who signed `commit` of the repository `gitDir`, or null when nobody did. The programs are git's own defaults and the allowed signers those of
 * the user's global settings: the repository's configuration chooses neither.
 */
export async function readSignature(gitDir: string, commit: string, signer: Signer): Promise<Signature | null> {
  const { home, path } = signer;
  const base = { home, env: passed(signer.env), ...(path === undefined ? {} : { path }) };
  const [allowed, revoked] = await Promise.all([
    globalSetting(signer, 'gpg.ssh.allowedSignersFile'),
    globalSetting(signer, 'gpg.ssh.revocationFile'),
  ]);
  const fixed = {
    'gpg.program': 'gpg',
    'gpg.ssh.program': 'ssh-keygen',
    'gpg.x509.program': 'gpgsm',
    'gpg.ssh.allowedSignersFile': allowed || '/dev/null',
    ...(revoked === '' ? {} : { 'gpg.ssh.revocationFile': revoked }),
  };
  const git = hardened({ gitDir, ...base });
  const config = Object.entries(fixed).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const text = (await git.pipe([...config, 'log', '-1', '--format=%G?%x00%GS%x00%GK', '--end-of-options', commit], '')).toString('utf8');
  const [mark = 'N', name = '', key = ''] = text.trimEnd().split('\0');
  const status = MEANING[mark];
  return status === undefined ? null : { status, by: oneLine(name, 200), key: oneLine(key, 100) };
}
