import type { Key } from 'ink';
import { describe, expect, it } from 'vitest';
import { parseSlash } from '../../../../src/surfaces/live/orders/slash.ts';
import { type Act, choicesOf, type Desk, deskOf, pasted, press } from '../../../../src/surfaces/live/prompt/desk.ts';
import { expanded } from '../../../../src/surfaces/live/prompt/editor.ts';
import { isKept, sent } from '../../../../src/surfaces/live/prompt/history.ts';
import { pressesOf } from '../../../../src/surfaces/live/prompt/keys.ts';

const NO_KEY: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};
type Typed = string | Partial<Key>;
const around = { width: 40, session: true, lists: { files: ['src/money.ts', 'src/cli.ts', 'test/money.test.ts'], runs: [] } };

function type(desk: Desk, ...keys: readonly Typed[]): { readonly desk: Desk; readonly acts: readonly Act[]; readonly line: string } {
  const acts: Act[] = [];
  let now = desk;
  for (const key of keys) {
    const presses = typeof key === 'string' ? pressesOf(key, NO_KEY) : pressesOf('', { ...NO_KEY, ...key });
    for (const one of presses) {
      const moved = press(now, one, around);
      now = moved.desk;
      if (moved.act !== null) acts.push(moved.act);
    }
  }
  return { desk: now, acts, line: expanded(now.editor) };
}

const enter = { return: true };
const send = (text: string) => ({ type: 'send', text });

describe('the prompt line', () => {
  it('sends what is typed, also when it comes in one piece', () => {
    expect(type(deskOf([]), 'a tool', enter).acts).toEqual([send('a tool')]);
    expect(type(deskOf([]), 'one\rtwo\r').acts).toEqual([send('one'), send('two')]);
  });

  it('takes line breaks by Alt-Enter, Shift-Enter, Ctrl-J and a backslash', () => {
    for (const key of [{ return: true, meta: true }, { return: true, shift: true }, '\n'] as const)
      expect(type(deskOf([]), 'a', key, 'b', enter).acts).toEqual([send('a\nb')]);
    expect(type(deskOf([]), 'a\\', enter, 'b', enter).acts).toEqual([send('a\nb')]);
  });

  it('sends nothing of a long piece that may be a paste before its end', () => {
    const text = `${'a long line of a paste\r'.repeat(20)}end`;
    expect(type(deskOf([]), text).acts).toEqual([]);
    expect(type(deskOf([]), text).line).toBe(text.replaceAll('\r', '\n'));
  });

  it('knows control characters within a piece', () => {
    expect(type(deskOf([]), 'ello\u0001h').line).toBe('hello');
    expect(type(deskOf([]), 'abc\u0015').line).toBe('');
  });

  it('goes through what was typed before, and loses no draft', () => {
    const up = { upArrow: true };
    const down = { downArrow: true };
    const desk = deskOf(['first', 'second']);
    expect(type(desk, 'dra', up).line).toBe('second');
    expect(type(desk, 'dra', up, up, up).line).toBe('first');
    expect(type(desk, 'dra', up, up, down, down).line).toBe('dra');
    // An older entry that was changed stays so until something is sent.
    expect(type(desk, up, '!', up, down).line).toBe('second!');
    const again = type(desk, 'dra', up, enter);
    expect([again.acts, again.line]).toEqual([[send('second')], 'dra']);
    expect(again.desk.history.entries).toEqual(['first', 'second']);
  });

  it('keeps no line that begins with a space, none twice in a row, and the last thousand', () => {
    const { history } = deskOf(['same']);
    expect([isKept(history, ' secret'), isKept(history, 'same'), isKept(history, '  '), isKept(history, 'other')]).toEqual([
      false,
      false,
      false,
      true,
    ]);
    let long = history;
    for (let i = 0; i < 1200; i++) long = sent(long, `task ${i}`);
    expect([long.entries.length, long.entries.at(-1)]).toEqual([1000, 'task 1199']);
  });

  it('moves within several lines before it goes into the history', () => {
    const desk = type(deskOf(['older']), 'one', '\n', 'two').desk;
    expect(type(desk, { upArrow: true }, 'X').line).toBe('oneX\ntwo');
    expect(type(desk, { upArrow: true }, { upArrow: true }).line).toBe('older');
  });

  it('keeps a cut text with its paste over a sent line', () => {
    const log = 'x\n'.repeat(40);
    const cut = type(pasted(deskOf([]), log), '\u0015', 'other', enter, '\u0019');
    expect(cut.line).toBe(log);
  });
});

describe('commands', () => {
  const names = (desk: Desk) => choicesOf(desk, around).map((one) => one.line.trim());

  it('are shown when a slash is typed, and completed by Tab', () => {
    expect(names(type(deskOf([]), '/co').desk)).toEqual(['/cost', '/continue']);
    expect(type(deskOf([]), '/dif', { tab: true }).line).toBe('/diff ');
    expect(type(deskOf([]), '/co', { downArrow: true }, { downArrow: true }, { tab: true }).line).toBe('/continue');
    expect(names(type(deskOf([]), 'words /co').desk)).toEqual([]);
  });

  it('run by Enter when it is clear which is meant, and are never guessed', () => {
    expect(type(deskOf([]), '/cost', enter).acts).toEqual([send('/cost')]);
    expect(type(deskOf([]), '/ver', enter).acts).toEqual([send('/verify')]);
    expect(type(deskOf([]), '/re', enter).acts).toEqual([]);
    expect(type(deskOf([]), '/co', { downArrow: true }, enter).acts).toEqual([send('/cost')]);
    expect(type(deskOf([]), '/dfif', enter).acts).toEqual([send('/dfif')]);
  });

  it('complete their arguments from a list', () => {
    expect(names(type(deskOf([]), '/diff mon').desk)).toEqual(['/diff src/money.ts', '/diff test/money.test.ts']);
    expect(type(deskOf([]), '/diff cli', { tab: true }, enter).acts).toEqual([send('/diff src/cli.ts')]);
    expect(type(deskOf([]), '/diff src/cli.ts', enter).acts).toEqual([send('/diff src/cli.ts')]);
    expect(type(deskOf([]), '/diff', enter).acts).toEqual([send('/diff')]);
  });

  it('are put away by Esc, until the text changes', () => {
    const away = type(deskOf([]), '/co', { escape: true });
    expect([away.acts, names(away.desk)]).toEqual([[], []]);
    expect(names(type(away.desk, 's').desk)).toEqual(['/cost']);
    expect(type(away.desk, { escape: true }).acts).toEqual([{ type: 'escape' }]);
  });

  it('are read with their arguments; a path is no command', () => {
    expect(parseSlash('/Diff src/a.ts ')).toEqual({ kind: 'slash', name: 'diff', args: 'src/a.ts' });
    expect(parseSlash('/queue one\ntwo')).toEqual({ kind: 'slash', name: 'queue', args: 'one\ntwo' });
    expect(parseSlash('/exit')).toEqual({ kind: 'slash', name: 'quit', args: '' });
    expect(parseSlash('/etc/hosts is parsed wrongly')).toEqual({ kind: 'words' });
    expect(parseSlash('/dfif')).toEqual({ kind: 'unknown', name: 'dfif' });
  });
});

describe('keys', () => {
  const one = (input: string, key: Partial<Key>) => pressesOf(input, { ...NO_KEY, ...key });
  it('mean what they do in a shell', () => {
    expect(one('a', { ctrl: true })).toEqual([{ type: 'edit', edit: 'home' }]);
    expect(one('b', { meta: true })).toEqual([{ type: 'edit', edit: 'wordLeft' }]);
    expect(one('', { leftArrow: true, ctrl: true })).toEqual([{ type: 'edit', edit: 'wordLeft' }]);
    expect(one('', { backspace: true, meta: true })).toEqual([{ type: 'edit', edit: 'cutWordLeft' }]);
    expect(one('c', { ctrl: true })).toEqual([{ type: 'interrupt' }]);
    expect(one('q', { ctrl: true })).toEqual([]);
    expect(one('a', { eventType: 'release' })).toEqual([]);
  });
});
