import { userDirs } from '../config/dirs.ts';
import { processEnvironment } from '../config.ts';
import { asError, type RedgreenError } from '../core/errors.ts';
import { errorExit } from '../core/outcome.ts';
import { version } from '../root.ts';
import { escapeControls } from '../surfaces/jsonl.ts';
import { resultOf } from '../surfaces/result.ts';
import type { Command, Context } from './context.ts';
import { parseArgs, type Verb } from './program.ts';
import { sayError } from './say-error.ts';

/** Each verb's file is loaded only when it is used. */
const COMMANDS: Readonly<Record<Verb, () => Promise<Command>>> = {
  run: async () => (await import('./run.ts')).run,
  cover: async () => (await import('./cover.ts')).cover,
  runs: async () => (await import('./runs.ts')).runs,
  doctor: async () => (await import('./doctor.ts')).doctor,
  demo: async () => (await import('./demo.ts')).demo,
  replay: async () => (await import('./replay.ts')).replay,
  resume: async () => (await import('./resume.ts')).resume,
  report: async () => (await import('./report.ts')).report,
  trust: async () => (await import('./trust.ts')).trust,
  verify: async () => (await import('./verify.ts')).verify,
};

/** Runs the command line `argv` (without node and script) and resolves to the exit code; never rejects. */
export async function main(argv: readonly string[], { quit }: { readonly quit: (code: number) => void }): Promise<number> {
  const context = processContext(quit);
  try {
    const parsed = parseArgs(argv);
    if (parsed.kind === 'help') {
      context.stdout.write(parsed.text);
      return 0;
    }
    if (parsed.flags['version'] === true) {
      context.stdout.write(`${version()}\n`);
      return 0;
    }
    const command = await COMMANDS[parsed.verb]();
    return await command(context, parsed.args, parsed.flags);
  } catch (thrown) {
    return report(context, asError(thrown), { debug: argv.includes('--debug'), json: argv.includes('--json') });
  }
}

function processContext(quit: (code: number) => void): Context {
  return {
    // Made when they are first used: each costs a millisecond or two.
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return process.stdout;
    },
    get stderr() {
      return process.stderr;
    },
    env: processEnvironment(),
    cwd: process.cwd(),
    dirs: userDirs(),
    now: Date.now,
    quit,
  };
}

/** One sentence on stderr, and the result line on stdout for `--json`. Returns the exit code. */
function report(context: Context, error: RedgreenError, { debug, json }: { debug: boolean; json: boolean }): number {
  const exitCode = errorExit(error.code);
  sayError(context, error, debug);
  if (json) {
    const result = resultOf({ outcome: 'failed', reason: error.message, branch: null, commit: null, exitCode }, null);
    context.stdout.write(`${escapeControls(JSON.stringify(result))}\n`);
  }
  return exitCode;
}
