// What can follow on what is typed: commands, and the arguments that come from a list.

import { type Slash, type Source, slashesOf } from '../orders/slash.ts';
import type { Editor } from './editor.ts';

export interface Choice {
  /** The whole line when it is chosen. */
  readonly line: string;
  readonly name: string;
  readonly help: string;
}

/** What arguments complete from. */
export type Lists = Readonly<Partial<Record<Source, readonly string[]>>>;

/** The choices for the text before a caret at its end; none where it is no command. */
export function choicesFor({ text, caret }: Editor, session: boolean, lists: Lists): readonly Choice[] {
  if (!text.startsWith('/') || text.includes('\n') || caret !== text.length) return [];
  const [, typed = '', argument] = /^\/(\S*)(?:\s+(.*))?$/.exec(text) ?? [];
  const all = slashesOf(session);
  if (argument === undefined && !text.endsWith(' '))
    return all.filter((one) => one.name.startsWith(typed.toLowerCase())).map((one) => choice(one));
  const slash = all.find((one) => one.name === typed.toLowerCase());
  return slash?.source === undefined ? [] : candidates(slash, argument ?? '', lists[slash.source] ?? []);
}

/** The list that is needed to complete what is typed, or null. */
export function sourceOf({ text }: Editor): Source | null {
  const typed = /^\/(\S+)\s/.exec(text)?.[1];
  return slashesOf(true).find((one) => one.name === typed)?.source ?? null;
}

function choice(slash: Slash): Choice {
  const usage = `/${slash.name}${slash.args === '' ? '' : ` ${slash.args}`}`;
  return { line: slash.args === '' ? `/${slash.name}` : `/${slash.name} `, name: usage, help: slash.help };
}

/** What begins with it comes before what holds it. Once it is typed in full there is nothing to choose. */
function candidates(slash: Slash, typed: string, from: readonly string[]): readonly Choice[] {
  const wanted = typed.toLowerCase();
  const rank = (name: string) => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
  const fitting = from.filter((name) => name.toLowerCase().includes(wanted)).sort((a, b) => rank(a) - rank(b));
  if (fitting.includes(typed)) return [];
  return fitting.map((name) => ({ line: `/${slash.name} ${name}`, name, help: '' }));
}
