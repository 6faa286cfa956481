// Runs inside a box and tries to get out. Reads what to try from standard input; prints a JSON list of what worked (so: `[]` is good).
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync, openSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';

const canaries = JSON.parse(readFileSync(0, 'utf8'));
const escapes = [];
const works = (what, attempt) => {
  try {
    if (attempt() !== false) escapes.push(what);
  } catch {
    // It failed, as it should.
  }
};
const unless = (what, good) => {
  if (!good) escapes.push(what);
};
const succeeds = (program, ...args) => spawnSync(program, args, { stdio: 'ignore' }).status === 0;

works('a secret file of the host was read', () => readFileSync(canaries.secret));
for (const folder of [canaries.folder, ...canaries.readOnly]) {
  works(`a file was written to ${folder}`, () => writeFileSync(`${folder}/redgreen-probe`, ''));
}
for (const path of canaries.outside) {
  try {
    writeFileSync(path, '');
  } catch {
    // As it should be; what was written is seen outside.
  }
}
const foreign = (pairs) => pairs.map((pair) => pair.split('=')[0].trim()).some((name) => name !== '' && !canaries.env.includes(name));
unless('a foreign variable is in the environment', !foreign(Object.keys(process.env)));
works('the process that guards the box was reached by a signal', () => {
  // In a pid namespace of its own that number is another process, or none.
  const isOurs = canaries.isLinux && readlinkSync('/proc/self/ns/pid') !== canaries.namespaces.pid;
  return isOurs && existsSync(`/proc/${canaries.pid}`) ? false : process.kill(canaries.pid, 0);
});
works('there is a controlling terminal', () => openSync('/dev/tty', 'r+'));

works('the environment of another process was read', () =>
  spawnSync('/bin/ps', [process.platform === 'darwin' ? '-axEww' : 'axeww'], { encoding: 'utf8' }).stdout.includes(canaries.marker),
);

if (canaries.isLinux) linux();

function linux() {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    works(`the environment of process ${name} has a foreign variable`, () =>
      foreign(readFileSync(`/proc/${name}/environ`, 'utf8').split('\0')),
    );
    for (const way of ['root', 'cwd'])
      works(`a secret was read through /proc/${name}/${way}`, () => readFileSync(`/proc/${name}/${way}${canaries.secret}`));
  }
  for (const name of readdirSync('/proc/self/fd')) {
    works(`descriptor ${name} is a file of the host`, () => {
      const to = readlinkSync(`/proc/self/fd/${name}`);
      return to.startsWith('/') && !to.startsWith('/proc/') && !['/dev/null', '/dev/random', '/dev/urandom'].includes(to);
    });
  }
  namespaces();
  rights();
  limits();
  for (const folder of ['/sys/kernel', '/sys/class']) unless(`${folder} of the host can be seen`, !existsSync(folder));
  works('a secret of the engine is mounted', () => readdirSync('/run/secrets').length > 0);
  works('a device of the host can be seen', () => readdirSync('/dev').some((name) => !canaries.devices.includes(name)));
  if (existsSync('/usr/bin/unshare')) works('a new user namespace was made', () => succeeds('/usr/bin/unshare', '-U', '/bin/true'));
  if (existsSync('/usr/bin/mount')) works('a file system was mounted', () => succeeds('/usr/bin/mount', '-t', 'tmpfs', 'none', '/tmp'));
  calls();
}

function namespaces() {
  for (const [name, host] of Object.entries(canaries.namespaces)) {
    unless(`the ${name} namespace is the host's`, readlinkSync(`/proc/self/ns/${name}`) !== host);
  }
}

function rights() {
  const status = readFileSync('/proc/self/status', 'utf8');
  const field = (name) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(status)?.[1] ?? '';
  unless('the system call filter is not loaded', field('Seccomp') === '2');
  unless('new privileges may be gained', field('NoNewPrivs') === '1');
  for (const [name, id] of Object.entries(canaries.ids)) {
    unless(
      `the box has another ${name} than its own`,
      field(name)
        .split(/\s+/)
        .every((one) => one === '' || Number(one) === id),
    );
  }
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) unless(`capabilities are left in ${set}`, /^0+$/.test(field(set)));
}

function limits() {
  const text = readFileSync('/proc/self/limits', 'utf8');
  const hard = (name) => new RegExp(`^${name}\\s+\\S+\\s+(\\S+)`, 'm').exec(text)?.[1];
  unless('core dumps are allowed', hard('Max core file size') === '0');
  unless('the limit of open files is not set', Number(hard('Max open files')) <= canaries.openFiles);
  for (const name of ['Max processes', 'Max file size', 'Max cpu time']) unless(`${name} is not set`, hard(name) !== 'unlimited');
}

/** Makes every forbidden system call, with the first interpreter that can. A call that is answered otherwise than the filter does is named. */
function calls() {
  const perl = `for (@ARGV) { my ($name, $want, @n) = split / /; $! = 0; my $r = syscall($n[0] + 0, map { $_ + 0 } @n[1 .. $#n]); exit if $r == 0 && $name eq 'clone'; print "$name " if $r != -1 || $! + 0 != $want }`;
  const python = `import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
for call in sys.argv[1:]:
    name, want, *n = call.split()
    r = libc.syscall(*[ctypes.c_long(int(x)) for x in n])
    if r == 0 and name == 'clone': os._exit(0)
    if r != -1 or ctypes.get_errno() != int(want): print(name, end=' ')`;
  const tools = [
    ['/usr/bin/perl', '-e', perl],
    ['/usr/bin/python3', '-I', '-c', python],
  ].filter(([program]) => existsSync(program));
  for (const [program, ...args] of tools.slice(0, 1)) {
    const { stdout, status } = spawnSync(program, [...args, ...canaries.calls], { encoding: 'utf8' });
    const allowed = stdout.split(' ').filter((name) => name !== '' && !canaries.unfiltered.includes(name));
    if (allowed.length > 0 || status !== 0)
      escapes.push(`the filter lets system calls through: ${allowed.join(', ') || 'none could be tried'}`);
  }
}

const reaches = (what, where) =>
  new Promise((resolve) => {
    const socket = connect(where);
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('connect', () => {
      escapes.push(what);
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', resolve);
  });
/** Whether it arrives is seen outside. */
const sends = (port) =>
  new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.on('error', () => undefined);
    socket.send('probe', port, '127.0.0.1', () => socket.close(resolve));
  });
const interfaces = Object.values(networkInterfaces()).flat();
unless('an interface of the host can be used', canaries.sharesNetwork || interfaces.every((address) => address.internal));
await Promise.all([
  reaches('a port of the host was reached', { port: canaries.port, host: '127.0.0.1' }),
  ...(process.platform === 'linux' ? [reaches('an abstract socket of the host was reached', { path: canaries.abstract })] : []),
  reaches('a socket file of the host was reached', { path: canaries.socket }),
  sends(canaries.udp),
]);
process.stdout.write(JSON.stringify(escapes));
