// What a person can do when boxes cannot be made.
import { buildCommand } from './container.ts';
import type { Machine, Sysctl } from './machine.ts';
import { forbiddingUserNamespaces, readMachine } from './machine.ts';
import type { RungKind } from './rung.ts';
import { systemProgram } from './rung.ts';

export interface Failure {
  readonly kind: RungKind;
  /** What was missing, or what the self-test said. */
  readonly why: string;
}

const INDENT = '  ';

/** A few lines for people: what is in the way on this machine, each with the command that helps, indented; and what was tried. */
export function remedy(failures: readonly Failure[], machine: Machine = readMachine(systemProgram('bwrap'))): string {
  return [...(elsewhere(machine) ?? steps(failures, machine)), ...failures.flatMap(tried)].join('\n');
}

function tried({ kind, why }: Failure): string[] {
  if (isMissing(why) || why.includes('has no image')) return [];
  const said = why.replaceAll(/\s+/g, ' ').slice(0, 300);
  return [`Tried: ${said.startsWith(kind) ? said : `${kind}: ${said}`}`];
}

/** Systems on which no command helps. */
function elsewhere({ platform, arch, kernel, release }: Machine): string[] | null {
  if (platform === 'win32') return ['On Windows, run redgreen inside WSL 2. In PowerShell as administrator:', `${INDENT}wsl --install`];
  if (platform !== 'linux' && platform !== 'darwin')
    return [`redgreen cannot make boxes on ${platform}: use Linux or macOS, or a Linux virtual machine.`];
  if (/-Microsoft$/.test(kernel))
    return [
      'This is WSL 1, which has no Linux kernel. In PowerShell, with the name that the first command shows:',
      `${INDENT}wsl --list`,
      `${INDENT}wsl --set-version NAME 2`,
    ];
  if (platform === 'linux' && arch !== 'x64' && arch !== 'arm64')
    return [`There is no system call filter for ${arch} processors: use a machine with x86-64 or arm64.`];
  if (/^ID="?(?:nixos|guix)"?$/m.test(release))
    return [
      'The programs of this system lie outside /usr, which boxes do not know yet: run redgreen in a container or virtual machine of another Linux.',
    ];
  return null;
}

/** The library comes as an optional package. */
function macSteps(failures: readonly Failure[]): string[] {
  if (failures.some(({ why }) => why.includes('is not there')))
    return ['A package that makes boxes on macOS is missing:', `${INDENT}npm install --global redgreen --include=optional`];
  if (failures.some(({ why }) => why.includes('as root'))) return ['Run redgreen as yourself, not with sudo.'];
  return ['sandbox-exec makes no box that holds here. redgreen also runs in a Linux virtual machine (Lima, OrbStack, Multipass).'];
}

function steps(failures: readonly Failure[], machine: Machine): string[] {
  const leaks = failures.filter(({ why }) => why.includes('broke out'));
  if (leaks.length > 0)
    return ['The self-test could leave a box. That is a fault, in redgreen or in this kernel: please report it, with what stands below.'];
  if (machine.platform === 'darwin') return macSteps(failures);
  const engine = failures.flatMap((failure) => engineSteps(failure, machine));
  const missing = failures.some(({ kind, why }) => kind === 'bubblewrap' && isMissing(why))
    ? ['bubblewrap is not installed:', `${INDENT}${installCommand('bubblewrap', machine)}`]
    : [];
  const broken = failures.some(
    ({ kind, why }) => (kind === 'bubblewrap' || kind === 'perl') && !isMissing(why) && !why.endsWith('is switched off'),
  );
  const found = [...engine, ...missing, ...(broken ? obstacles(machine) : [])];
  return found.length > 0 ? found : ['Nothing known is in the way: please report what stands below.'];
}

function isMissing(why: string): boolean {
  return why.endsWith('is not installed');
}

function engineSteps({ kind, why }: Failure, machine: Machine): string[] {
  if (kind !== 'podman' && kind !== 'docker') return [];
  if (isMissing(why))
    return [`${kind} is not installed:`, `${INDENT}${installCommand(kind === 'docker' ? dockerPackage(machine) : kind, machine)}`];
  const image = /has no image (\S+)$/.exec(why)?.[1];
  if (image !== undefined) return [`Make the image once; it is small:`, `${INDENT}${buildCommand(kind, image)}`];
  if (/permission denied/i.test(why) && kind === 'docker')
    return [
      'Your account may not use docker. To allow it (it is as much as root), then log in again:',
      `${INDENT}sudo usermod -aG docker $USER`,
    ];
  if (why.includes('does not answer') && kind === 'docker')
    return ['docker’s daemon does not run:', `${INDENT}${sudo(machine)}systemctl start docker`];
  if (why.includes('cannot cap'))
    return [
      `Run ${kind} as root, or on a system with version 2 of control groups under systemd, from a session of your own (ssh or a terminal, not su).`,
    ];
  return [];
}

function dockerPackage({ release }: Machine): string {
  return isLike(release, 'debian', 'ubuntu') ? 'docker.io' : isLike(release, 'fedora', 'rhel') ? 'moby-engine' : 'docker';
}

const CONTAINERS: Readonly<Record<NonNullable<Machine['container']>, string>> = {
  docker: 'docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined …',
  podman: 'podman run --security-opt seccomp=unconfined --security-opt unmask=ALL --security-opt label=disable …',
  kubernetes: 'securityContext: { procMount: Unmasked, seccompProfile: { type: Unconfined }, appArmorProfile: { type: Unconfined } }',
  lxc: 'lxc config set NAME security.nesting true',
};

function obstacles(machine: Machine): string[] {
  const found: string[] = [];
  const { container } = machine;
  if (container !== null) {
    const command = `${INDENT}${CONTAINERS[container]}`;
    found.push('This is a container. It must be started so that namespaces can be made inside:', command);
  } else if (machine.filtered) found.push('redgreen itself was started in a sandbox that forbids new ones: start it outside.');
  for (const name of forbiddingUserNamespaces(machine.settings)) {
    if (name === 'kernel.apparmor_restrict_unprivileged_userns') found.push(...appArmor(machine));
    else found.push(...userNamespaces(name, name === 'user.max_user_namespaces' ? '15000' : '1', machine));
  }
  return found;
}

/** A profile that lets bubblewrap, and nothing else, make user namespaces (Ubuntu 23.10 and later; its own 24.04 has such ones for browsers). */
function appArmor(machine: Machine): string[] {
  const path = machine.bwrap ?? '/usr/bin/bwrap';
  const profile = `abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile bwrap ${path} flags=(unconfined) {\\n  userns,\\n}\\n`;
  return [
    'AppArmor forbids user namespaces here. This allows them for bubblewrap alone:',
    `${INDENT}printf '${profile}' | ${sudo(machine)}tee /etc/apparmor.d/bwrap`,
    `${INDENT}${sudo(machine)}apparmor_parser -r /etc/apparmor.d/bwrap`,
  ];
}

function userNamespaces(name: Sysctl, value: string, machine: Machine): string[] {
  const where = machine.container === null ? '' : ', on the host';
  return [
    `User namespaces are switched off. To switch them on, for good${where}:`,
    `${INDENT}echo ${name}=${value} | ${sudo(machine)}tee /etc/sysctl.d/60-redgreen.conf`,
    `${INDENT}${sudo(machine)}sysctl -p /etc/sysctl.d/60-redgreen.conf`,
  ];
}

/** The command that installs the package `name` with this system's package manager. */
function installCommand(name: string, machine: Machine): string {
  const by = (command: string) => `${sudo(machine)}${command} ${name}`;
  const { release } = machine;
  if (isLike(release, 'debian', 'ubuntu')) return by('apt-get install -y');
  if (isLike(release, 'fedora', 'rhel', 'centos')) return by('dnf install -y');
  if (isLike(release, 'arch')) return by('pacman -S --noconfirm');
  if (isLike(release, 'suse', 'opensuse')) return by('zypper install -y');
  if (isLike(release, 'alpine')) return by('apk add');
  if (isLike(release, 'void')) return by('xbps-install -y');
  if (isLike(release, 'gentoo')) return by('emerge');
  return `with the package manager of your system (the package is called ${name})`;
}

function isLike(release: string, ...ids: readonly string[]): boolean {
  const own = [...release.matchAll(/^(?:ID|ID_LIKE)=(.*)$/gm)].flatMap((match) => (match[1] ?? '').replaceAll('"', '').split(' '));
  return ids.some((id) => own.includes(id));
}

function sudo({ root }: Pick<Machine, 'root'>): string {
  return root ? '' : 'sudo ';
}
