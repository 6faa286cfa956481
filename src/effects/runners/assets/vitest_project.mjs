// Runs test files by the project's own configuration of vitest (0.34 and newer): its aliases, plugins, globals, set-up files, environments and projects. What
// is run, how it is reported, and that nothing of the tree is written by it, is ours.
import fs from 'node:fs';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { said } from './report.mjs';
import { legacy } from './vitest_legacy.mjs';

/** Flags that would choose tests, or write. */
const TAKEN =
  /^(?:--|t|testNamePattern|changed|related|shard|u|update|outputFile|reporters?|standalone|mergeReports|inspect\w*|api|tagsFilter)$/;

/** Returns vitest when all files have been run. Throws what vitest throws at a configuration that it cannot read. */
export async function runProject(vitestNode, version, settings, reporter, Sequencer) {
  const { treeDir, files, project } = settings;
  keepBundles();
  // vitest 0.34 cannot be asked.
  const all = vitestNode.parseCLI?.(['vitest', 'run', ...project.flags], { allowUnknownOptions: true }).options ?? {};
  const flags = Object.fromEntries(Object.entries(all).filter(([name]) => !TAKEN.test(name)));
  const old = version < 3 ? legacy(reporter.told) : null;
  const options = {
    ...flags,
    ...(project.config === null ? {} : { config: join(treeDir, project.config) }),
    run: true,
    watch: false,
    update: false,
    ui: false,
    open: false,
    cache: false,
    coverage: { enabled: false },
    typecheck: { enabled: false },
    maxWorkers: 2,
    ...(version < 4 ? { minWorkers: 1 } : {}),
    sequence: { ...flags.sequence, sequencer: Sequencer },
    reporters: [old?.reporter ?? reporter.modern],
    attachmentsDir: join(tmpdir(), 'vitest-attachments'),
  };
  const vitest = await vitestNode.createVitest('test', options, { cacheDir: join(tmpdir(), 'vite-cache'), logLevel: 'error' });
  old?.attach(vitest);
  const configs = new Set([vitest.config, ...vitest.projects.map((one) => one.config)]);
  reporter.allow(Math.max(...[...configs].map((config) => settle(config, settings))));
  const specs = choose(await globbed(vitest), vitest.projects, settings, reporter);
  for (const path of files) reporter.expect(path, specs.filter((spec) => reporter.pathOf(moduleOf(spec)) === path).length);
  if (specs.length > 0) await (vitest.runTestSpecifications?.(specs, true) ?? vitest.runFiles(specs, true));
  else reporter.told.runEnd([], true);
  return vitest;
}

/** vite bundles a configuration into a file below node_modules, or beside it, and imports that. Both are read-only in a proof: it stays in memory. */
function keepBundles() {
  const texts = new Map();
  const { mkdir, writeFile } = fs.promises;
  fs.promises.mkdir = async (path, options) => (String(path).includes('.vite-temp') ? undefined : mkdir(path, options));
  fs.promises.writeFile = async (path, text, options) => {
    if (!/\.timestamp-[\w-]+\.mjs$/.test(String(path))) return writeFile(path, text, options);
    texts.set(pathToFileURL(path).href, text);
  };
  registerHooks({
    resolve: (name, context, next) => (texts.has(name) ? { url: name, format: 'module', shortCircuit: true } : next(name, context)),
    load: (url, context, next) => (texts.has(url) ? { format: 'module', source: texts.get(url), shortCircuit: true } : next(url, context)),
  });
}

/** What the harness decides in a configuration; returns the silence that it allows, in milliseconds. */
function settle(config, { seed, testMs, silenceMs }) {
  const more = (ms) => (ms === 0 ? 0 : Math.max(ms ?? 0, testMs));
  const isolated = { threads: 'forks', vmThreads: 'vmForks' };
  Object.assign(config, {
    testTimeout: more(config.testTimeout),
    hookTimeout: more(config.hookTimeout),
    // Tests are not to run in this process.
    pool: isolated[config.pool] ?? config.pool,
    threads: false,
    experimentalVmThreads: false,
    bail: 0,
    allowOnly: true,
    passWithNoTests: false,
    testNamePattern: undefined,
  });
  if (config.poolMatchGlobs) config.poolMatchGlobs = config.poolMatchGlobs.map(([glob, pool]) => [glob, isolated[pool] ?? pool]);
  if (config.snapshotOptions) config.snapshotOptions.updateSnapshot = 'none';
  Object.assign(config.sequence, { shuffle: seed !== null, seed: seed ?? config.sequence.seed });
  return Math.max(silenceMs, 1.5 * config.testTimeout, 1.5 * config.hookTimeout);
}

function globbed(vitest) {
  if (vitest.globTestSpecifications) return vitest.globTestSpecifications();
  return vitest.globTestSpecs ? vitest.globTestSpecs() : vitest.globTestFiles();
}

function moduleOf(spec) {
  return spec.moduleId ?? spec[1];
}

function poolOf(spec) {
  return spec.pool ?? spec[2]?.pool;
}

const NO_PROJECT = 'The flags of the project leave no project of its configuration to run this file.';
const BROWSER = 'The project runs this file in a browser; there is none in the sandbox.';

/** The files as the project's configuration would run them; one that its patterns leave out goes to the project whose folder it is in. */
function choose(specs, projects, { treeDir, files }, reporter) {
  const chosen = [];
  for (const path of files) {
    const mine = specs.filter((spec) => reporter.pathOf(moduleOf(spec)) === path && poolOf(spec) !== 'typescript');
    const here = mine.filter((spec) => poolOf(spec) !== 'browser');
    const project = mine.length > 0 ? null : nearest(projects, join(treeDir, path));
    if (here.length > 0) chosen.push(...here);
    else if (project) chosen.push(specOf(project, join(treeDir, path)));
    else reporter.fail(path, said('', projects.length === 0 ? NO_PROJECT : BROWSER));
  }
  return chosen;
}

function nearest(projects, file) {
  const holds = ({ config }) => !relative(config.root, file).startsWith('..');
  const fitting = projects.filter((project) => project.config.browser?.enabled !== true);
  return fitting.toSorted((a, b) => Number(holds(b)) - Number(holds(a)) || b.config.root.length - a.config.root.length)[0] ?? null;
}

function specOf(project, file) {
  if (project.createSpecification) return project.createSpecification(file);
  return project.createSpec ? project.createSpec(file, project.config.pool) : [project, file];
}
