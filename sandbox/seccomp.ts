// The box's system call filter, as a classic BPF program for seccomp(2).
import { ABSENT, LOOKED_AT, REFUSED, UNCOUNTED } from './syscalls.ts';

export type FilterArch = 'x64' | 'arm64';

/** One instruction: opcode, jump if true, jump if false, operand (struct sock_filter in linux/filter.h). */
export type Instruction = readonly [code: number, jt: number, jf: number, k: number];

const LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
const IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
const IF_ABOVE = 0x35; // BPF_JMP | BPF_JGE | BPF_K
const IF_BITS = 0x45; // BPF_JMP | BPF_JSET | BPF_K
const RETURN = 0x06;

const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const ERRNO = 0x00050000;
export const EPERM = 1;
export const ENOSYS = 38;
export const EPROTONOSUPPORT = 93;
export const EAFNOSUPPORT = 97;

// struct seccomp_data: nr, arch, instruction pointer (8 bytes), six arguments of 8 bytes (little endian: low half first).
const NR = 0;
const ARCH = 4;
const argument = (n: number) => 16 + 8 * n;

const AUDIT_ARCH = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;
const X32_BIT = 0x40000000;

/** The only family of which pairs are made. */
export const UNIX = 1;
export const NETLINK = 16;
/** UNIX, IPv4, IPv6; netlink only for routes (names of interfaces). */
export const FAMILIES: readonly number[] = [UNIX, 2, 10];

/** CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET */
export const CLONE_FLAGS = [0x80, 0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000] as const;

/** TIOCSTI, TIOCLINUX */
export const TERMINAL_WRITES = [0x5412, 0x541c] as const;

/** True when there is a filter for this processor (`process.arch`). */
export function hasFilter(arch: string): arch is FilterArch {
  return arch === 'x64' || arch === 'arm64';
}

/**
 * The filter as instructions: everything is allowed but what `syscalls.ts` names, and arguments that open a way out.
 * `counted`: a control group counts all memory.
 */
export function filterProgram(arch: FilterArch, counted: boolean): readonly Instruction[] {
  const column = arch === 'x64' ? 1 : 2;
  const calls = LOOKED_AT[arch];
  const program: Instruction[] = [
    [LOAD, 0, 0, ARCH],
    [IF_EQUAL, 1, 0, AUDIT_ARCH[arch]],
    [RETURN, 0, 0, KILL],
    [LOAD, 0, 0, NR],
  ];
  if (arch === 'x64') program.push([IF_ABOVE, 0, 1, X32_BIT], [RETURN, 0, 0, ERRNO | ENOSYS]);
  for (const row of REFUSED) if (row[column] >= 0) program.push([IF_EQUAL, 0, 1, row[column]], [RETURN, 0, 0, ERRNO | EPERM]);
  for (const row of counted ? ABSENT : [...ABSENT, ...UNCOUNTED])
    if (row[column] >= 0) program.push([IF_EQUAL, 0, 1, row[column]], [RETURN, 0, 0, ERRNO | ENOSYS]);
  program.push(...guard(calls.socket, socketRule()));
  program.push(
    ...guard(calls.socketpair, [
      [LOAD, 0, 0, argument(0)],
      [IF_EQUAL, 1, 0, UNIX],
      [RETURN, 0, 0, ERRNO | EAFNOSUPPORT],
      [RETURN, 0, 0, ALLOW],
    ]),
  );
  program.push(
    ...guard(calls.clone, [
      [LOAD, 0, 0, argument(0)],
      [IF_BITS, 0, 1, CLONE_FLAGS.reduce((all, bit) => all | bit, 0)],
      [RETURN, 0, 0, ERRNO | EPERM],
      [RETURN, 0, 0, ALLOW],
    ]),
  );
  program.push(...guard(calls.ioctl, ioctlRule()));
  program.push([RETURN, 0, 0, ALLOW]);
  return program;
}

/** The filter as bytes, in the layout that `seccomp(2)` and `bwrap --seccomp` take. */
export function filterBytes(arch: FilterArch, counted: boolean): Buffer {
  const program = filterProgram(arch, counted);
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, jt, jf, k], i) => {
    bytes.writeUInt16LE(code, i * 8);
    bytes.writeUInt8(jt, i * 8 + 2);
    bytes.writeUInt8(jf, i * 8 + 3);
    bytes.writeUInt32LE(k >>> 0, i * 8 + 4);
  });
  return bytes;
}

/** `rule` (which always returns) for the call `nr`, skipped for every other call. */
function guard(nr: number, rule: readonly Instruction[]): readonly Instruction[] {
  return [[IF_EQUAL, 0, rule.length, nr], ...rule];
}

function socketRule(): readonly Instruction[] {
  return [
    [LOAD, 0, 0, argument(0)],
    ...FAMILIES.flatMap((family): Instruction[] => [
      [IF_EQUAL, 0, 1, family],
      [RETURN, 0, 0, ALLOW],
    ]),
    [IF_EQUAL, 1, 0, NETLINK],
    [RETURN, 0, 0, ERRNO | EAFNOSUPPORT],
    [LOAD, 0, 0, argument(2)],
    [IF_EQUAL, 0, 1, 0],
    [RETURN, 0, 0, ALLOW],
    [RETURN, 0, 0, ERRNO | EPROTONOSUPPORT],
  ];
}

function ioctlRule(): readonly Instruction[] {
  return [
    [LOAD, 0, 0, argument(1)],
    [IF_EQUAL, 1, 0, TERMINAL_WRITES[0]],
    [IF_EQUAL, 0, 1, TERMINAL_WRITES[1]],
    [RETURN, 0, 0, ERRNO | EPERM],
    [RETURN, 0, 0, ALLOW],
  ];
}
