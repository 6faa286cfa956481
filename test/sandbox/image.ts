// A small image made of this machine's own programs, for tests of container engines where no registry can be reached.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const COREUTILS = 'cat chmod cp dd env false head id ln ls mkdir mknod mv ps rm setsid sleep sort stat tail touch true wc yes';
const PROGRAMS = ['sh', 'grep', 'sed', 'tr', 'find', 'kill', 'mount', 'unshare', 'nsenter', 'perl', 'python3', ...COREUTILS.split(' ')];

export const TEST_IMAGE = 'localhost/redgreen-test-box';

/** Makes `TEST_IMAGE` for podman, once. Returns why not, or null. */
export function makeTestImage(): string | null {
  if (process.platform !== 'linux') return 'there is no podman for tests on this system';
  const podman = (...args: string[]) => spawnSync('podman', args, { encoding: 'utf8', timeout: 300_000 });
  const there = podman('image', 'exists', TEST_IMAGE);
  if (there.error !== undefined) return 'podman is not installed';
  if (there.status === 0) return null;
  const root = mkdtempSync(join(tmpdir(), 'image-'));
  try {
    fill(root);
    const packed = spawnSync('tar', ['-C', root, '-cf', join(root, '..', `${basename(root)}.tar`), '.'], { encoding: 'utf8' });
    if (packed.status !== 0) return `no image could be packed: ${packed.stderr}`;
    const made = podman('import', `${root}.tar`, TEST_IMAGE);
    return made.status === 0 ? null : `podman cannot import an image: ${made.stderr}`;
  } finally {
    rmSync(root, { recursive: true, force: true });
    rmSync(`${root}.tar`, { force: true });
  }
}

function fill(root: string): void {
  for (const folder of ['usr/bin', 'usr/lib', 'usr/lib64', 'usr/sbin', 'etc', 'proc', 'sys', 'dev', 'run', 'tmp'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const name of ['bin', 'lib', 'lib64', 'sbin']) symlinkSync(`usr/${name}`, join(root, name));
  chmodSync(join(root, 'tmp'), 0o1777);
  const found = PROGRAMS.flatMap((name) =>
    ['/usr/bin', '/bin']
      .map((folder) => join(folder, name))
      .filter((path) => existsSync(path))
      .slice(0, 1),
  );
  for (const path of found) put(root, path, join('/usr/bin', basename(path)));
  const standard =
    spawnSync('python3', ['-I', '-c', 'import os; print(os.path.dirname(os.__file__))'], { encoding: 'utf8' }).stdout?.trim() ?? '';
  const modules = existsSync(join(standard, 'lib-dynload'))
    ? readdirSync(join(standard, 'lib-dynload')).map((name) => join(standard, 'lib-dynload', name))
    : [];
  for (const library of librariesOf([...found, ...modules, process.execPath]))
    put(root, library, library.replace(/^\/(?:usr\/)?/, '/usr/'));
  const perl = spawnSync('perl', ['-MConfig', '-e', 'print join "\\n", grep { m{^/usr} && -d } @INC'], { encoding: 'utf8' }).stdout ?? '';
  for (const folder of [...perl.split('\n'), standard, '/usr/lib/python3'].filter((path) => existsSync(path))) {
    cpSync(folder, join(root, folder), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !/\/(?:test|__pycache__|site-packages)$/.test(path),
    });
  }
}

function put(root: string, path: string, as: string): void {
  mkdirSync(dirname(join(root, as)), { recursive: true });
  copyFileSync(realpathSync(path), join(root, as));
}

/** What the loader says (ldd): libraries of programs, and the loader itself. */
function librariesOf(programs: readonly string[]): string[] {
  const said = programs.map((path) => spawnSync('ldd', [path], { encoding: 'utf8' }).stdout ?? '').join('\n');
  return [...new Set(said.match(/\/\S+/g) ?? [])].filter((path) => path.includes('.so') && existsSync(path) && !programs.includes(path));
}
