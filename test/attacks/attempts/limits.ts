// Using up what others need. Every bomb ends by itself a little above its limit.
import { node, perl, row, sh } from '../attempt.ts';

const limits = row('limits');
const MiB = 1024 * 1024;
const SAME_USER = 'not started by root, the box is the same user to the kernel, which counts by user';

export const LIMITS = [
  limits(
    'fork-bomb',
    'start processes without end',
    perl(
      'my @p; for (1 .. 200) { my $p = fork; last unless defined $p; if (!$p) { sleep 20; exit } push @p, $p } escaped(scalar @p) if @p > 70; kill 9, @p;',
    ),
    ['processes'],
    { limits: { processes: 64 }, ends: ['pids'] },
  ),
  limits(
    'thread-bomb',
    'start threads without end',
    node(
      "const { Worker } = await import('node:worker_threads'); let up = 0; let failed = 0; const all = []; for (let i = 0; i < 60; i++) { try { const w = new Worker('setTimeout(() => {}, 20000)', { eval: true }); w.on('online', () => up++); w.on('error', () => failed++); all.push(w); } catch { break; } } for (let i = 0; i < 400 && up <= 44 && failed < 5; i++) await sleep(25); if (up > 44) escaped(up, 'threads');",
    ),
    ['processes'],
    { limits: { processes: 48 }, ends: ['pids', 'signal', 'exit'] },
  ),
  limits(
    'memory',
    'take memory without end',
    node(
      'const kept = []; for (let i = 0; i < 60; i++) { kept.push(Buffer.alloc(16 * 2 ** 20, 1)); await sleep(20); } await sleep(600); escaped(kept.length * 16, "MiB");',
    ),
    ['memory'],
    { limits: { memoryBytes: 256 * MiB }, ends: ['memory'] },
  ),
  limits(
    'memory-of-many',
    'take memory with many processes, each below the limit',
    perl(
      'my @p; for (1 .. 8) { my $p = fork; if (!$p) { my $x = "x" x (96 * 2**20); sleep 3; exit } push @p, $p } select undef, undef, undef, 2.5; escaped("768 MiB"); kill 9, @p;',
    ),
    ['memory'],
    { limits: { memoryBytes: 256 * MiB }, ends: ['memory'] },
  ),
  limits(
    'memory-by-files',
    'take memory through nameless files (memfd), which belong to no process’s size',
    perl(
      `my @fds; my $name = "m\\0"; my $block = "x" x (16 * 2**20); for (1 .. 48) { my $fd = call('memfd_create', $name, 0); last if $fd < 0; open(my $out, "+<&=$fd"); syswrite($out, $block); push @fds, $out; select undef, undef, undef, 0.02 } select undef, undef, undef, 0.6; escaped(@fds * 16 . ' MiB') if @fds > 32;`,
    ),
    ['seccomp'],
    { limits: { memoryBytes: 256 * MiB }, ends: ['memory'] },
  ),
  limits(
    'memory-by-shared',
    'take memory through System V segments that no process has attached',
    perl(
      `my $n = 0; for (1 .. 48) { my $id = call('shmget', 0, 16 * 2**20, 01600); last if $id < 0; my $at = call('shmat', $id, 0, 0); last if $at == -1; my $file = "/proc/self/mem"; open(my $mem, '+<', $file) or last; sysseek($mem, $at, 0); syswrite($mem, "x" x (16 * 2**20)); $n++; call('shmdt', $at) if exists $n{shmdt}; select undef, undef, undef, 0.02 } select undef, undef, undef, 0.6; escaped($n * 16 . ' MiB') if $n > 32;`,
    ),
    ['seccomp'],
    { limits: { memoryBytes: 256 * MiB }, ends: ['memory'] },
  ),
  limits('cpu', 'compute without end', perl('my $t = time; 1 while time - $t < 6; escaped("six seconds");'), ['cpu'], {
    limits: { cpuSeconds: 1 },
    ends: ['time'],
  }),
  limits(
    'output',
    'write to standard output and error without end',
    sh('yes | head -c 60000000; yes | head -c 60000000 >&2; escaped "120 MB"'),
    ['output'],
    { ends: ['output'] },
  ),
  limits(
    'output-one-line',
    'write one line without end, of bytes that are no text',
    perl('my $b = "\\xff\\x00\\xfe" x 100_000; for (1 .. 200) { syswrite(STDOUT, $b) } print "\\n"; escaped("60 MB");'),
    ['output'],
    { ends: ['output'] },
  ),
  limits(
    'file-size',
    'write one file without end',
    perl(
      'open(my $o, ">", "/tmp/big"); $SIG{XFSZ} = "IGNORE"; my $b = "x" x 2**20; my $n = 0; for (1 .. 40) { my $w = syswrite($o, $b); last unless $w; $n += $w } escaped($n) if $n > 17 * 2**20;',
    ),
    ['fileSize'],
    { limits: { fileBytes: 16 * MiB }, ends: ['disk'] },
  ),
  limits(
    'fill-tmp',
    'fill /tmp with many large files',
    perl(
      'my $b = "x" x 2**20; my $n = 0; for my $i (1 .. 80) { open(my $o, ">", "/tmp/f$i") or last; my $w = syswrite($o, $b); last unless $w; $n += $w; close $o } escaped($n) if $n > 33 * 2**20;',
    ),
    ['tmp'],
    { limits: { tmpBytes: 32 * MiB }, ends: ['disk'] },
  ),
  limits(
    'fill-shm',
    'fill /dev/shm',
    perl(
      'my $b = "x" x 2**20; my $n = 0; for my $i (1 .. 100) { open(my $o, ">", "/dev/shm/f$i") or last; my $w = syswrite($o, $b); last unless $w; $n += $w; close $o } escaped($n) if $n > 65 * 2**20;',
    ),
    ['shm'],
    { ends: ['disk'] },
  ),
  limits(
    'fill-root',
    'fill every other folder of the box that is kept in memory',
    perl(
      'my $b = "x" x 2**20; my $n = 0; for my $d ("/", "/dev", "/dev/pts", "/etc", "/redgreen", "/redgreen/bin", "/usr/local/etc", "/run", "/var") { for my $i (1 .. 4) { open(my $o, ">", "$d/f$i") or last; my $w = syswrite($o, $b); last unless $w; $n += $w } } escaped("$n bytes") if $n;',
    ),
    ['ro'],
  ),
  limits(
    'descriptors',
    'open files without end',
    perl('my @o; for (1 .. 3000) { open(my $f, "<", "/dev/null") or last; push @o, $f } escaped(scalar @o) if @o > 1024;'),
    ['openFiles'],
  ),
  limits(
    'core-files',
    'leave a core file with what is in memory',
    perl(
      `chdir '/tmp'; escaped('core files are allowed') unless slurp('/proc/self/limits') =~ /^Max core file size\\s+0\\s+0\\s/m; my $p = fork; if (!$p) { kill 'SEGV', $$; sleep 1 } waitpid $p, 0; escaped('dumped') if $? & 128;`,
    ),
    ['core'],
  ),
  limits(
    'raise-limits',
    'raise the limits again',
    perl(
      `for my $kind (1, 4, 6, 7) { my $l = pack('Q2', 2**40, 2**40); my $r = call('setrlimit', $kind, $l); escaped("limit $kind") if $r == 0 }`,
    ),
    ['box'],
    { bitesOn: { user: 'root' } },
  ),
  limits(
    'report-huge',
    'write a report without end, onto the host’s disk',
    perl(
      'open(my $o, ">", $c{report}); $SIG{XFSZ} = "IGNORE"; my $b = "x" x 2**20; my $n = 0; for (1 .. 400) { my $w = syswrite($o, $b); last unless $w; $n += $w; select undef, undef, undef, 0.001 } escaped($n >> 20, "MiB") if $n > 257 * 2**20;',
    ),
    ['fileSize'],
    { ends: ['disk'] },
  ),
  limits(
    'report-many-files',
    'fill the host’s disk beside the report: many files, odd names, folders that cannot be listed',
    perl(
      `my ($d) = $c{report} =~ m{^(.*)/}; my $b = "x" x 2**20; my $n = 0; mkdir "$d/\\xff"; mkdir "$d/blind"; for my $i (1 .. 400) { for my $path ("$d/\\xff/$i", "$d/blind/$i") { open(my $o, ">", $path) or next; $n += syswrite($o, $b) || 0; close $o } chmod 0300, "$d/blind"; select undef, undef, undef, 0.001 } escaped($n >> 20, "MiB") if $n > 256 * 2**20;`,
    ),
    ['folder'],
    { ends: ['disk'] },
  ),
  limits(
    'report-deleted-files',
    'fill the host’s disk with files that are deleted but open',
    perl(
      `my ($d) = $c{report} =~ m{^(.*)/}; my $b = "x" x 2**20; my $n = 0; my @kept; for my $i (1 .. 400) { open(my $o, ">", "$d/gone$i") or next; unlink "$d/gone$i"; $n += syswrite($o, $b) || 0; push @kept, $o; select undef, undef, undef, 0.001 } escaped($n >> 20, "MiB") if $n > 256 * 2**20;`,
    ),
    ['folder'],
    { ends: ['disk'] },
  ),
  limits(
    'report-deep-folders',
    'make folders so deep that the harness cannot count or remove them',
    perl(
      `my ($d) = $c{report} =~ m{^(.*)/}; my $made = 0; if (chdir $d) { for (1 .. 60) { my $n = "a" x 200; mkdir $n or last; chdir $n or last; $made++ } open(my $o, ">", "b" x 250) } escaped("$made deep") if $made > 20;`,
    ),
    ['folder'],
    { ends: ['disk'] },
  ),
  limits(
    'sparse',
    'pretend to be huge with holes',
    perl(
      'for my $p ("/tmp/hole", $c{report}) { open(my $o, ">", $p) or next; $SIG{XFSZ} = "IGNORE"; truncate($o, 2**39) and escaped("half a TiB at $p") }',
    ),
    ['fileSize'],
    { ends: ['disk'] },
  ),
  limits(
    'terminals',
    'take all pseudo terminals of the machine',
    perl('my @o; for (1 .. 900) { open(my $f, "+<", "/dev/ptmx") or last; push @o, $f } print scalar(@o), "\\n";'),
    'each box has its own set of terminals, and the kernel keeps 1,024 back for the host: nothing to remove',
  ),
  limits(
    'watches',
    'take every inotify instance that the user may have, so that editors fail',
    perl('my $n = 0; for (1 .. 2000) { last if call(\'inotify_init1\', 0) < 0; $n++ } print "$n\\n"; select undef, undef, undef, 1;'),
    ['uid'],
    { meanwhile: 'watches', known: { bubblewrap: SAME_USER, perl: SAME_USER }, bitesOn: { user: 'root' } },
  ),
  limits(
    'shm-names',
    'make so many empty files that memory is gone',
    perl('my $n = 0; for my $i (1 .. 300_000) { open(my $o, ">", "/tmp/e$i") or last; $n++; close $o } escaped($n) if $n >= 300_000;'),
    ['tmp'],
    {
      limits: { tmpBytes: 4 * MiB },
      ends: ['disk', 'memory'],
      long: true,
      known: { podman: 'empty files cost memory, which is capped', docker: 'empty files cost memory, which is capped' },
    },
  ),
];
