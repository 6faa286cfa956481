// What the live screen asks of the commands: caps, lists, the editor, the history.
import { historyFile } from '../config/dirs.ts';
import { nearest } from '../config/nearest.ts';
import { RedgreenError } from '../core/errors.ts';
import type { Limits } from '../core/events.ts';
import { addToHistory, readHistory } from '../effects/prompt-history.ts';
import { caps } from '../surfaces/describe.ts';
import { type Line, line, WHOLE } from '../surfaces/line.ts';
import type { Hooks, Shown } from '../surfaces/live/bridge.ts';
import { budgetOf } from './budget-words.ts';
import { type Context, configFor, type Flags } from './context.ts';
import { editText } from './edit-text.ts';
import { canResume, runsHere } from './find-runs.ts';
import { runLine } from './runs.ts';

/** Runs that `/runs` shows. */
const SHOWN = 20;

/** The hooks where one run is watched. */
export function runHooks(context: Context, flags: Flags): Hooks {
  const file = historyFile(context.dirs);
  return {
    command: async (name, args, run) => {
      if (name === 'runs') return runsLines(context, flags);
      if (name === 'budget') return args === '' ? capsOf(run) : newCaps(args, run, await limitsWith(context, flags, args));
      throw new RedgreenError('usage', `/${name} is for sessions: run redgreen without a task.`);
    },
    list: async (source) => (source === 'runs' ? (await runsHere(context, flags)).filter(canResume).map((run) => run.id) : []),
    edit: (text, signal) => editText(context, text, { name: 'plan.json', signal }),
    nearest,
    history: readHistory(file),
    remember: (text) => addToHistory(file, text),
  };
}

async function runsLines(context: Context, flags: Flags): Promise<readonly Line[]> {
  const found = await runsHere(context, flags);
  if (found.length === 0) return [line('quiet', 'runs', 'none yet')];
  const more = found.length - SHOWN;
  const rest = more > 0 ? [line('quiet', '', `and ${more} more: redgreen runs`)] : [];
  // The label's column is too narrow for a state.
  const lines = found.slice(0, SHOWN).map((run, at) => {
    const { tone, label, text } = runLine(run, false);
    return line(tone, at === 0 ? 'runs' : '', `${label.trim()} · ${text}`, WHOLE);
  });
  return [...lines, ...rest];
}

function capsOf(run: Shown | null): readonly Line[] {
  const limits = run?.state.run?.limits;
  return limits === undefined ? [] : [line('plain', 'budget', caps(limits))];
}

/** The caps that `words` give, checked as flags are. */
export async function limitsWith(context: Context, flags: Flags, words: string): Promise<Limits> {
  return (await configFor(context, { ...flags, ...budgetOf(words).flags })).limits;
}

/** Gives the run that works the caps that `words` name. The run says it by itself. */
export function newCaps(words: string, run: Shown | null, limits: Limits): readonly Line[] {
  const before = run?.state.run?.limits;
  if (run === null || before === undefined || run.state.ended !== null) return [line('plain', 'budget', caps(limits))];
  const changed = Object.fromEntries(budgetOf(words).limits.map((name) => [name, limits[name]]));
  const wrong = run.meeting.say({ type: 'limits', limits: { ...before, ...changed } });
  return wrong === null ? [] : [line('warn', 'budget', wrong)];
}
