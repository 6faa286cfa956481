// The keys of the pager, as in less.
import type { Key } from 'ink';
import { safe } from '../../views/styled.ts';
import { atEnd, atStart, filtered, moved, type Reading, type Size, sought, turned } from './pager-reading.ts';

/** What a key leads to: another place in the view, or out of it. */
export type Step = Reading | 'leave' | 'interrupt';

type Act = (reading: Reading, size: Size) => Step;

const row =
  (by: number): Act =>
  (r, size) =>
    moved(r, by, size);
const screen =
  (by: number): Act =>
  (r, size) =>
    moved(r, Math.trunc(by * size.rows), size);
const turn =
  (by: number): Act =>
  (r) =>
    turned(r, r.page + by);
const seek =
  (step: 1 | -1): Act =>
  (r, size) =>
    sought(r, r.wanted, step, size);
const side =
  (step: 1 | -1): Act =>
  (r, size) =>
    r.wraps
      ? { ...r, note: 'w cuts long lines; then left and right move' }
      : { ...r, left: Math.max(0, r.left + step * Math.floor(size.columns / 2)) };

interface Binding {
  readonly keys: readonly string[];
  readonly act: Act;
}

/** What the help shows: keys in words, what they do, and how. */
const TABLE: readonly { readonly shown: string; readonly does: string; readonly bindings: readonly Binding[] }[] = [
  {
    shown: 'j k, arrows, Enter',
    does: 'a row down or up',
    bindings: [
      { keys: ['j', 'e', 'down', 'enter', 'ctrl-n', 'ctrl-e'], act: row(1) },
      { keys: ['k', 'y', 'up', 'ctrl-p', 'ctrl-y'], act: row(-1) },
    ],
  },
  {
    shown: 'Space b, PgDn PgUp',
    does: 'a window down or up',
    bindings: [
      { keys: [' ', 'f', 'pageDown', 'ctrl-f', 'ctrl-v'], act: screen(1) },
      { keys: ['b', 'pageUp', 'backspace', 'ctrl-b'], act: screen(-1) },
    ],
  },
  {
    shown: 'Ctrl-D Ctrl-U',
    does: 'half a window down or up',
    bindings: [
      { keys: ['d', 'ctrl-d'], act: screen(0.5) },
      { keys: ['u', 'ctrl-u'], act: screen(-0.5) },
    ],
  },
  {
    shown: 'g G, Home End',
    does: 'to the beginning, to the end',
    bindings: [
      { keys: ['g', '<', 'home'], act: atStart },
      { keys: ['G', '>', 'end'], act: atEnd },
    ],
  },
  {
    shown: 'Tab Shift-Tab, ] [',
    does: 'the next page, the one before',
    bindings: [
      { keys: [']', 'tab'], act: turn(1) },
      { keys: ['[', 'backTab'], act: turn(-1) },
    ],
  },
  {
    shown: '/ then n N',
    does: 'search; the next place, the one before',
    bindings: [
      { keys: ['/'], act: (r) => ({ ...r, typing: { kind: '/', text: '' } }) },
      { keys: ['n'], act: seek(1) },
      { keys: ['N'], act: seek(-1) },
    ],
  },
  {
    shown: '&',
    does: 'show only the lines that hold some text; Esc shows all again',
    bindings: [{ keys: ['&'], act: (r) => filtered({ ...r, typing: { kind: '&', text: '' } }, '') }],
  },
  {
    shown: 'w, left right',
    does: 'cut long lines instead of wrapping them; move sideways',
    bindings: [
      { keys: ['w'], act: (r) => ({ ...r, wraps: !r.wraps, left: 0, note: r.wraps ? 'long lines are cut' : 'long lines wrap' }) },
      { keys: ['left'], act: side(-1) },
      { keys: ['right'], act: side(1) },
    ],
  },
  { shown: 'h', does: 'these keys', bindings: [{ keys: ['h', '?'], act: (r) => ({ ...r, help: true }) }] },
  {
    shown: 'q, Esc',
    does: 'back',
    bindings: [
      { keys: ['q', 'Q'], act: () => 'leave' },
      { keys: ['escape'], act: (r) => (r.filter === '' ? 'leave' : filtered(r, '')) },
    ],
  },
  { shown: 'Ctrl-C', does: 'back, and what Ctrl-C does there', bindings: [{ keys: ['ctrl-c'], act: () => 'interrupt' }] },
];

const ACTS: ReadonlyMap<string, Act> = new Map(
  TABLE.flatMap(({ bindings }) => bindings.flatMap(({ keys, act }) => keys.map((key) => [key, act] as const))),
);

/** What the help shows. */
export const HELP: readonly (readonly [string, string])[] = TABLE.map(({ shown, does }) => [shown, does]);

/** Takes an event of the keyboard. Fast typing brings several characters in one. */
export function pressed(reading: Reading, input: string, key: Key, size: Size): Step {
  let step: Step = reading;
  for (const name of namesOf(input, key)) {
    if (typeof step !== 'string') step = press(step, name, size);
  }
  return step;
}

/** Text that was pasted goes where something is typed, and nowhere else: no key of it may act. */
export function pasted(reading: Reading, text: string): Reading {
  return reading.typing === null ? reading : typed(reading, reading.typing.text + safe(text));
}

function press(reading: Reading, name: string, size: Size): Step {
  if (name === 'ctrl-c') return 'interrupt';
  if (reading.typing !== null) return whileTyping(reading, reading.typing, name, size);
  const calm = { ...reading, note: '', help: false };
  return reading.help ? calm : (ACTS.get(name)?.(calm, size) ?? calm);
}

function whileTyping(reading: Reading, { kind, text }: NonNullable<Reading['typing']>, name: string, size: Size): Reading {
  const done = { ...reading, typing: null };
  if (name === 'escape' || (name === 'backspace' && text === '')) return kind === '&' ? filtered(done, '') : done;
  if (name === 'enter') return kind === '/' && text !== '' ? sought({ ...done, hit: null }, text, 1, size) : done;
  if (name === 'backspace') return typed(reading, [...text].slice(0, -1).join(''));
  if (name === 'ctrl-u') return typed(reading, '');
  return [...name].length === 1 ? typed(reading, text + safe(name)) : reading;
}

function typed(reading: Reading, text: string): Reading {
  if (reading.typing === null) return reading;
  const next = { ...reading, typing: { ...reading.typing, text } };
  return reading.typing.kind === '&' ? filtered(next, text) : next;
}

const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\t', 'tab'],
]);

/** The keys of an event of ink's, each a name or the character that it writes. */
function namesOf(input: string, key: Key): readonly string[] {
  if (key.eventType === 'release') return [];
  if (key.tab) return [key.shift ? 'backTab' : 'tab'];
  if (key.return) return ['enter'];
  if (key.backspace || key.delete) return ['backspace'];
  for (const name of ['escape', 'home', 'end', 'pageDown', 'pageUp'] as const) if (key[name]) return [name];
  for (const name of ['up', 'down', 'left', 'right'] as const) if (key[`${name}Arrow`]) return [name];
  if (key.ctrl) return [`ctrl-${input}`];
  return key.meta ? [] : Array.from(input, (char) => CONTROLS.get(char) ?? char);
}
