// What /help prints.
import type { Line } from '../../line.ts';
import { slashesOf } from './slash.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['Enter', 'sends the line; while a run works, words go to it as a remark'],
  ['Alt-Enter', 'a new line (also Ctrl-J, \\ Enter, and Shift-Enter where the terminal tells it)'],
  ['Esc', 'pauses the run and goes on; holds a plan; twice: clears the line'],
  ['Ctrl-C', 'clears the line; on an empty one stops the run, again: at once'],
  ['Ctrl-D', 'on an empty line, with no run: leaves'],
  ['Up, Down', 'older and newer lines; what begins with a space is not kept'],
  ['Tab', 'completes commands and their arguments'],
  ['Ctrl-A E', 'start and end of the line; Alt-B F: a word back and on'],
  ['Ctrl-U K W', 'cut to the start, to the end, a word; Ctrl-Y puts it back'],
];

/** Columns that the left half takes. */
const LEFT = 20;

/** Keys and commands, as finished lines. */
export function helpLines(session: boolean): readonly Line[] {
  const slashes = slashesOf(session).map(({ name, args, help }) => [`/${name}${args === '' ? '' : ` ${args}`}`, help] as const);
  return [...rows('keys', KEYS), ...rows('commands', slashes)];
}

function rows(label: string, all: readonly (readonly [string, string])[]): readonly Line[] {
  return all.map(([left, right], at) => ({ tone: 'plain', label: at === 0 ? label : '', text: `${left.padEnd(LEFT)} ${right}` }));
}
