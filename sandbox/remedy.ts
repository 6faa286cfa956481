// What a person can do when boxes cannot be made.
import { existsSync, readFileSync } from 'node:fs';

/** A few lines for people: what is in the way on this machine, and the command that helps. */
export function remedy(failures: readonly { readonly kind: string; readonly why: string }[]): string {
  if (process.platform === 'win32') return 'Run redgreen inside WSL2: boxes need Linux namespaces.';
  if (process.platform === 'darwin') return 'Boxes on macOS are not built yet: run redgreen in a Linux virtual machine or container.';
  const lines = failures.map((failure) => `${failure.kind}: ${failure.why}`);
  if (failures.some((failure) => failure.why === 'bubblewrap is not installed'))
    lines.push(`Install bubblewrap: ${installCommand('bubblewrap')}`);
  if (failures.some((failure) => !/ is (?:not installed|switched off)$/.test(failure.why))) lines.push(...obstacles());
  return lines.join('\n');
}

function obstacles(): string[] {
  const found: string[] = [];
  if (sysctl('kernel/apparmor_restrict_unprivileged_userns') === '1') {
    found.push(
      'AppArmor restricts user namespaces here (Ubuntu 23.10 and later). Allow them for bubblewrap with a profile: ' +
        "printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }\\n' | sudo tee /etc/apparmor.d/bwrap && sudo systemctl reload apparmor",
    );
  }
  if (sysctl('kernel/unprivileged_userns_clone') === '0')
    found.push('User namespaces are off: sudo sysctl kernel.unprivileged_userns_clone=1');
  if (sysctl('user/max_user_namespaces') === '0') found.push('User namespaces are off: sudo sysctl user.max_user_namespaces=15000');
  if (existsSync('/.dockerenv') || existsSync('/run/.containerenv')) {
    found.push(
      'This is a container. Start it so that namespaces may be made inside: docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined …',
    );
  }
  return found;
}

/** The command that installs `name` with this system's package manager. */
export function installCommand(name: string): string {
  const release = read('/etc/os-release');
  const family = [...release.matchAll(/^(?:ID|ID_LIKE)=(.*)$/gm)].map((match) => match[1]?.replaceAll('"', '') ?? '').join(' ');
  const has = (id: string) => family.split(' ').includes(id);
  if (has('debian') || has('ubuntu')) return `sudo apt-get install -y ${name}`;
  if (has('fedora') || has('rhel')) return `sudo dnf install -y ${name}`;
  if (has('arch')) return `sudo pacman -S --noconfirm ${name}`;
  if (has('suse') || has('opensuse')) return `sudo zypper install -y ${name}`;
  if (has('alpine')) return `sudo apk add ${name}`;
  return `with the package manager of your system (the package is called ${name})`;
}

function sysctl(name: string): string {
  return read(`/proc/sys/${name}`).trim();
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
