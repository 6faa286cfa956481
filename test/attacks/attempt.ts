// An attempt to break out of a box: data and a small program.
import type { Limits, RungKind, RunReason } from '../../sandbox/index.ts';
import { ABSENT, LOOKED_AT, REFUSED } from '../../sandbox/syscalls.ts';
import type { Removal } from './weaken.ts';

export type AttackClass = 'files' | 'processes' | 'kernel' | 'namespaces' | 'network' | 'limits' | 'lifetime' | 'report' | 'install';

/** Which of the real policies it runs in: a proof (read-only tree), a test (a copy of the tree) or an install (a door). */
export type Phase = 'proof' | 'test' | 'install';

export interface Program {
  readonly language: 'perl' | 'node' | 'sh';
  readonly text: string;
}

export interface Attempt {
  readonly id: string;
  readonly class: AttackClass;
  /** What it tries, for people. */
  readonly what: string;
  readonly phase: Phase;
  readonly program: Program;
  /** Tighter limits than the policy's, so that it ends soon. */
  readonly limits?: Partial<Limits>;
  /** Ends that are the box's doing and mean that it held. Else the program has to come to its end. */
  readonly ends?: readonly RunReason[];
  /** Rungs on which it is known to get through, and why that is borne: said in docs/sandbox.md. */
  readonly known?: Partial<Record<RungKind, string>>;
  /** Takes tens of seconds: only with the long tests. */
  readonly long?: true;
  /** Looked at from outside when the program has ended, besides the canaries. */
  readonly judge?: 'heartbeat' | 'prompt' | 'death';
  /** Looked at from outside while it runs. */
  readonly meanwhile?: 'squat' | 'watches';
  /** The door of an install: to a registry inside a company (default), or to a public name that leads to a private address. */
  readonly door?: 'public';
  /** Protections that it is stopped by: with these removed together it succeeds (see self-check). A string says why that cannot be shown. */
  readonly bites: readonly Removal[] | string;
  /** For `bites`: only on this rung, or only as this user. */
  readonly bitesOn?: { readonly rung?: 'bubblewrap' | 'perl'; readonly user?: 'root' | 'user' };
}

type Rest = Omit<Attempt, 'id' | 'class' | 'what' | 'phase' | 'program' | 'bites'> & { readonly phase?: Phase };

/** `row('files')('id', 'what it tries', program, bites)`: an attempt of a class; in the policy of a proof unless `rest` says otherwise. */
export function row(attackClass: AttackClass) {
  return (id: string, what: string, program: Program, bites: Attempt['bites'], rest: Rest = {}): Attempt => {
    return { phase: 'proof', ...rest, id, class: attackClass, what, program, bites };
  };
}

export const perl = (text: string): Program => ({ language: 'perl', text });
export const node = (text: string): Program => ({ language: 'node', text });
export const sh = (text: string): Program => ({ language: 'sh', text });

/** Numbers of calls that programs make and the filter does not name. */
const MORE = [
  ['prctl', 157, 167],
  ['seccomp', 317, 277],
  ['kill', 62, 129],
  ['setpriority', 141, 140],
  ['capset', 126, 91],
  ['setxattr', 188, 5],
  ['mknodat', 259, 33],
  ['memfd_create', 319, 279],
  ['shmget', 29, 194],
  ['shmat', 30, 196],
  ['socketpair', 53, 199],
  ['getpid', 39, 172],
  ['linkat', 265, 37],
  ['sched_setscheduler', 144, 119],
  ['setrlimit', 160, 164],
  ['fork', 57, -1],
  ['sendmsg', 46, 211],
  ['shmdt', 67, 197],
  ['msgget', 68, 186],
  ['inotify_init1', 294, 26],
] as const;

function numbers(): Readonly<Record<string, number>> {
  const column = process.arch === 'arm64' ? 2 : 1;
  const looked = LOOKED_AT[process.arch === 'arm64' ? 'arm64' : 'x64'];
  return { ...Object.fromEntries([...REFUSED, ...ABSENT, ...MORE].map((call) => [call[0], call[column]])), ...looked };
}

/** `reach`: an escape unless the kernel or the filter answered "not you" or "not here". */
const PERL = `use strict; $| = 1;
my %c = map { my ($k, $v) = split /=/, $_, 2; $k => $v } @ARGV;
my %n = (${Object.entries(numbers())
  .map(([name, number]) => `${name} => ${number}`)
  .join(', ')});
my @filtered = qw(${[...REFUSED, ...ABSENT].map(([name]) => name).join(' ')});
my %no = map { $_ => 1 } (1, 13, 38, 93, 97);
sub escaped { print "ESCAPED: @_\\n" }
sub call { my ($name, @args) = @_; die "no number of $name" unless exists $n{$name}; if ($n{$name} < 0) { $! = 38; return -1 } $! = 0; return syscall($n{$name}, map { /^-?[0-9]+$/ ? $_ + 0 : $_ } @args) }
sub reach { my ($name, @args) = @_; my $r = call($name, @args); my $e = $! + 0; escaped("$name answered " . ($r == -1 ? "errno $e" : $r)) if $r != -1 || !$no{$e}; return $r }
sub slurp { my ($path) = @_; open(my $in, '<', $path) or return ''; local $/; my $all = <$in>; close $in; return defined $all ? $all : '' }
sub hunt { my ($where, $text) = @_; escaped("$where: $1") if $text =~ /(rgc-[0-9a-f]+)/ }
my $zero = "\\0" x 4096;
`;

const NODE = `import fs from 'node:fs'; import net from 'node:net'; import dgram from 'node:dgram'; import { spawn, spawnSync } from 'node:child_process'; import { join } from 'node:path';
const c = Object.fromEntries(process.argv.slice(1).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
const escaped = (...words) => console.log('ESCAPED:', ...words);
const hunt = (where, text) => { const found = /rgc-[0-9a-f]+/.exec(String(text)); if (found) escaped(where + ': ' + found[0]); };
const attempt = (what, go) => { try { const r = go(); if (r !== false) escaped(what); } catch {} };
const slurp = (path) => { try { return fs.readFileSync(path, 'latin1'); } catch { return ''; } };
const list = (path) => { try { return fs.readdirSync(path); } catch { return []; } };
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const knock = (where, send = '') => new Promise((resolve) => { const s = net.connect(where); s.setTimeout(1500, () => s.destroy()); s.on('connect', () => { escaped('connected to', JSON.stringify(where)); s.end(send); }); s.on('error', () => {}); s.on('close', resolve); });
`;

const SH = `for pair; do export "C_\${pair%%=*}=\${pair#*=}"; done
escaped() { echo "ESCAPED: $*"; }
`;

/** argv of the program inside, told the facts about the canaries. Without `DONE` on its output it did not come to its end. */
export function argvOf(program: Program, facts: Readonly<Record<string, string>>): readonly string[] {
  const pairs = Object.entries(facts).map(([name, value]) => `${name}=${value}`);
  switch (program.language) {
    case 'perl':
      return ['/usr/bin/perl', '-e', `${PERL}${program.text}\nprint "DONE\\n";`, ...pairs];
    case 'node':
      return ['node', '--input-type=module', '-e', `${NODE}${program.text}\nconsole.log('DONE'); process.exit();`, ...pairs];
    case 'sh':
      return ['/bin/sh', '-c', `${SH}${program.text}\necho DONE`, 'sh', ...pairs];
  }
}
