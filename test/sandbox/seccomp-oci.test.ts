import { describe, expect, it } from 'vitest';
import { forbiddenCalls } from '../../sandbox/forbidden-calls.ts';
import type { FilterArch } from '../../sandbox/seccomp.ts';
import { ociProfile } from '../../sandbox/seccomp-oci.ts';
import { ABSENT, LOOKED_AT, REFUSED } from '../../sandbox/syscalls.ts';
import { answer } from './seccomp-run.ts';

interface Rule {
  readonly names: readonly string[];
  readonly errnoRet: number;
  readonly args?: readonly { readonly index: number; readonly op: string; readonly value: number; readonly valueTwo?: number }[];
}

const COMPARE: Readonly<Record<string, (argument: bigint, value: bigint, two: bigint) => boolean>> = {
  SCMP_CMP_EQ: (argument, value) => argument === value,
  SCMP_CMP_NE: (argument, value) => argument !== value,
  SCMP_CMP_GT: (argument, value) => argument > value,
  SCMP_CMP_MASKED_EQ: (argument, mask, two) => (argument & mask) === two,
};

/** What libseccomp answers (whole 64-bit comparisons); null: the call is allowed. */
function profileAnswer(arch: FilterArch, name: string, args: readonly bigint[]): number | null {
  const { syscalls } = JSON.parse(ociProfile(arch)) as { syscalls: readonly Rule[] };
  const matches = (rule: Rule) =>
    rule.names.includes(name) &&
    (rule.args ?? []).every(({ index, op, value, valueTwo }) => COMPARE[op]?.(args[index] ?? 0n, BigInt(value), BigInt(valueTwo ?? 0)));
  return syscalls.find(matches)?.errnoRet ?? null;
}

describe.each(['x64', 'arm64'] as const)('the profile for engines on %s', (arch) => {
  const column = arch === 'x64' ? 1 : 2;
  const filterAnswer = (nr: number, args: readonly bigint[]) => {
    const got = answer(
      arch,
      nr,
      args.map((argument) => Number(argument & 0xffffffffn)),
    );
    return got === 0x7fff0000 ? null : got & 0xffff;
  };

  it('answers every named call as the filter does', () => {
    for (const row of [...REFUSED, ...ABSENT]) {
      if (row[column] >= 0) expect([row[0], profileAnswer(arch, row[0], [])]).toEqual([row[0], filterAnswer(row[column], [])]);
    }
    expect(profileAnswer(arch, 'read', [])).toBeNull();
  });

  it('answers calls that depend on an argument as the filter does', () => {
    for (const nr of Object.keys(LOOKED_AT[arch]) as (keyof (typeof LOOKED_AT)['x64'])[]) {
      const flags = Array.from({ length: 32 }, (_, bit) => 1n << BigInt(bit));
      for (const first of [...Array.from({ length: 64 }, (_, n) => BigInt(n)), ...flags]) {
        for (const third of [0n, 9n]) {
          const args = nr === 'ioctl' ? [0n, first, third] : [first, 0n, third];
          expect([nr, args, profileAnswer(arch, nr, args)]).toEqual([nr, args, filterAnswer(LOOKED_AT[arch][nr], args)]);
        }
      }
    }
  });

  it('is not deceived by bits that the kernel does not read', () => {
    const high = 1n << 32n;
    expect(profileAnswer(arch, 'ioctl', [0n, 0x5412n + high])).toBe(1);
    expect(profileAnswer(arch, 'socket', [40n + high])).toBe(97);
    expect(profileAnswer(arch, 'socket', [16n, 3n, high])).toBe(93);
    expect(profileAnswer(arch, 'clone', [0x10000000n + high])).toBe(1);
  });

  it('refuses what the self-test tries, with that error', () => {
    for (const call of forbiddenCalls(arch, true)) {
      const [name, error, nr, ...args] = call.split(' ');
      expect([name, filterAnswer(Number(nr), args.map(BigInt))]).toEqual([name, Number(error)]);
    }
  });
});
