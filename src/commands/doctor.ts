import { asError } from '../core/errors.ts';
import { sanitise } from '../core/sanitise.ts';
import { escapeControls } from '../surfaces/jsonl.ts';
import { lineText } from '../surfaces/plain.ts';
import { checkBox, checkDisk, checkGit, checkModels, checkNode, checkSettings, type Row } from './checks.ts';
import { type Context, configFor, dirFlag, type Flags, wantsColor } from './context.ts';

/** `redgreen doctor`: looks at everything a run needs and changes nothing. 0, or 5 without a sandbox, or 2. */
export async function doctor(context: Context, _args: readonly string[], flags: Flags): Promise<number> {
  const config = await configFor(context, flags);
  const rows = await Promise.all([
    checkNode(),
    checkGit(context.env),
    checkBox(config).catch((error: unknown): Row => ({ id: 'box', status: 'fail', text: asError(error).message, more: [] })),
    checkModels(config),
    checkSettings(config),
    checkDisk(dirFlag(context, flags) ?? context.cwd),
  ]);
  const exitCode = exitOf(rows);
  if (flags['json'] === true) context.stdout.write(`${escapeControls(JSON.stringify({ type: 'doctor', rows, exitCode }))}\n`);
  else context.stdout.write(text(rows, wantsColor(config, context.stdout, context.env)));
  return exitCode;
}

function exitOf(rows: readonly Row[]): number {
  const failed = rows.filter((row) => row.status === 'fail');
  if (failed.length === 0) return 0;
  return failed.some((row) => row.id === 'box') ? 5 : 2;
}

const TONES = { ok: 'good', warn: 'warn', fail: 'bad' } as const;

function text(rows: readonly Row[], color: boolean): string {
  const lines = rows.flatMap((row) => [
    lineText(
      { tone: TONES[row.status], label: row.id, text: `${row.status === 'ok' ? '' : `${row.status}: `}${sanitise(row.text)}` },
      color,
    ),
    ...row.more.map((more) => lineText({ tone: 'quiet', label: '', text: sanitise(more) }, color)),
  ]);
  return `${lines.join('\n')}\n`;
}
