// The project's own type checker, over the base and over the change: what only the change complains of.
import type { Ports, Runner } from '../../../core/ports.ts';
import { oneLine } from '../../../core/prompt-text.ts';
import type { State } from '../../../core/state.ts';
import type { Desk } from './desk.ts';
import { bareGround, type Ground } from './ground.ts';
import { type Said, wrong } from './said.ts';
import type { Trying } from './trying.ts';

/** Milliseconds of one run of the checker. */
const TIME = 180_000;
const MOST = 30;

const CONFIG = 'tsconfig.json';

/** Whether the repository has a type checker of its own that can be run: a configuration, and the compiler among its packages. */
export async function hasTypeChecker(ports: Pick<Ports, 'workspace'>, s: State): Promise<boolean> {
  if (s.installs.deps === null || !(s.run?.base.files ?? []).includes(CONFIG)) return false;
  return /"typescript"\s*:/.test((await ports.workspace.readBase('package.json')) ?? '');
}

/** Complaints about the files as they are now that the base does not have. */
export async function typeCheck(trying: Trying, desk: Desk): Promise<Said> {
  const base = await bareGround(trying.ports, desk.s);
  const before = await onBase(base.base ?? '', () => complaints(trying, desk.s, base));
  const now = await complaints(trying, desk.s, desk.ground());
  if (typeof before === 'string') return wrong(before);
  if (typeof now === 'string') return wrong(now);
  const known = new Map<string, number>();
  for (const one of before) known.set(key(one), (known.get(key(one)) ?? 0) + 1);
  const fresh = now.filter((one) => {
    const count = known.get(key(one)) ?? 0;
    known.set(key(one), count - 1);
    return count <= 0;
  });
  if (fresh.length === 0) return { text: `no type error that was not there before${before.length > 0 ? ` (${before.length} were)` : ''}` };
  const more = fresh.length > MOST ? `\n[… and ${fresh.length - MOST} more]` : '';
  return {
    text: `${fresh
      .slice(0, MOST)
      .map((one) => oneLine(`${one.path}:${one.line} ${one.text}`, 500))
      .join('\n')}${more}`,
  };
}

interface Complaint {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

const key = (one: Complaint) => `${one.path} ${one.text}`;

const kept = new Map<string, readonly Complaint[]>();

/** What the checker says of a commit, which stays the same. */
async function onBase(commit: string, ask: () => Promise<readonly Complaint[] | string>): Promise<readonly Complaint[] | string> {
  const known = kept.get(commit) ?? (await ask());
  if (typeof known !== 'string') kept.set(commit, known);
  return known;
}

/** Runs the checker of the project's own packages in a box; its complaints, or why there are none to be had. */
async function complaints({ ports, signal }: Trying, s: State, ground: Ground): Promise<readonly Complaint[] | string> {
  const box = await ports.box();
  const { result } = await box.test({
    ...ground,
    runner: CHECKER,
    tests: [],
    only: null,
    deps: s.installs.deps,
    memberDeps: s.installs.memberDeps,
    readOnlyTree: false,
    order: null,
    nonce: '',
    timeoutMs: TIME,
    signal,
  });
  if (result.reason !== 'ok' && result.reason !== 'exit') return `the type checker was ended: ${result.reason}`;
  const found = result.stdout.split('\n').flatMap(complaintOf);
  if (found.length === 0 && result.exitCode !== 0)
    return `the type checker could not be run: ${oneLine(result.stdout + result.stderr, 400)}`;
  return found;
}

/** Starts the compiler of the project's packages, wherever that has its program. */
const START = `const { dirname, join } = require('node:path');
const manifest = require.resolve('typescript/package.json', { paths: [process.cwd()] });
const { bin } = require(manifest);
import(join(dirname(manifest), typeof bin === 'string' ? bin : (bin.tsc ?? Object.values(bin)[0])));`;

const CHECKER: Pick<Runner, 'harness' | 'command'> = {
  harness: {},
  command: () => ({
    argv: [
      'node',
      '-e',
      START,
      'tsc',
      '--noEmit',
      '--pretty',
      'false',
      '--incremental',
      'false',
      '--composite',
      'false',
      '--project',
      CONFIG,
    ],
    env: {},
  }),
};

/** `src/a.ts(3,5): error TS2322: Type …`. */
function complaintOf(line: string): readonly Complaint[] {
  const [, path, number, text] = /^(\S[^(\n]*)\((\d+),\d+\): error (.*)$/.exec(line) ?? [];
  return path === undefined || text === undefined ? [] : [{ path, line: Number(number), text }];
}
