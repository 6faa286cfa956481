// A change that a run made is proven again in a clone, by the built command.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GIVEN, makeRepository, PAGES, pagesModel } from './pages.ts';
import { redgreen, workbench } from './redgreen.ts';
import { type Scripted, scripted } from './scripted.ts';

const bench = workbench();
const git = (dir: string, ...args: string[]) =>
  execFileSync('git', ['-C', dir, '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { encoding: 'utf8' }).trim();
let server: Scripted;
let count = 0;

beforeAll(async () => {
  server = await scripted(pagesModel);
});
afterAll(async () => {
  await server.close();
  bench.remove();
});

/** Runs redgreen in a new repository of these files and gives a clone of what came of it, with the record. */
async function changed(files: Readonly<Record<string, string>>, args: readonly string[], loose: Readonly<Record<string, string>> = {}) {
  const dir = join(bench.dir, `origin-${++count}`);
  makeRepository(dir, files);
  for (const [path, text] of Object.entries(loose)) writeFileSync(join(dir, path), text);
  server.asked.length = 0;
  const ran = await redgreen(['--json', ...args], { cwd: dir, home: bench.home, env: { OPENAI_BASE_URL: server.url } });
  const branch = String((JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '{}') as { branch: string }).branch);
  const clone = join(bench.dir, `clone-${count}`);
  execFileSync('git', ['clone', '-q', '-b', branch, dir, clone]);
  git(clone, 'fetch', '-q', 'origin', 'refs/notes/redgreen:refs/notes/redgreen');
  return { dir, clone, branch };
}

async function verify(dir: string, ...args: string[]) {
  const ran = await redgreen(['verify', '--json', ...args], { cwd: dir, home: bench.home });
  expect(ran.stderr).toBe('');
  const said = JSON.parse(ran.stdout) as Readonly<Record<string, unknown>> & { readonly remarks: readonly string[] };
  expect(ran.code).toBe(said['exitCode']);
  return said;
}

test('a bug that the run reproduced in a test of its own', async () => {
  const { clone, dir } = await changed(PAGES, ['The last page is lost when it is short']);
  const digest = git(clone, 'log', '-1', '--format=%(trailers:key=Redgreen-Proof,valueonly)');
  const before = git(clone, 'status', '--porcelain=v2', '--branch') + git(clone, 'for-each-ref');
  const said = await verify(clone, '--expect', digest);
  expect(said).toMatchObject({ verdict: 'holds', findings: [], tests: 1, runs: 3, digest, suite: { passed: 2, unsteady: [] } });
  expect(git(clone, 'status', '--porcelain=v2', '--branch') + git(clone, 'for-each-ref')).toBe(before);
  expect(git(dir, 'status', '--porcelain')).toBe('');
  // The code's commit once more, with a test weakened on the way.
  writeFileSync(join(clone, 'test/pages.test.js'), '');
  git(clone, 'commit', '-qa', '--amend', '--no-edit');
  expect(await verify(clone)).toMatchObject({ verdict: 'differs', exitCode: 3, runs: 0 });
});

test('given tests: new ones, and such as were committed already', async () => {
  const loose = await changed(PAGES, ['--tests', 'test/short-page.test.js', 'make these pass'], { 'test/short-page.test.js': GIVEN });
  expect(await verify(loose.clone)).toMatchObject({ verdict: 'holds', findings: [], tests: 1, suite: { passed: 2 } });
  const known = await changed({ ...PAGES, 'test/short-page.test.js': GIVEN }, ['--tests', 'test/short-page.test.js', 'make these pass']);
  const said = await verify(known.clone);
  expect(said).toMatchObject({ verdict: 'holds', findings: [], tests: 1, suite: { passed: 2 } });
});

test('a command: with it, and not without', async () => {
  const check = "import { pageCount } from './src/pages.js';\nprocess.exit(pageCount(11, 5) === 3 ? 0 : 1);\n";
  const { clone } = await changed({ ...PAGES, 'check.mjs': check }, ['--check', 'node check.mjs', 'mend the page count']);
  expect(await verify(clone)).toMatchObject({ verdict: 'unknown', exitCode: 2, reason: expect.stringContaining('--check') });
  expect(await verify(clone, '--check', 'node check.mjs')).toMatchObject({ verdict: 'holds', tests: 1 });
});
