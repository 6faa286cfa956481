import type { State } from '../core/state.ts';
import { closing } from './closing.ts';
import { describe } from './describe.ts';
import { doing, howFar, noProgress, progressEvent, progressSignal } from './doing.ts';
import { type Line, line, type Tone } from './line.ts';
import type { Out, Surface } from './surface.ts';
import { afterWait, noWait } from './waits.ts';

const COLOURS: Readonly<Record<Tone, string>> = {
  plain: '',
  good: '\u001b[32m',
  bad: '\u001b[31m',
  warn: '\u001b[33m',
  quiet: '\u001b[2m',
};

/** Milliseconds without a line after which one says what is going on. */
const QUIET = 60_000;

/** Calm lines, one for each thing that happened, and a sign of life when nothing does; for pipes, logs and `--plain`. */
export function createPlain(out: Out, options: { readonly color: boolean; readonly now: () => number }): Surface {
  let seen: State | null = null;
  let progress = noProgress;
  let wait = noWait;
  const timer = setInterval(() => {
    if (seen?.ended === null) print([line('quiet', 'still', `${doing(seen)}${howFar(progress, seen, options.now())}`)]);
  }, QUIET).unref();
  const print = (lines: readonly Line[]) => {
    for (const one of lines) out.write(`${lineText(one, options.color)}\n`);
    if (lines.length > 0) timer.refresh();
  };
  return {
    event: (event, state) => {
      seen = state;
      progress = progressEvent(progress, event);
      const told = afterWait(wait, event);
      wait = told.wait;
      if (told.isNew) print(describe(event, state));
    },
    signal: (signal) => {
      progress = progressSignal(progress, signal);
    },
    finish: (result) => {
      const lines = closing(result);
      if (lines.length > 0) out.write('\n');
      print(lines);
      clearInterval(timer);
    },
    close: async () => undefined,
  };
}

/** A line as text: the label in a column of its own, `width` wide. */
export function lineText({ tone, label, text }: Line, color: boolean, width = 9): string {
  const plain = `${label.padEnd(width)} ${text}`.trimEnd();
  return color && COLOURS[tone] !== '' ? `${COLOURS[tone]}${plain}\u001b[39;22m` : plain;
}
