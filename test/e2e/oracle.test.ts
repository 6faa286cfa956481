// A whole run whose plan has acceptance cases as data: the built command, a model on loopback, real boxes.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { CHEAT, HONEST, hexModel, TASK } from './hex.ts';
import { redgreen, workbench } from './redgreen.ts';
import { type Asked, type Reply, scripted } from './scripted.ts';

const open: { remove(): void | Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.remove();
});

async function run(script: (asked: Asked) => Reply | undefined) {
  const server = await scripted(script);
  const bench = workbench();
  open.push(bench, { remove: () => server.close() });
  const ran = await redgreen(['--json', '--mutants', '0', '--dir', 'hex', TASK], {
    cwd: bench.dir,
    home: bench.home,
    env: { OPENAI_BASE_URL: server.url },
  });
  const events = ran.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { ran, events, result: events.at(-1), asked: server.asked, repo: join(bench.dir, 'hex') };
}

const git = (dir: string, ...args: string[]) => execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' }).trim();

test('an honest project ends green, with the cases in the commit of the tests', async () => {
  const { ran, result, repo, asked } = await run(hexModel(HONEST, null));
  expect([ran.code, result?.['outcome'], ran.stderr]).toEqual([0, 'green', '']);
  expect(git(repo, 'ls-tree', '-r', '--name-only', 'HEAD~1')).toContain('test/oracle.json');
  expect(JSON.parse(git(repo, 'show', 'HEAD:test/oracle.json'))).toHaveProperty('properties');
  expect(JSON.parse(git(repo, 'show', 'HEAD:package.json')).scripts.test).not.toContain('oracle');
  expect(asked.some((a) => a.step === 'repair')).toBe(false);
  const author = asked.find((a) => a.subject === 'test/oracle.json');
  expect(author?.text).toContain('# The format of `test/oracle.json`');
});

test('a cheat that knows every visible test ends red, with a counterexample for the repairer', async () => {
  const { ran, result, events, asked } = await run(hexModel(CHEAT, null));
  expect([ran.code, result?.['outcome']]).toEqual([3, 'red']);
  const tested = events.find((e) => e['type'] === 'tested') as { tests: { id: string; status: string; why: string }[] };
  expect(tested.tests.filter((t) => t.status !== 'passed').map((t) => t.id)).toEqual(['test/oracle.json › every text reads back']);
  expect(asked.find((a) => a.step === 'repair')?.text).toMatch(/"inverse" does not hold: encode\(".*"\) gave "00", (?:and then )?decode/);
});

test('the repairer that mends it ends green', async () => {
  const { ran, result } = await run(hexModel(CHEAT, HONEST));
  expect([ran.code, result?.['outcome'], result?.['rounds']]).toEqual([0, 'green', 2]);
});

test('a wrong expectation is disputed like any test, and its author mends it', async () => {
  const honest = hexModel(HONEST, null);
  const { ran, result, asked, repo } = await run((one) => {
    const said = honest(one);
    if (one.step === 'repair' && one.n === 1) {
      const why = 'the task says UTF-8, and "hi" is 6869 in UTF-8; the case asks for 6868';
      return { text: '', calls: [{ name: 'dispute_test', args: { path: 'test/oracle.json', test: 'the command encodes', why } }] };
    }
    return one.subject === 'test/oracle.json' && one.n === 1 ? { text: (said?.text ?? '').replace('6869\\n', '6868\\n') } : said;
  });
  expect([ran.code, result?.['outcome']]).toEqual([0, 'green']);
  expect(asked.filter((a) => a.subject === 'test/oracle.json').at(-1)?.text).toMatch(/which is disputed/);
  expect(git(repo, 'show', 'HEAD~1:test/oracle.json')).toContain('6869\\n');
});
