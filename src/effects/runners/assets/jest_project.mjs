// Runs test files by the project's own configuration of jest (27 and newer): its projects, transforms, environments and set-up files. What is run and
// how it is reported is ours.
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { allow, expect } from './jest_reporter.mjs';

/** The arguments for jest: `ruled` is what the harness decides. `require` finds what belongs to the project's jest. Throws what jest throws at a configuration. */
export async function projectArgv(ruled, require, { treeDir, files, testMs, silenceMs, project }) {
  const argv = {
    ...(project.flags.length === 0 ? {} : await parsed(project.flags, require)),
    ...(project.config === null ? {} : { config: join(treeDir, project.config) }),
    ...ruled,
    bail: 0,
    collectCoverage: false,
    coverage: false,
    errorOnDeprecated: false,
    notify: false,
    passWithNoTests: false,
    watch: false,
    watchAll: false,
  };
  const { SearchSource } = require(find(require, '@jest/core'));
  const { configs, globalConfig } = await require(find(require, '@jest/core', 'jest-config')).readConfigs(argv, [process.cwd()]);
  argv.testTimeout = Math.max(testMs, ...[globalConfig, ...configs].map((config) => config.testTimeout ?? 0));
  allow(Math.max(silenceMs, 1.5 * argv.testTimeout));
  const owners = ownersOf(
    SearchSource,
    configs,
    files.map((path) => join(treeDir, path)),
  );
  for (const path of files) expect(path, owners.get(join(treeDir, path)).length);
  SearchSource.prototype.isTestFilePath = function isOurs(path) {
    return owners.get(path)?.includes(idOf(this._context.config)) ?? false;
  };
  return argv;
}

/** Where the last of `names` is, each found from the one before, the first from jest. */
function find(require, ...names) {
  return names.reduce((from, name) => require.resolve(name, { paths: [from] }), require.resolve('jest'));
}

/** Flags that would choose tests, or write. */
const TAKEN =
  /^(?:_|\$0|t|testNamePattern|testPathPatterns?|o|onlyChanged|onlyFailures|f|lastCommit|changedSince|shard|u|updateSnapshot|json|outputFile|filter|i|runInBand)$/;

async function parsed(flags, require) {
  const cli = find(require, 'jest-cli');
  // Before jest 30 it is no part of what the package exports.
  const file = [join(dirname(cli), 'run.js'), join(dirname(cli), 'cli', 'index.js')].find((path) => existsSync(path)) ?? cli;
  const { buildArgv } = require(file);
  return Object.fromEntries(Object.entries(await buildArgv([...flags])).filter(([name]) => !TAKEN.test(name)));
}

function idOf(config) {
  return config.id ?? config.name;
}

/** For each file the projects that run it: those whose patterns fit, or, where none does, the one in whose folder it is. */
function ownersOf(SearchSource, configs, paths) {
  const sources = configs.map((config) => ({ config, source: new SearchSource({ config }) }));
  const holds = (config, path) => !relative(config.rootDir, path).startsWith('..');
  const nearest = (path) =>
    configs.toSorted((a, b) => Number(holds(b, path)) - Number(holds(a, path)) || b.rootDir.length - a.rootDir.length).slice(0, 1);
  return new Map(
    paths.map((path) => {
      const fitting = sources.filter(({ source }) => source.isTestFilePath(path)).map(({ config }) => config);
      return [path, (fitting.length > 0 ? fitting : nearest(path)).map(idOf)];
    }),
  );
}
