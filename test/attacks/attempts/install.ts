// The install box: its door, and what it must not see.
import { node, row } from '../attempt.ts';

const attempt = row('install');
const install = (...args: Parameters<typeof attempt>) => attempt(args[0], args[1], args[2], args[3], { ...args[4], phase: 'install' });

/** Sends bytes to the door; gives what it answered. */
const ASK = `const ask = (bytes, more = () => {}) => new Promise((resolve) => { let got = ''; const s = net.connect({ path: c.socket_door }); s.setTimeout(600, () => s.destroy()); s.on('data', (d) => { got += d.toString('latin1'); more(s, got); }); s.on('error', () => {}); s.on('close', () => resolve(got)); s.write(bytes); });
const opens = async (what, bytes) => { if (/^HTTP\\/1\\.[01] 200/.test(await ask(bytes, (s) => s.destroy()))) escaped(what); };
`;
const door = (text: string) => node(`${ASK}${text}`);

export const INSTALL = [
  install(
    'door-other-port',
    'ask the door for another port of the registry’s host',
    door("await opens('another port', 'CONNECT localhost:' + c.tcp + ' HTTP/1.1\\r\\n\\r\\n');"),
    ['target'],
  ),
  install(
    'door-private',
    'use a registry’s name that leads to a private address (DNS rebinding)',
    door("await opens('a private address', 'CONNECT localhost:' + c.tcp + ' HTTP/1.1\\r\\n\\r\\n');"),
    ['private'],
    { door: 'public' },
  ),
  install(
    'door-parser',
    'confuse the door’s parser: NUL, user info, suffix, trailing dot, address forms, absolute URL, folded headers, smuggled second request',
    door(`const r = 'localhost:' + c.registry; for (const line of ['CONNECT localhost:' + c.tcp + '\\0' + r, 'CONNECT user@localhost:' + c.tcp, 'CONNECT 127.0.0.1:' + c.tcp, 'CONNECT 2130706433:' + c.tcp, 'CONNECT 0x7f000001:' + c.tcp, 'CONNECT 0177.0.0.1:' + c.tcp, 'CONNECT [::1]:' + c.tcp, 'CONNECT [::ffff:127.0.0.1]:' + c.tcp,
        'CONNECT ' + r + '.evil.test:443', 'CONNECT evil.' + r, 'CONNECT localhost.:' + c.tcp, 'CONNECT localhost:0' + c.tcp, 'CONNECT localhost:' + c.tcp + ':' + c.registry, 'CONNECT localhost:' + c.registry + '@127.0.0.1:' + c.tcp, 'CONNECT localhost:' + c.registry + '#:' + c.tcp, 'CONNECT\\tlocalhost:' + c.tcp, 'CONNECT  localhost:' + c.tcp,
        'connect localhost:' + c.tcp, 'GET http://localhost:' + c.tcp + '/', 'POST http://127.0.0.1:' + c.tcp + '/', 'CONNECT loc\\u0430lhost:' + c.tcp, 'CONNECT localhost%2e:' + c.tcp, 'CONNECT localhost:' + (65536 + Number(c.tcp)), 'CONNECT -localhost:' + c.tcp]) {
        await opens(JSON.stringify(line), line + ' HTTP/1.1\\r\\n\\r\\n'); await opens(JSON.stringify(line), line + ' HTTP/1.1\\r\\nHost: ' + r + '\\r\\n\\r\\n'); }
      await opens('two requests', 'CONNECT nowhere.invalid:443 HTTP/1.1\\r\\n\\r\\nCONNECT localhost:' + c.tcp + ' HTTP/1.1\\r\\n\\r\\n'); await opens('a folded line', 'CONNECT localhost:' + c.registry + ' HTTP/1.1\\r\\n X: CONNECT localhost:' + c.tcp + '\\r\\n\\r\\n'); await opens('a bare line feed', 'CONNECT localhost:' + c.tcp + ' HTTP/1.1\\n\\n');`),
    'the strictness of the parser cannot be taken away from outside; its own tests show it each form',
  ),
  install(
    'door-socks',
    'speak SOCKS to the door',
    door(
      "for (const bytes of [Buffer.from([5, 1, 0]), Buffer.from([4, 1, Number(c.tcp) >> 8, Number(c.tcp) & 255, 127, 0, 0, 1, 0])]) { const got = await ask(bytes); if (got.charCodeAt(0) === 5 || got.charCodeAt(1) === 90) escaped('socks'); }",
    ),
    'the door speaks only CONNECT: there is nothing to remove',
  ),
  install(
    'door-bytes',
    'send more through the door than an install needs',
    door(
      "const big = 'x'.repeat(65536); let echoed = 0; await ask('CONNECT localhost:' + c.registry + ' HTTP/1.1\\r\\n\\r\\n', (s, got) => { echoed = got.length; if (echoed > 3_000_000) { escaped('3 MB'); s.destroy(); } else s.write(big); });",
    ),
    ['doorBytes'],
  ),
  install(
    'door-connections',
    'open connections at the door without end',
    door(
      "let open = 0; const all = []; await new Promise((resolve) => { for (let i = 0; i < 60; i++) { const s = net.connect({ path: c.socket_door }); all.push(s); s.on('error', () => {}); s.on('data', (d) => { if (/ 200 /.test(String(d))) open++; }); s.write('CONNECT localhost:' + c.registry + ' HTTP/1.1\\r\\n\\r\\n'); } setTimeout(resolve, 1200); }); if (open > 20) escaped(open, 'tunnels'); for (const s of all) s.destroy();",
    ),
    ['doorCount'],
  ),
  install(
    'door-slow',
    'hold the door open with requests that never end, or heads without end',
    door(
      "const slow = Array.from({ length: 20 }, () => { const s = net.connect({ path: c.socket_door }); s.on('error', () => {}); s.write('CONNECT '); return s; }); const got = await ask('CONNECT ' + 'a'.repeat(100_000)); if (/ 200 /.test(got)) escaped('a head without end'); for (const s of slow) s.destroy();",
    ),
    'nothing is removed by it: the door must only not fall over',
  ),
  install(
    'install-network',
    'go past the door: directly, to the host, by DNS, to sockets of the host',
    node(
      "await Promise.all([knock({ host: '127.0.0.1', port: Number(c.tcp) }), knock({ host: c.lan, port: Number(c.tcp) }), knock({ host: '::1', port: Number(c.tcp6) }), knock({ path: '\\0' + c.abstract }), knock({ path: c.socket })]);",
    ),
    ['net'],
  ),
  install(
    'install-secrets',
    'read keys, settings and the environment of the user during an install',
    node(
      "for (const path of c.files.split(':')) hunt(path, slurp(path)); hunt('environment', JSON.stringify(process.env)); hunt('process 1', slurp('/proc/1/environ')); for (const name of Object.keys(process.env)) if (/token|_auth|password|secret/i.test(name)) escaped(name);",
    ),
    ['mounts'],
  ),
  install(
    'other-install',
    'read or change the manifests of another install at the same time',
    node(
      "hunt('the other’s manifest', slurp(c.other + '/package.json')); attempt('planted in the other’s folder', () => fs.writeFileSync(c.other + '/planted', ''));",
    ),
    ['mounts'],
  ),
  install(
    'earlier-cache',
    'find a package cache that an earlier install left, or the user’s',
    node(
      "for (const path of [c.cache, '/tmp/home/.npm', '/tmp/home/.cache', '/root/.npm', '/root/.cache']) if (list(path).length > 0) escaped(path);",
    ),
    'the cache is a fresh folder in every install; there is no older one to show',
  ),
];
