import { closing } from './closing.ts';
import { describe, type Line, type Tone } from './describe.ts';
import type { Out, Surface } from './surface.ts';

const COLOURS: Readonly<Record<Tone, string>> = {
  plain: '',
  good: '\u001b[32m',
  bad: '\u001b[31m',
  warn: '\u001b[33m',
  quiet: '\u001b[2m',
};

/** Calm lines, one for each thing that happened; for pipes, logs and `--plain`. */
export function createPlain(out: Out, options: { readonly color: boolean }): Surface {
  const print = (lines: readonly Line[]) => {
    for (const line of lines) out.write(`${lineText(line, options.color)}\n`);
  };
  return {
    event: (event, state) => print(describe(event, state)),
    signal: () => undefined,
    finish: (result) => {
      const lines = closing(result);
      if (lines.length > 0) out.write('\n');
      print(lines);
    },
    close: async () => undefined,
  };
}

/** A line as text: the label in a column of its own. */
export function lineText({ tone, label, text }: Line, color: boolean): string {
  const plain = `${label.padEnd(9)} ${text}`.trimEnd();
  return color && COLOURS[tone] !== '' ? `${COLOURS[tone]}${plain}\u001b[39;22m` : plain;
}
