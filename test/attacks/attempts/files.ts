// Reading what is not in the box, and writing to what is.
import { node, perl, row, sh } from '../attempt.ts';

const files = row('files');

export const FILES = [
  files(
    'read-keys',
    'read SSH keys, cloud, npm, git and container credentials of the home folder, by their exact paths',
    node("for (const path of c.files.split(':')) hunt(path, slurp(path));"),
    ['mounts'],
  ),
  files(
    'read-through-links',
    'read the same files through symbolic links, /proc/self/root and /proc/self/cwd',
    node(`let i = 0; for (const path of c.files.split(':')) { const link = '/tmp/link' + i++; try { fs.symlinkSync('/proc/self/root' + path, link); } catch {}
      hunt(path, slurp(link)); hunt(path, slurp('/proc/self/cwd/../../..' + path)); hunt(path, slurp('/proc/thread-self/root' + path)); }`),
    ['mounts'],
  ),
  files(
    'read-accounts',
    'read /etc/shadow, sudoers, host keys, the machine id',
    node(
      "for (const path of ['/etc/shadow', '/etc/gshadow', '/etc/sudoers', '/etc/ssh', '/etc/machine-id', '/etc/resolv.conf', '/etc/krb5.keytab', '/etc/environment', '/etc/npmrc', '/etc/pip.conf', '/etc/gitconfig']) if (fs.existsSync(path)) escaped(path, slurp(path).slice(0, 40));",
    ),
    ['mounts'],
  ),
  files('read-root-only', 'read a file that only root may read', node("hunt('shadow', slurp('/etc/shadow'));"), ['mounts', 'uid'], {
    bitesOn: { user: 'root' },
  }),
  files(
    'see-foreign-folders',
    'find homes, other projects, mail, logs, mounts, host temp files',
    node(
      "for (const path of ['/home', '/root', '/var', '/srv', '/opt', '/mnt', '/media', '/run', '/boot', '/sys', '/snap', '/nix/var', c.folder]) if (path === c.folder || !c.image ? fs.existsSync(path) : list(path).includes('canaries')) escaped(path);",
    ),
    ['mounts'],
  ),
  files(
    'see-foreign-temp',
    'find the host’s temporary files in /tmp, /var/tmp and /dev/shm',
    node(
      "const seen = [...list('/tmp').filter((name) => name !== 'home'), ...list('/var/tmp'), ...list('/dev/shm')]; if (seen.length > 0) escaped(seen.join(' '));",
    ),
    ['dev'],
  ),
  files(
    'read-machine-settings',
    'read settings with tokens below /usr: npm’s and pip’s global configuration',
    node(
      "for (const folder of ['/usr/etc', '/usr/local/etc']) for (const name of list(folder)) escaped(folder + '/' + name, slurp(folder + '/' + name).slice(0, 60));",
    ),
    ['hidden'],
  ),
  files(
    'read-project-below-usr',
    'read a project that lies in /usr/src (as in many container images) or /usr/local/src',
    node(
      "for (const folder of ['/usr/src', '/usr/local/src', '/usr/home']) for (const name of list(folder)) escaped(folder + '/' + name);",
    ),
    ['hidden'],
  ),
  files(
    'open-devices',
    'open disks, memory, kernel log, kvm, fuse, tun, vsock, terminals',
    node(`const fine = new Set(['null', 'zero', 'full', 'random', 'urandom', 'fd', 'stdin', 'stdout', 'stderr', 'shm', 'core', 'pts', 'ptmx', 'tty', 'mqueue']);
      for (const name of list('/dev')) if (!fine.has(name)) escaped('/dev/' + name);
      for (const name of ['mem', 'kmem', 'port', 'kmsg', 'kvm', 'fuse', 'vsock', 'loop-control', 'net/tun', 'userfaultfd', 'sda', 'vda', 'nvme0n1', 'dm-0', 'mapper/control', 'console', 'tty', 'tty0', 'tty1'])
        for (const mode of ['r', 'r+']) attempt('/dev/' + name, () => fs.closeSync(fs.openSync('/dev/' + name, mode)));`),
    ['dev'],
  ),
  files(
    'make-devices',
    'make device nodes of disks and memory and open them',
    perl(`my $b = "/tmp/disk\\0"; my $t = "/tmp/mem\\0"; for my $d (254 * 256, 8 * 256, 259 * 256) { reach('mknodat', -100, $b, 0060666, $d) }
      reach('mknodat', -100, $t, 0020666, 1 * 256 + 1);`),
    'a user namespace never gives the right to make devices, so nothing has to be removed for the kernel to refuse',
  ),
  files(
    'open-by-handle',
    'reach a file by its handle instead of its path',
    perl(`my $p = "/\\0"; my $h = pack('LL', 128, 0) . ("\\0" x 128); my $m = "\\0" x 8; reach('name_to_handle_at', -100, $p, $h, $m, 0);
      reach('open_by_handle_at', 0, $h, 0);`),
    ['seccomp'],
  ),
  files(
    'write-tree-and-tools',
    'change the tree of a proof, the harness’s runner, the packages, Node: write, rename, delete, chmod, link, touch, truncate',
    node(`for (const path of [c.tree + '/src/a.js', c.harness_dir + '/run.mjs', c.tree + '/node_modules/dep/index.js']) {
        attempt('append to ' + path, () => fs.appendFileSync(path, 'x')); attempt('truncate ' + path, () => fs.truncateSync(path)); attempt('touch ' + path, () => fs.utimesSync(path, 1, 1));
        attempt('chmod ' + path, () => fs.chmodSync(path, 0o777)); attempt('rename ' + path, () => fs.renameSync(path, path + '2')); attempt('link beside ' + path, () => fs.linkSync(path, path + '3'));
        attempt('plant beside ' + path, () => fs.writeFileSync(path + '4', '')); attempt('delete ' + path, () => fs.rmSync(path)); }
      for (const path of ['/usr/bin/perl', '/usr/bin/sh', process.execPath, '/etc/passwd', '/etc/ld.so.cache']) { attempt('append to ' + path, () => fs.appendFileSync(path, '')); attempt('rename ' + path, () => fs.renameSync(path, path + '2')); }
      for (const folder of ['/', '/usr', '/usr/bin', '/usr/local/bin', '/etc', '/dev', '/redgreen', '/redgreen/bin', '/proc', c.tree]) attempt('plant in ' + folder, () => fs.writeFileSync(folder + '/planted-by-attack', ''));`),
    ['ro'],
  ),
  files(
    'reopen-for-writing',
    'open a read-only file again for writing through /proc/self/fd, and link it by descriptor',
    perl(`for my $path ("$c{tree}/src/a.js", "$c{harness_dir}/run.mjs", "$c{tree}/node_modules/dep/index.js") { open(my $in, '<', $path) or next; my $fd = fileno $in;
        open(my $out, '+<', "/proc/self/fd/$fd") and escaped("$path opened for writing"); my ($e, $t) = ("/proc/self/fd/$fd\\0", "/tmp/linked\\0"); reach('linkat', -100, $e, -100, $t, 0x400) if 0;
        ioctl($in, 0x40086602, my $flags = pack('Q', 0x10)) and escaped("$path made immutable"); }`),
    ['ro'],
    { bitesOn: { user: 'user' } },
  ),
  files(
    'write-tree-of-test',
    'change the host’s tree from a test run, which may write to its own copy',
    node(
      "fs.writeFileSync(c.tree + '/src/a.js', 'changed'); fs.writeFileSync(c.tree + '/planted', ''); fs.rmSync(c.tree + '/package.json');",
    ),
    ['copy'],
    { phase: 'test', bitesOn: { user: 'user' } },
  ),
  files(
    'poison-packages',
    'change installed packages for later runs, also from a run with a writable tree',
    node(`const dep = c.tree + '/node_modules/dep/index.js'; attempt('packages changed', () => fs.writeFileSync(dep, 'poison')); attempt('packages moved', () => fs.renameSync(c.tree + '/node_modules', c.tree + '/old'));
      attempt('package planted', () => fs.mkdirSync(c.tree + '/node_modules/evil')); attempt('packages covered', () => { fs.rmSync(c.tree + '/node_modules', { recursive: true }); });`),
    ['ro'],
    { phase: 'test', bitesOn: { user: 'user' } },
  ),
  files(
    'host-paths-in-arguments',
    'learn host paths from the launcher’s arguments',
    node(
      "for (const pid of list('/proc').filter((name) => /^[0-9]+$/.test(name) && name !== String(process.pid))) { const line = slurp('/proc/' + pid + '/cmdline'); if (line.includes('redgreen-' + 'box-')) escaped(pid); }",
    ),
    ['args'],
  ),
  files(
    'read-kernel-files',
    'read kernel memory, the kernel log, keys of others, sockets and scheduler tables',
    node(
      "for (const path of ['/proc/kcore', '/proc/kmsg', '/proc/kpagecount', '/proc/kpageflags', '/proc/slabinfo', '/proc/vmallocinfo', '/proc/timer_list', '/proc/iomem.raw', '/proc/1/mem.raw', '/proc/sched_debug', '/sys/kernel/debug', '/sys/firmware', '/proc/acpi']) attempt(path, () => { const fd = fs.openSync(path, 'r'); const b = Buffer.alloc(64); return fs.readSync(fd, b, 0, 64, 0) > 0; });\nhunt('/proc/keys', slurp('/proc/keys'));",
    ),
    'these files belong to the initial namespace’s root, which neither a box nor the outer box can be',
  ),
  files(
    'write-kernel-settings',
    'open any file below /proc/sys but those of the box’s own queues and process numbers, or a trigger in /proc, for writing',
    node(`const own = /^\\/proc\\/sys\\/(fs\\/mqueue|kernel\\/(msg|sem|shm|auto_msgmni|ns_last_pid|pid_max))/;
      const walk = (folder, depth) => { for (const name of list(folder)) { const path = folder + '/' + name; let s; try { s = fs.lstatSync(path); } catch { continue; }
        if (s.isDirectory()) { if (depth < 6) walk(path, depth + 1); } else if (!own.test(path)) attempt(path, () => fs.closeSync(fs.openSync(path, 'r+'))); } };
      walk('/proc/sys', 0); for (const path of ['/proc/sysrq-trigger', '/proc/mtrr', '/proc/irq', '/proc/1/oom_score_adj.x', '/proc/sys/fs/binfmt_misc/register']) attempt(path, () => fs.closeSync(fs.openSync(path, 'w')));`),
    ['caps', 'ro'],
    { bitesOn: { rung: 'perl' } },
  ),
  files(
    'inherited-descriptors',
    'read what the harness had open: descriptors above 2',
    node(
      "for (const fd of list('/proc/self/fd')) { let to = ''; try { to = fs.readlinkSync('/proc/self/fd/' + fd); } catch {} if (to.startsWith('/') && !/^\\/(dev\\/(null|u?random)|proc)/.test(to)) { escaped(fd, to); hunt(to, slurp('/proc/self/fd/' + fd)); } }\nfor (let fd = 3; fd < 64; fd++) { const b = Buffer.alloc(200); try { const n = fs.readSync(fd, b, 0, 200, 0); hunt('descriptor ' + fd, b.subarray(0, n)); } catch {} }",
    ),
    ['fds'],
  ),
  files(
    'environment',
    'read variables of the harness in the own environment and in those of every visible process',
    sh(
      'env; for p in /proc/[0-9]*; do tr "\\\\0" "\\\\n" < $p/environ; done 2>/dev/null | grep -a -E "rgc-|TOKEN|_KEY|SECRET" && escaped variables',
    ),
    ['env'],
  ),
  files(
    'set-id-programs',
    'become root through a set-user-id program, or by giving a file capabilities',
    perl(`my ($copy, $name, $value) = ("/tmp/cap\\0", "security.capability\\0", pack('L5', 0x02000001, 0xffffffff, 0, 0xffffffff, 0)); open(my $out, '>', '/tmp/cap'); close $out; reach('setxattr', $copy, $name, $value, 20, 0);
      chmod 06755, '/tmp/cap'; for my $program (grep { -u $_ } glob('/usr/bin/* /usr/sbin/* /usr/lib/*/* /bin/*')) { my $pid = open(my $io, '-|'); next unless defined $pid;
        if (!$pid) { open(STDERR, '>', '/dev/null'); exec $program or exit 1 } for (1 .. 3) { my $status = slurp("/proc/$pid/status"); escaped("$program runs as root") if $status =~ /^Uid:\\s+\\S+\\s+0\\s/m && $c{uid}; select(undef, undef, undef, 0.004) } kill 9, $pid; close $io }`),
    'set-user-id files belong to a user whom the box’s user namespace does not map, so the kernel ignores the bit whatever else is removed',
  ),
];
