// Runs test files with the project's jest under our own configuration and writes our report. Runs inside the box:
// node --experimental-vm-modules jest_run.mjs < settings. No configuration file of the tree is read.
import { mkdtempSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { files, report, settings, treeDir } from './jest_reporter.mjs';
import { describe } from './report.mjs';

process.chdir(treeDir);
process.exitCode = 1;
const ours = (name) => fileURLToPath(new URL(`./${name}`, import.meta.url));
const { runCLI } = loadJest();

const config = {
  rootDir: treeDir,
  roots: roots(),
  testRegex: ['.'],
  testPathIgnorePatterns: [],
  testEnvironment: 'node',
  cacheDirectory: mkdtempSync(join(tmpdir(), 'jest-')),
  haste: { forceNodeFilesystemAPI: true },
  watchman: false,
  moduleFileExtensions: ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts', 'json', 'node'],
  extensionsToTreatAsEsm: ['.ts', '.mts'],
  transform: { '\\.[cm]?ts$': ours('jest_strip_types.cjs') },
  reporters: [ours('jest_reporter.mjs')],
  testSequencer: ours('jest_sequencer.mjs'),
  testTimeout: settings.testMs,
  injectGlobals: true,
  maxWorkers: 2,
  // With a limit, tests never run in this process.
  workerIdleMemoryLimit: '1GB',
  bail: 0,
  ...(settings.seed === null ? {} : { randomize: true }),
};
const argv = { $0: 'jest', _: files, config: JSON.stringify(config), runTestsByPath: true, ci: true, watchman: false, silent: true };
if (settings.seed !== null) argv.seed = settings.seed | 0;
try {
  await runCLI(argv, [treeDir]);
} catch (error) {
  report.file('', describe(error, 'jest could not run'));
}
process.exit();

/** Jest as it is installed in the project (its main file is found without running anything of the tree). */
function loadJest() {
  try {
    return createRequire(join(treeDir, 'package.json'))('jest');
  } catch (error) {
    report.file('', describe(error, 'jest is not installed in this project, or cannot be loaded'));
    return process.exit(1);
  }
}

/** Where jest looks for modules and their mocks: the tree without its dependencies. */
function roots() {
  if (files.some((path) => !path.includes('/'))) return [treeDir];
  const folders = readdirSync(treeDir, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name),
  );
  return folders.map((entry) => join(treeDir, entry.name));
}
