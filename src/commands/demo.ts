import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedgreenError } from '../core/errors.ts';
import { packageFile } from '../root.ts';
import { type Line, line } from '../surfaces/line.ts';
import { lineText } from '../surfaces/plain.ts';
import { type Context, configFor, dirFlag, type Flags, wantsColor } from './context.ts';
import { play } from './play.ts';
import { taskOfTape } from './tape-task.ts';

/** Characters a second at which a person sees the recorded replies come in. */
const PACE = 6000;

/** `redgreen demo`: the model's replies come from the tape in `demo/`; the box, the tests, git and the proof are real. */
export async function demo(context: Context, _args: readonly string[], flags: Flags): Promise<number> {
  const tape = packageFile('demo/tape.jsonl');
  if (!existsSync(tape)) throw new RedgreenError('tape.missing', 'There is no recorded run in demo/: this installation is incomplete.');
  const dir = dirFlag(context, flags) ?? (await mkdtemp(join(tmpdir(), 'redgreen-demo-')));
  const config = await configFor(context, { ...flags, dir });
  const task = { text: taskOfTape(tape) };
  const pace = context.stdout.isTTY === true && flags['json'] !== true ? PACE : 0;
  const { startRun } = await import('../run.ts');
  const code = await play(context, config, flags, (surface, signal) =>
    startRun({ task, target: { cwd: context.cwd, dir }, config, surface, signal, mode: { kind: 'demo', tape, pace } }),
  );
  // As wide as the live screen's column of labels.
  const width = pace > 0 && !config.values.plain ? 8 : 9;
  if (flags['json'] === true || code !== 0) return code;
  const color = wantsColor(config, context.stdout, context.env);
  for (const one of yours()) context.stdout.write(`${lineText(one, color, width)}\n`);
  return code;
}

/** The one command that runs a task of one's own, and what it needs. */
function yours(): readonly Line[] {
  const command = existsSync(packageFile('src/cli.ts')) ? 'bin/redgreen' : 'redgreen';
  return [
    line('plain', 'yours', `${command} --dir NEW "what you want"`),
    line('quiet', '', 'with OPENAI_API_KEY, ANTHROPIC_API_KEY or a local model'),
  ];
}
