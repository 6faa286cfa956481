// Reaching anything that is not in the box: network, sockets, queues.
import { node, perl, row, sh } from '../attempt.ts';

const network = row('network');

const NOWHERE = 'the outer box has no way out either; that nothing answers is the same with and without the protection';

export const NETWORK = [
  network(
    'host-loopback',
    'connect to a service on the host’s loopback, by IPv4, IPv6 and the unspecified address',
    node(
      "await Promise.all([['127.0.0.1', c.tcp], ['0.0.0.0', c.tcp], ['127.1.2.3', c.tcp], ['::ffff:127.0.0.1', c.tcp], ['::1', c.tcp6], ['::', c.tcp]].map(([host, port]) => knock({ host, port: Number(port) })));",
    ),
    ['net'],
  ),
  network(
    'host-address',
    'connect to the host by its own address on the network',
    node('await knock({ host: c.lan, port: Number(c.tcp) });'),
    ['net'],
  ),
  network(
    'udp',
    'send datagrams to the host: unicast, broadcast, multicast',
    node(`const s = dgram.createSocket({ type: 'udp4' }); await new Promise((r) => s.bind(0, r)); try { s.setBroadcast(true); s.setMulticastInterface('127.0.0.1'); } catch {}
      for (const host of ['127.0.0.1', c.lan, '255.255.255.255', '239.83.71.1', '127.255.255.255']) await new Promise((r) => s.send('knock', Number(c.udp), host, () => r()));
      await sleep(100);`),
    ['net'],
  ),
  network(
    'internet',
    'connect to addresses of the internet and of private networks, and to cloud metadata services',
    node(`for (const host of ['192.0.2.1', '198.51.100.7', '169.254.169.254', '169.254.170.2', '100.100.100.200', '10.0.0.1', '172.17.0.1', '192.168.1.1', '2001:db8::1', 'fd00:ec2::254', 'fe80::1'])
      await new Promise((resolve) => { const s = net.connect({ host, port: 80 }); s.setTimeout(1500, () => { escaped('a packet went out to', host); s.destroy(); }); s.on('connect', () => escaped(host)); s.on('error', (e) => { if (!['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EINVAL'].includes(e.code)) escaped(host, e.code); }); s.on('close', resolve); });`),
    NOWHERE,
  ),
  network(
    'dns',
    'resolve names, by the resolver of the system and by asking servers directly',
    node(`const dns = await import('node:dns/promises'); for (const name of ['example.com', 'registry.npmjs.org', 'metadata.google.internal']) { try { escaped((await dns.lookup(name)).address); } catch {} }
      const r = new dns.Resolver({ timeout: 300, tries: 1 }); for (const server of ['127.0.0.53', '192.0.2.53', '127.0.0.11']) { r.setServers([server]); try { await r.resolve4('example.com'); escaped(server); } catch {} }`),
    NOWHERE,
  ),
  network(
    'interfaces',
    'find a network interface besides the own loopback, or a route',
    node(
      "const names = slurp('/proc/net/dev').split('\\n').slice(2).map((line) => line.split(':')[0].trim()).filter(Boolean); if (names.some((name) => name !== 'lo' && !/^(sit|tunl|ip6tnl|gre|erspan|ip_vti|ip6_vti|ip6gre)/.test(name))) escaped(names.join(' ')); if (slurp('/proc/net/route').trim().split('\\n').length > 1) escaped('a route');",
    ),
    NOWHERE,
  ),
  network(
    'abstract-socket',
    'connect to an abstract socket of the host (as those of X11 and D-Bus)',
    node("await knock({ path: '\\0' + c.abstract });"),
    ['net'],
  ),
  network(
    'socket-file',
    'connect to a socket file of the host: a canary’s and those of container engines, D-Bus, agents',
    node(
      "for (const path of [c.socket, '/run/docker.sock', '/var/run/docker.sock', '/run/podman/podman.sock', '/run/containerd/containerd.sock', '/run/dbus/system_bus_socket', '/run/systemd/private', '/tmp/.X11-unix/X0']) await knock({ path });",
    ),
    ['mounts'],
  ),
  network(
    'take-port',
    'listen on a port of the host, to meet later programs',
    node(
      "const s = net.createServer((x) => x.destroy()); await new Promise((r) => s.once('error', r).listen(Number(c.squat), '0.0.0.0', r)); await sleep(700); s.close();",
    ),
    ['net'],
    { meanwhile: 'squat' },
  ),
  network('vsock', 'talk to the hypervisor (vsock)', perl("reach('socket', 40, 1, 0); reach('socket', 40, 2, 0);"), ['seccomp']),
  network(
    'packet-sockets',
    'send raw packets',
    perl(
      "reach('socket', 17, 3, 0); reach('socket', 17, 2, 0); for my $family (2, 10) { for my $protocol (1, 255) { my $r = call('socket', $family, 3, $protocol); escaped('raw') if $r >= 0 } }",
    ),
    ['caps'],
    { bitesOn: { rung: 'perl' } },
  ),
  network(
    'every-family',
    'make a socket of every other family (crypto, Bluetooth, TIPC, CAN, XDP …)',
    perl(
      "for my $family (0 .. 63) { next if grep { $_ == $family } (1, 2, 10, 16); for my $type (1, 2, 3, 5) { reach('socket', $family, $type, 0); my $b = $zero; reach('socketpair', $family, $type, 0, $b) } }",
    ),
    ['seccomp'],
  ),
  network(
    'socket-pairs',
    'make a pair of sockets of a family that the filter names only for single ones',
    perl(
      'for my $family (40, 30, 38, 16, 2) { my $b = $zero; my $r = call(\'socketpair\', $family, 1, 0, $b); my $e = $! + 0; escaped("family $family: " . ($r < 0 ? $e : $r)) if $r == 0 || ($e != 97 && $e != 93 && $e != 1) }',
    ),
    ['seccomp'],
  ),
  network(
    'netlink',
    'talk to the kernel over netlink besides routes: audit, device events, firewall, crypto',
    perl("for my $protocol (1 .. 22) { reach('socket', 16, 3, $protocol) }"),
    ['seccomp'],
  ),
  network(
    'queues',
    'leave shared memory and message queues on the host, or use the host’s',
    perl("my $r = call('shmget', $c{key}, 4096, 01600); $r = call('msgget', $c{key}, 01600); print \"$r\\n\";"),
    ['ipc'],
  ),
  network(
    'send-descriptors',
    'send descriptors to the harness over its own pipes, until it has none left',
    perl(`my ($byte, $sent) = ('x', 0); my $iov = pack('P Q', $byte, 1); my $control = pack('Q l l l x4', 20, 1, 1, 0); my $message = pack('Q Q P Q P Q Q', 0, 0, $iov, 1, $control, 24, 0);
      for (1 .. 300) { $sent++ if call('sendmsg', 1, $message, 0) == 1 } print "\n$sent sent\n"; select undef, undef, undef, 0.1;`),
    'Node reads these sockets without asking for descriptors: the kernel drops them, and there is nothing to remove',
  ),
  network(
    'hang-up-harness',
    'close, shut down and block the pipes to the harness',
    sh("exec 2>&-; perl -e 'shutdown(STDERR, 2); use strict;' 2>/dev/null; perl -e 'my $f = 0; fcntl(STDOUT, 4, 2048);' 2>/dev/null; :"),
    'nothing is removed by it: the harness must only not fall over',
  ),
];
