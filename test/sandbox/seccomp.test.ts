import { describe, expect, it } from 'vitest';
import { filterBytes, filterProgram } from '../../sandbox/seccomp.ts';
import { ARCH, answer } from './seccomp-run.ts';

const ALLOW = 0x7fff0000;
const errno = (code: number) => 0x00050000 | code;

describe.each([
  { arch: 'x64' as const, read: 0, mount: 165, clone3: 435, socket: 41, pair: 53, memfd: 319, clone: 56, ioctl: 16 },
  { arch: 'arm64' as const, read: 63, mount: 40, clone3: 435, socket: 198, pair: 199, memfd: 279, clone: 220, ioctl: 29 },
])('the filter for $arch', ({ arch, read, mount, clone3, socket, pair, memfd, clone, ioctl }) => {
  it('allows what is not named, refuses what is, and hides what has an older form', () => {
    expect(answer(arch, read)).toBe(ALLOW);
    expect(answer(arch, mount)).toBe(errno(1));
    expect(answer(arch, clone3)).toBe(errno(38));
  });

  it('allows only socket families that cannot leave', () => {
    const families = Array.from({ length: 50 }, (_, family) => family).filter((family) => answer(arch, socket, [family, 1, 0]) === ALLOW);
    expect(families).toEqual([1, 2, 10, 16]);
    expect(answer(arch, socket, [16, 3, 12])).toBe(errno(93));
    expect([1, 2, 16, 30, 40].map((family) => answer(arch, pair, [family, 1, 0]))).toEqual([ALLOW, ...Array(4).fill(errno(97))]);
  });

  it('allows threads and processes but no new namespaces, and no typing into terminals', () => {
    expect(answer(arch, clone, [0x3d0f00])).toBe(ALLOW);
    expect(answer(arch, clone, [17])).toBe(ALLOW);
    for (const flag of [0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000])
      expect(answer(arch, clone, [flag | 17])).toBe(errno(1));
    expect(answer(arch, ioctl, [0, 0x5412])).toBe(errno(1));
    expect(answer(arch, ioctl, [0, 0x541c])).toBe(errno(1));
    expect(answer(arch, ioctl, [0, 0x5413])).toBe(ALLOW);
  });

  it('hides memory that only a control group counts where there is none', () => {
    expect([true, false].map((counted) => answer(arch, memfd, [], ARCH[arch], counted))).toEqual([ALLOW, errno(38)]);
  });

  it('kills calls of another architecture and fits the kernel’s format', () => {
    expect(answer(arch, read, [], 0x40000003)).toBe(0x80000000);
    expect(filterBytes(arch, true).length).toBe(filterProgram(arch, true).length * 8);
    expect(filterProgram(arch, true).length).toBeLessThan(4096);
  });
});

describe('the filter for x64', () => {
  it('hides the x32 calls', () => {
    expect(answer('x64', 0x40000000 | 165)).toBe(errno(38));
  });
});
