// The first lines: what is asked for, what goes on, and where.
import { type Role, roleOf, type Step } from '../../../core/model.ts';
import { awaitsPlan } from '../../../core/reduce-words.ts';
import { oneLine } from '../../../core/sanitise.ts';
import { slugOf } from '../../../core/slug.ts';
import type { State } from '../../../core/state.ts';
import { askedAgainAt, doing, howFar } from '../../doing.ts';
import type { Tint } from '../../views/styled.ts';
import { time } from '../../words.ts';
import { apart, joined, type Pieces, widthOf } from '../paint/paint-spans.ts';
import type { Symbols } from '../paint/symbols.ts';
import type { View } from './view.ts';

const PRODUCT: Pieces = [
  { text: 'redgreen', tone: 'strong' },
  { text: '  ', tone: 'plain' },
];
/** Columns below which what goes on has a line of its own. */
const WIDE = 72;
/** Columns of the task that are worth showing. */
const SHORTEST_TASK = 20;

/** One to three lines, at most `most`. */
export function headerRows(view: View, symbols: Symbols, columns: number, now: number, most: number): readonly Pieces[] {
  const activity = activityOf(view, symbols, now);
  if (most < 2) return [activity];
  const task: Pieces = [...PRODUCT, { text: oneLine(view.state.run?.title ?? '', columns), tone: 'plain' }];
  const place = placeOf(view, columns);
  const room = columns - widthOf(PRODUCT) - widthOf(activity) - 2;
  const rows = columns >= WIDE && room >= SHORTEST_TASK ? [apart(task, activity, columns), place] : [task, activity, place];
  return rows.filter((row) => row.length > 0).slice(0, most);
}

/** What goes on, behind a mark that changes once a second while something does. */
export function activityOf(view: View, symbols: Symbols, now: number): Pieces {
  const { state, progress, wait } = view;
  if (state.ended) return [endOf(state, symbols)];
  const said = (mark: string, text: string, tone: Tint): Pieces => [{ text: `${mark} ${text}`, tone }];
  if (state.pausedAt !== null) {
    const rest = underWay(state) ? ', what is under way ends' : '';
    return said(symbols.paused, `paused for ${time(Math.floor(Math.max(0, now - state.pausedAt) / 1000) * 1000)}${rest}`, 'warn');
  }
  if (awaitsPlan(state)) return said(symbols.asks, 'the plan waits for your word', 'cyan');
  const beat = symbols.beat[Math.floor(now / 1000) % 2] ?? '';
  const far = howFar(progress, state, now);
  if (askedAgainAt(progress, state, now) !== null) return said(symbols.paused, `${waitOf(wait.reason)}${far}`, 'warn');
  return [
    { text: `${beat} `, tone: 'cyan' },
    // What stands after a comma is for those who do not see the rest of the screen.
    { text: doing(state).split(',')[0] ?? '', tone: 'strong' },
    { text: far, tone: 'quiet' },
  ];
}

/** The first sentence of why it waits; one that is too long would lose its end, which says what is wrong. */
function waitOf(reason: string): string {
  const first = oneLine(reason.split('. ')[0] ?? '', 200);
  return first !== '' && first.length <= 40 ? first : 'waiting for the model';
}

function underWay(state: State): boolean {
  return Object.keys(state.inflight).some((id) => !id.startsWith('deadline/'));
}

/** An outcome with its mark: what may be trusted is green, what failed red, all else yellow. */
function endOf(state: State, symbols: Symbols): Pieces[number] {
  const outcome = state.ended?.outcome ?? 'failed';
  if (outcome === 'green') return { text: `${symbols.passed} green`, tone: 'good', bold: true };
  if (outcome === 'red' || outcome === 'failed') return { text: `${symbols.failed} ${outcome}`, tone: 'bad', bold: true };
  return { text: `${symbols.warning} ${outcome}`, tone: 'warn', bold: true };
}

/** Branch, box and model, as far as they are known. An unsafe box comes first: it must not be cut off. */
function placeOf(view: View, columns: number): Pieces {
  const branch = branchOf(view.state);
  const model = modelOf(view);
  const parts: Pieces[] = [
    branch === null ? [] : [{ text: oneLine(branch, columns), tone: 'plain' }],
    boxOf(view.state),
    model === '' ? [] : [{ text: oneLine(model, columns), tone: 'quiet' }],
  ];
  return joined(view.state.box?.safe === false ? [boxOf(view.state), ...parts.toSpliced(1, 1)] : parts);
}

/** The branch that the work goes to; null before it is known. Its end may still become `-2` when the name is taken. */
function branchOf(state: State): string | null {
  const plan = state.plan ?? state.planning.candidate;
  return (
    state.shipped?.branch ?? state.ended?.branch ?? state.run?.onto?.branch ?? (plan === null ? null : `redgreen/${slugOf(plan.name)}`)
  );
}

function boxOf({ box }: State): Pieces {
  if (box === null) return [];
  if (!box.safe) return [{ text: 'NO SANDBOX: never green', tone: 'warn', bold: true }];
  return [{ text: box.rung.split(',')[0] ?? box.rung, tone: 'quiet' }];
}

const ROLES: readonly Role[] = ['plan', 'tests', 'draft', 'repair'];
/** Those that are at work where code exists. */
const CHANGING: readonly Role[] = ['tests', 'repair'];

/** The models of the roles that are at work, or of all when none is. */
function modelOf(view: View): string {
  const { run, inflight } = view.state;
  if (run === null) return '';
  if (run.source !== 'live') return `tape (${run.source})`;
  const ids = Object.keys(inflight);
  const asked = new Set(ids.map((id) => roleOf((id.split('/', 1)[0] ?? '') as Step)));
  const busy = ROLES.filter((role) => asked.has(role));
  const names = (busy.length > 0 ? busy : run.mode === 'new' ? ROLES : CHANGING).map(
    (role) => view.models[role] ?? run.models[role][0] ?? '',
  );
  return [...new Set(names)].filter((name) => name !== '').join(' + ');
}
