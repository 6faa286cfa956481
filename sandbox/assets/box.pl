# Runs a command in new namespaces over a list of mounts, with a system call filter. Core Perl only, no modules.
# usage: perl box.pl COMMAND ARG...
# Descriptor 3: words ended by NUL, in threes (see sandbox/perl.ts). Descriptor 4: the filter as bytes.
# Fails closed: every step that cannot be made ends the script with a sentence on standard error and status 125.
use strict;

my %numbers = (
  x64   => { unshare => 272, mount => 165, umount2 => 166, pivot_root => 155, mount_setattr => 442, prctl => 157, seccomp => 317, capset => 126, setsid => 112, sethostname => 170, setgroups => 116, setresgid => 119, setresuid => 117 },
  arm64 => { unshare => 97, mount => 40, umount2 => 39, pivot_root => 41, mount_setattr => 442, prctl => 167, seccomp => 277, capset => 91, setsid => 157, sethostname => 161, setgroups => 159, setresgid => 149, setresuid => 147 },
);
my $nr;
# Uid and gid to become, where root may make no user namespace; else none.
my @drop;

my $NEWUSER = 0x10000000;
my $NAMESPACES = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x20000000 | 0x40000000;
my ($RDONLY, $NOSUID, $NODEV, $NOEXEC, $REMOUNT, $BIND, $REC, $PRIVATE) = (1, 2, 4, 8, 32, 4096, 16384, 1 << 18);
my ($ATTR_RDONLY, $ATTR_NOSUID, $ATTR_NODEV) = (1, 2, 4);
my ($AT_FDCWD, $AT_RECURSIVE) = (-100, 0x8000);

sub fail { print STDERR "box.pl: $_[0]: $!\n"; exit 125 }
sub call { my ($name, @args) = @_; return syscall($nr->{$name}, @args) }
sub must { my ($what, $result) = @_; fail($what) if $result == -1 }
sub slurp { my ($fd) = @_; local $/; open(my $in, "<&=$fd") or fail("descriptor $fd"); my $all = <$in>; close $in; return defined $all ? $all : '' }
sub put { my ($file, $text) = @_; open(my $out, '>', $file) or fail($file); syswrite($out, $text) == length $text or fail($file); close $out }
sub die_with_parent { must('prctl', call('prctl', 1, 9, 0, 0, 0)) }

sub mount_at {
  my ($source, $target, $type, $flags, $data) = @_;
  must("mount $target", call('mount', "$source\0", "$target\0", "$type\0", $flags + 0, "$data\0"));
}

sub restrict {
  my ($target, $attributes, $recursive) = @_;
  my $attr = pack('Q4', $attributes, 0, 0, 0);
  must("mount_setattr $target", call('mount_setattr', $AT_FDCWD, "$target\0", $recursive ? $AT_RECURSIVE : 0, $attr, 32));
}

sub folders { my ($path) = @_; my $made = ''; for (grep { length } split m{/}, $path) { $made .= "/$_"; -d $made || -l $made || make_folder($made) } }
# The command's own, as in the other way of making a box: where a mount lies in a folder in memory, the folders above it must be writable.
sub make_folder { my ($path) = @_; mkdir($path, 0755) or fail("mkdir $path"); !@drop || chown(@drop, $path) || fail("chown $path") }
sub parent { my ($path) = @_; $path =~ s{/[^/]*$}{}; folders($path) }

sub bind_to {
  my ($source, $target, $writable) = @_;
  if (-d $source) { folders($target) } else { parent($target); open(my $new, '>>', $target) or fail($target); close $new }
  mount_at($source, $target, '', $BIND | $REC, '');
  restrict($target, $ATTR_NOSUID | $ATTR_NODEV | ($writable ? 0 : $ATTR_RDONLY), 1);
}

sub make_dev {
  folders('/new/dev');
  mount_at('tmpfs', '/new/dev', 'tmpfs', $NOSUID, 'size=65536,mode=755');
  for (qw(null zero full random urandom)) {
    open(my $new, '>', "/new/dev/$_") or fail($_); close $new;
    mount_at("/old/dev/$_", "/new/dev/$_", '', $BIND, '');
  }
  symlink('/proc/self/fd', '/new/dev/fd');
  symlink("/proc/self/fd/$_->[0]", "/new/dev/$_->[1]") for [0, 'stdin'], [1, 'stdout'], [2, 'stderr'];
}

sub build {
  my (@ops) = @_;
  my $cwd = '/';
  while (my ($op, $first, $second) = splice(@ops, 0, 3)) {
    if ($op eq 'env') { $ENV{$first} = $second }
    elsif ($op eq 'bind' || $op eq 'ro-bind') { bind_to("/old$first", "/new$second", $op eq 'bind') }
    elsif ($op eq 'tmpfs') { folders("/new$second"); mount_at('tmpfs', "/new$second", 'tmpfs', $NOSUID | $NODEV, "size=$first,mode=755" . (@drop ? ",uid=$drop[0],gid=$drop[1]" : '')) }
    elsif ($op eq 'dir') { folders("/new$second"); chown(@drop, "/new$second") if @drop }
    elsif ($op eq 'symlink') { parent("/new$second"); symlink($first, "/new$second") or fail($second) }
    elsif ($op eq 'proc') { folders('/new/proc'); mount_at('proc', '/new/proc', 'proc', $NOSUID | $NODEV | $NOEXEC, '') }
    elsif ($op eq 'dev') { make_dev() }
    elsif ($op eq 'readonly') { restrict("/new$second", $ATTR_RDONLY, 0) }
    elsif ($op eq 'cwd') { $cwd = $first }
    else { fail("unknown word $op") }
  }
  return $cwd;
}

sub loopback_up { my $up = pack('a16 s x22', 'lo', 0x41); socket(my $s, 2, 2, 0) or fail('socket'); ioctl($s, 0x8914, $up) or fail('loopback') }

sub enter_root {
  my (@ops) = @_;
  mount_at('none', '/', '', $REC | $PRIVATE, '');
  mount_at('tmpfs', '/tmp', 'tmpfs', $NOSUID | $NODEV, 'size=1048576,mode=755');
  mkdir '/tmp/old' or fail('old'); mkdir '/tmp/new' or fail('new');
  must('pivot_root', call('pivot_root', "/tmp\0", "/tmp/old\0"));
  chdir '/' or fail('/');
  mount_at('tmpfs', '/new', 'tmpfs', $NOSUID | $NODEV, 'size=1048576,mode=755');
  %ENV = ();
  my $cwd = build(@ops);
  chdir '/new' or fail('/new');
  must('pivot_root', call('pivot_root', ".\0", ".\0"));
  must('umount', call('umount2', ".\0", 2));
  chdir '/' or fail('/');
  chdir $cwd or fail($cwd);
}

# No capability, now or after an exec, and no new user namespace (written while we still may, and only where it is our own setting).
sub drop {
  if (!@drop && open(my $max, '>', '/proc/sys/user/max_user_namespaces')) { syswrite($max, "0\n"); close $max }
  must('no_new_privs', call('prctl', 38, 1, 0, 0, 0));
  for my $capability (0 .. 63) { last if call('prctl', 24, $capability, 0, 0, 0) == -1 }
  call('prctl', 47, 4, 0, 0, 0);
  if (@drop) {
    must('setgroups', call('setgroups', 0, 0));
    must('setresgid', call('setresgid', ($drop[1]) x 3));
    must('setresuid', call('setresuid', ($drop[0]) x 3));
  }
  my ($header, $none) = (pack('L2', 0x20080522, 0), pack('L6', (0) x 6));
  must('capset', call('capset', $header, $none));
}

sub load_filter {
  my ($filter) = @_;
  fail('empty filter') if length($filter) < 8 || length($filter) % 8;
  my $program = pack('S x![P] P', length($filter) / 8, $filter);
  must('seccomp', call('seccomp', 1, 0, $program));
}

sub status_of { my ($status) = @_; return $status & 127 ? 128 + ($status & 127) : $status >> 8 }

# What the command sees of us in /proc: no host path.
$0 = 'box';

my @ops = split /\0/, slurp(3), -1;
pop @ops;
my (undef, $machine, $harness) = splice @ops, 0, 3;
(undef, @drop) = map { /^\d+$/ ? $_ + 0 : $_ } splice @ops, 0, 3 if $ops[0] eq 'drop';
$nr = $numbers{$machine} or fail("no system call numbers for $machine");
my $filter = slurp(4);
my ($uid, $gid) = ($>, (split ' ', $))[0]);

die_with_parent();
exit 125 if getppid() != $harness;
if (!@drop) {
  must('user namespace', call('unshare', $NEWUSER));
  put('/proc/self/setgroups', 'deny');
  put('/proc/self/uid_map', "$uid $uid 1\n");
  put('/proc/self/gid_map', "$gid $gid 1\n");
}
must('namespaces', call('unshare', $NAMESPACES));

pipe(my $outer, my $held) or fail('pipe');
my $init = fork;
fail('fork') unless defined $init;
if ($init) { close STDIN; close $outer; waitpid($init, 0); exit status_of($?) }

close $held;
loopback_up();
call('sethostname', "box\0", 3);
enter_root(@ops);
drop();
# Only now, because a change of ids undoes it; the pipe tells whether the parent had gone before.
die_with_parent();
my $bits = '';
vec($bits, fileno $outer, 1) = 1;
exit 125 if select($bits, undef, undef, 0);
close $outer;
# Before the fork: the command could write into an unfiltered init through /proc/1/mem.
load_filter($filter);
my $command = fork;
fail('fork') unless defined $command;
if ($command == 0) {
  must('setsid', call('setsid'));
  exec { $ARGV[0] } @ARGV or fail("exec $ARGV[0]");
}
close STDIN;
open(STDIN, '<', '/dev/null');
while ((my $gone = wait) != -1) { exit status_of($?) if $gone == $command }
exit 125;
