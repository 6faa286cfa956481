import { createInterface } from 'node:readline/promises';
import type { Decision } from './surface.ts';

/** What a typed answer to "Go on?" means: nothing or yes goes on, no stops, anything else is a remark on the plan. */
export function decisionOf(typed: string): Decision {
  const text = typed.trim();
  if (text === '' || /^(y|yes)$/i.test(text)) return { approved: true, remark: '' };
  return { approved: false, remark: /^(n|no)$/i.test(text) ? '' : text };
}

/** Asks about the plan on a terminal, by a plain line. A closed input counts as no. */
export async function askOnTerminal(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<Decision> {
  const reader = createInterface({ input, output, terminal: false });
  const closed = new Promise<string>((resolve) => reader.once('close', () => resolve('no')));
  try {
    return decisionOf(await Promise.race([reader.question('Go on? Enter: yes · no: stop · or say what to change › '), closed]));
  } finally {
    reader.close();
  }
}
