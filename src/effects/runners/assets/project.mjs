// How the harness scripts for JavaScript find a project's runner, and join what several of its configurations say of one file. Runs inside the box.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, said } from './report.mjs';

/** The folder where the project's runner is started. */
export function folderOf({ treeDir, project }) {
  return join(treeDir, project?.dir ?? '');
}

/**
 * The package `name` as it is installed for the project's folder: in its own dependencies or in those of a folder above. Ends the run, with the
 * reason in the report, when there is none or its version (major and minor, as a number) is below `least`. Nothing of the tree is run.
 */
export function findPackage(name, least, settings, report) {
  try {
    const require = createRequire(join(folderOf(settings), 'package.json'));
    const file = require.resolve(`${name}/package.json`);
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    const version = Number.parseFloat(manifest.version);
    if (!(version < least)) return { dir: dirname(file), manifest, version, require };
    report.file('', said('', `${name} ${manifest.version} is too old to report to redgreen: it needs ${name} ${least} or newer.`));
  } catch (error) {
    report.file('', describe(error, `${name} is not installed in this project, or cannot be loaded`));
  }
  return process.exit(1);
}

const WORST = ['failed', 'passed', 'todo', 'skipped'];

/**
 * Reports each file when all of its runs have ended, `expect` says how many there are (one, where it does not): a test that several runs
 * have, in several environments, once and with its worst result. `end` takes `{names, status, retried, error}` of each test, and failures of the file.
 */
export function createJoin(report) {
  const expected = new Map();
  const open = new Map();
  const done = new Set();
  const write = (path, runs) => {
    done.add(path);
    open.delete(path);
    for (const error of runs.flatMap((run) => run.failures)) report.file(path, error);
    for (const test of runs.length === 1 ? runs[0].tests : joined(runs))
      report.test(path, test.names, test.status, test.retried, test.error);
  };
  return {
    done,
    expect: (path, times) => expected.set(path, times),
    end(path, run) {
      const runs = [...(open.get(path) ?? []), run];
      open.set(path, runs);
      if (runs.length >= (expected.get(path) ?? 1)) write(path, runs);
    },
    /** Ends a file of which nothing more will come, with a failure that says why. */
    fail(path, error) {
      write(path, [...(open.get(path) ?? []), { tests: [], failures: [error] }]);
    },
  };
}

function joined(runs) {
  const tests = new Map();
  for (const run of runs) {
    const seen = new Map();
    for (const test of run.tests) {
      const name = JSON.stringify(test.names);
      seen.set(name, (seen.get(name) ?? 0) + 1);
      const key = `${name} ${seen.get(name)}`;
      tests.set(key, tests.has(key) ? worse(tests.get(key), test) : test);
    }
  }
  return tests.values();
}

function worse(one, other) {
  const worst = WORST.indexOf(other.status) < WORST.indexOf(one.status) ? other : one;
  return { ...worst, retried: one.retried || other.retried };
}
