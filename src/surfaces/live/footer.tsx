import { Text, useInput } from 'ink';
import { useRef, useState } from 'react';
import { oneLine } from '../../core/sanitise.ts';
import { wordOf } from '../ask.ts';
import type { Word } from '../surface.ts';
import { paintOf } from './paint.tsx';

export interface FooterProps {
  readonly color: boolean;
  readonly columns: number;
  /** Takes the user's word on the plan; null when nothing is asked. */
  readonly answer: ((word: Word | null) => void) | null;
  readonly interrupted: boolean;
  readonly interrupt: () => void;
}

/** The last line: a hint, or the question on the plan with what is typed. Ctrl-C always reaches `interrupt`. */
export function Footer({ color, columns, answer, interrupted, interrupt }: FooterProps) {
  const [shown, setShown] = useState('');
  // Several keys may come before the next frame.
  const typed = useRef('');
  const type = (text: string) => {
    typed.current = text;
    setShown(text);
  };
  useInput((input, key) => {
    if (key.ctrl && input === 'c') return interrupt();
    if (answer === null) return;
    if (key.backspace || key.delete) return type([...typed.current].slice(0, -1).join(''));
    // What is pasted comes in one piece, also with its line breaks; the last one is Enter.
    const pasted = /^([\s\S]*?)[\r\n]+$/.exec(input);
    if (!key.ctrl && !key.meta && !key.return) type(typed.current + (pasted?.[1] ?? input).replace(/[\r\n]+/g, ' '));
    if (!key.return && pasted === null) return;
    const words = typed.current;
    type('');
    answer(wordOf(words));
  });
  const hint = interrupted ? 'stopping; Ctrl-C again leaves at once' : 'Ctrl-C stops and keeps the work';
  const text = answer === null ? hint : `Go on? Enter: yes · no: stop · or say what to change › ${oneLine(shown, columns)}`;
  return (
    <Text wrap={answer === null ? 'truncate' : 'truncate-start'} {...paintOf(color, answer === null ? 'quiet' : 'strong')}>
      {text}
    </Text>
  );
}
