// Other processes: seeing, reading, signalling, outliving.
import { node, perl, row, sh } from '../attempt.ts';

const processes = row('processes');
const lifetime = row('lifetime');

export const PROCESSES = [
  processes(
    'see-processes',
    'find the host’s processes and read their arguments',
    node(
      "for (const pid of list('/proc').filter((name) => /^[0-9]+$/.test(name))) hunt('arguments of ' + pid, slurp('/proc/' + pid + '/cmdline'));",
    ),
    ['pid'],
  ),
  processes(
    'read-process-environment',
    'read the environment of the harness and its children',
    node("for (const pid of [c.harness, c.victim, '1', 'self']) hunt('environment of ' + pid, slurp('/proc/' + pid + '/environ'));"),
    ['box'],
  ),
  processes(
    'read-process-memory',
    'read the memory of a process outside through /proc/PID/mem',
    perl(`for my $pid ($c{victim}, $c{harness}) { my @maps = split /\\n/, slurp("/proc/$pid/maps"); open(my $mem, '<', "/proc/$pid/mem") or next;
        for (grep { /rw-p.*\\[stack\\]/ } @maps) { my ($from, $to) = /^([0-9a-f]+)-([0-9a-f]+)/ or next; sysseek($mem, hex $from, 0); sysread($mem, my $text, hex($to) - hex($from)); hunt("memory of $pid", $text) } }`),
    ['box'],
  ),
  processes(
    'enter-process-root',
    'reach host files through the root and working folder of other processes',
    node(
      "for (const pid of list('/proc').filter((name) => /^[0-9]+$/.test(name))) for (const path of c.files.split(':').slice(0, 3)) for (const way of ['root', 'cwd/../../../../..']) hunt(pid + ' ' + way, slurp('/proc/' + pid + '/' + way + path));",
    ),
    ['box'],
  ),
  processes(
    'steal-descriptors',
    'open descriptors of other processes through /proc/PID/fd and pidfd_getfd',
    node(
      "for (const pid of list('/proc').filter((name) => /^[0-9]+$/.test(name))) for (const fd of list('/proc/' + pid + '/fd')) { let to = ''; try { to = fs.readlinkSync('/proc/' + pid + '/fd/' + fd); } catch {} if (to.startsWith('/') && to.endsWith('/inherited')) hunt(to, slurp('/proc/' + pid + '/fd/' + fd)); }",
    ),
    ['fds'],
  ),
  processes(
    'signal-host',
    'stop or kill the harness and other processes by number',
    perl(
      'for my $pid ($c{victim}, $c{harness}) { next unless slurp("/proc/$pid/cmdline") =~ /harness\\.ts|rgc-[0-9a-f]/; escaped("can signal $pid") if kill 0, $pid } for my $pid ($c{victim}) { kill 9, $pid if $pid != $$ }',
    ),
    ['pid'],
  ),
  processes(
    'signal-everyone',
    'kill every process that can be seen: kill(-1)',
    perl("my $me = fork; if (!$me) { call('kill', -1, 9); exit } select undef, undef, undef, 0.2;"),
    ['pid'],
    {
      ends: ['signal'],
      bitesOn: { user: 'root' },
    },
  ),
  processes(
    'signal-parent',
    'signal the parent and the own process group',
    perl("my $p = getppid; kill 9, $p if $p > 1; call('kill', 0, 15);"),
    'the parent of a boxed command is the box’s own first process: there is nothing to remove',
    {
      ends: ['signal', 'exit'],
    },
  ),
  processes(
    'slow-others-down',
    'change the priority of all processes of the user',
    perl(`for my $pid (1, $c{victim}, $c{harness}) { call('setpriority', 0, $pid, 19) } call('setpriority', 2, $c{uid}, 19);`),
    ['pid'],
  ),
  processes(
    'raise-priority',
    'raise the own priority, become a real-time process, be spared when memory runs out',
    perl(`for my $n (-1, -20) { my $r = call('setpriority', 0, 0, $n); escaped("priority $n") if $r == 0 } my $param = pack('i', 1); escaped('real time') if call('sched_setscheduler', 0, 1, $param) == 0;
      my $out; open($out, '>', '/proc/self/oom_score_adj') and syswrite($out, "-1000") and escaped('never killed for memory');`),
    'these rights are of the initial user namespace; the outer box has none either',
  ),
  processes(
    'own-user',
    'be root, or, started by root, anyone that has an account',
    perl("escaped('root') if !$< || !$>; escaped('a known group') if grep { $_ < 1000 } split / /, $(;"),
    ['uid'],
    { bitesOn: { user: 'root' } },
  ),
  processes(
    'trace',
    'trace, read and write other processes: ptrace, process_vm_readv, process_madvise, kcmp, pidfd_getfd',
    perl(`my $b = "\\0" x 64; my $pid = fork; if (!$pid) { sleep 5; exit } reach('ptrace', 0x4206, $pid, 0, 0); reach('ptrace', 16, 1, 0, 0); reach('process_vm_readv', $pid, $b, 0, $b, 0, 0); reach('process_vm_writev', $pid, $b, 0, $b, 0, 0);
      reach('process_madvise', -1, $b, 0, 0, 0); reach('kcmp', $$, $pid, 0, 0, 0); reach('pidfd_getfd', -1, 0, 0); kill 9, $pid;`),
    ['seccomp'],
    { limits: { wallMs: 3_000 } },
  ),
  processes(
    'take-over-init',
    'write into the box’s first process, which would run without the filter',
    perl(
      `for my $pid (map { m{/(\\d+)/} } glob('/proc/[0-9]*/status')) { next if slurp("/proc/$pid/status") =~ /^Seccomp:\\s+2/m; open(my $mem, '+<', "/proc/$pid/mem") or next; escaped("process $pid has no filter and its memory can be written") }`,
    ),
    ['init'],
    { bitesOn: { rung: 'perl' } },
  ),
  lifetime(
    'daemon-outlives-run',
    'fork twice, make a session, close everything and go on after the run',
    perl(`open(my $beat, '>>', $c{report}) or die 'report'; if (!fork) { call('prctl', 1, 0, 0, 0, 0); require POSIX if 0; if (!fork) { setpgrp; open(STDIN, '<', '/dev/null'); open(STDOUT, '>', '/dev/null'); open(STDERR, '>', '/dev/null');
        $SIG{$_} = 'IGNORE' for qw(HUP TERM INT); for (1 .. 200) { syswrite($beat, "x"); select(undef, undef, undef, 0.02) } exit } exit } select(undef, undef, undef, 0.1);`),
    ['pid'],
    { judge: 'heartbeat' },
  ),
  lifetime(
    'holds-output-open',
    'leave a daemon behind that keeps standard output open, so that the run seems not to end',
    sh('(trap "" TERM HUP; exec sleep 6) & :'),
    ['pid'],
    { judge: 'prompt' },
  ),
  lifetime(
    'ignores-signals',
    'ignore every signal and never end',
    sh('trap "" TERM HUP INT QUIT; sleep 8 & sleep 8; escaped "ran on"'),
    ['wall'],
    {
      limits: { wallMs: 1_000 },
      ends: ['time'],
    },
  ),
  lifetime(
    'stops-itself',
    'stop every process, so that nobody answers',
    perl("my $p = $$; if (!fork) { select undef, undef, undef, 4; kill 'CONT', $p; exit } kill 'STOP', $$; escaped('ran on');"),
    ['wall'],
    {
      limits: { wallMs: 1_000 },
      ends: ['time'],
    },
  ),
  lifetime(
    'outlives-harness',
    'wait until redgreen itself is killed and go on then',
    sh('i=0; while [ $i -lt 200 ]; do i=$((i+1)); echo x >> $C_report; sleep 0.02; done'),
    ['death'],
    { judge: 'death' },
  ),
  lifetime(
    'outlives-init',
    'kill or stop the box’s first process and go on without it',
    perl(
      "kill 9, 1; kill 'STOP', 1; select undef, undef, undef, 0.3; open(my $beat, '>>', $c{report}); if (!fork) { for (1 .. 100) { syswrite($beat, 'x'); select undef, undef, undef, 0.02 } exit }",
    ),
    'a process namespace dies with its first process: there is nothing to remove',
    { judge: 'heartbeat', ends: ['signal', 'exit'] },
  ),
];
