// The box's system call filter as a profile for container engines (OCI runtime specification, config-linux.md, "seccomp").
// libseccomp compares whole 64-bit arguments, the kernel reads the low half of these: hence the masks and "greater than".
import type { FilterArch } from './seccomp.ts';
import { CLONE_FLAGS, EAFNOSUPPORT, ENOSYS, EPERM, EPROTONOSUPPORT, FAMILIES, NETLINK, TERMINAL_WRITES, UNIX } from './seccomp.ts';
import { ABSENT, REFUSED } from './syscalls.ts';

interface Argument {
  readonly index: number;
  readonly op: 'SCMP_CMP_EQ' | 'SCMP_CMP_NE' | 'SCMP_CMP_GT' | 'SCMP_CMP_MASKED_EQ';
  readonly value: number;
  readonly valueTwo?: number;
}

const ARCHITECTURES = { x64: 'SCMP_ARCH_X86_64', arm64: 'SCMP_ARCH_AARCH64' } as const;

/** The same rules as `filterProgram`, where a control group counts memory, as JSON text. */
export function ociProfile(arch: FilterArch): string {
  const known = (rows: typeof REFUSED) => rows.filter((row) => row[arch === 'x64' ? 1 : 2] >= 0).map(([name]) => name);
  const syscalls = [
    refuse(known(REFUSED), EPERM),
    refuse(known(ABSENT), ENOSYS),
    ...otherFamilies().map((family) => refuse(['socket'], EAFNOSUPPORT, family)),
    refuse(['socket'], EPROTONOSUPPORT, { index: 0, op: 'SCMP_CMP_EQ', value: NETLINK }, { index: 2, op: 'SCMP_CMP_NE', value: 0 }),
    refuse(['socketpair'], EAFNOSUPPORT, { index: 0, op: 'SCMP_CMP_NE', value: UNIX }),
    ...CLONE_FLAGS.map((bit) => refuse(['clone'], EPERM, masked(0, bit, bit))),
    ...TERMINAL_WRITES.map((request) => refuse(['ioctl'], EPERM, masked(1, 0xffffffff, request))),
  ];
  return JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', architectures: [ARCHITECTURES[arch]], syscalls });
}

function otherFamilies(): Argument[] {
  const below = Array.from({ length: NETLINK }, (_, family) => family).filter((family) => !FAMILIES.includes(family));
  return [...below.map((value): Argument => ({ index: 0, op: 'SCMP_CMP_EQ', value })), { index: 0, op: 'SCMP_CMP_GT', value: NETLINK }];
}

function masked(index: number, mask: number, value: number): Argument {
  return { index, op: 'SCMP_CMP_MASKED_EQ', value: mask, valueTwo: value };
}

function refuse(names: readonly string[], errnoRet: number, ...args: readonly Argument[]): object {
  return { names, action: 'SCMP_ACT_ERRNO', errnoRet, ...(args.length === 0 ? {} : { args }) };
}
