// Runs test files with the project's vitest and writes our report: under our own configuration, where no configuration file of the tree is read, or
// by the project's (vitest_project.mjs). Runs inside the box: node vitest_run.mjs < settings.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findPackage, folderOf } from './project.mjs';
import { describe, openReport, readSettings } from './report.mjs';
import { runProject } from './vitest_project.mjs';
import { createReporter } from './vitest_reporter.mjs';

const settings = readSettings();
const { treeDir, files, seed, testMs } = settings;
process.chdir(folderOf(settings));
const report = openReport(settings, 'vitest');
const found = findPackage('vitest', 0.34, settings, report);
const cannot = (error) => {
  report.file('', describe(error, 'vitest could not be started'));
  process.exit(1);
};
const vitestNode = await loadVitest().catch(cannot);
const reporter = createReporter(settings, report);

/** Files run in the order in which we name them. */
class Sequencer {
  shard(specs) {
    return specs;
  }
  sort(specs) {
    const at = (spec) => files.indexOf(reporter.pathOf(spec.moduleId ?? spec[1]));
    return specs.toSorted((a, b) => at(a) - at(b));
  }
}

process.exitCode = 1;
const vitest =
  settings.project === null ? await runOurs() : await runProject(vitestNode, found.version, settings, reporter, Sequencer).catch(cannot);
await vitest.close();
process.exit();

/** vitest as it is installed in the project (its main file is found without running anything of the tree). */
async function loadVitest() {
  const entry = found.manifest.exports['./node'];
  return import(pathToFileURL(join(found.dir, typeof entry === 'string' ? entry : (entry.default ?? entry.import))).href);
}

function runOurs() {
  const test = {
    config: false,
    root: treeDir,
    dir: treeDir,
    watch: false,
    include: files.map((path) => path.replace(/[()[\]{}!*?+@|\\]/g, '\\$&')),
    exclude: [],
    includeSource: [],
    passWithNoTests: false,
    allowOnly: false,
    retry: 0,
    update: 'none',
    globals: false,
    environment: 'node',
    pool: 'forks',
    isolate: true,
    maxWorkers: 2,
    sequence: { sequencer: Sequencer, shuffle: { files: false, tests: seed !== null }, seed: seed ?? 0 },
    testTimeout: testMs,
    hookTimeout: testMs,
    teardownTimeout: 5000,
    coverage: { enabled: false },
    dangerouslyIgnoreUnhandledErrors: false,
    reporters: [reporter.modern],
    attachmentsDir: join(tmpdir(), 'vitest-attachments'),
  };
  // Silences what vite would look for in the tree: .env files, PostCSS configuration, a cache below node_modules.
  const vite = {
    configFile: false,
    root: treeDir,
    cacheDir: join(tmpdir(), 'vite-cache'),
    envDir: false,
    css: { postcss: { plugins: [] } },
    server: { ws: false },
    logLevel: 'error',
  };
  return vitestNode.startVitest([], test, vite);
}
