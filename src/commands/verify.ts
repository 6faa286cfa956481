import { homedir } from 'node:os';
import { join } from 'node:path';
import { userDirs } from '../config/dirs.ts';
import { projectRoot } from '../config/project.ts';
import { asError } from '../core/errors.ts';
import { sanitise } from '../core/sanitise.ts';
import type { Signature, Verified } from '../core/verified.ts';
import { hardened } from '../effects/git.ts';
import { splitCommand } from '../effects/runners/split.ts';
import { readSignature } from '../effects/signing.ts';
import { cannot } from '../effects/verify/cannot.ts';
import { verify as prove } from '../effects/verify/verify.ts';
import { createLanguages, createRunnerList, lazyBox, providedBySystem } from '../run-adapters.ts';
import { createProvide } from '../run-deps.ts';
import { escapeControls } from '../surfaces/jsonl.ts';
import type { Line } from '../surfaces/line.ts';
import { lineText } from '../surfaces/plain.ts';
import { type Context, configFor, dirFlag, type Flags, wantsColor } from './context.ts';
import { stateDir } from './find-runs.ts';

const DIGEST = /^(?:sha256:)?([0-9a-f]{64})$/;

/** `redgreen verify [branch]`: proves a branch anew. 0: holds; 3: does not hold; 2: cannot be checked here. */
export async function verify(context: Context, args: readonly string[], flags: Flags): Promise<number> {
  const config = await configFor(context, flags);
  const json = flags['json'] === true;
  const color = wantsColor(config, context.stdout, context.env);
  const say = (lines: readonly Line[]) => {
    for (const one of lines) context.stdout.write(`${lineText(one, color)}\n`);
  };
  try {
    const expect = expected(flags['expect']);
    const verified = await run(context, config, flags, {
      rev: args[0] ?? 'HEAD',
      expect,
      check: typeof flags['check'] === 'string' ? splitCommand(flags['check']) : null,
      onStep: (text) => json || say([{ tone: 'quiet', label: 'verify', text }]),
    });
    if (json)
      context.stdout.write(
        `${escapeControls(JSON.stringify({ type: 'verify', ...verified, exitCode: verified.verdict === 'holds' ? 0 : 3 }))}\n`,
      );
    else say(lines(verified));
    return verified.verdict === 'holds' ? 0 : 3;
  } catch (thrown) {
    const error = asError(thrown);
    if (error.code === 'internal' || flags['debug'] === true) throw error;
    const reason = sanitise(error.message);
    if (json) context.stdout.write(`${escapeControls(JSON.stringify({ type: 'verify', verdict: 'unknown', reason, exitCode: 2 }))}\n`);
    else say([{ tone: 'warn', label: 'unknown', text: `cannot be checked here: ${reason}` }]);
    return 2;
  }
}

function expected(value: unknown): string | null {
  if (value === undefined) return null;
  const digest = DIGEST.exec(String(value))?.[1];
  if (digest === undefined) throw cannot('--expect takes the digest of a record: sha256: and 64 hex digits.');
  return `sha256:${digest}`;
}

interface Wanted {
  readonly rev: string;
  readonly expect: string | null;
  readonly check: readonly string[] | null;
  readonly onStep: (text: string) => void;
}

async function run(context: Context, config: Awaited<ReturnType<typeof configFor>>, flags: Flags, wanted: Wanted): Promise<Verified> {
  const state = await stateDir(context, flags);
  if (state === null) throw cannot('This folder is in no git repository.');
  const { env } = context;
  const gitDir = state.slice(0, -'/redgreen'.length);
  const home = { dir: env['HOME'] ?? homedir(), xdgConfig: env['XDG_CONFIG_HOME'] };
  const path = env['PATH'] === undefined ? {} : { path: env['PATH'] };
  const git = hardened({ gitDir, home, ...path });
  const box = lazyBox({ config, target: { root: projectRoot(dirFlag(context, flags) ?? context.cwd) }, env });
  const languages = createLanguages(box.get, () => Promise.resolve({}));
  const stop = new AbortController();
  const onStop = () => stop.abort();
  process.once('SIGINT', onStop);
  process.once('SIGTERM', onStop);
  try {
    const verified = await prove({
      git,
      ...wanted,
      signature: (commit) => readSignature(gitDir, commit, { home, env, ...path }),
      box: async () => {
        const made = await box.get();
        if (!made.safe) throw cannot('A proof needs a sandbox; leave --unsafe-no-sandbox out.');
        return made;
      },
      languages,
      runners: createRunnerList(wanted.check),
      provided: providedBySystem(box.get),
      // What the user has installed is no part of the commits.
      provide: (readBase) => createProvide({ root: null, workspace: { readBase }, box: box.get }),
      treesDir: join(userDirs().cache, 'verified'),
      testTimeoutMs: config.values.testTimeout,
      suiteTimeoutMs: config.values['tests.baselineTime'],
      signal: stop.signal,
      now: context.now,
    });
    if (stop.signal.aborted) throw cannot('It was stopped.');
    return verified;
  } finally {
    process.off('SIGINT', onStop);
    process.off('SIGTERM', onStop);
    await Promise.all(languages.map((l) => l.close()));
    await box.close();
  }
}

function signatureLine({ status, by, key }: Signature): Line {
  const whose = by === '' ? `the key ${key}` : `${by} (${key})`;
  return { tone: status === 'good' ? 'good' : 'warn', label: 'signed', text: sanitise(`${status}: ${whose}`) };
}

function lines(v: Verified): readonly Line[] {
  const facts: readonly Line[] = [
    { tone: 'plain', label: 'commit', text: `${v.commit.slice(0, 12)}, tree ${v.tree.slice(0, 12)}, ${v.runner ?? 'no runner'}` },
    { tone: 'plain', label: 'locked', text: `${v.locked} ${v.locked === 1 ? 'file' : 'files'} of the tests’ commit` },
    ...(v.runs === 0
      ? []
      : [
          {
            tone: 'plain' as const,
            label: 'tests',
            text: `${v.tests} in ${v.runs} fresh ${v.runs === 1 ? 'run' : 'runs'}, ${v.suite ? 'and without the change' : 'on stubs, and without the code'}`,
          },
        ]),
    ...(v.suite === null
      ? []
      : [{ tone: 'plain' as const, label: 'suite', text: `${v.suite.passed} more passed before the change, and with it` }]),
    ...(v.digest === null ? [] : [{ tone: 'plain' as const, label: 'record', text: v.digest }]),
    ...(v.signature === null ? [] : [signatureLine(v.signature)]),
    ...v.remarks.map((text): Line => ({ tone: 'quiet', label: 'note', text: sanitise(text) })),
    ...v.findings.map((text): Line => ({ tone: 'bad', label: 'differs', text: sanitise(text) })),
  ];
  const seconds = (v.ms / 1000).toFixed(1);
  const end: Line =
    v.verdict === 'holds'
      ? { tone: 'good', label: 'holds', text: `the tests are red without the code and green with it (${seconds} s)` }
      : { tone: 'bad', label: 'no', text: `does not hold (${seconds} s)` };
  return [...facts, end];
}
