// The commands that begin with a slash: names, arguments and help in one place.

/** Where a command's argument can come from. */
export type Source = 'files' | 'tests' | 'runs' | 'branches' | 'models';

export interface Slash {
  readonly name: string;
  /** As help shows them; empty when there are none. */
  readonly args: string;
  readonly help: string;
  /** What the first argument completes from. */
  readonly source?: Source;
  /** Only in a session. */
  readonly session?: true;
}

const TABLE = [
  { name: 'plan', args: '[edit]', help: 'the plan, or what a change is made of; edit opens it' },
  { name: 'diff', args: '[file]', help: 'what has changed so far', source: 'files' },
  { name: 'tests', args: '[name]', help: 'the tests; of one that fails, the whole output', source: 'tests' },
  { name: 'log', args: '', help: 'what happened, with times' },
  { name: 'cost', args: '', help: 'money and tokens by step and model' },
  { name: 'model', args: '[name]', help: 'the model of the next runs', source: 'models', session: true },
  { name: 'budget', args: '[$2 30m …]', help: 'the caps, also of the run that works: $2, 30m, 500k tokens, 8 rounds' },
  { name: 'pause', args: '', help: 'nothing new begins until /continue (also Esc)' },
  { name: 'continue', args: '', help: 'ends a pause (also Esc)' },
  { name: 'stop', args: '', help: 'stops the run and keeps its work (also Ctrl-C)' },
  { name: 'resume', args: '[run]', help: 'goes on with a run that was stopped', source: 'runs', session: true },
  { name: 'runs', args: '', help: 'the runs of this repository' },
  { name: 'queue', args: '[task|drop n]', help: 'tasks for later: add one, list them, drop one', session: true },
  { name: 'new', args: '', help: 'the next task starts a branch of its own', session: true },
  { name: 'report', args: '[run]', help: 'writes a page that shows the run', session: true, source: 'runs' },
  { name: 'verify', args: '[branch]', help: 'proves a branch anew', session: true, source: 'branches' },
  { name: 'pr', args: '[yes]', help: 'what a pull request for the branch would do; yes opens it', session: true },
  { name: 'help', args: '', help: 'keys and commands' },
  { name: 'quit', args: '', help: 'leaves; a run is stopped and keeps its work' },
] as const satisfies readonly Slash[];

export type SlashName = (typeof TABLE)[number]['name'];

const SLASHES: readonly (Slash & { readonly name: SlashName })[] = TABLE;

/** The commands that there are in a session, or where one run is watched. */
export function slashesOf(session: boolean): readonly (Slash & { readonly name: SlashName })[] {
  return SLASHES.filter((one) => session || one.session !== true);
}

export type Parsed =
  | { readonly kind: 'words' }
  | { readonly kind: 'unknown'; readonly name: string }
  | { readonly kind: 'slash'; readonly name: SlashName; readonly args: string };

/** What was typed: a command, a slip, or words. A path (`/etc/hosts …`) is words. */
export function parseSlash(text: string): Parsed {
  const match = /^\/([a-z?]*)(?:\s+([\s\S]*))?$/i.exec(text.trim());
  if (match === null) return { kind: 'words' };
  const typed = (match[1] ?? '').toLowerCase();
  const known = SLASHES.find((one) => one.name === (ALSO[typed] ?? typed));
  return known === undefined ? { kind: 'unknown', name: typed } : { kind: 'slash', name: known.name, args: match[2]?.trim() ?? '' };
}

/** What people type out of habit. */
const ALSO: Readonly<Record<string, SlashName>> = { exit: 'quit', q: 'quit', '': 'help', '?': 'help' };
