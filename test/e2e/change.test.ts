// Changing code that exists, as a user does it: the built command, a model on loopback, a real box, real tests, real git.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git, model, repository, result } from './benches.ts';
import { GIVEN, pagesModel } from './pages.ts';
import { redgreen } from './redgreen.ts';

test('given tests are made to pass, in one request', async () => {
  const server = await model(pagesModel);
  const { repo, home } = repository();
  writeFileSync(join(repo, 'test/short-page.test.js'), GIVEN);
  const args = ['--json', '--tests', 'test/short-page.test.js', 'make these pass'];
  const ran = await redgreen(args, { cwd: repo, home, env: { OPENAI_BASE_URL: server.url } });
  expect(ran.stderr).toBe('');
  expect(result(ran.stdout)).toMatchObject({ outcome: 'green', branch: 'redgreen/make-these-pass', exitCode: 0 });
  expect(server.asked.map((a) => a.step)).toEqual(['repair']);
  expect(git(repo, 'diff', '--stat', 'main', 'redgreen/make-these-pass', '--', 'src')).toContain(
    '1 file changed, 1 insertion(+), 1 deletion(-)',
  );
  expect(git(repo, 'show', 'redgreen/make-these-pass:test/short-page.test.js')).toBe(GIVEN.trim());
  expect(git(repo, 'status', '--porcelain')).toBe('?? test/short-page.test.js');
});

test('a bug is shown by a test that is red on the code as it is, then mended; what failed before may fail still', async () => {
  const server = await model(pagesModel);
  const { repo, home } = repository();
  const ran = await redgreen(['--json', 'The last page is lost when it is short'], {
    cwd: repo,
    home,
    env: { OPENAI_BASE_URL: server.url },
  });
  expect(ran.stderr).toBe('');
  expect(result(ran.stdout)).toMatchObject({ outcome: 'green', exitCode: 0 });
  const branch = String(result(ran.stdout)['branch']);
  expect(git(repo, 'log', '--format=%s', `main..${branch}`).split('\n')).toEqual([
    'The last page is lost when it is short',
    'Test: The last page is lost when it is short',
  ]);
  expect(git(repo, 'diff', '--name-only', 'main', branch).split('\n')).toEqual(['src/pages.js', 'test/short-page.test.js']);
});

test('a change that breaks what passed before is not green', async () => {
  const breaks = {
    name: 'edit',
    args: { path: 'src/pages.js', edits: [{ find: 'Math.floor(total / size)', replace: 'Math.floor(total / size) + 1' }] },
  };
  const server = await model((asked) =>
    asked.step === 'repair' && asked.n > 1 ? { text: 'Nothing more.' } : asked.step === 'repair' ? { calls: [breaks] } : pagesModel(asked),
  );
  const { repo, home } = repository();
  const ran = await redgreen(['--json', '--rounds', '2', 'The last page is lost when it is short'], {
    cwd: repo,
    home,
    env: { OPENAI_BASE_URL: server.url },
  });
  expect(result(ran.stdout)).toMatchObject({ outcome: expect.stringMatching(/red|budget/) });
});

test('a command that fails is made to succeed', async () => {
  const server = await model(pagesModel);
  const { repo, home } = repository();
  writeFileSync(join(repo, 'check.mjs'), "import { pageCount } from './src/pages.js';\nprocess.exit(pageCount(11, 5) === 3 ? 0 : 1);\n");
  git(repo, 'add', '-A');
  git(repo, '-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '-qm', 'a check');
  const ran = await redgreen(['--json', '--check', 'node check.mjs', 'mend the page count'], {
    cwd: repo,
    home,
    env: { OPENAI_BASE_URL: server.url },
  });
  expect(result(ran.stdout)).toMatchObject({ outcome: 'green', reason: expect.stringContaining('exit code') });
});

test('tests that pass already leave nothing to do', async () => {
  const server = await model(pagesModel);
  const { repo, home } = repository();
  const ran = await redgreen(['--json', '--tests', 'test/pages.test.js', 'make these pass'], {
    cwd: repo,
    home,
    env: { OPENAI_BASE_URL: server.url },
  });
  expect(result(ran.stdout)).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining('nothing to do'), exitCode: 7 });
  expect(server.asked).toEqual([]);
});

test('a change that was interrupted goes on, and plays again from its tape', async () => {
  const slow = await model((asked) => (asked.step === 'repair' ? { ...pagesModel(asked), afterMs: 60_000 } : pagesModel(asked)));
  const { repo, home } = repository();
  writeFileSync(join(repo, 'test/short-page.test.js'), GIVEN);
  const args = ['--json', '--tests', 'test/short-page.test.js', 'make these pass'];
  const cut = await redgreen(args, { cwd: repo, home, env: { OPENAI_BASE_URL: slow.url }, interruptAt: '"id":"repair/round-0/1"' });
  expect(result(cut.stdout)).toMatchObject({ outcome: 'interrupted', exitCode: 130 });
  // What was given is the run's own: it is not read again.
  rmSync(join(repo, 'test/short-page.test.js'));
  const server = await model(pagesModel);
  const resumed = await redgreen(['resume', '--json'], { cwd: repo, home, env: { OPENAI_BASE_URL: server.url } });
  expect(result(resumed.stdout)).toMatchObject({ outcome: 'green', exitCode: 0 });
  const run = String(result(resumed.stdout)['run']);
  const replayed = await redgreen(['replay', '--json', run], { cwd: repo, home });
  expect(replayed.stderr).toBe('');
  expect(result(replayed.stdout)).toMatchObject({ outcome: 'green', exitCode: 0 });
  expect(server.asked).toHaveLength(1);
});

test('only tests that the change can reach are run where that is wanted', async () => {
  const server = await model(pagesModel);
  const { repo, home } = repository();
  const env = { OPENAI_BASE_URL: server.url, REDGREEN_TESTS_SCOPE: 'related' };
  const ran = await redgreen(['--json', 'The last page is lost when it is short'], { cwd: repo, home, env });
  expect(result(ran.stdout)).toMatchObject({ outcome: 'green', reason: expect.stringContaining('and 1 that passed before') });
});

test('a command that writes JUnit XML runs the tests, where the settings of the project say so', async () => {
  const server = await model(pagesModel);
  const { repo, home } = repository();
  const script = `import { readdirSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
const cases = readdirSync('test').map((name) => {
  const { status } = spawnSync(process.execPath, ['test/' + name], { env: { ...process.env, NODE_TEST_CONTEXT: '' } });
  return \`<testcase name="\${name}" file="test/\${name}">\${status === 0 ? '' : '<failure message="it failed"/>'}</testcase>\`;
});
writeFileSync('report.xml', \`<testsuite name="all" tests="\${cases.length}">\${cases.join('')}</testsuite>\`);
`;
  mkdirSync(join(repo, '.redgreen'));
  writeFileSync(join(repo, '.redgreen/config.yaml'), 'runner: junit\njunit.command: node all-tests.mjs\njunit.report: [report.xml]\n');
  writeFileSync(join(repo, 'all-tests.mjs'), script);
  git(repo, 'add', '-A');
  git(repo, '-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '-qm', 'JUnit');
  const ran = await redgreen(['--json', 'The last page is lost when it is short'], {
    cwd: repo,
    home,
    env: { OPENAI_BASE_URL: server.url },
  });
  expect(ran.stderr).toBe('');
  expect(result(ran.stdout)).toMatchObject({
    outcome: 'green',
    reason: expect.stringMatching(/and 1 that passed before.*a JUnit report that the tested process wrote itself/),
  });
});

test('a task that no test can show ends unproven, with the branch kept', async () => {
  const untestable = { name: 'untestable', args: { why: 'only words of the README change' } };
  const edit = { name: 'edit', args: { path: 'README.md', edits: [{ find: 'Cuts lists', replace: 'Cuts long lists' }] } };
  const server = await model(({ step, n }) => {
    if (step === 'reproduce') return { text: '', calls: [untestable] };
    return n === 1 ? { text: '', calls: [edit] } : { text: 'Done.' };
  });
  const { repo, home } = repository();
  const ran = await redgreen(['--json', 'say that lists are long'], { cwd: repo, home, env: { OPENAI_BASE_URL: server.url } });
  expect(result(ran.stdout)).toMatchObject({ outcome: 'unproven', exitCode: 3 });
  expect(git(repo, 'diff', '--name-only', 'main', String(result(ran.stdout)['branch']))).toBe('README.md');
});
