// The toolchain as boxed commands see it.
import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Limits, Mount, Rung } from '../../sandbox/index.ts';
import { reachable } from '../../sandbox/index.ts';
import { RedgreenError } from '../core/errors.ts';
import type { Python } from './toolchain.ts';

export interface Programs {
  readonly mounts: readonly Mount[];
  /** What every command gets, and nothing else. */
  readonly env: Readonly<Record<string, string>>;
  /** More than the usual, for compilers. */
  readonly limits?: Partial<Limits>;
  /** argv with `node` and `python3` replaced by their paths. Throws `RedgreenError('runner')` when there is no Python. */
  resolve(argv: readonly string[]): readonly string[];
}

const NODE = '/redgreen/bin/node';

/** Makes `node` (a host path) and Python reachable for boxes on `rung`. */
export async function makePrograms(rung: Rung, node: string, python: Python | null): Promise<Programs> {
  const source = rung.safe ? await rung.staging.file(node) : node;
  const inside = rung.mounts ? NODE : source;
  const mounts = rung.safe ? [{ source, target: inside }, ...pythonMounts(rung, python)] : [];
  const home = rung.mounts ? '/tmp/home' : rung.staging.folder('home', { writable: true });
  const tmp = rung.mounts ? '/tmp' : rung.staging.folder('tmp', { writable: true });
  const bin = dirname(inside);
  const env = { PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`, HOME: home, TMPDIR: tmp, LANG: 'C.UTF-8', TZ: 'UTC', CI: '1', NO_COLOR: '1' };
  return { mounts, env, resolve: (argv) => resolveTool(argv, inside, python) };
}

/** `source` (a host folder) where boxes on `rung` can mount it: itself, or a copy when the boxed user cannot reach it. */
export function reachableFolder(rung: Rung, source: string): string {
  const near = reachable(source, rung.identity);
  if (near !== null) return near;
  const copy = join(rung.staging.folder('copy'), 'it');
  cpSync(source, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** Where a mount is seen by a command: inside the box, or, without one, where it is on the host. */
export function seen(rung: Rung, mount: Mount): string {
  return rung.mounts ? mount.target : mount.source;
}

function pythonMounts(rung: Rung, python: Python | null): Mount[] {
  if (python?.prefix == null || reachable(python.prefix, rung.identity) === null) return [];
  return [{ source: python.prefix, target: python.prefix }];
}

function resolveTool(argv: readonly string[], node: string, python: Python | null): readonly string[] {
  const [tool = '', ...rest] = argv;
  if (tool === 'node') return [node, ...rest];
  if (tool !== 'python3' && tool !== 'python') return argv;
  if (python === null) throw new RedgreenError('runner', 'Python was not found: install python3, or choose another language');
  return [python.program, ...rest];
}
