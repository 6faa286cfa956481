// Adds to package-lock.json the platform packages (macOS, Windows, musl …) that the registry in use does not carry. npm install
// leaves them out of the lock file without a word, and then npm ci fails everywhere. Run it after every npm install.
// Their versions are exact, and what platform each is for is in its name; a checksum is added by the next npm install elsewhere.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const path = process.argv[2] ?? join(dirname(dirname(fileURLToPath(import.meta.url))), 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));
const added = [];

for (const [parent, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const platform = platformOf(name);
    const top = `node_modules/${name}`;
    const own = `${parent}/${top}`;
    const there = lock.packages[own] ?? lock.packages[top];
    if (parent === '' || platform === null || !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version) || there?.version === version) continue;
    // Another version at the top belongs to somebody else.
    lock.packages[there === undefined ? top : own] = { version, ...platform, ...(entry.dev ? { dev: true } : {}), optional: true };
    added.push(`${name}@${version}`);
  }
}
const [root, ...rest] = Object.entries(lock.packages);
lock.packages = Object.fromEntries([root, ...rest.sort(([a], [b]) => a.localeCompare(b, 'en'))]);
if (added.length > 0) writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added.length} platform packages added${added.length > 0 ? `:\n${added.join('\n')}` : ''}\n`);

/** `@rolldown/binding-linux-x64-musl`: { os: ['linux'], cpu: ['x64'], libc: ['musl'] }; null when the name names no platform. */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const one = (...known) => words.find((word) => known.includes(word));
  const cpu = one('arm64', 'arm', 'x64', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'wasm32');
  const os = one('android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32');
  if (cpu === undefined || (os === undefined && cpu !== 'wasm32')) return null;
  const libc = { gnu: 'glibc', musl: 'musl' }[one('gnu', 'musl') ?? ''];
  return { cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }), ...(os === undefined ? {} : { os: [os] }) };
}
