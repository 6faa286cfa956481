// The shipped recording: everything but the model's replies is real.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { redgreen, workbench } from './redgreen.ts';

const bench = workbench();
afterAll(() => bench.remove());

test('the demo ends green without a key, and says that the replies are recorded', async () => {
  const dir = join(bench.dir, 'demo');
  const ran = await redgreen(['demo', '--dir', dir, '--plain'], { cwd: bench.dir, home: bench.home });
  expect(ran.stderr).toBe('');
  expect(ran.stdout).toContain('replies come from a tape (demo); everything else is real');
  expect(ran.stdout).toMatch(/^green /m);
  expect(ran.stdout).toContain(`git -C ${dir} log -p redgreen/`);
  expect(ran.stdout).toMatch(/^yours {5}bin\/redgreen --dir NEW/m);
  expect(ran.code).toBe(0);
  const files = execFileSync('git', ['-C', dir, 'ls-files'], { encoding: 'utf8' }).split('\n');
  expect(files.filter((f) => f.startsWith('src/')).length).toBeGreaterThanOrEqual(4);
  expect(files.filter((f) => f.startsWith('test/')).length).toBeGreaterThanOrEqual(3);
});
