// From an issue to a pull request, as a user does it: the built command, a program called gh, a real remote, a model on loopback.
import { execFileSync } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { ANSWERS, ISSUE, makeForge } from './forge.ts';
import { pagesModel } from './pages.ts';
import { redgreen, workbench } from './redgreen.ts';
import { type Scripted, scripted } from './scripted.ts';

const open: Scripted[] = [];
const benches: { remove(): void }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
  for (const bench of benches.splice(0)) bench.remove();
});

const git = (dir: string, ...args: string[]) => execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' }).trim();
const result = (text: string) => JSON.parse(text.trim().split('\n').at(-1) ?? '{}') as Record<string, unknown>;

async function bench(answers?: Readonly<Record<string, unknown>>) {
  const made = workbench();
  benches.push(made);
  const server = await scripted(pagesModel);
  open.push(server);
  const forge = makeForge(made.dir, answers);
  const env = { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: 'sk-not-for-gh-0000', ...forge.env };
  const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    redgreen(args, { cwd: forge.repo, home: made.home, env: { ...env, ...more } });
  return { ...forge, server, run };
}

test('an issue becomes a branch and, asked for, a pull request; the model is told whose words they are', async () => {
  const { repo, remote, server, calls, run, hookRan } = await bench();
  const ran = await run(['--json', '--issue', '7', '--pr', '--yes', 'look at pageCount']);
  const branch = 'redgreen/the-last-page-is-lost-when-it-is';
  expect(result(ran.stdout)).toMatchObject({
    outcome: 'green',
    branch,
    pullRequest: 'https://github.com/someone/pages/pull/8',
    exitCode: 0,
  });
  expect(ran.code).toBe(0);
  expect(JSON.parse(ran.stdout.split('\n')[0] ?? '')).toMatchObject({ issue: { number: 7, title: ISSUE.title, url: ISSUE.url } });
  const said = JSON.stringify(server.asked[0]?.body);
  expect(said).toContain('written by others');
  expect(said).toContain('A comment by @ann');
  expect(said).toContain('The user says: look at pageCount');
  expect(said).not.toContain('delete the tests');
  expect(git(remote, 'rev-parse', branch)).toBe(git(repo, 'rev-parse', branch));
  expect(git(repo, 'log', '-1', '--format=%b', branch)).toContain('Fixes #7');
  expect(hookRan()).toBe(false);
  const all = calls();
  expect(all.map((c) => c.args.slice(0, 2).join(' '))).toEqual(['issue view', 'repo view', 'repo view', 'pr create']);
  expect(all.every((c) => c.key === null)).toBe(true);
  const made = all.at(-1);
  expect(made?.args).toEqual([
    'pr',
    'create',
    '--repo',
    'https://github.com/someone/pages',
    '--head',
    branch,
    '--title',
    ISSUE.title,
    '--body-file',
    '-',
  ]);
  expect(made?.input).toContain('- `src/pages.js` (+1 −1)');
  expect(made?.input).toContain(`redgreen verify ${branch} --expect ${String(result(ran.stdout)['proof'])}`);
  expect(made?.input.endsWith('Fixes #7')).toBe(true);
  expect(git(repo, 'status', '--porcelain')).toBe('');
});

test('what stands in the way is one sentence, before anything is spent', async () => {
  const { server, run, calls } = await bench({
    ...ANSWERS,
    'issue view': { error: 'GraphQL: Could not resolve to an issue or pull request with the number of 9.', code: 1 },
  });
  const cases: [string[], Record<string, string>, string][] = [
    [['--issue', '9'], {}, "redgreen: There is no issue #9 in this repository's GitHub project.\n"],
    [['--issue', 'x'], {}, 'redgreen: --issue takes the number of an issue, like --issue 12.\n'],
    [['--pr', 'do it'], {}, 'redgreen: --pr asks before it pushes, and there is no terminal to answer in: add --yes.\n'],
    [
      ['--issue', '7'],
      { PATH: '/nonexistent' },
      'redgreen: gh was not found: install it (https://cli.github.com), log in with gh auth login, and try again.\n',
    ],
  ];
  for (const [args, env, stderr] of cases) {
    const ran = await run(args, env);
    expect([ran.code, ran.stderr]).toEqual([2, stderr]);
  }
  expect(server.asked).toEqual([]);
  expect(calls().length).toBe(1);
});

test('a refused pull request leaves the branch, and ends with 2', async () => {
  const { repo, run } = await bench({
    ...ANSWERS,
    'pr create': { error: 'pull request create failed: GraphQL: No commits between main and x', code: 1 },
  });
  const ran = await run(['--pr', '--yes', 'The last page is lost when it is short']);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain('gh pr create failed: pull request create failed: GraphQL: No commits between main and x.');
  expect(ran.stdout).toContain('green');
  expect(git(repo, 'branch', '--list', 'redgreen/*')).not.toBe('');
});
