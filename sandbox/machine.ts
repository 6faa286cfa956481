// What this machine says of itself, as far as it matters for making boxes.
import { existsSync, readFileSync } from 'node:fs';

/** Where boxes are to be made. Texts are empty and settings null where the machine says nothing. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  readonly root: boolean;
  /** /etc/os-release */
  readonly release: string;
  /** /proc/sys/kernel/osrelease */
  readonly kernel: string;
  readonly container: 'docker' | 'podman' | 'kubernetes' | 'lxc' | null;
  /** A system call filter is on us already. */
  readonly filtered: boolean;
  readonly settings: Readonly<Record<Sysctl, string | null>>;
  /** Full path of bubblewrap's program, where it is installed. */
  readonly bwrap: string | null;
}

export type Sysctl = 'kernel.apparmor_restrict_unprivileged_userns' | 'kernel.unprivileged_userns_clone' | 'user.max_user_namespaces';

const SYSCTLS: readonly Sysctl[] = [
  'kernel.apparmor_restrict_unprivileged_userns',
  'kernel.unprivileged_userns_clone',
  'user.max_user_namespaces',
];

/** Looks around. */
export function readMachine(bwrap: string | null): Machine {
  return {
    platform: process.platform,
    arch: process.arch,
    root: process.getuid?.() === 0,
    release: read('/etc/os-release') ?? '',
    kernel: read('/proc/sys/kernel/osrelease') ?? '',
    container: containerHere(),
    filtered: /^Seccomp:\s*[12]$/m.test(read('/proc/self/status') ?? ''),
    settings: readSettings(),
    bwrap,
  };
}

/** Values of settings under which a user who is not root cannot make a user namespace that is of use. */
const OFF: Readonly<Record<Sysctl, string>> = {
  'kernel.apparmor_restrict_unprivileged_userns': '1',
  'kernel.unprivileged_userns_clone': '0',
  'user.max_user_namespaces': '0',
};

/** The settings that keep users from making user namespaces. */
export function forbiddingUserNamespaces(settings: Machine['settings'] = readSettings()): readonly Sysctl[] {
  return SYSCTLS.filter((name) => settings[name] === OFF[name]);
}

function readSettings(): Machine['settings'] {
  return Object.fromEntries(SYSCTLS.map((name) => [name, read(`/proc/sys/${name.replaceAll('.', '/')}`)])) as Machine['settings'];
}

/** Files that the makers of containers leave in them. */
function containerHere(): Machine['container'] {
  if (existsSync('/run/secrets/kubernetes.io') || existsSync('/var/run/secrets/kubernetes.io')) return 'kubernetes';
  if (existsSync('/run/.containerenv')) return 'podman';
  if (existsSync('/.dockerenv')) return 'docker';
  return existsSync('/dev/lxd/sock') || existsSync('/dev/.lxc') || read('/run/systemd/container') === 'lxc' ? 'lxc' : null;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}
