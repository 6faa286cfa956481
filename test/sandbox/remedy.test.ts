import { describe, expect, it } from 'vitest';
import type { Machine } from '../../sandbox/machine.ts';
import type { Failure } from '../../sandbox/remedy.ts';
import { remedy } from '../../sandbox/remedy.ts';

const SETTINGS = {
  'kernel.apparmor_restrict_unprivileged_userns': null,
  'kernel.unprivileged_userns_clone': null,
  'user.max_user_namespaces': '96365',
};
const debian: Machine = {
  platform: 'linux',
  arch: 'x64',
  root: false,
  release: 'ID=debian',
  kernel: '6.1.0-18-amd64',
  container: null,
  filtered: false,
  settings: SETTINGS,
  bwrap: '/usr/bin/bwrap',
};
const missing: Failure = { kind: 'bubblewrap', why: 'bubblewrap is not installed' };
const broken: Failure = { kind: 'bubblewrap', why: 'the box could not be made: bwrap: setting up uid map: Permission denied' };
const noPerl: Failure = { kind: 'perl', why: 'the box could not be made: box.pl: user namespace: Operation not permitted' };

const on = (machine: Partial<Machine>, failures: readonly Failure[]) => remedy(failures, { ...debian, ...machine }).split('\n');
/** Only what a person is told to type. */
const commands = (machine: Partial<Machine>, failures: readonly Failure[]) =>
  on(machine, failures)
    .filter((line) => line.startsWith('  '))
    .map((line) => line.trim());

describe('what to do about a missing bubblewrap', () => {
  it.each([
    ['ID=debian', 'sudo apt-get install -y bubblewrap'],
    ['NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"', 'sudo apt-get install -y bubblewrap'],
    ['ID=fedora', 'sudo dnf install -y bubblewrap'],
    ['ID="rocky"\nID_LIKE="rhel centos fedora"', 'sudo dnf install -y bubblewrap'],
    ['ID=arch', 'sudo pacman -S --noconfirm bubblewrap'],
    ['ID=manjaro\nID_LIKE=arch', 'sudo pacman -S --noconfirm bubblewrap'],
    ['ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"', 'sudo zypper install -y bubblewrap'],
    ['ID=alpine', 'sudo apk add bubblewrap'],
    ['ID=slackware', 'with the package manager of your system (the package is called bubblewrap)'],
  ])('on %j', (release, command) => {
    expect(on({ release }, [missing])).toEqual(['bubblewrap is not installed:', `  ${command}`]);
  });

  it('needs no sudo as root', () => {
    expect(commands({ root: true }, [missing])).toEqual(['apt-get install -y bubblewrap']);
  });

  it('says also why the next rung is not used', () => {
    expect(on({}, [missing, noPerl]).at(-1)).toBe(`Tried: perl: ${noPerl.why}`);
  });
});

describe('what to do where namespaces are forbidden', () => {
  it('gives AppArmor a profile for the bubblewrap that is used, and for nothing else', () => {
    const settings = { ...SETTINGS, 'kernel.apparmor_restrict_unprivileged_userns': '1' };
    expect(on({ release: 'ID=ubuntu', settings, bwrap: '/usr/local/bin/bwrap' }, [broken, noPerl])).toEqual([
      'AppArmor forbids user namespaces here. This allows them for bubblewrap alone:',
      "  printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile bwrap /usr/local/bin/bwrap flags=(unconfined) {\\n  userns,\\n}\\n' | sudo tee /etc/apparmor.d/bwrap",
      '  sudo apparmor_parser -r /etc/apparmor.d/bwrap',
      `Tried: bubblewrap: ${broken.why}`,
      `Tried: perl: ${noPerl.why}`,
    ]);
    // Root changes to a user without rights before it starts bubblewrap.
    expect(commands({ settings, root: true }, [broken])).toContain('apparmor_parser -r /etc/apparmor.d/bwrap');
  });

  it('names both steps where bubblewrap is missing and would be forbidden too', () => {
    const settings = { ...SETTINGS, 'kernel.apparmor_restrict_unprivileged_userns': '1' };
    expect(commands({ settings, bwrap: null }, [missing, noPerl])).toEqual([
      'sudo apt-get install -y bubblewrap',
      expect.stringContaining('profile bwrap /usr/bin/bwrap flags'),
      'sudo apparmor_parser -r /etc/apparmor.d/bwrap',
    ]);
  });

  it.each([
    ['kernel.unprivileged_userns_clone', '0', '1'],
    ['user.max_user_namespaces', '0', '15000'],
  ] as const)('switches %s on for good', (name, off, value) => {
    expect(commands({ settings: { ...SETTINGS, [name]: off } }, [broken])).toEqual([
      `echo ${name}=${value} | sudo tee /etc/sysctl.d/60-redgreen.conf`,
      'sudo sysctl -p /etc/sysctl.d/60-redgreen.conf',
    ]);
  });

  it.each([
    ['docker', 'docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined …'],
    ['podman', 'podman run --security-opt seccomp=unconfined --security-opt unmask=ALL --security-opt label=disable …'],
    ['kubernetes', expect.stringContaining('procMount: Unmasked')],
    ['lxc', 'lxc config set NAME security.nesting true'],
  ] as const)('starts a container of %s otherwise', (container, command) => {
    expect(commands({ container, root: true, filtered: true }, [broken])).toEqual([command]);
  });

  it('tells a sandbox around redgreen from a container', () => {
    expect(on({ filtered: true }, [broken])[0]).toBe('redgreen itself was started in a sandbox that forbids new ones: start it outside.');
  });

  it('does not blame settings for a rung that was only switched off', () => {
    const settings = { ...SETTINGS, 'user.max_user_namespaces': '0' };
    expect(commands({ settings }, [missing, { kind: 'perl', why: 'perl is switched off' }])).toEqual([
      'sudo apt-get install -y bubblewrap',
    ]);
  });

  it('asks for a report when it knows nothing better', () => {
    expect(on({}, [broken])).toEqual(['Nothing known is in the way: please report what stands below.', `Tried: bubblewrap: ${broken.why}`]);
  });
});

describe('what to do on systems without boxes', () => {
  it('sends Windows to WSL 2, and WSL 1 too', () => {
    expect(commands({ platform: 'win32' }, [])).toEqual(['wsl --install']);
    expect(commands({ kernel: '4.4.0-19041-Microsoft' }, [broken])).toEqual(['wsl --list', 'wsl --set-version NAME 2']);
    expect(commands({ kernel: '5.15.153.1-microsoft-standard-WSL2' }, [missing])).toEqual(['sudo apt-get install -y bubblewrap']);
  });

  it('knows what a Mac may lack', () => {
    const mac = (why: string) => on({ platform: 'darwin', release: '', kernel: '' }, [{ kind: 'macos', why }]);
    expect(mac('the package @anthropic-ai/sandbox-runtime is not there: Cannot find package')[1]).toBe(
      '  npm install --global redgreen --include=optional',
    );
    expect(mac('redgreen runs as root, and macOS has no way to make boxes then: run it as yourself')[0]).toContain('not with sudo');
    expect(mac('the self-test did not run: exit 71')[0]).toContain('Linux virtual machine');
  });

  it('is honest about NixOS, other processors and other systems', () => {
    expect(on({ release: 'ID=nixos' }, [broken])[0]).toContain('outside /usr');
    expect(on({ arch: 'riscv64' }, [broken])[0]).toContain('no system call filter for riscv64');
    expect(on({ platform: 'freebsd' }, [broken])[0]).toContain('freebsd');
  });
});

describe('what to do about a container engine that was asked for', () => {
  const podman = (why: string): Failure[] => [{ kind: 'podman', why }];
  const docker = (why: string): Failure[] => [{ kind: 'docker', why }];

  it('installs it, makes the image, starts the daemon, allows the user', () => {
    expect(commands({}, podman('podman is not installed'))).toEqual(['sudo apt-get install -y podman']);
    expect(commands({}, docker('docker is not installed'))).toEqual(['sudo apt-get install -y docker.io']);
    expect(commands({ release: 'ID=fedora' }, docker('docker is not installed'))).toEqual(['sudo dnf install -y moby-engine']);
    expect(commands({}, podman('podman has no image localhost/redgreen-box'))).toEqual([
      expect.stringMatching(/^podman build -t localhost\/redgreen-box - < \/.*\/sandbox\/Containerfile$/),
    ]);
    const away = 'docker cannot be used: it does not answer: Cannot connect to the Docker daemon at unix:///var/run/docker.sock.';
    expect(commands({}, docker(away))).toEqual(['sudo systemctl start docker']);
    const forbidden = 'docker cannot be used: it does not answer: permission denied while trying to connect to the Docker daemon socket';
    expect(commands({}, docker(forbidden))).toEqual(['sudo usermod -aG docker $USER']);
  });

  it('does not send a person to bubblewrap who asked for podman', () => {
    expect(on({ settings: { ...SETTINGS, 'user.max_user_namespaces': '0' } }, podman('podman is not installed')).join()).not.toContain(
      'bubblewrap',
    );
  });
});

it('calls a leak a fault, and gives no other advice', () => {
  const leak: Failure = { kind: 'bubblewrap', why: 'the self-test broke out: a port of the host was reached' };
  const lines = on({ container: 'docker' }, [leak, missing]);
  expect(lines[0]).toMatch(/fault.*report/);
  expect(lines.slice(1)).toEqual([`Tried: bubblewrap: ${leak.why}`]);
});
