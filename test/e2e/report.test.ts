// The page of a real run, made by the built command.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findBrowser, startBrowser } from '../surfaces/report/browser.ts';
import { redgreen, workbench } from './redgreen.ts';
import { romanModel, TASK } from './roman.ts';
import { scripted } from './scripted.ts';

const bench = workbench();
afterAll(() => bench.remove());

test('a run with a failing round becomes a page that shows it, and holds in a browser', async () => {
  const server = await scripted(romanModel);
  const { dir, home } = bench;
  const ran = await redgreen(['--json', '--dir', 'roman', TASK], { cwd: dir, home, env: { OPENAI_BASE_URL: server.url } });
  await server.close();
  expect(ran.code).toBe(0);
  const reported = await redgreen(['report', '--out', 'page.html'], { cwd: join(dir, 'roman'), home });
  expect(reported).toEqual({ code: 0, stdout: 'page.html\n', stderr: '' });
  const file = join(dir, 'roman', 'page.html');
  const page = readFileSync(file, 'utf8');
  const missing = [
    '<p class="word">green</p>',
    'At the first draft 6 of 8 passed.',
    'IV is missing.',
    'What the model saw (',
    '<ins data-n="13">  [&#39;IV&#39;, 4],',
    'redgreen verify redgreen/roman-numerals --expect sha256:',
    'Red evidence: 8 of 8 tests failed without the code',
  ].filter((text) => !page.includes(text));
  expect(missing).toEqual([]);
  expect(statSync(file).size).toBeLessThan(400_000);
  const program = findBrowser();
  if (program === null) return;
  const browser = await startBrowser(program);
  const opened = await browser.open(file, { width: 360, height: 740, dark: false });
  const seen = { said: opened.said, violations: opened.violations, requests: opened.requests };
  const ready = await opened.evaluate('document.documentElement.dataset.ready');
  await browser.close();
  expect({ ...seen, ready }).toEqual({ said: [], violations: [], requests: [], ready: 'yes' });
});
