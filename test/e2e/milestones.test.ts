// A task in several runs, as a user does it: the built command, a model on loopback, real boxes, real tests, real git.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { makeRepository } from './pages.ts';
import { redgreen, workbench } from './redgreen.ts';
import { type Asked, type Reply, type Scripted, scripted } from './scripted.ts';
import { BODY, builder, codeOf, divided, type Name, TASK, testOf } from './sums.ts';

vi.setConfig({ testTimeout: 180_000 });

const open: Scripted[] = [];
const benches: { remove(): void }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
  for (const bench of benches.splice(0)) bench.remove();
});

const git = (dir: string, ...args: string[]) => execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' }).trim();
const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function bench(script: (asked: Asked) => Reply | undefined) {
  const made = workbench();
  benches.push(made);
  const server = await scripted(script);
  open.push(server);
  const run = async (args: readonly string[], cwd = made.dir) => {
    const ran = await redgreen(['--json', ...args], { cwd, home: made.home, env: { OPENAI_BASE_URL: server.url } });
    const events = lines(ran.stdout);
    return { ...ran, events, result: events.at(-1), runs: events.filter((e) => e['type'] === 'run.created') };
  };
  return { dir: made.dir, run, asked: server.asked };
}

test('three parts in a new repository, the second divided anew: one branch, each part proven before the next', async () => {
  // After the first part the model joins nothing, but turns the order round.
  const { dir, run, asked } = await bench(builder([divided('add', 'twice', 'square'), divided('square', 'twice'), divided('twice')]));
  const { result, runs, stderr } = await run(['--milestones', 'always', '--dir', 'sums', TASK]);
  expect([stderr, result]).toEqual(['', expect.objectContaining({ outcome: 'green', branch: 'redgreen/sums', exitCode: 0 })]);
  expect(result).toMatchObject({
    reason: expect.stringContaining('all 3 milestones are green'),
    milestones: [
      { title: 'Provide add', run: runs[0]?.['run'], outcome: 'green' },
      { title: 'Provide square', run: runs[1]?.['run'], outcome: 'green' },
      { title: 'Provide twice', run: runs[2]?.['run'], outcome: 'green' },
    ],
  });
  expect(git(join(dir, 'sums'), 'log', '--format=%s', 'redgreen/sums').split('\n').length).toBe(6);
  expect(git(join(dir, 'sums'), 'ls-tree', '-r', '--name-only', 'redgreen/sums', 'src').split('\n')).toEqual([
    'src/add.ts',
    'src/square.ts',
    'src/twice.ts',
  ]);
  expect(runs[2]).toMatchObject({
    series: { first: runs[0]?.['run'], n: 3, done: ['Provide add', 'Provide square'] },
    onto: { branch: 'redgreen/sums', run: runs[1]?.['run'] },
  });
  const [, second] = asked.filter((a) => a.step === 'slices');
  expect(second?.text).toContain('- Provide add');
  expect(second?.text).toContain('What was thought to come next');
  const plans = asked.filter((a) => a.step === 'plan');
  expect(plans[1]?.text).toContain('Do all of it, and nothing that belongs to a later one.');
  expect(Number(result?.['tokens'])).toBeGreaterThan(12_000);
  const verified = await run(['verify', 'redgreen/sums', '--expect', String(result?.['proof'])], join(dir, 'sums'));
  expect([verified.code, verified.stderr]).toEqual([0, '']);
  const replayed = await run(['replay', String(runs[1]?.['run'])], join(dir, 'sums'));
  expect(replayed.result).toMatchObject({ outcome: 'green', source: 'replay' });
});

test('a second part that is not green keeps the first: its branch stays proven', async () => {
  const wrong = (name: Name) => (name === 'twice' ? codeOf(name).replace('a * 2', 'a * 3') : codeOf(name));
  const { dir, run } = await bench(builder([divided('add', 'twice', 'square'), divided('twice', 'square')], wrong));
  const { result, code } = await run(['--milestones', 'always', '--dir', 'sums', TASK]);
  expect(code).toBe(3);
  expect(result).toMatchObject({
    outcome: 'red',
    branch: 'redgreen/sums-2',
    milestones: [{ outcome: 'green' }, { title: 'Provide twice', outcome: 'red' }],
    reason: expect.stringMatching(/^milestone 2 of 3 \(Provide twice\): .*stays proven on redgreen\/sums; still to do: Provide square$/),
  });
  const repo = join(dir, 'sums');
  expect(git(repo, 'log', '-1', '--format=%(trailers:key=Redgreen-Outcome,valueonly)', 'redgreen/sums')).toBe('green');
  expect(git(repo, 'merge-base', 'redgreen/sums', 'redgreen/sums-2')).toBe(git(repo, 'rev-parse', 'redgreen/sums'));
});

test('the caps are for all parts together; with more of them the last run goes on, and so do the parts after it', async () => {
  const { dir, run } = await bench(builder([divided('add', 'twice', 'square'), divided('twice', 'square'), divided('square')]));
  // Five requests would do for one part and the division of the rest.
  const { result, code } = await run(['--milestones', 'always', '--requests', '6', '--dir', 'sums', TASK]);
  expect(code).toBe(4);
  expect(result).toMatchObject({ outcome: 'budget', branch: 'redgreen/sums', milestones: [{ outcome: 'green' }, { outcome: 'budget' }] });
  const more = await run(['resume'], join(dir, 'sums'));
  expect(more.result).toMatchObject({
    outcome: 'green',
    branch: 'redgreen/sums',
    reason: expect.stringContaining('all 3 milestones are green'),
  });
});

test('two parts in a repository that exists, each with its own test and change', async () => {
  let now: Name = 'twice';
  const division = [divided('twice', 'square'), divided('square')];
  const { dir, run, asked } = await bench(({ step, n }) => {
    if (step === 'slices') {
      if (n > 1) now = 'square';
      return { text: division[n - 1] ?? '' };
    }
    const write = (path: string, content: string) => ({ calls: [{ name: 'write', args: { path, content } }] });
    const turn = asked.filter((a) => a.step === step && a.text !== '').length;
    const isFirst = step === 'reproduce' ? turn % 2 === 1 : true;
    if (step === 'reproduce') return isFirst ? write(`test/${now}.test.js`, testOf(now, 'js')) : { text: 'It is not there.' };
    return write(`src/${now}.js`, `export function ${now}(a, b) {\n  return ${BODY[now]};\n}\n`);
  });
  const repo = join(dir, 'repo');
  makeRepository(repo);
  const { result, stderr } = await run(['--milestones', 'always', `${TASK} Only twice and square are missing.`], repo);
  expect([stderr, result]).toEqual(['', expect.objectContaining({ outcome: 'green', exitCode: 0 })]);
  const branch = String(result?.['branch']);
  expect(git(repo, 'log', '--format=%s', `main..${branch}`).split('\n')).toEqual([
    'Provide square',
    'Test: Provide square',
    'Provide twice',
    'Test: Provide twice',
  ]);
  expect(git(repo, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('main');
  const verified = await run(['verify', branch, '--expect', String(result?.['proof'])], repo);
  expect([verified.code, verified.stderr]).toEqual([0, '']);
});
