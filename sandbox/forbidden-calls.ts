// The system calls that the self-test makes to see that the whole filter is in force.

import { EAFNOSUPPORT, ENOSYS, EPERM, EPROTONOSUPPORT, type FilterArch, TERMINAL_WRITES } from './seccomp.ts';
import { ABSENT, LOOKED_AT, REFUSED, UNCOUNTED } from './syscalls.ts';

const AF_VSOCK = 40;
const AF_PACKET = 17;
const NETLINK_AUDIT = [16, 3, 9];
const CLONE_NEWUSER_SIGCHLD = 0x10000011;

/** Each as `name error number arguments…`: what must be the answer, and how to ask; `counted` as for the filter. Without arguments they do no harm where they are allowed. */
export function forbiddenCalls(arch: FilterArch, counted: boolean): readonly string[] {
  const column = arch === 'x64' ? 1 : 2;
  const row = (error: number) => (call: (typeof REFUSED)[number]) => (call[column] < 0 ? [] : [`${call[0]} ${error} ${call[column]}`]);
  const { socket, socketpair, clone, ioctl } = LOOKED_AT[arch];
  return [
    ...REFUSED.flatMap(row(EPERM)),
    ...[...ABSENT, ...(counted ? [] : UNCOUNTED)].flatMap(row(ENOSYS)),
    `vsock ${EAFNOSUPPORT} ${socket} ${AF_VSOCK} 1 0`,
    `packet ${EAFNOSUPPORT} ${socket} ${AF_PACKET} 3 0`,
    `audit ${EPROTONOSUPPORT} ${socket} ${NETLINK_AUDIT.join(' ')}`,
    `socketpair ${EAFNOSUPPORT} ${socketpair} ${AF_VSOCK} 1 0 0`,
    ...TERMINAL_WRITES.map((request) => `ioctl-${request} ${EPERM} ${ioctl} 0 ${request} 0`),
    `clone ${EPERM} ${clone} ${CLONE_NEWUSER_SIGCHLD} 0 0 0 0`,
  ];
}
