// What a box's root folder is made of: one list, understood by every rung.
import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Limits, Policy } from './policy.ts';
import { BoxError, DOOR_SOCKET } from './policy.ts';

export type Op =
  | { readonly op: 'bind'; readonly source: string; readonly target: string; readonly writable: boolean }
  /** `entries`: how many files and folders it may have; only those that the command can write to have a number. */
  | { readonly op: 'tmpfs'; readonly target: string; readonly bytes: number; readonly entries?: number }
  | { readonly op: 'dir'; readonly target: string }
  | { readonly op: 'symlink'; readonly target: string; readonly to: string }
  | { readonly op: 'proc' }
  | { readonly op: 'dev' }
  /** Makes the mount at `target` (not those below it) read-only. */
  | { readonly op: 'readonly'; readonly target: string };

const TOP = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];

/** Of /etc: what loaders, TLS libraries and interpreters look for. No account data, no machine configuration. */
const ETC = [
  '/etc/ld.so.cache',
  '/etc/ld.so.conf',
  '/etc/ld.so.conf.d',
  '/etc/ld-musl-x86_64.path',
  '/etc/ld-musl-aarch64.path',
  '/etc/alternatives',
  '/etc/ssl/certs',
  '/etc/ssl/openssl.cnf',
  '/etc/ca-certificates',
  '/etc/pki/tls/certs',
  '/etc/pki/ca-trust/extracted',
  '/etc/crypto-policies',
  '/etc/mime.types',
];

/** Below /usr: where administrators keep settings (npm's, with tokens, is in one of them), and projects (in many container images). */
const HIDDEN = ['/usr/etc', '/usr/local/etc', '/usr/src', '/usr/local/src', '/usr/home'];

export const SHM_BYTES = 64 * 1024 * 1024;
/** Size of each folder of a policy's `scratch`. */
const SCRATCH_BYTES = 64 * 1024 * 1024;

/** Where a box's system files come from. */
export interface Host {
  /** Host folder with our own files of /etc. */
  readonly etc: string;
  /** The id of the image that the programs inside come from; null: this machine's own. */
  readonly image: string | null;
}

/** Our own files of /etc. */
const OWN_ETC = ['passwd', 'group', 'hosts', 'nsswitch.conf'];

/** The mounts of `policy`; `door` is the folder of the door's socket. */
export function mountOps(policy: Policy, limits: Limits, on: Host, door: string | null): readonly Op[] {
  return [
    ...(on.image === null ? systemOps() : []),
    ...OWN_ETC.map((name): Op => ({ op: 'bind', source: `${on.etc}/${name}`, target: `/etc/${name}`, writable: false })),
    { op: 'proc' },
    { op: 'dev' },
    { op: 'tmpfs', target: '/dev/shm', bytes: SHM_BYTES, entries: limits.folderEntries },
    { op: 'tmpfs', target: '/tmp', bytes: limits.tmpBytes, entries: limits.folderEntries },
    ...(policy.env['HOME']?.startsWith('/tmp/') ? [{ op: 'dir', target: policy.env['HOME'] } as const] : []),
    ...copyOps(policy, limits),
    ...sorted(policy),
    ...(policy.scratch ?? []).map((target): Op => ({ op: 'tmpfs', target, bytes: SCRATCH_BYTES, entries: limits.folderEntries })),
    ...(door === null ? [] : [{ op: 'bind', source: door, target: dirname(DOOR_SOCKET), writable: false } as const]),
    ...(policy.links ?? []).map((link): Op => ({ op: 'symlink', target: link.target, to: link.to })),
    { op: 'readonly', target: '/dev' },
    { op: 'readonly', target: '/' },
  ];
}

/** Programs and libraries of the system; computed once, because it does not change. */
const systemOps = once((): readonly Op[] => [
  { op: 'bind', source: '/usr', target: '/usr', writable: false },
  ...TOP.filter((path) => existsSync(path)).map((path): Op => {
    if (lstatSync(path).isSymbolicLink()) return { op: 'symlink', target: path, to: readlinkSync(path) };
    return { op: 'bind', source: path, target: path, writable: false };
  }),
  ...HIDDEN.filter((path) => existsSync(path) && realpathSync(path) === path).flatMap((target): Op[] => [
    { op: 'tmpfs', target, bytes: 4096 },
    { op: 'readonly', target },
  ]),
  ...ETC.filter((path) => existsSync(path)).map((path): Op => ({ op: 'bind', source: realpathSync(path), target: path, writable: false })),
]);

function copyOps(policy: Policy, limits: Limits): Op[] {
  const copy = policy.copy;
  if (copy === undefined) return [];
  return [
    { op: 'bind', source: real(copy.source), target: COPY_FROM, writable: false },
    { op: 'tmpfs', target: copy.target, bytes: copy.bytes, entries: limits.folderEntries },
  ];
}

/** Where a policy's `copy.source` is seen while it is copied. */
export const COPY_FROM = '/redgreen/copy';

/** A mount below another must come after it. */
function sorted(policy: Policy): Op[] {
  const ops = [
    ...policy.read.map((mount) => ({ op: 'bind' as const, ...mount, source: real(mount.source), writable: false })),
    ...policy.write.map((mount) => ({ op: 'bind' as const, ...mount, source: real(mount.source), writable: true })),
  ];
  return ops.sort((a, b) => a.target.split('/').length - b.target.split('/').length);
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw new BoxError(`cannot mount ${path} into the box: ${(error as Error).message}`);
  }
}

function once<T>(make: () => T): () => T {
  let value: { readonly it: T } | null = null;
  return () => {
    value ??= { it: make() };
    return value.it;
  };
}
