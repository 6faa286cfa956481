// The kernel's own doors: system calls that lead out, wear down or widen what can be attacked.
import { node, perl, row } from '../attempt.ts';

const kernel = row('kernel');
const namespaces = row('namespaces');

const RESTRICTED = 'machines with kernel.dmesg_restrict, as this one, refuse it to everyone but root';
const NEVER = 'the kernel asks for a right of the initial user namespace, which the outer box does not have either';

/** ELF64 for x86-64: mov eax, 20 (getpid of the 32-bit table); int 0x80; then exit(42) by the 64-bit table when that answered. */
const INT80 = `my $code = "\\xb8\\x14\\0\\0\\0\\xcd\\x80\\x85\\xc0\\x7e\\x0c\\xb8\\x3c\\0\\0\\0\\xbf\\x2a\\0\\0\\0\\x0f\\x05\\xb8\\x3c\\0\\0\\0\\x31\\xff\\x0f\\x05";`;

export const KERNEL = [
  kernel(
    'keys',
    'use the kernel’s key rings',
    perl(
      `my ($t, $d) = ("user\\0", "attack\\0"); reach('add_key', $t, $d, $zero, 4, -3); reach('keyctl', 0, -3, 0); reach('request_key', $t, $d, 0, 0);`,
    ),
    ['seccomp'],
  ),
  kernel('bpf', 'load a BPF program', perl("reach('bpf', 0, $zero, 64); reach('bpf', 5, $zero, 64);"), NEVER),
  kernel(
    'perf',
    'open performance counters',
    perl(`my $attr = pack('L2 Q5', 1, 112, 0, 0, 0, 0, 0x60) . ("\\0" x 72); reach('perf_event_open', $attr, 0, -1, -1, 0);`),
    ['seccomp'],
  ),
  kernel('userfaultfd', 'stop the kernel at page faults of one’s own (userfaultfd)', perl("reach('userfaultfd', 1);"), ['seccomp']),
  kernel(
    'io-uring',
    'do forbidden calls through io_uring',
    perl(
      "my $p = $zero; reach('io_uring_setup', 4, $p); reach('io_uring_enter', -1, 0, 0, 0, 0, 0); reach('io_uring_register', -1, 0, 0, 0);",
    ),
    ['seccomp'],
  ),
  kernel('fanotify', 'watch whole file systems (fanotify)', perl("reach('fanotify_init', 0x200, 0);"), ['seccomp']),
  kernel(
    'modules',
    'load or remove kernel modules',
    perl("my $s = \"\\0\"; reach('init_module', $zero, 16, $s); reach('finit_module', -1, $s, 0); reach('delete_module', $s, 0);"),
    NEVER,
  ),
  kernel(
    'kexec',
    'boot another kernel (kexec)',
    perl("reach('kexec_load', 0, 0, 0, 0); reach('kexec_file_load', -1, -1, 0, 0, 0);"),
    NEVER,
  ),
  kernel(
    'reboot',
    'restart the machine (with numbers that do nothing should it be allowed)',
    perl("reach('reboot', 1, 2, 3, 0);"),
    ['seccomp', 'caps', 'userns'],
    {
      bitesOn: { rung: 'perl' },
    },
  ),
  kernel(
    'clock',
    'set the clock',
    perl("my $ts = pack('Q2', 0, 2_000_000_000); reach('clock_settime', 0, $ts); reach('settimeofday', $ts, 0);"),
    NEVER,
  ),
  kernel(
    'clock-adjust',
    'read and bend the clock’s rate',
    perl("my $b = $zero; reach('adjtimex', $b); my $d = $zero; reach('clock_adjtime', 0, $d);"),
    ['seccomp'],
  ),
  kernel(
    'host-name',
    'change the host’s name',
    perl(
      `my $n = "attacked"; reach('sethostname', $n, 8); reach('setdomainname', $n, 8); open(my $o, '>', '/proc/sys/kernel/hostname') and escaped('hostname');`,
    ),
    ['seccomp', 'caps', 'userns'],
    { bitesOn: { rung: 'perl' } },
  ),
  kernel(
    'see-host-name',
    'learn the host’s name',
    perl(`my $n = slurp('/proc/sys/kernel/hostname'); chomp $n; escaped($n) if $n eq $c{hostname};`),
    ['uts'],
  ),
  kernel('swap', 'switch swap on or off', perl(`my $p = "/tmp/none\\0"; reach('swapon', $p, 0); reach('swapoff', $p);`), NEVER),
  kernel(
    'accounting',
    'write process accounting to a file, set quotas',
    perl(`my $p = "/tmp/acct\\0"; reach('acct', $p); my $d = "/dev/null\\0"; reach('quotactl', 0x800002 << 8, $d, 0, $zero);`),
    NEVER,
  ),
  kernel(
    'kernel-log',
    'read or clear the kernel’s log',
    perl(`my $b = $zero; reach('syslog', 3, $b, 4096); reach('syslog', 10, 0, 0);`),
    RESTRICTED,
  ),
  kernel(
    'segments',
    'change the processor’s segment table and I/O rights',
    perl("my $b = $zero; reach('modify_ldt', 0, $b, 16); reach('iopl', 0); reach('ioperm', 0, 1, 0);"),
    ['seccomp'],
  ),
  kernel(
    'move-memory',
    'move memory pages between nodes',
    perl("reach('move_pages', 0, 0, 0, 0, 0, 0); my $m = $zero; reach('migrate_pages', 0, 0, $m, $m);"),
    ['seccomp'],
  ),
  kernel(
    'every-refused-call',
    'make every call that the filter names, with arguments that do nothing',
    perl(`reach($_, -1, -1, -1, -1, -1, -1) for grep { !$c{image} || $_ ne 'open_tree_attr' } @filtered;`),
    ['seccomp'],
    { limits: { wallMs: 10_000 } },
  ),
  kernel(
    'x32',
    'use the x32 system call table, which a filter may have forgotten',
    perl(
      "exit if $n{fork} < 0; $! = 0; my $r = syscall(0x40000000 + $n{getpid}); escaped('x32 answers') if $r > 0; $r = syscall(0x40000000 + 520, 0, 0, 0);",
    ),
    'this kernel is built without the x32 table',
    { ends: ['denied'] },
  ),
  kernel(
    'int80',
    'use the 32-bit system call table through int 0x80, which a filter may have forgotten',
    perl(`${INT80} my $size = 120 + length $code; my $elf = "\\x7fELF\\x02\\x01\\x01" . ("\\0" x 9) . pack('S2 L Q3 L S6', 2, 62, 1, 0x400078, 64, 0, 0, 64, 56, 1, 0, 0, 0) . pack('L2 Q6', 1, 5, 0, 0x400000, 0x400000, $size, $size, 4096) . $code;
      if ($n{fork} > 0) { open(my $out, '>:raw', '/tmp/int80'); print $out $elf; close $out; chmod 0755, '/tmp/int80'; my $r = system('/tmp/int80'); escaped('the 32-bit table answers') if $r >> 8 == 42; print "ended with $r\\n" }`),
    ['seccomp'],
  ),
  kernel(
    'lift-filter',
    'be without the filter: after exec, in a thread, in a child, by prctl',
    perl(
      `call('prctl', 22, 0, 0, 0, 0); call('seccomp', 0, 0, 0) if 0; for my $status (map { slurp($_) } glob('/proc/[0-9]*/status')) { escaped('a process without a filter') unless $status =~ /^Seccomp:\\s+2/m } if (!fork) { exec '/bin/sh', '-c', 'grep -q "^Seccomp:.2" /proc/self/status || echo "ESCAPED: no filter after exec"' } wait;`,
    ),
    ['init'],
    { bitesOn: { rung: 'perl' } },
  ),
  kernel(
    'capabilities',
    'have or raise capabilities, gain them at an exec',
    perl(`my $s = slurp('/proc/self/status'); escaped($1) if $s =~ /^(Cap(?:Inh|Prm|Eff|Bnd|Amb):\\s+0*[1-9a-f][0-9a-f]*)/m; escaped('new privileges') unless $s =~ /^NoNewPrivs:\\s+1/m;
      call('prctl', 38, 0, 0, 0, 0); my ($h, $d) = (pack('L2', 0x20080522, 0), pack('L6', 0x200000, 0x200000, 0, 0, 0, 0)); escaped('raised') if call('capset', $h, $d) == 0;`),
    ['caps'],
  ),
  kernel(
    'change-user',
    'become another user or group',
    perl(
      `$( = 0; $) = '0 0'; $< = 0; $> = 0; for my $id (0, 1, 1000, 65534) { $! = 0; $> = $id; escaped("user $id") if $> == $id && $c{uid} != $id } my $s = slurp('/proc/self/status'); escaped("user $1") if $s =~ /^Uid:.*?\\t(0)\\b/m;`,
    ),
    ['box'],
    { bitesOn: { user: 'root' } },
  ),
  kernel(
    'tty-inject',
    'type into a terminal (TIOCSTI), talk to the console (TIOCLINUX)',
    perl(
      `my $b = "x" . $zero; reach('ioctl', 0, 0x5412, $b); reach('ioctl', 0, 0x541c, $b); reach('ioctl', 0, 0x5412 + 2**32, $b); open(my $tty, '+<', '/dev/tty') and escaped('there is a terminal');`,
    ),
    ['seccomp'],
  ),
  kernel(
    'terminal',
    'write to or read from the terminal that redgreen was started in',
    perl(
      `if (open(my $tty, '+<', '/dev/tty')) { syswrite($tty, "\\e]0;attack\\a"); escaped('the terminal was opened') } for my $fd (0, 1, 2) { escaped("descriptor $fd is a terminal") if -t (\\*STDIN, \\*STDOUT, \\*STDERR)[$fd] }`,
    ),
    ['session'],
    { bitesOn: { rung: 'bubblewrap' } },
  ),

  namespaces('user-namespace', 'make a user namespace: unshare', perl("reach('unshare', 0x10000000);"), ['seccomp', 'userns']),
  namespaces(
    'user-namespace-by-clone',
    'make a user namespace: clone and clone3',
    perl("my $r = call('clone', 0x10000000 | 17, 0, 0, 0, 0); exit if $r == 0; escaped('clone') if $r > 0; reach('clone3', 0, 0);"),
    ['seccomp'],
  ),
  namespaces(
    'other-namespaces',
    'make mount, process, network, queue, name, cgroup and time namespaces',
    perl("for my $flag (0x20000, 0x20000000, 0x40000000, 0x8000000, 0x4000000, 0x2000000, 0x80) { reach('unshare', $flag) }"),
    ['seccomp', 'caps', 'userns'],
  ),
  namespaces(
    'join-namespaces',
    'join namespaces of other processes (setns)',
    perl(
      `for my $path (glob('/proc/[0-9]*/ns/*')) { open(my $ns, '<', $path) or next; reach('setns', fileno $ns, 0) } reach('setns', -1, 0);`,
    ),
    ['seccomp'],
  ),
  namespaces(
    'same-namespaces',
    'be in a namespace of the host',
    node(
      "for (const name of ['user', 'pid', 'net', 'mnt', 'ipc', 'uts']) if (fs.readlinkSync('/proc/self/ns/' + name) === c['ns_' + name]) escaped(name);",
    ),
    ['net'],
  ),
  namespaces(
    'mount',
    'mount: tmpfs, proc, overlay, fuse; bind, remount writable, move, make shared',
    perl(`my ($none, $tmp, $root, $usr, $opt) = ("none\\0", "/tmp\\0", "/\\0", "/usr\\0", "lowerdir=/usr,upperdir=/tmp,workdir=/tmp\\0"); for my $type (qw(tmpfs proc sysfs overlay fuse devpts cgroup cgroup2 binfmt_misc mqueue)) { my $t = "$type\\0"; reach('mount', $none, $tmp, $t, 0, $opt) }
      reach('mount', $root, $tmp, $none, 4096 | 16384, 0); reach('mount', $none, $root, $none, 32 | 4096, 0); reach('mount', $none, $usr, $none, 32 | 4096, 0); reach('mount', $none, $root, $none, 1 << 20, 0); reach('mount', $usr, $tmp, $none, 8192, 0);`),
    ['seccomp', 'caps', 'userns'],
    { bitesOn: { rung: 'perl' } },
  ),
  namespaces(
    'unmount',
    'take mounts away, to see what they cover',
    perl(
      `for my $path ('/usr/local/etc', '/usr/local/src', '/usr/src', '/tmp', '/dev/shm', '/proc', '/etc/passwd', $c{tree}, '/') { my $p = "$path\\0"; reach('umount2', $p, 2) }`,
    ),
    ['seccomp', 'caps', 'userns'],
    { bitesOn: { rung: 'perl' } },
  ),
  namespaces(
    'new-mount-calls',
    'mount with the new calls: fsopen, open_tree, move_mount, mount_setattr, fspick',
    perl(
      `my ($fs, $p, $a) = ("tmpfs\\0", "/\\0", pack('Q4', 0, 1, 0, 0)); reach('fsopen', $fs, 0); reach('open_tree', -100, $p, 0); reach('open_tree', -100, $p, 1); reach('fspick', -100, $p, 0); reach('move_mount', -1, $p, -100, $p, 0); reach('mount_setattr', -100, $p, 0, $a, 32);`,
    ),
    ['seccomp'],
  ),
  namespaces(
    'change-root',
    'leave through chroot or pivot_root',
    perl(`my ($t, $p) = ("/tmp\\0", "/\\0"); reach('pivot_root', $p, $t); reach('chroot', $t);`),
    ['seccomp', 'caps', 'userns'],
  ),
];
