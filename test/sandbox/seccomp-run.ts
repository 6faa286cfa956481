// Runs the box's filter as the kernel would.
import type { FilterArch, Instruction } from '../../sandbox/seccomp.ts';
import { filterProgram } from '../../sandbox/seccomp.ts';

export const ARCH = { x64: 0xc000003e, arm64: 0xc00000b7 };

/** The filter's answer for a call; `args` are the low halves of the arguments. */
export function answer(arch: FilterArch, nr: number, args: readonly number[] = [], audit = ARCH[arch], counted = true): number {
  const program = filterProgram(arch, counted);
  const data = (offset: number) => (offset === 0 ? nr : offset === 4 ? audit : (args[(offset - 16) / 8] ?? 0));
  let accumulator = 0;
  for (let at = 0; at < program.length; at++) {
    const [code, jt, jf, k] = program[at] as Instruction;
    if (code === 0x06) return k >>> 0;
    if (code === 0x20) accumulator = data(k) >>> 0;
    else if (code === 0x15) at += accumulator === k >>> 0 ? jt : jf;
    else if (code === 0x35) at += accumulator >= k >>> 0 ? jt : jf;
    else if (code === 0x45) at += (accumulator & k) !== 0 ? jt : jf;
    else throw new Error(`opcode ${code}`);
  }
  throw new Error('the filter ran off its end');
}
