import { expect, it } from 'vitest';
import { slashesOf } from '../../../../src/surfaces/live/orders/slash.ts';
import { deskOf, pasted } from '../../../../src/surfaces/live/prompt/desk.ts';
import { promptFrame } from '../../../../src/surfaces/live/prompt/prompt-frame.ts';
import { emptyUi } from '../../../../src/surfaces/live/ui.ts';

const typed = (text: string, rows: number) => promptFrame(emptyUi(pasted(deskOf([]), text), true), { columns: 80, rows }, 0);

it('counts the choices for which there is no room', () => {
  const all = slashesOf(true).length;
  for (const rows of [20, 24, 40]) {
    const frame = typed('/', rows);
    expect(frame.choices.length + frame.more).toBe(all);
    expect(frame.height).toBe(frame.rows.length + frame.choices.length + 1);
    expect(frame.height).toBeLessThanOrEqual(Math.floor(rows / 3));
  }
  expect(typed('/co', 24)).toMatchObject({ choices: [{ name: '/cost' }, { name: '/continue' }], more: 0, height: 3 });
});
