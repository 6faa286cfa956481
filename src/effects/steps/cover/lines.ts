// Which lines of a source file tests reach, where a runner starts the file's own text.
import { randomBytes } from 'node:crypto';
import type { Runner } from '../../../core/ports.ts';
import type { State } from '../../../core/state.ts';
import { runSuite, type Suite, type TestPorts } from '../change/suite.ts';
import type { Ran } from '../testing.ts';
import { NODE_LINES, PYTHON_LINES } from './lines-scripts.ts';

interface Follower {
  readonly name: string;
  readonly script: string;
}

const NODE: Follower = { name: 'redgreen_lines.mjs', script: NODE_LINES };
const PYTHON: Follower = { name: 'redgreen_lines.py', script: PYTHON_LINES };

/** Runners whose tests load the code as it is written; others transform it, and their lines are not known. */
const FOLLOWERS: Readonly<Record<string, Follower>> = { 'node:test': NODE, mocha: NODE, pytest: PYTHON, unittest: PYTHON };

/** Whether lines can be followed under a runner. */
export function isFollowed(runner: string): boolean {
  return FOLLOWERS[runner] !== undefined;
}

export interface Followed {
  readonly ran: Ran;
  /** Lines (from 1) of the file that were run, and those that hold code where the runner's language says so; null where it is not known. */
  readonly lines: Reached | null;
}

export interface Reached {
  readonly reached: readonly number[];
  readonly code: readonly number[] | null;
}

/** Runs a suite and says which lines of the file at `path` it reached. What the tests themselves print cannot be told apart from that: it decides little. */
export async function runFollowed(ports: TestPorts, s: State, path: string, suite: Suite): Promise<Followed> {
  const mark = `#redgreen-lines-${randomBytes(8).toString('hex')} `;
  const runners = ports.runners.map((runner) => followed(runner, path, mark));
  const ran = await runSuite({ ...ports, runners }, s, suite);
  const said = ran.output.split('\n').filter((line) => line.startsWith(mark));
  const read = said.map((line) => readLines(line.slice(mark.length)));
  if (read.length === 0 || read.includes(null)) return { ran, lines: null };
  const all = read.filter((one) => one !== null);
  return { ran, lines: { reached: [...new Set(all.flatMap((one) => one.reached))], code: all[0]?.code ?? null } };
}

function followed(runner: Runner, path: string, mark: string): Runner {
  const follower = FOLLOWERS[runner.id];
  if (!follower) return runner;
  const { name, script } = follower;
  return {
    ...runner,
    harness: { ...runner.harness, [name]: script },
    command: (options) => {
      const made = runner.command(options);
      const [program = '', ...rest] = made.argv;
      const told = JSON.stringify({ file: `${options.treeDir}/${path}`, mark });
      const own = follower === PYTHON ? ['-I', '-B'] : [];
      const wrapped = follower === PYTHON ? rest.filter((arg) => !own.includes(arg)) : rest;
      return { ...made, argv: [program, ...own, `${options.harnessDir}/${name}`, told, ...wrapped] };
    },
  };
}

function readLines(json: string): Reached | null {
  try {
    const said: unknown = JSON.parse(json);
    if (typeof said !== 'object' || said === null) return null;
    const { lines, code } = said as Record<string, unknown>;
    return isNumbers(lines) ? { reached: lines, code: isNumbers(code) ? code : null } : null;
  } catch {
    return null;
  }
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n));
}

/** Lines of a script that hold code: no blank ones, comments or lone brackets. */
export function codeLines(text: string): readonly number[] {
  let inComment = false;
  return text.split('\n').flatMap((raw, i) => {
    const line = raw.trim();
    const opens = !inComment && line.startsWith('/*');
    const isComment = inComment || opens || /^(?:\/\/|#(?:\W|$))/.test(line);
    if (inComment || opens) inComment = !line.includes('*/');
    return isComment || /^[{}()[\];,]*$/.test(line) ? [] : [i + 1];
  });
}
