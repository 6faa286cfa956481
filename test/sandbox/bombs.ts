// Programs that misbehave, each with the reason that a box must give. Run by tests here and, as another user, by `bombs-run.ts`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Limits, Policy, Rung, RunReason, RunResult } from '../../sandbox/index.ts';
import { openBox } from '../../sandbox/index.ts';
import { policyWith } from './rungs.ts';

const MiB = 1024 * 1024;

export interface Bomb {
  readonly name: string;
  readonly argv: readonly string[];
  /** What the box must say with a control group, and what it may say without one where that differs. */
  readonly reason: RunReason;
  readonly watched?: readonly RunReason[];
  readonly limits?: Partial<Limits>;
  /** Gives it a writable host folder at /out. */
  readonly out?: true;
  /** Gives it a copy of a small tree at /work, in memory. */
  readonly copyBytes?: number;
  /** What must be true of the result besides. */
  readonly also?: (result: RunResult) => boolean;
}

const sh = (script: string) => ['sh', '-c', script];
const node = (script: string) => ['node', '-e', script];
const python = (script: string) => ['python3', '-c', script];

const eat = (step: number, most: number) =>
  `const kept = []; const go = () => { if (kept.length * ${step} < ${most}) kept.push(Buffer.alloc(${step}, 1)); setTimeout(go, 5); }; go();`;
const files = (folder: string) => node(`const fs = require('fs'); for (let i = 0; ; i++) fs.writeFileSync('${folder}/' + i, '');`);

/** A 64-bit program whose one system call is made the 32-bit way (x86-64; `int 0x80`). */
function oldCall(): string {
  const code = Buffer.from('b801000000bb00000000cd80b83c00000031ff0f05', 'hex');
  const head = Buffer.alloc(120);
  Buffer.from('7f454c46020101', 'hex').copy(head);
  head.writeUInt16LE(2, 16);
  head.writeUInt16LE(62, 18);
  head.writeUInt32LE(1, 20);
  head.writeBigUInt64LE(0x400078n, 24);
  head.writeBigUInt64LE(64n, 32);
  head.writeUInt16LE(64, 52);
  head.writeUInt16LE(56, 54);
  head.writeUInt16LE(1, 56);
  head.writeUInt32LE(1, 64);
  head.writeUInt32LE(5, 68);
  head.writeBigUInt64LE(0x400000n, 80);
  head.writeBigUInt64LE(0x400000n, 88);
  const size = BigInt(head.length + code.length);
  head.writeBigUInt64LE(size, 96);
  head.writeBigUInt64LE(size, 104);
  head.writeBigUInt64LE(0x1000n, 112);
  return Buffer.concat([head, code]).toString('base64');
}

export const BOMBS: readonly Bomb[] = [
  { name: 'memory, anonymous', argv: node(eat(8e6, 1e9)), reason: 'memory', limits: { memoryBytes: 160 * MiB } },
  {
    name: 'memory of many processes, each below the limit',
    argv: sh(`for i in 1 2 3 4 5 6; do node -e '${eat(4e6, 6e7)}' & done; wait`),
    reason: 'memory',
    limits: { memoryBytes: 300 * MiB },
  },
  {
    name: 'memory as a file in /tmp',
    argv: sh('dd if=/dev/zero of=/tmp/big bs=1M count=250 status=none'),
    reason: 'memory',
    watched: ['ok'],
    limits: { memoryBytes: 100 * MiB },
  },
  {
    name: 'memory at once, in a child that the command forgives',
    argv: node("require('child_process').spawnSync('node', ['-e', 'Buffer.alloc(3e8, 1)'])"),
    reason: 'memory',
    watched: ['ok', 'memory'],
    limits: { memoryBytes: 150 * MiB },
  },
  {
    name: 'processes, a fork bomb that dies out',
    argv: sh('f() { f | f & }; f; sleep 30'),
    reason: 'pids',
    watched: ['pids', 'time'],
    limits: { processes: 60, wallMs: 3_000 },
  },
  {
    name: 'processes, a fork bomb that goes on',
    argv: python('import os\nwhile True:\n try: os.fork()\n except OSError: pass'),
    reason: 'pids',
    limits: { processes: 60 },
  },
  {
    name: 'threads',
    argv: python(
      'import threading, time\nwhile True:\n try: threading.Thread(target=time.sleep, args=(30,)).start()\n except RuntimeError: time.sleep(30)',
    ),
    reason: 'pids',
    limits: { processes: 50 },
  },
  {
    name: 'output, one endless line',
    argv: sh("tr '\\0' x </dev/zero"),
    reason: 'output',
    also: ({ stdout }) => stdout.length < 2.2 * MiB,
  },
  { name: 'output, binary on both streams', argv: sh('cat /dev/urandom >&2 & cat /dev/urandom'), reason: 'output' },
  { name: 'one huge file in /tmp', argv: sh('dd if=/dev/zero of=/tmp/big bs=1M'), reason: 'disk', limits: { tmpBytes: 8 * MiB } },
  { name: 'one huge file in /dev/shm', argv: sh('dd if=/dev/zero of=/dev/shm/big bs=1M'), reason: 'disk' },
  {
    name: 'a file larger than a file may be',
    argv: sh('dd if=/dev/zero of=/tmp/big bs=1M'),
    reason: 'disk',
    limits: { fileBytes: 4 * MiB },
  },
  { name: 'a sparse file', argv: sh('truncate -s 10G /tmp/big'), reason: 'disk' },
  { name: 'many files in /tmp', argv: files('/tmp'), reason: 'disk', limits: { folderEntries: 5_000 } },
  { name: 'many files in the tree', argv: files('/work'), reason: 'disk', limits: { folderEntries: 5_000 }, copyBytes: 64 * MiB },
  {
    name: 'a growing log in the tree',
    argv: sh('set -e; while :; do head -c 100000 /dev/zero >> /work/log; done'),
    reason: 'disk',
    copyBytes: 4 * MiB,
  },
  {
    name: 'a huge file in a writable mount',
    argv: sh('dd if=/dev/zero of=/out/big bs=1M count=40 status=none'),
    reason: 'disk',
    limits: { folderBytes: 8 * MiB },
    out: true,
  },
  { name: 'many files in a writable mount', argv: files('/out'), reason: 'disk', limits: { folderEntries: 500 }, out: true },
  {
    name: 'a folder in a writable mount that nobody may look into',
    argv: sh('mkdir /out/d; dd if=/dev/zero of=/out/d/big bs=1M count=40 status=none; chmod 0 /out/d'),
    reason: 'disk',
    limits: { folderBytes: 8 * MiB },
    out: true,
  },
  {
    name: 'a removed file in a writable mount that is written on',
    argv: sh('exec 9>/out/f; rm /out/f; dd if=/dev/zero bs=1M count=40 status=none >&9; sleep 30'),
    reason: 'disk',
    limits: { folderBytes: 8 * MiB },
    out: true,
  },
  { name: 'CPU time', argv: sh('while :; do :; done'), reason: 'time', limits: { cpuSeconds: 1 } },
  {
    name: 'wall time, ignoring every signal',
    argv: sh('trap "" HUP INT TERM; while :; do sleep 1; done'),
    reason: 'time',
    limits: { wallMs: 300 },
  },
  {
    name: 'a daemon that ignores SIGTERM and holds the output',
    argv: sh('(setsid sh -c "trap \\"\\" TERM HUP; sleep 1000" &); exit 0'),
    reason: 'ok',
  },
  { name: 'a daemon forked twice', argv: sh('(setsid sh -c "(sleep 1000 &)" &); sleep 0.05; exit 3'), reason: 'exit' },
  {
    name: 'a child that holds standard error open',
    argv: sh('sleep 1000 & echo done'),
    reason: 'ok',
    also: ({ stdout }) => stdout === 'done\n',
  },
  ...(process.arch === 'x64'
    ? [
        {
          name: 'a call of another architecture',
          argv: sh(`echo ${oldCall()} | base64 -d > /tmp/old; chmod +x /tmp/old; exec /tmp/old`),
          reason: 'denied' as const,
        },
      ]
    : []),
];

/** Sets one off on `rung` and says what is wrong with how it ended; empty when nothing is. */
export async function setOff(rung: Rung, bomb: Bomb): Promise<string> {
  const mark = `mark-${Math.random().toString(16).slice(2)}`;
  const out = rung.staging.folder('out', { writable: true });
  const tree = rung.staging.folder('tree');
  writeFileSync(join(tree, 'file'), '');
  const policy: Partial<Policy> = {
    write: bomb.out ? [{ source: out, target: '/out' }] : [],
    ...(bomb.copyBytes === undefined ? {} : { copy: { source: tree, target: '/work', bytes: bomb.copyBytes } }),
    limits: { wallMs: 20_000, ...bomb.limits },
  };
  const base = await policyWith(rung, policy);
  const box = await openBox(rung, { ...base, env: { ...base.env, MARK: mark } });
  const result = await box.run(bomb.argv);
  await box.close();
  const living = withMark(mark);
  const groups = leftGroups(rung);
  rung.staging.remove(out);
  rung.staging.remove(tree);
  if (result.exitCode === 127) return '';
  const wanted = rung.cgroup === null && bomb.watched !== undefined ? bomb.watched : [bomb.reason];
  if (!wanted.includes(result.reason))
    return `${bomb.name}: ${result.reason} (${result.exitCode}, ${result.ms} ms) instead of ${wanted.join(' or ')}: ${result.stderr.slice(0, 300)}`;
  if (result.ms > 15_000) return `${bomb.name}: took ${result.ms} ms`;
  if (bomb.also?.(result) === false) return `${bomb.name}: not as it should be: ${JSON.stringify(result).slice(0, 300)}`;
  if (living.length > 0) return `${bomb.name}: still alive: ${living.join(', ')}`;
  return groups.length > 0 ? `${bomb.name}: groups are left: ${groups.join(', ')}` : '';
}

/** Processes of this machine that have `mark` in their environment, as far as we may look. */
export function withMark(mark: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
      } catch {
        return false;
      }
    });
}

/** Control groups of ours that are there now. */
export function leftGroups(rung: Pick<Rung, 'cgroup'>): string[] {
  return [...new Set(Object.values(rung.cgroup?.folders ?? {}))].flatMap((folder) =>
    readdirSync(folder).filter((name) => name.startsWith(`redgreen-${process.pid}-`) && !name.endsWith('-self')),
  );
}
