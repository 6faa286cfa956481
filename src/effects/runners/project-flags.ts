// Which of the arguments that a project gives its runner are Node's, and which of those a test run of ours takes over.
import type { RunnerOptions, TestCommand } from '../../core/ports.ts';
import type { Limits } from './limits.ts';
import { harnessCommand } from './select.ts';

/** Flags of Node whose value may stand as an argument of its own. */
const VALUED = new Set(['--import', '--require', '-r', '--conditions', '-C', '--loader', '--experimental-loader']);

/** What the harness itself decides: what is run and how it is reported; and what would stop or steer the process. */
const OURS =
  /^--(?:test(?:-(?!force-exit)[\w-]+)?|watch[\w-]*|experimental-test-(?:coverage|isolation)|inspect[\w-]*|eval|print|check|interactive)(?:=|$)|^-[epci]$/;

const NODE =
  /^--(?:no-)?(?:experimental-|conditions|import|require|loader|enable-source-maps|expose[-_]gc|gc$|allow-natives-syntax|dns-result-order|network-family-autoselection|strip-types|max-old-space-size|stack-size|disable-warning|warnings|deprecation|trace-|throw-deprecation|unhandled-rejections|preserve-symlinks|env-file|icu-data-dir|use-|test-force-exit)|^-[rC]$/;

export interface Flags {
  readonly node: readonly string[];
  /** The runner's own. */
  readonly rest: readonly string[];
}

/** Parts `flags` into Node's own, each as one argument (`--import=tsx`), and the others; what the harness decides is left out of Node's. */
export function partFlags(flags: readonly string[]): Flags {
  const node: string[] = [];
  const rest: string[] = [];
  for (let i = 0; i < flags.length; i++) {
    const flag = flags[i] ?? '';
    const next = flags[i + 1];
    if (!NODE.test(flag) && !OURS.test(flag)) rest.push(flag);
    else if (VALUED.has(flag) && next !== undefined) {
      node.push(`${long(flag)}=${next}`);
      i++;
    } else if (!OURS.test(flag)) node.push(flag);
  }
  return { node, rest };
}

function long(flag: string): string {
  return flag === '-r' ? '--require' : flag === '-C' ? '--conditions' : flag;
}

/** The number of a flag such as `--test-timeout=5000`, or null. */
export function numberOf(flags: readonly string[], name: string): number | null {
  const at = flags.findIndex((flag) => flag === name || flag.startsWith(`${name}=`));
  if (at < 0) return null;
  const value = Number(flags[at]?.slice(name.length + 1) || flags[at + 1]);
  return Number.isSafeInteger(value) && value > 0 ? value : null;
}

/** The command for a harness script that runs a package's runner in Node: under the project's flags of Node, or under `ours` where there is no project. */
export function nodeCommand(script: string, ours: readonly string[], run: RunnerOptions, limits: Limits): TestCommand {
  const { node, rest } = partFlags(run.project?.flags ?? []);
  return harnessCommand(['node', ...(run.project === null ? ours : node), `${run.harnessDir}/${script}`], run, { ...limits }, rest);
}
