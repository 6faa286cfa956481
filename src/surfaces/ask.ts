import { createInterface } from 'node:readline/promises';
import { awaitsPlan } from '../core/reduce-words.ts';
import type { Meeting, Surface, Word } from './surface.ts';

/** What a typed answer to "Go on?" means: nothing or yes goes on, no stops (null), anything else is a remark on the plan. */
function wordOf(typed: string): Word | null {
  const text = typed.trim();
  if (text === '' || /^(y|yes)$/i.test(text)) return { type: 'approve' };
  return /^(n|no)$/i.test(text) ? null : { type: 'reject', remark: text };
}

export interface Asking {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Stops the run. */
  readonly interrupt: () => void;
}

/** `surface`, with a plain question on the terminal for each plan that waits for the user's word. A closed input counts as no. */
export function askingPlainly(surface: Surface, asking: Asking): Surface {
  let run: Meeting | null = null;
  const decide = async () => {
    const word = wordOf(await ask(asking));
    if (word === null) asking.interrupt();
    else run?.say(word);
  };
  return {
    ...surface,
    meet: (meeting) => {
      run = meeting;
    },
    event: (event, state) => {
      surface.event(event, state);
      if (event.type === 'plan.vetted' && awaitsPlan(state)) void decide();
    },
  };
}

async function ask({ input, output }: Asking): Promise<string> {
  const reader = createInterface({ input, output, terminal: false });
  const closed = new Promise<string>((resolve) => reader.once('close', () => resolve('no')));
  try {
    return await Promise.race([reader.question('Go on? Enter: yes · no: stop · or say what to change › '), closed]);
  } finally {
    reader.close();
  }
}
