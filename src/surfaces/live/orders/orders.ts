// Carries out the commands that begin with a slash.
import { asError } from '../../../core/errors.ts';
import { type Line, line, WHOLE } from '../../line.ts';
import type { Word } from '../../surface.ts';
import { type Bridge, patch } from '../bridge.ts';
import type { ViewName } from '../pager/views.ts';
import { helpLines } from './help.ts';
import type { PlanWait } from './plan-wait.ts';
import { type SlashName, slashesOf } from './slash.ts';
import type { Wishes } from './wishes.ts';

export interface OrdersOptions {
  readonly bridge: Bridge;
  readonly plan: PlanWait;
  readonly wishes: Wishes;
  /** Stops the run as Ctrl-C does. */
  readonly stop: () => void;
  /** Opens a view at what its second argument names. */
  readonly open: (view: ViewName, find: string) => Promise<void>;
}

/** What to do for each command; an error is one sentence on the screen. */
export function createOrders({ bridge, plan, wishes, stop, open }: OrdersOptions): (name: SlashName, args: string) => void {
  const { ui, print, hooks } = bridge;
  const warn = (text: string) => print([line('warn', '', text, WHOLE)]);
  const say = (word: Word) => {
    const run = ui.get().phase === 'working' ? bridge.shown() : null;
    const wrong = run === null ? 'No run works.' : run.meeting.say(word);
    if (wrong !== null) warn(wrong);
  };
  const above = async (name: SlashName, args: string) => {
    patch(bridge, { busy: name === 'verify' || name === 'report' || name === 'pr' ? `/${name} is at work` : null });
    print(await hooks.command(name, args, bridge.shown()));
  };
  const inside: Partial<Record<SlashName, (args: string) => unknown>> = {
    plan: (args) => (args === 'edit' ? plan.edit() : open('plan', args)),
    diff: (args) => open('diff', args),
    tests: (args) => open('tests', args),
    log: (args) => open('log', args),
    cost: (args) => open('cost', args),
    pause: () => say({ type: 'pause' }),
    continue: () => say({ type: 'continue' }),
    stop: () => (ui.get().phase === 'idle' ? warn('No run works.') : stop()),
    resume: (args) =>
      ui.get().phase === 'idle'
        ? wishes.give({ type: 'resume', run: args === '' ? null : args })
        : warn('A run works; /resume is for afterwards.'),
    queue: (args) => wishes.queue(args),
    help: () => print(helpLines(ui.get().session)),
    quit: () => {
      if (ui.get().phase !== 'idle') stop();
      wishes.leave();
    },
  };
  return (name, args) => {
    if (!slashesOf(ui.get().session).some((one) => one.name === name))
      return warn(`/${name} is for sessions: run redgreen without a task.`);
    Promise.resolve()
      .then(() => (inside[name] ?? ((given: string) => above(name, given)))(args))
      .catch((thrown: unknown) => warn(asError(thrown).message))
      .finally(() => patch(bridge, { busy: null }));
  };
}

/** The sentence for a command that there is not. */
export function unknownSlash(name: string, session: boolean, nearest: (word: string, names: readonly string[]) => string | null): Line {
  const guess = nearest(
    name,
    slashesOf(session).map((one) => one.name),
  );
  return line('warn', '', `There is no /${name}; ${guess === null ? '/help lists the commands' : `did you mean /${guess}?`}`);
}
