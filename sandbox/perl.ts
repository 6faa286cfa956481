// The second rung: namespaces, mounts and the filter made by a Perl script of ours, for machines without bubblewrap.
import type { Inside, LaunchPlan } from './bubblewrap.ts';
import type { Identity } from './identity.ts';
import type { Op } from './mounts.ts';

/**
 * Descriptors: 3 has the mounts, 4 the filter, as in `assets/box.pl`. With `drop` the script runs as root, makes no user namespace and becomes
 * that user when everything is mounted.
 */
export function perlPlan(program: string, script: string, drop: Identity | null, inside: Inside): LaunchPlan {
  const env = Object.entries(inside.env).flatMap(([name, value]) => ['env', name, value]);
  const dropped = drop === null ? [] : ['drop', String(drop.uid), String(drop.gid)];
  const words = ['arch', process.arch, String(process.pid), ...dropped, ...env, ...inside.ops.flatMap(wordsOf), 'cwd', inside.cwd, ''];
  return { program, argv: [script, ...inside.argv], words, asRoot: drop !== null };
}

function wordsOf(op: Op): string[] {
  switch (op.op) {
    case 'bind':
      return [op.writable ? 'bind' : 'ro-bind', op.source, op.target];
    case 'tmpfs':
      return ['tmpfs', op.entries === undefined ? String(op.bytes) : `${op.bytes},nr_inodes=${op.entries}`, op.target];
    case 'dir':
      return ['dir', '', op.target];
    case 'symlink':
      return ['symlink', op.to, op.target];
    case 'proc':
    case 'dev':
      return [op.op, '', ''];
    case 'readonly':
      return ['readonly', '', op.target];
  }
}
