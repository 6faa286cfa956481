// Runs inside a box and tries to get out. Reads what to try from standard input; prints a JSON list of what worked (so: `[]` is good).
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';

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

works('a secret file of the host was read', () => readFileSync(canaries.secret));
for (const folder of [canaries.folder, '/', '/usr', '/etc', '/dev', '/redgreen', '/redgreen/bin']) {
  works(`a file was written to ${folder}`, () => writeFileSync(`${folder}/redgreen-probe`, ''));
}
for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
  works(`the environment of process ${name} has a foreign variable`, () => {
    const names = readFileSync(`/proc/${name}/environ`, 'utf8')
      .split('\0')
      .filter(Boolean)
      .map((pair) => pair.split('=')[0]);
    return names.some((variable) => !['PWD', 'OLDPWD', 'SHLVL', '_', ...canaries.env].includes(variable));
  });
}
for (const [name, host] of Object.entries(canaries.namespaces)) {
  unless(`the ${name} namespace is the host's`, readlinkSync(`/proc/self/ns/${name}`) !== host);
}

const status = readFileSync('/proc/self/status', 'utf8');
const field = (name) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '';
unless('the system call filter is not loaded', field('Seccomp') === '2');
unless('new privileges may be gained', field('NoNewPrivs') === '1');
for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) unless(`capabilities are left in ${set}`, /^0+$/.test(field(set)));
const limits = readFileSync('/proc/self/limits', 'utf8');
const hard = (name) => new RegExp(`^${name}\\s+\\S+\\s+(\\S+)`, 'm').exec(limits)?.[1];
unless('core dumps are allowed', hard('Max core file size') === '0');
unless('the limit of open files is not set', Number(hard('Max open files')) <= canaries.openFiles);
for (const name of ['Max processes', 'Max file size', 'Max cpu time']) unless(`${name} is not set`, hard(name) !== 'unlimited');

if (existsSync('/usr/bin/unshare'))
  works('a new user namespace was made', () => spawnSync('/usr/bin/unshare', ['-U', '/bin/true']).status === 0);

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
await Promise.all([
  reaches('a port of the host was reached', { port: canaries.port, host: '127.0.0.1' }),
  reaches('an abstract socket of the host was reached', { path: canaries.abstract }),
  reaches('a socket file of the host was reached', { path: canaries.socket }),
]);
process.stdout.write(JSON.stringify(escapes));
