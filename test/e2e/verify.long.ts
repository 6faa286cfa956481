// A branch proven once is proven again elsewhere, and every way of bending it is noticed.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { redgreen, workbench } from './redgreen.ts';
import { romanModel, TASK } from './roman.ts';
import { type Scripted, scripted } from './scripted.ts';

const BRANCH = 'redgreen/roman-numerals';
const bench = workbench();
const origin = join(bench.dir, 'roman');
let server: Scripted;
let digest = '';

const git = (dir: string, ...args: string[]) =>
  execFileSync('git', ['-C', dir, '-c', 'user.name=Someone', '-c', 'user.email=someone@example.org', ...args], { encoding: 'utf8' }).trim();

beforeAll(async () => {
  server = await scripted(romanModel);
  const ran = await redgreen(['--json', '--dir', 'roman', TASK], {
    cwd: bench.dir,
    home: bench.home,
    env: { OPENAI_BASE_URL: server.url },
  });
  expect(ran.code).toBe(0);
  digest = git(origin, 'log', '-1', '--format=%(trailers:key=Redgreen-Proof,valueonly)');
}, 180_000);

afterAll(async () => {
  await server.close();
  bench.remove();
});

async function verify(dir: string, ...args: string[]) {
  const ran = await redgreen(['verify', '--json', ...args], { cwd: dir, home: bench.home });
  expect(ran.stderr).toBe('');
  const said = JSON.parse(ran.stdout) as {
    verdict: string;
    reason?: string;
    findings?: string[];
    remarks?: string[];
    exitCode: number;
    tests: number;
  };
  expect(ran.code).toBe(said.exitCode);
  return said;
}

let n = 0;
/** A clone with the branch checked out; `notes` brings the record along. */
function clone(notes = false): string {
  const dir = join(bench.dir, `clone-${++n}`);
  execFileSync('git', ['clone', '-q', '-b', BRANCH, origin, dir]);
  if (notes) git(dir, 'fetch', '-q', 'origin', 'refs/notes/redgreen:refs/notes/redgreen');
  return dir;
}

/** Writes a file (null: removes it) and stages it. */
function put(dir: string, path: string, text: string | null): void {
  const file = join(dir, path);
  if (text === null) rmSync(file);
  else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  git(dir, 'add', '-A');
}

/** The tip's commit once more, with what is staged, keeping its message. */
const amend = (dir: string) => git(dir, 'commit', '-q', '--amend', '--no-edit', '--no-verify');

test('the record is an in-toto statement on the commit, and its digest stands in the commit', () => {
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  const statement = JSON.parse(git(origin, 'notes', '--ref=redgreen', 'show', BRANCH)) as {
    subject: { digest: { gitTree: string } }[];
    predicate: {
      result: string;
      passedTests: string[];
      redgreen: { seeds: number[]; red: unknown[]; tests: { digest: { gitCommit: string } } };
    };
  };
  expect(statement.subject[0]?.digest.gitTree).toBe(git(origin, 'rev-parse', `${BRANCH}^{tree}`));
  expect(statement.predicate.result).toBe('PASSED');
  expect(statement.predicate.passedTests).toHaveLength(8);
  expect(statement.predicate.redgreen.seeds).toHaveLength(3);
  expect(statement.predicate.redgreen.tests.digest.gitCommit).toBe(git(origin, 'rev-parse', `${BRANCH}~1`));
});

test('it holds where it was made, and in a clone with and without the record', async () => {
  const head = git(origin, 'rev-parse', 'HEAD');
  const before = git(origin, 'status', '--porcelain=v2', '--branch') + git(origin, 'for-each-ref');
  expect(await verify(origin, BRANCH)).toMatchObject({ verdict: 'holds', commit: head, findings: [], remarks: [], tests: 8, runs: 3 });
  expect(git(origin, 'status', '--porcelain=v2', '--branch') + git(origin, 'for-each-ref')).toBe(before);
  const plain = await verify(clone());
  expect(plain).toMatchObject({ verdict: 'holds', digest: null });
  expect(plain.remarks?.join()).toContain('git fetch origin refs/notes/redgreen');
  expect(await verify(clone(true), '--expect', digest)).toMatchObject({ verdict: 'holds', digest });
});

test('what cannot be checked is said with exit code 2', async () => {
  const dir = clone();
  expect(await verify(dir, 'no-such-branch')).toMatchObject({ verdict: 'unknown', exitCode: 2 });
  expect(await verify(dir, '--expect', digest)).toMatchObject({
    exitCode: 2,
    reason: expect.stringContaining('git fetch origin refs/notes/redgreen'),
  });
  expect(await verify(dir, '--expect', 'abc')).toMatchObject({ exitCode: 2 });
  // The commit itself names another record: that is known without one.
  expect(await verify(dir, '--expect', `sha256:${'0'.repeat(64)}`)).toMatchObject({ exitCode: 3 });
  expect(await verify(bench.dir)).toMatchObject({ exitCode: 2, reason: expect.stringContaining('no git repository') });
  git(dir, 'checkout', '-q', '--orphan', 'other');
  git(dir, 'commit', '-qm', 'Something else');
  expect(await verify(dir)).toMatchObject({ exitCode: 2, reason: expect.stringContaining('No commit of redgreen') });
  const shallow = join(bench.dir, 'shallow');
  execFileSync('git', ['clone', '-q', '--depth=1', '-b', BRANCH, `file://${origin}`, shallow]);
  expect(await verify(shallow)).toMatchObject({ exitCode: 2, reason: expect.stringContaining('--unshallow') });
});

test('code that comes with changed, new or steering files does not hold', async () => {
  const ways: readonly (readonly [path: string, text: string | null, finding: RegExp])[] = [
    ['test/cli.test.ts', "import { test } from 'node:test';\ntest('fine', () => {});\n", /test\/cli\.test\.ts was locked/],
    ['test/roman.test.ts', null, /test\/roman\.test\.ts was locked/],
    ['package.json', '{"type":"module","scripts":{"test":"true"}}', /package\.json was locked/],
    ['.npmrc', 'script-shell=/bin/true\n', /\.npmrc steers/],
    ['test/more.test.ts', "import { test } from 'node:test';\ntest('fine', () => {});\n", /test\/more\.test\.ts steers/],
    ['vitest.config.ts', 'export default {};\n', /vitest\.config\.ts steers/],
  ];
  for (const [path, text, finding] of ways) {
    const dir = clone();
    put(dir, path, text);
    amend(dir);
    const said = await verify(dir);
    expect(said, path).toMatchObject({ verdict: 'differs', exitCode: 3 });
    expect(said.findings?.join('\n')).toMatch(finding);
  }
});

test('code that is wrong, commits on top, and tests and code in one commit do not hold', async () => {
  const broken = clone();
  put(broken, 'src/roman.ts', readFileSync(join(broken, 'src/roman.ts'), 'utf8').replace("  ['IV', 4],\n", ''));
  amend(broken);
  expect((await verify(broken)).findings?.join()).toContain('the tests are red');
  put(broken, 'notes.txt', 'more');
  git(broken, 'commit', '-qm', 'More');
  expect((await verify(broken)).findings?.join()).toContain('after the proven one');

  const squashed = clone();
  const message = git(squashed, 'log', '-1', '--format=%B');
  git(squashed, 'reset', '-q', '--soft', 'HEAD~1');
  git(squashed, 'commit', '-q', '--amend', '-m', message);
  expect(await verify(squashed)).toMatchObject({ verdict: 'unknown', exitCode: 2 });
});

test('a record that was rewritten around weaker tests is refused', async () => {
  const dir = clone(true);
  const [message, record] = [git(dir, 'log', '-1', '--format=%B'), git(dir, 'notes', '--ref=redgreen', 'show', 'HEAD')];
  const testsMessage = git(dir, 'log', '-1', '--format=%B', 'HEAD~1');
  const code = git(dir, 'rev-parse', 'HEAD');
  // The tests' commit anew, with a test that passes always; then the code on top, with a record to match.
  git(dir, 'checkout', '-q', '--detach', 'HEAD~1');
  const weak =
    "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport '../src/cli.ts';\ntest('runs', () => assert.ok(true));\n";
  put(dir, 'test/cli.test.ts', weak);
  git(dir, 'commit', '-q', '--amend', '-m', testsMessage);
  git(dir, 'checkout', '-q', code, '--', 'src', 'README.md');
  git(dir, 'commit', '-qm', message);
  const tree = git(dir, 'rev-parse', 'HEAD^{tree}');
  const forged = record.replace(/"gitTree": "[0-9a-f]+"/, `"gitTree": "${tree}"`);
  git(dir, 'notes', '--ref=redgreen', 'add', '-f', '-m', forged, 'HEAD');
  const said = await verify(dir);
  expect(said).toMatchObject({ verdict: 'differs', exitCode: 3 });
  expect(said.findings?.join('\n')).toContain('no test of test/cli.test.ts fails on stubs');
  expect((await verify(dir, '--expect', digest)).findings?.join('\n')).toContain('not the expected one');
  // A record about something else on the right commit.
  const other = clone(true);
  git(other, 'notes', '--ref=redgreen', 'add', '-f', '-m', '{"_type":"x"}', 'HEAD');
  expect((await verify(other)).findings?.join('\n')).toContain('no in-toto statement');
});
