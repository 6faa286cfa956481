// Compilers in boxes: found on the host when a runner needs one, mounted read-only with the packages that the user has downloaded.
import { chmodSync, copyFileSync, existsSync, linkSync, lstatSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Limits, Mount, Rung } from '../../sandbox/index.ts';
import { reachable } from '../../sandbox/index.ts';
import { RedgreenError } from '../core/errors.ts';
import type { Toolchain } from '../core/ports.ts';
import type { Programs } from './box-programs.ts';
import { seen } from './box-programs.ts';
import { type Compiler, findGo, findRust, type HostEnv } from './toolchain.ts';

/** Gives the programs of boxes that need `toolchain`: those of every box, and a compiler. */
export type Kits = (toolchain: Toolchain | undefined) => Promise<Programs>;

const MiB = 1024 * 1024;

/** What is built lies in /tmp, which is in memory. */
const LIMITS: Partial<Limits> = { tmpBytes: 2048 * MiB, memoryBytes: 4096 * MiB, fileBytes: 1024 * MiB };

const MISSING: Readonly<Record<Toolchain, string>> = {
  go: 'Go was not found: install it (https://go.dev/dl) so that "go version" works, and run again.',
  rust: 'Rust was not found: install it with cargo (https://rustup.rs) so that "cargo --version" works, and run again.',
};

/** `kits(toolchain)` throws `RedgreenError('runner')` with what to install. Each toolchain is looked for once. */
export function createKits(rung: Rung, programs: Programs, env: HostEnv): Kits {
  const made = new Map<Toolchain, Promise<Programs>>();
  return async (toolchain) => {
    if (toolchain === undefined) return programs;
    const kit = made.get(toolchain) ?? makeKit(rung, programs, toolchain, env);
    made.set(toolchain, kit);
    return kit;
  };
}

async function makeKit(rung: Rung, programs: Programs, toolchain: Toolchain, env: HostEnv): Promise<Programs> {
  const limits = { ...LIMITS, ...rung.limits };
  // An image brings its own programs; one that lacks the compiler says so in the report of the run.
  if (rung.image !== null) return { ...programs, limits };
  const compiler = await (toolchain === 'go' ? findGo(env) : findRust(env));
  if (compiler === null) throw new RedgreenError('runner', MISSING[toolchain]);
  const folder = mountRoot(rung, compiler.root, `/redgreen/${toolchain}`);
  const packages = toolchain === 'go' ? goPackages(rung, compiler) : cargoPackages(rung, compiler);
  return {
    ...programs,
    mounts: [...programs.mounts, ...folder.mounts, ...packages.mounts],
    env: { ...programs.env, ...packages.env, PATH: `${folder.path}/bin:${programs.env['PATH'] ?? ''}` },
    limits,
  };
}

interface Seen {
  readonly path: string;
  readonly mounts: readonly Mount[];
}

/** Where a compiler's folder is seen. What lies below /usr is in every box. */
function mountRoot(rung: Rung, root: string, target: string): Seen {
  if (root === '/usr' || root.startsWith('/usr/')) return { path: root, mounts: [] };
  const mount = { source: near(rung, root, (name) => name !== 'share'), target };
  return { path: seen(rung, mount), mounts: [mount] };
}

interface Packages {
  readonly mounts: readonly Mount[];
  readonly env: Readonly<Record<string, string>>;
}

function goPackages(rung: Rung, { packages }: Compiler): Packages {
  if (!existsSync(packages)) return { mounts: [], env: {} };
  const mount = { source: near(rung, packages), target: '/redgreen/go-modules' };
  return { mounts: [mount], env: { GOMODCACHE: seen(rung, mount) } };
}

/** Of cargo's home only downloaded crates: beside them lie the user's tokens and settings. */
function cargoPackages(rung: Rung, { packages }: Compiler): Packages {
  const found = ['registry', 'git'].filter((name) => existsSync(join(packages, name)));
  const mounts = found.map((name) => ({ source: near(rung, join(packages, name)), target: `/redgreen/cargo/${name}` }));
  if (rung.mounts) return { mounts, env: mounts.length === 0 ? {} : { CARGO_HOME: '/redgreen/cargo' } };
  const home = rung.staging.folder('cargo', { writable: true });
  for (const { source, target } of mounts) symlinkSync(source, join(home, target.slice('/redgreen/cargo/'.length)));
  return { mounts, env: { CARGO_HOME: home } };
}

/** The folder itself, or a copy that the boxed user can reach, by hard links where the file system has them. A compiler's documentation stays behind. */
function near(rung: Rung, folder: string, isWanted: (name: string) => boolean = () => true): string {
  const known = reachable(folder, rung.identity);
  if (known !== null) return known;
  const target = join(rung.staging.folder('kit'), 'it');
  linkTree(folder, target, isWanted);
  return target;
}

function linkTree(source: string, target: string, isWanted: (name: string) => boolean): void {
  mkdirSync(target);
  chmodSync(target, 0o755);
  for (const name of readdirSync(source).filter(isWanted)) {
    const [from, to] = [join(source, name), join(target, name)];
    const stat = lstatSync(from);
    if (stat.isDirectory()) linkTree(from, to, () => true);
    else if (stat.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
    else linkFile(from, to, stat.mode);
  }
}

function linkFile(from: string, to: string, mode: number): void {
  try {
    if ((mode & 0o004) === 0) throw new Error('not readable for others');
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
    chmodSync(to, (mode & 0o111) === 0 ? 0o644 : 0o755);
  }
}
