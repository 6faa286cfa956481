// Runs Go tests and writes our report. Runs inside the box: node go_test.mjs < settings
// Each package's test binary is built once and run here, so that what it prints, how it ends and what it left undone are seen apart.
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ending, execute, inPairs } from './exec.mjs';
import { readOutput } from './go_output.mjs';
import { openReport, readSettings, said } from './report.mjs';

const settings = readSettings();
const { treeDir, files, seed, silenceMs, buildMs, build, run } = settings;
const report = openReport(settings, 'go');
const MOST_RUNS = 40;
const bins = mkdtempSync(join(tmpdir(), 'go-bin-'));
const env = {
  ...process.env,
  GOENV: 'off',
  GOFLAGS: '',
  GOPROXY: 'off',
  GOSUMDB: 'off',
  GOTOOLCHAIN: 'local',
  GOCACHE: join(tmpdir(), 'go-cache'),
};
const version = await execute(['go', 'env', 'GOVERSION'], { cwd: '/', env, silenceMs });
const isMarked = Number(/^go1\.(\d+)/.exec(version.stdout.trim())?.[1] ?? 99) >= 20;
const verbose = isMarked ? '-test.v=test2json' : '-test.v';
if (version.code === 0) await inPairs(Map.groupBy(files, dirname), ([dir, wanted]) => runPackage(dir, wanted));
else for (const file of files) report.file(file, said('', `Go could not be started: ${version.stderr || ending(version, silenceMs)}`));
report.finish();

async function runPackage(dir, wanted) {
  const declared = declaredIn(dir);
  const failures = [];
  const binary = await compile(dir, failures);
  const names = [...declared].filter(([, places]) => places.some((place) => wanted.includes(place.path))).map(([name]) => name);
  const results = binary === null || names.length === 0 ? new Map() : await runAll(binary, dir, names, declared, failures);
  for (const [name, result] of results) tell(dir, name, { ...result, below: failedBelow(name, results) }, declared, failures);
  for (const path of wanted) {
    const own = names.filter((name) => declared.get(name).some((place) => place.path === path && place.runs));
    if (failures.length === 0 && own.length > 0 && !own.some((name) => results.has(name)))
      report.file(
        path,
        said('', 'No test of this file was run: a build constraint (//go:build, a name such as _windows_test.go) leaves it out.'),
      );
    for (const failure of failures) report.file(path, failure);
  }
}

/** Top-level tests of a package by name: the files that declare them. `runs` is false for examples, which may have no output to check. */
function declaredIn(dir) {
  const declared = new Map();
  const here = join(treeDir, dir);
  for (const file of existsSync(here) ? readdirSync(here).filter((name) => name.endsWith('_test.go')) : []) {
    const path = dir === '.' ? file : `${dir}/${file}`;
    for (const [, name] of readFileSync(join(here, file), 'utf8').matchAll(
      /^func[ \t]+((?:Test|Fuzz|Example)(?![\p{Ll}])[\p{L}\p{N}_]*)[ \t]*\(/gmu,
    )) {
      if (name === 'TestMain') continue;
      declared.set(name, [...(declared.get(name) ?? []), { path, runs: !name.startsWith('Example') }]);
    }
  }
  return declared;
}

/** Path of the built test binary; null when it was not built or holds nothing, with the reason in `failures`. */
async function compile(dir, failures) {
  const out = join(bins, `${dir.replaceAll('/', '-')}.test`);
  const cwd = join(treeDir, dir);
  if (!existsSync(cwd)) return null;
  const built = await execute(['go', 'test', '-c', '-vet=off', ...build, '-o', out, '.'], { cwd, env, silenceMs: buildMs });
  if (built.code === 0) {
    if (existsSync(out)) return out;
    failures.push(said('', 'No Go test file of this folder is built here: a build constraint leaves all of them out.'));
    return null;
  }
  const text = `${built.stderr}\n${built.stdout}`.trim();
  const missing = /module lookup disabled by GOPROXY=off|cannot find module providing package|missing go\.sum entry/.test(text);
  const hint = missing ? '\nThe box has no network: modules must be in the module cache (go mod download) or in vendor/.' : '';
  failures.push(said('', `The package does not build (${ending(built, buildMs)}).`, framesOf(text, dir), `${text}${hint}`));
  return null;
}

/** Runs all of `names`; what a test that ends the process left undone is run again without it. */
async function runAll(binary, dir, names, declared, failures) {
  const results = new Map();
  const groups = [names];
  for (let runs = 0; groups.length > 0; runs++) {
    const group = groups.shift();
    if (runs === MOST_RUNS) {
      failures.push(said('', `The tests ended the process ${runs} times; ${[group, ...groups].flat().length} tests were not run.`));
      break;
    }
    const { output, end } = await runOnce(binary, dir, group, declared);
    for (const [name, test] of output.tests) if (test.status !== null) results.set(name, { ...test, end });
    if (output.finished && !end.stopped && (end.code === 0 || end.code === 1)) {
      const failing = [...output.tests.values()].some((test) => test.status === 'failed');
      if (end.code === 1 && !failing)
        failures.push(said('', 'The test process ended with exit code 1 although no test failed.', '', output.loose));
      for (const [name, test] of output.tests) if (test.status === null) results.set(name, { ...test, end });
      continue;
    }
    regroup(group, { output, end }, dir, { groups, results, failures });
  }
  return results;
}

/** After a run that ended early: who is to blame, and what is still to be run. */
function regroup(group, { output, end }, dir, { groups, results, failures }) {
  const ended = [...output.tests.values()].filter((test) => test.status === 'failed');
  const panicked = ended.some((test) => /^(?:panic|fatal error): /m.test(test.output));
  const left = group.filter((name) => !results.has(name));
  const open = left.filter((name) => output.tests.get(name)?.paused === false);
  const [suspect] = panicked ? [] : open;
  const alone = panicked || open.length < 2 ? [] : open;
  for (const [name, test] of output.tests) {
    const top = name.split('/')[0];
    if (test.status === null && (results.has(top) || (top === suspect && alone.length === 0)))
      results.set(name, { ...test, output: test.output || output.loose, end });
  }
  if (suspect === undefined && ended.length === 0) failures.push(early(output, end, dir));
  const rest = left.filter((name) => !results.has(name) && !alone.includes(name));
  if (rest.length > 0 && rest.length < group.length) groups.push(rest);
  groups.push(...alone.map((name) => [name]));
}

function early(output, end, dir) {
  const when = output.tests.size === 0 ? 'before any test' : `after ${output.tests.size} tests`;
  return said(
    '',
    `The test process ended early (${ending(end, silenceMs)}), ${when}: os.Exit, log.Fatal or a crash.`,
    framesOf(output.loose, dir),
    output.loose,
  );
}

async function runOnce(binary, dir, names, declared) {
  const output = readOutput(isMarked, (name, { status }) => {
    const [top, ...rest] = name.split('/');
    report.live(declared.get(top)?.[0]?.path ?? dir, [top, ...rest], status, false, null);
  });
  const pattern = `^(${names.join('|')})$`;
  // A single argument may have 128 KiB; without the pattern every test of the package runs.
  const chosen = pattern.length < 100_000 ? [`-test.run=${pattern}`] : [];
  const argv = [
    binary,
    verbose,
    '-test.paniconexit0',
    '-test.timeout=0',
    ...chosen,
    ...run,
    ...(seed === null ? [] : [`-test.shuffle=${seed}`]),
  ];
  const end = await execute(argv, { cwd: join(treeDir, dir), env, silenceMs, merged: true, onLine: output.line });
  return { output, end };
}

function tell(dir, name, { status, ends, output, end, below }, declared, failures) {
  const [top, ...rest] = name.split('/');
  const places = declared.get(top) ?? [];
  if (ends > places.length && ends > 1) {
    failures.push(said('', `The result of ${name} was printed ${ends} times: the test prints lines that look like Go's own.`));
    return;
  }
  const path = places[0]?.path;
  if (path === undefined || !files.includes(path)) return;
  const why = status === null ? `${name} did not end: ${ending(end, silenceMs)}.\n` : '';
  const failed = status === 'failed' || status === null;
  report.test(
    path,
    [top, ...rest],
    status ?? 'failed',
    false,
    failed ? said('', `${why}${messageOf(output) || below || `${name} failed`}`, framesOf(output, dir)) : null,
  );
}

/** A test with subtests fails with them; then it has nothing of its own to say. */
function failedBelow(name, results) {
  const failed = [...results].filter(([other, { status }]) => other.startsWith(`${name}/`) && status !== 'passed' && status !== 'skipped');
  return failed.length === 0
    ? ''
    : `a subtest failed: ${failed
        .slice(0, 5)
        .map(([other]) => other.slice(name.length + 1))
        .join(', ')}`;
}

/** What a failing test said, without the goroutines of others. */
function messageOf(output) {
  return output
    .replace(/\n\ngoroutine \d+ \[[^\]]*\]:\n[\s\S]*/, '')
    .replace(/^ {4,8}(?=\S)/gm, '')
    .trimEnd();
}

/** Places in the tree, as lines of a stack: `file.go:12:` of a log or the compiler (below the package), and absolute ones of a panic. */
function framesOf(text, dir) {
  const lines = [];
  for (const [, path, line, column] of text.matchAll(/(?:^|[\s(])((?:[\w@.+-]*\/)*[\w@.+-]+\.go):(\d{1,7})(?::(\d{1,6}))?/g)) {
    const full = path.startsWith('/') ? path : join(treeDir, dir, path);
    if (full.startsWith(`${treeDir}/`) && !full.endsWith('/_testmain.go'))
      lines.push(`    at <frame> (${full}:${line}${column === undefined ? '' : `:${column}`})`);
  }
  return [...new Set(lines)].slice(0, 30).join('\n');
}
