// Makes a fresh checkout ready: installs what package-lock.json names, builds dist/, and does nothing when both are up to date.
// Plain JavaScript that runs on Node 20 without node_modules, because it is what brings Node 24 and everything else.
//   --quiet  only says what it does   --build  builds in any case
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const quiet = process.argv.includes('--quiet');
const stamps = {
  install: join(root, 'node_modules', '.redgreen-setup'),
  build: join(root, 'dist', '.built'),
  asked: join(root, 'node_modules', '.redgreen-asked'),
};

try {
  await install();
  await build(process.argv.includes('--build'));
  await offerSandbox();
  if (!quiet) say('ready: npm run demo shows it at work, npm test runs the tests, bin/redgreen --help explains the rest.');
} catch (error) {
  process.stderr.write(`redgreen setup: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function say(text) {
  process.stdout.write(`redgreen: ${text}\n`);
}

async function install() {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const wanted = createHash('sha256').update(lock).digest('hex');
  if (read(stamps.install) === wanted) return;
  if (!isInstalled(JSON.parse(lock))) {
    say('installing packages (npm ci), about half a minute …');
    const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
    // npm's own pauses between tries come to more than a minute, in which a machine without a network would seem to hang.
    const patience = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
    const { code, output } = await run([...npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error', ...patience]);
    if (code !== 0) throw new Error(whyNotInstalled(output));
  }
  mkdirSync(dirname(stamps.install), { recursive: true });
  writeFileSync(stamps.install, wanted);
}

/** Whether node_modules already holds what the lock file names (npm keeps its own record of what it installed). */
function isInstalled(lock) {
  const record = read(join(root, 'node_modules', '.package-lock.json'));
  if (record === null) return false;
  const installed = JSON.parse(record).packages;
  return Object.entries(lock.packages).every(([path, { version, optional, peer }]) => {
    if (path === '') return true;
    const there = installed[path];
    return there === undefined ? optional === true || peer === true : there.version === version && existsSync(join(root, path));
  });
}

function whyNotInstalled(output) {
  const head = firstLines(output.replaceAll(/^npm error ?/gm, ''), 4);
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET|network/i.test(output)) {
    return `the package registry cannot be reached, so nothing was installed; check the network or "npm config get registry", then run the command again.\n${head}`;
  }
  if (/ENOSPC/.test(output)) return 'the disk is full; redgreen needs about 500 MB for its packages.';
  return `npm ci failed:\n${head}`;
}

/** Where the cause stands: what follows is what npm and stacks always say. */
function firstLines(output, most) {
  return output
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at /.test(line))
    .slice(0, most)
    .join('\n');
}

async function build(always) {
  const wanted = inputsHash();
  if (!always && read(stamps.build) === wanted) return;
  say('building …');
  const { code, output } = await run([nodeOfCheckout(), join(root, 'scripts', 'build.mjs')]);
  if (code !== 0) throw new Error(`the build failed:\n${firstLines(output.replace(/^[\s\S]*?(?=^Error: )/m, ''), 12)}`);
  mkdirSync(dirname(stamps.build), { recursive: true });
  writeFileSync(stamps.build, wanted);
}

/** A digest of everything that dist/ is made from. */
function inputsHash() {
  const hash = createHash('sha256');
  const add = (path) =>
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json', 'scripts/build.mjs']) add(file);
  const walk = (folder) => {
    const entries = readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      if (entry.isDirectory() && entry.name !== '__pycache__') walk(`${folder}/${entry.name}`);
      else if (entry.isFile()) add(`${folder}/${entry.name}`);
    }
  };
  walk('src');
  walk('sandbox');
  return hash.digest('hex');
}

/** The Node that came with the packages, else the one that runs this. */
function nodeOfCheckout() {
  const own = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  return existsSync(own) ? own : process.execPath;
}

/** On Linux without bubblewrap, asks once whether to install it; never where nobody can answer. */
async function offerSandbox() {
  const person = process.stdin.isTTY && process.stdout.isTTY && !process.env.CI;
  if (process.platform !== 'linux' || !person || onPath('bwrap') || existsSync(stamps.asked)) return;
  const argv = packageManager();
  if (argv === null) return;
  const { createInterface } = await import('node:readline/promises');
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await reader.question(
    `redgreen runs code in a sandbox (bubblewrap), which is not installed. Run "${argv.join(' ')}"? [y/N] `,
  );
  reader.close();
  writeFileSync(stamps.asked, '');
  if (!/^y(es)?$/i.test(answer.trim())) return say('not installed; redgreen doctor shows what that means.');
  const done = spawnSync(argv[0], argv.slice(1), { stdio: 'inherit' });
  if (done.status !== 0) say('that did not work; install bubblewrap by hand, then run redgreen doctor.');
}

function packageManager() {
  const known = {
    'apt-get': ['install', '-y', 'bubblewrap'],
    dnf: ['install', '-y', 'bubblewrap'],
    pacman: ['-S', '--noconfirm', 'bubblewrap'],
  };
  const name = Object.keys(known).find(onPath);
  if (name === undefined) return null;
  const argv = [name, ...known[name]];
  if (process.getuid?.() === 0) return argv;
  return onPath('sudo') ? ['sudo', ...argv] : null;
}

function onPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function run([file, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: 1, output: `${file}: ${error.message}` }));
    child.on('close', (code) => resolve({ code, output }));
  });
}
