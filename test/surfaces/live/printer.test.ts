import { expect, it } from 'vitest';
import { line } from '../../../src/surfaces/line.ts';
import { createPrinter } from '../../../src/surfaces/live/printer.ts';

const one = (text: string) => [line('plain', '', text)];

it('hands over one batch at a time, and everything once and in order', async () => {
  const printer = createPrinter();
  const printed: string[] = [];
  const draw = () => {
    const { number, lines } = printer.get();
    printed.push(...lines.map((l) => l.text));
    printer.drawn(number);
  };
  printer.push(one('a'));
  printer.push(one('b'));
  printer.push(one('c'));
  expect(printer.get().lines.map((l) => l.text)).toEqual(['a']);
  draw();
  expect(printer.get().lines.map((l) => l.text)).toEqual(['b', 'c']);
  // A batch that was drawn before changes nothing.
  printer.drawn(1);
  draw();
  await printer.drained();
  expect(printed).toEqual(['a', 'b', 'c']);
});

it('keeps what comes while another program has the terminal', async () => {
  const printer = createPrinter();
  printer.push(one('a'));
  let isFree = false;
  const held = printer.hold().then(() => {
    isFree = true;
  });
  await Promise.resolve();
  expect(isFree).toBe(false);
  printer.drawn(1);
  await held;
  printer.push(one('b'));
  expect(printer.get().number).toBe(1);
  let isDrained = false;
  const drained = printer.drained().then(() => {
    isDrained = true;
  });
  await Promise.resolve();
  expect(isDrained).toBe(false);
  printer.release();
  expect(printer.get()).toMatchObject({ number: 2, lines: [{ text: 'b' }] });
  printer.drawn(2);
  await drained;
});
