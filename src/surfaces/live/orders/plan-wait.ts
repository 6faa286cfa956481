// A plan that waits for a word: the countdown after which it is approved, and the editor on it.
import { asError } from '../../../core/errors.ts';
import type { Event } from '../../../core/events.ts';
import { awaitsPlan } from '../../../core/reduce-words.ts';
import type { State } from '../../../core/state.ts';
import { line, WHOLE } from '../../line.ts';
import { type Bridge, patch } from '../bridge.ts';

export interface PlanWait {
  /** Follows the run. */
  event(event: Event, state: State): void;
  /** A key was pressed: the plan waits until it is told. */
  hold(): void;
  approve(): void;
  reject(remark: string): void;
  /** Opens the editor on the plan. */
  edit(): Promise<void>;
  /** The run is over. */
  close(): void;
}

/** @param after milliseconds after which a plan is approved by itself; null for never */
export function createPlanWait(bridge: Bridge, after: number | null): PlanWait {
  let timer: NodeJS.Timeout | undefined;
  /** What the user wrote and the run did not take. */
  let draft: string | null = null;
  const { ui, print, now } = bridge;
  const say = (lines: readonly string[]) => print(lines.map((text) => line('warn', 'plan', text, WHOLE)));
  const close = () => {
    clearTimeout(timer);
    draft = null;
    patch(bridge, { plan: null });
  };
  const approve = () => {
    clearTimeout(timer);
    const wrong = bridge.shown()?.meeting.say({ type: 'approve' });
    if (wrong) say([wrong]);
  };
  const open = (state: State) => {
    clearTimeout(timer);
    const { vetted, violations } = state.planning;
    const isBusy = ui.get().desk.editor.text !== '';
    const until = vetted && after !== null && !isBusy ? now() + after : null;
    patch(bridge, { plan: { until, sound: vetted } });
    if (until !== null) timer = setTimeout(approve, until - now());
    if (vetted) draft = null;
    else say(violations.slice(0, 5).map((v) => `${v.where}: ${v.message}`));
  };
  const hold = () => {
    clearTimeout(timer);
    ui.set((u) => (u.plan === null || u.plan.until === null ? u : { ...u, plan: { ...u.plan, until: null } }));
  };
  return {
    event: (event, state) => {
      if (!awaitsPlan(state)) {
        if (ui.get().plan !== null) close();
      } else if (event.type === 'plan.vetted' || event.type === 'resumed') open(state);
    },
    hold,
    approve,
    reject: (remark) => {
      const wrong = bridge.shown()?.meeting.say({ type: 'reject', remark });
      if (wrong) say([wrong]);
    },
    edit: async () => {
      hold();
      const shown = bridge.shown();
      if (shown === null || ui.get().plan === null) return say(['No plan waits for your word.']);
      const before = draft ?? planText(shown.state);
      try {
        const text = withoutComment(await bridge.edit(withComment(before, shown.state)));
        if (text.trim() === '' || (text === before && draft === null)) return say(['It stays as it is.']);
        draft = text;
        const wrong = shown.meeting.say({ type: 'edit', text });
        if (wrong) say([wrong, 'e opens the editor on it again.']);
      } catch (thrown) {
        say([asError(thrown).message]);
      }
    },
    close,
  };
}

function planText(state: State): string {
  return `${JSON.stringify(state.planning.candidate, null, 2)}\n`;
}

function withComment(text: string, { planning }: State): string {
  const wrong = planning.edited ? planning.violations.map((v) => `// What is wrong: ${v.where}: ${v.message.replace(/\s+/g, ' ')}`) : [];
  const head = ['// The plan. Change it, save and close; an empty file leaves it as it is. These lines are left out.', ...wrong];
  return `${head.join('\n')}\n${text}`;
}

/** Without the comment lines on top. */
function withoutComment(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(/^(\s*\/\/[^\n]*(\n|$))+/, '');
}
