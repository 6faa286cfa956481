// Which addresses the door never connects to.
import { BlockList, isIPv6 } from 'node:net';

const blocked = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  blocked.addSubnet(net, bits, 'ipv4');
}
// Metadata services outside the private ranges: Alibaba Cloud, Oracle Cloud.
blocked.addAddress('100.100.100.200', 'ipv4');
blocked.addAddress('192.0.0.192', 'ipv4');
blocked.addAddress('::', 'ipv6');
blocked.addAddress('::1', 'ipv6');
blocked.addSubnet('fc00::', 7, 'ipv6');
blocked.addSubnet('fe80::', 10, 'ipv6');

/** True for loopback, private (RFC 1918), unique local, link-local and cloud metadata addresses, also when written as IPv6. */
export function isPrivateAddress(address: string): boolean {
  if (!isIPv6(address)) return blocked.check(address, 'ipv4');
  const embedded = embeddedIPv4(address);
  return blocked.check(address, 'ipv6') || (embedded !== null && blocked.check(embedded, 'ipv4'));
}

/** The IPv4 address in an IPv4-mapped, IPv4-compatible or NAT64 (64:ff9b::/96) address. */
function embeddedIPv4(address: string): string | null {
  const groups = new URL(`http://[${address.split('%')[0]}]/`).hostname.slice(1, -1);
  const match = /^(?:::ffff:|64:ff9b::|::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(groups);
  if (match === null) return null;
  const [high, low] = [Number.parseInt(match[1] ?? '', 16), Number.parseInt(match[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
