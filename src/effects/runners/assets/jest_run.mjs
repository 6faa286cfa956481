// Runs test files with the project's jest and writes our report: under our own configuration, where no configuration file of the tree is read, or by
// the project's (jest_project.mjs). Runs inside the box: node --experimental-vm-modules jest_run.mjs < settings.
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectArgv } from './jest_project.mjs';
import { files, report, settings, treeDir } from './jest_reporter.mjs';
import { findPackage, folderOf } from './project.mjs';
import { describe } from './report.mjs';

const folder = folderOf(settings);
process.chdir(folder);
process.exitCode = 1;
const ours = (name) => fileURLToPath(new URL(`./${name}`, import.meta.url));
const { require } = findPackage('jest', 27, settings, report);
const ruled = {
  _: files.map((path) => join(treeDir, path)),
  $0: 'jest',
  runTestsByPath: true,
  ci: true,
  watchman: false,
  silent: true,
  reporters: [ours('jest_reporter.mjs')],
  testSequencer: ours('jest_sequencer.mjs'),
  cacheDirectory: mkdtempSync(join(tmpdir(), 'jest-')),
  maxWorkers: 2,
  // With a limit, tests never run in this process.
  workerIdleMemoryLimit: '1GB',
  ...(settings.seed === null ? {} : { randomize: true, seed: settings.seed | 0 }),
};
try {
  const argv = settings.project === null ? ourArgv() : await projectArgv(ruled, require, settings);
  await require('jest').runCLI(argv, [folder]);
} catch (error) {
  report.file('', describe(error, 'jest could not run'));
}
process.exit();

function ourArgv() {
  const config = {
    rootDir: treeDir,
    roots: roots(),
    testRegex: ['.'],
    testPathIgnorePatterns: [],
    testEnvironment: 'node',
    haste: { forceNodeFilesystemAPI: true },
    moduleFileExtensions: ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts', 'json', 'node'],
    extensionsToTreatAsEsm: ['.ts', '.mts'],
    transform: { '\\.[cm]?ts$': ours('jest_strip_types.cjs') },
    testTimeout: settings.testMs,
    injectGlobals: true,
    bail: 0,
  };
  return { ...ruled, config: JSON.stringify(config) };
}

/** Where jest looks for modules and their mocks: the tree without its dependencies. */
function roots() {
  if (files.some((path) => !path.includes('/'))) return [treeDir];
  const folders = readdirSync(treeDir, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name),
  );
  return folders.map((entry) => join(treeDir, entry.name));
}
