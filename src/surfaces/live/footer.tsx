import { Text, useInput } from 'ink';
import { useState } from 'react';
import { oneLine } from '../../core/sanitise.ts';
import { decisionOf } from '../ask.ts';
import type { Decision } from '../surface.ts';
import { paintOf } from './paint.tsx';

export interface FooterProps {
  readonly color: boolean;
  readonly columns: number;
  /** Takes the user's word on the plan; null when nothing is asked. */
  readonly answer: ((decision: Decision) => void) | null;
  readonly interrupted: boolean;
  readonly interrupt: () => void;
}

/** The last line: a hint, or the question on the plan with what is typed. Ctrl-C always reaches `interrupt`. */
export function Footer({ color, columns, answer, interrupted, interrupt }: FooterProps) {
  const [typed, setTyped] = useState('');
  useInput((input, key) => {
    if (key.ctrl && input === 'c') return interrupt();
    if (answer === null) return;
    if (key.return) {
      setTyped('');
      answer(decisionOf(typed));
    } else if (key.backspace || key.delete) setTyped((text) => [...text].slice(0, -1).join(''));
    else if (!key.ctrl && !key.meta) setTyped((text) => text + input);
  });
  const hint = interrupted ? 'stopping; Ctrl-C again leaves at once' : 'Ctrl-C stops and keeps the work';
  const text = answer === null ? hint : `Go on? Enter: yes · no: stop · or say what to change › ${oneLine(typed, columns)}`;
  return (
    <Text wrap={answer === null ? 'truncate' : 'truncate-start'} {...paintOf(color, answer === null ? 'quiet' : 'strong')}>
      {text}
    </Text>
  );
}
