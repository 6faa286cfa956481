// The page in a real browser, where there is one.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closing, middle, opening } from '../events.ts';
import { type Browser, findBrowser, startBrowser } from './browser.ts';
import { materialOf, pageOf } from './material.ts';

const program = findBrowser();
const dir = mkdtempSync(join(tmpdir(), 'redgreen-report-'));
const file = join(dir, 'report.html');
const long = `${'a very long line of code '.repeat(20)}\n`;
const page = pageOf(
  materialOf([...opening, ...middle, ...closing], {
    task: 'Counts words.\n\nIn files.',
    files: [
      { path: 'src/count.ts', part: 'code', before: null, after: long.repeat(5), draft: long },
      { path: `src/${'deep/'.repeat(30)}file.ts`, part: 'code', before: 'a\nb\n', after: 'a\nc\n', draft: null },
    ],
    rounds: [
      {
        column: 1,
        failing: [{ id: `test › ${'x'.repeat(200)}`, message: long, frames: [] }],
        outside: [],
        broken: null,
        output: '',
        saw: [{ where: 'message 1 (user)', text: long }],
        turns: [
          {
            attempt: 1,
            model: 'm',
            text: '',
            calls: [{ name: 'edit', args: [['path', 'src/a.ts']], result: 'done' }],
            changed: [],
            refused: [],
          },
        ],
      },
    ],
  }),
);

const wide = { width: 1280, height: 900, dark: false };
const phone = { width: 360, height: 740, dark: true };
/** Everything that can be opened, opened. */
const OPEN_ALL = `document.querySelectorAll('details').forEach((d) => { d.open = true; })`;
/** Canvases on which something is painted, by the figure that they stand in. */
const PAINTED = `[...document.querySelectorAll('figure[data-chart] canvas')].filter((c) => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v > 0)).map((c) => c.closest('figure').dataset.chart)`;

describe.skipIf(program === null)(program === null ? 'no Chromium on this machine: not looked at' : 'in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    writeFileSync(file, page);
    browser = await startBrowser(program ?? '');
  });
  afterAll(async () => {
    await browser.close();
    rmSync(dir, { recursive: true, force: true });
  });

  for (const [name, look] of Object.entries({ wide, phone })) {
    it(`draws its charts, asks for nothing and breaks no rule (${name})`, async () => {
      const opened = await browser.open(file, look);
      expect({ said: opened.said, violations: opened.violations, requests: opened.requests }).toEqual({
        said: [],
        violations: [],
        requests: [],
      });
      expect(await opened.evaluate(PAINTED)).toEqual(['tests', 'money', 'tokens']);
      await opened.evaluate(OPEN_ALL);
      expect(await opened.evaluate<number>('document.scrollingElement.scrollWidth')).toBeLessThanOrEqual(look.width);
    });
  }

  it('takes the colours that the reader prefers', async () => {
    const colour = 'getComputedStyle(document.body).backgroundColor';
    const light = await (await browser.open(file, wide)).evaluate<string>(colour);
    const dark = await (await browser.open(file, { ...wide, dark: true })).evaluate<string>(colour);
    expect([light, dark]).toEqual(['rgb(250, 250, 248)', 'rgb(19, 21, 24)']);
  });

  it('says by keyboard what a box of the timeline is', async () => {
    const opened = await browser.open(file, wide);
    await opened.evaluate(`document.querySelector('[data-timeline] rect[tabindex="0"]').focus()`);
    const tip = `(({ hidden, textContent }) => hidden ? '' : textContent)(document.getElementById('tip'))`;
    expect(await opened.evaluate(tip)).toContain('plan');
    await opened.press('ArrowRight');
    await opened.press('ArrowRight');
    expect(await opened.evaluate(tip)).toContain('src/count.ts · 2 s: 640 B · openai/gpt-5.4');
  });

  it('goes on paper in black on white, without what is only for the screen', async () => {
    const opened = await browser.open(file, { ...wide, dark: true });
    await opened.print();
    const style = (selector: string, name: string) => opened.evaluate(`getComputedStyle(document.querySelector('${selector}')).${name}`);
    expect([await style('body', 'backgroundColor'), await style('body', 'color')]).toEqual(['rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
    expect([await style('nav', 'display'), await style('.copy', 'display'), await style('.diff', 'maxHeight')]).toEqual([
      'none',
      'none',
      'none',
    ]);
  });

  it('without scripts shows the numbers as tables', async () => {
    const opened = await browser.open(file, { ...wide, scripts: false });
    const tables = `[...document.querySelectorAll('details[data-figures]')].map((d) => d.open && d.querySelector('table').offsetHeight > 0)`;
    expect(await opened.evaluate(tables)).toEqual([true, true, true, true]);
    expect(await opened.evaluate<number>(`document.querySelectorAll('.canvas:not([hidden])').length`)).toBe(0);
  });

  it('would be noticed if it broke a rule', async () => {
    const bad = join(dir, 'bad.html');
    writeFileSync(
      bad,
      page.replace('</main>', '<img src="http://127.0.0.1:9/x.png"><p style="color:red">x</p><script>console.log(1)</script></main>'),
    );
    const { violations } = await browser.open(bad, wide);
    expect(violations.map((one) => one.split(' ')[0]).toSorted()).toEqual(['img-src', 'script-src-elem', 'style-src-attr']);
  });
});
