// Runs Rust tests and writes our report. Runs inside the box: node cargo_test.mjs < settings
// cargo builds the test binaries, which are run here: what they print is checked against the list of their tests and their own counts.
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { buildTargets, readPackage, targetsOf } from './cargo_build.mjs';
import { ending, execute, writableTree } from './exec.mjs';
import { agrees, readList, readRun } from './libtest_output.mjs';
import { openReport, readSettings, said } from './report.mjs';

const settings = readSettings();
const { treeDir, files, flags, silenceMs, buildMs } = settings;
const report = openReport(settings, 'cargo');
// cargo writes a lock file where there is none.
const tree = existsSync(join(treeDir, 'Cargo.lock')) ? treeDir : writableTree(treeDir);
const target = join(tmpdir(), 'cargo-target');
const env = {
  CARGO_HOME: join(tmpdir(), 'cargo-home'),
  ...process.env,
  CARGO_NET_OFFLINE: 'true',
  CARGO_TARGET_DIR: target,
  CARGO_INCREMENTAL: '0',
  CARGO_TERM_COLOR: 'never',
  CARGO_PROFILE_DEV_DEBUG: 'line-tables-only',
  CARGO_PROFILE_TEST_DEBUG: 'line-tables-only',
  RUST_BACKTRACE: '1',
};
const sysroot = (await execute(['rustc', '--print', 'sysroot'], { cwd: '/', env, silenceMs })).stdout.trim();
/** Most tests of one binary that may hang before the others are given up. */
const MOST_HANGING = 3;

if (sysroot === '') for (const file of files) fail(file, said('', 'rustc could not be started in the box.'));
else for (const [manifest, wanted] of Map.groupBy(files, manifestOf)) await runPackage(manifest, wanted);
report.finish();

/** The nearest Cargo.toml above a file, from the tree. */
function manifestOf(file) {
  for (let dir = dirname(file); ; dir = dirname(dir)) {
    if (existsSync(join(tree, dir, 'Cargo.toml'))) return join(dir, 'Cargo.toml');
    if (dir === '.') return '';
  }
}

function fail(path, error) {
  const here = (text) => (tree === treeDir ? text : text.replaceAll(`${tree}/`, `${treeDir}/`));
  report.file(path, { ...error, stack: here(error.stack), detail: here(error.detail) });
}

async function runPackage(manifest, wanted) {
  const pack = manifest === '' ? 'no Cargo.toml lies above it' : await readPackage(manifest, { tree, env, buildMs });
  if (typeof pack === 'string') {
    for (const file of wanted) fail(file, said('', pack));
    return;
  }
  const byTarget = new Map();
  for (const file of wanted) {
    const own = targetsOf(pack, file);
    for (const one of own) byTarget.set(one, [...(byTarget.get(one) ?? []), file]);
    if (own.length === 0 && /#\[(?:\w+::)*test\b/.test(textOf(file)))
      fail(file, said('', `No test target of ${manifest} holds this file.`));
  }
  const { built, failed } = await buildTargets(pack, [...byTarget.keys()], { tree, env, flags, buildMs });
  for (const [one, error] of failed) for (const file of byTarget.get(one)) fail(file, error);
  for (const [one, made] of built) await runTarget({ pack, target: one, ...made }, byTarget.get(one));
  const documented = [...built.keys()]
    .filter((one) => one.doctest)
    .flatMap((one) => byTarget.get(one).filter((file) => /\/\/[/!][^\n]*```/.test(textOf(file))));
  if (documented.length > 0) await runDocTests(pack, documented);
}

function textOf(file) {
  return existsSync(join(tree, file)) ? readFileSync(join(tree, file), 'utf8') : '';
}

async function runTarget(bin, wanted) {
  const own = { cwd: join(tree, bin.pack.dir), env: { ...env, ...bin.env, ...libraries() }, silenceMs };
  const run = (args, more = {}) => execute([bin.executable, ...args], { ...own, ...more });
  const listed = readList((await run(['--list'])).stdout);
  if (listed === null) {
    const why = `The test target ${bin.target.name} does not answer like Rust's own test harness (harness = false?).`;
    for (const file of wanted) fail(file, said('', why));
    return;
  }
  const known = new Set(listed);
  const onLine = (line) => {
    for (const [name, { status }] of readRun(line, known).results) {
      const { path, names } = placeOf(bin.target, name.split('::'));
      report.live(path, names, status, false, null);
    }
  };
  const whole = await run(['--color=never'], { onLine });
  const read = readRun(whole.stdout, known);
  const problems = [];
  await completeOneByOne({ run, known, read, whole, problems });
  for (const name of listed) if (read.results.has(name)) tell(bin, name, read, wanted);
  for (const problem of problems) for (const file of wanted) fail(file, problem);
}

/** Proc macros and dylibs are linked at run time. */
function libraries() {
  return { LD_LIBRARY_PATH: [join(sysroot, 'lib'), join(target, 'debug'), join(target, 'debug/deps')].join(':') };
}

/** Tests whose result the whole run did not show (it ended early, or they printed past libtest) are run again, each alone. */
async function completeOneByOne({ run, known, read, whole, problems }) {
  const twice = [...read.results].find(([, { times }]) => times > 1);
  if (twice !== undefined)
    problems.push(said('', `The result of ${twice[0]} was printed twice: a test prints lines that look like those of libtest.`));
  const early = read.counted === null;
  let hanging = 0;
  let blamed = false;
  for (const name of known) {
    // What a test said of its failure comes at the end, which may be missing.
    if (read.results.has(name) && (read.results.get(name).status !== 'failed' || read.said.has(name))) continue;
    if (hanging === MOST_HANGING) return problems.push(said('', `${hanging} tests hung; the rest of this target was not run.`));
    const end = await run(['--exact', name, '--test-threads=1', '--color=never'], { silenceMs: silenceMs / 2 });
    const { counted, said: texts, results } = readRun(end.stdout, known);
    const skipped = results.get(name)?.status === 'skipped';
    const passed = end.code === 0 && counted?.passed === 1 && counted.failed === 0;
    read.results.set(name, { status: skipped ? 'skipped' : passed ? 'passed' : 'failed', times: 1 });
    if (passed || skipped) continue;
    if (counted === null) blamed = true;
    if (end.stopped) hanging++;
    const why = counted === null ? `The process ended in this test (${ending(end, silenceMs / 2)}).\n` : '';
    read.said.set(name, `${why}${texts.get(name) ?? `${end.stdout}\n${end.stderr}`.trim()}`);
  }
  if (early && !blamed)
    problems.push(said('', `The test process ended early (${ending(whole, silenceMs)}), and no test does that alone.`, '', whole.stderr));
  else if (!early && twice === undefined && !agrees(read, whole.code))
    problems.push(said('', `What the test process printed does not agree with its own counts (${ending(whole, silenceMs)}).`));
}

function tell(bin, name, read, wanted) {
  const { path, names } = placeOf(bin.target, name.split('::'));
  if (!wanted.includes(path) && !(bin.target.kind === 'test' && wanted.includes(bin.target.path))) return;
  const { status } = read.results.get(name);
  report.test(path, names, status, false, status === 'failed' ? errorOf(read.said.get(name) ?? '', bin.pack) : null);
}

/** The file that a test's module lies in, as far as names of files show it, and what is left of its name. */
function placeOf(target, parts) {
  let [path, dir, at] = [target.path, target.dir, 0];
  for (; at < parts.length - 1; at++) {
    const next = [join(dir, `${parts[at]}.rs`), join(dir, parts[at], 'mod.rs')].find((one) => existsSync(join(tree, one)));
    if (next === undefined) break;
    [path, dir] = [next, join(dir, parts[at])];
  }
  return { path, names: parts.slice(at) };
}

/** A panic's message, and its places in the tree. */
function errorOf(text, pack) {
  const [head = ''] = text.split(/^stack backtrace:$/m);
  const message = head
    .replace(/^(thread '.*?') \(\d+\)/gm, '$1')
    .replace(/^thread '.*?' panicked at /gm, 'panicked at ')
    .replace(/^note: run with `RUST_BACKTRACE.*$/gm, '')
    .trim();
  return said('', message || 'failed without a message', framesOf(text, pack).join('\n'));
}

/** `panicked at src/a.rs:1:2` and the lines `at ./src/a.rs:1:2` of a backtrace. Paths are from the workspace or from the package. */
function framesOf(text, pack) {
  const found = [...text.matchAll(/(?:panicked at |\bat |--> )(\S+\.rs):(\d{1,7})(?::(\d{1,6}))?/g)].flatMap(
    ([, path, line, column = '1']) => {
      const full = path.startsWith('/') ? [path] : [join(tree, pack.root, path), join(tree, pack.dir, path)];
      const own = full.find((one) => one.startsWith(`${tree}/`) && existsSync(one));
      return own === undefined ? [] : [`    at <frame> (${join(treeDir, relative(tree, own))}:${line}:${column})`];
    },
  );
  return [...new Set(found)].slice(0, 20);
}

/** Doc tests are named for the item that they document, not for their line: lines move with every change above them. */
async function runDocTests(pack, wanted) {
  const end = await execute(['cargo', 'test', '--doc', '--offline', '--quiet', ...flags, '--', '--format=pretty'], {
    cwd: join(tree, pack.dir),
    env,
    silenceMs: buildMs,
  });
  const read = readRun(end.stdout, null);
  const tests = [...read.results].flatMap(([name, { status, times }]) => {
    const [, path = '', item = '', line = '0'] = /^(\S+\.rs) - (.*?) ?\(line (\d+)\)$/.exec(name) ?? [];
    const own = [join(pack.root, path), join(pack.dir, path)].find((one) => path !== '' && existsSync(join(tree, one)));
    return own === undefined ? [] : [{ path: own, item: item || 'of the module', line: Number(line), status, times, name }];
  });
  tests.sort((a, b) => a.line - b.line);
  for (const { path, item, status, name } of tests) {
    if (wanted.includes(path))
      report.test(path, ['doc test', item], status, false, status === 'failed' ? errorOf(read.said.get(name) ?? '', pack) : null);
  }
  const failing = tests.some((test) => test.status === 'failed');
  const isWhole = read.counted !== null && tests.every((test) => test.times === 1) && (end.code === 0) === !failing;
  if (!isWhole)
    for (const file of wanted) fail(file, said('', `The doc tests did not run to their end (${ending(end, buildMs)}).`, '', end.stderr));
}
