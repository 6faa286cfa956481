// Runs test files with mocha (8 and newer) in this process and tells mocha_run.mjs of them. Loaded before anything else of the process.
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { connect } from './frames.mjs';
import { allTests, shuffle, tell } from './mocha_tests.mjs';
import { describe } from './report.mjs';

const { hello, send } = isMainThread ? connect() : {};
// Processes that tests fork would inherit what loads us.
process.execArgv.splice(0, 1);
let isStarted = false;

/** Reads the options, loads the files and runs them. */
export function start() {
  if (isStarted) return;
  isStarted = true;
  run().catch((error) => {
    send({ type: 'fatal', error: describe(error, 'mocha could not be started') });
    process.exit(1);
  });
}

async function run() {
  const require = createRequire(join(hello.dir, 'package.json'));
  const cli = (name) => require(require.resolve(`./lib/cli/${name}`, { paths: [hello.dir] }));
  const either = (name) => {
    try {
      return cli(`${name}.js`);
    } catch {
      return cli(`${name}.cjs`);
    }
  };
  const options = either('options').loadOptions([...hello.flags, ...configOf(hello.config)]);
  const flags = nodeFlags(options, either('node-flags'));
  if (flags.length > 0 && !hello.isFlagged) {
    send({ type: 'flags', flags });
    process.exit(0);
  }
  process.argv.splice(1, process.argv.length, join(hello.dir, 'bin', 'mocha.js'));
  const loaded = require('./');
  const mocha = await createMocha(loaded.default ?? loaded, options, either('run-helpers'));
  await loadFiles(mocha, options);
  execute(mocha);
}

function configOf(config) {
  if (config === null) return [];
  return [config.endsWith('package.json') ? '--package' : '--config', config];
}

/** Options of mocha that are Node's: mocha starts a process with them, and so does the harness. */
function nodeFlags(options, { isNodeFlag }) {
  const named = Object.entries(options).filter(([name]) => isNodeFlag(name) && !/^inspect|^debug/.test(name));
  const flags = named.flatMap(([name, value]) =>
    [value].flat().map((one) => (one === true ? `--${name}` : one === false ? `--no-${name}` : `--${name}=${one}`)),
  );
  return [...flags, ...[options['node-option'] ?? []].flat().map((option) => `--${option}`)];
}

async function createMocha(Mocha, options, { handleRequires, validateLegacyPlugin }) {
  const plugins = await handleRequires([options.require ?? []].flat());
  validateLegacyPlugin(options, 'ui', Mocha.interfaces);
  const timeout = limitOf(options.timeout);
  send({ type: 'silence', ms: Math.max(hello.silenceMs, 1.5 * timeout) });
  const ruled = { timeout, reporter: class {}, parallel: false, bail: false, dryRun: false, forbidOnly: false, forbidPending: false };
  const { grep, fgrep, invert, spec, watch, reporterOption, ...rest } = options;
  const off = { 'dry-run': false, 'forbid-only': false, 'forbid-pending': false };
  return new Mocha({ ...rest, ...off, ...plugins, ...ruled });
}

/** Milliseconds: at least ours; 0, which is no limit, stays. */
function limitOf(timeout) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m)?/.exec(String(timeout)) ?? [];
  const own = Number(number ?? 0) * { ms: 1, s: 1_000, m: 60_000 }[unit ?? 'ms'];
  return own === 0 && timeout !== undefined ? 0 : Math.max(own, hello.testMs);
}

/** A file that cannot be loaded has failed; the others are run all the same. */
async function loadFiles(mocha, options) {
  for (const file of [options.file ?? []].flat()) await load(mocha, resolve(file));
  for (const file of hello.files) {
    send({ type: 'loading', path: file });
    try {
      await load(mocha, file);
    } catch (error) {
      send({ type: 'file', path: file, error: describe(error) });
      mocha.suite.suites = mocha.suite.suites.filter((suite) => suite.file !== file);
      mocha.suite.tests = mocha.suite.tests.filter((test) => test.file !== file);
    }
  }
  mocha.files = hello.files;
}

function load(mocha, file) {
  mocha.files = [file];
  return mocha.loadFilesAsync();
}

function execute(mocha) {
  if (hello.seed !== null) shuffle(mocha.suite, hello.seed, hello.files);
  const tests = allTests(mocha.suite);
  const counts = Object.fromEntries(hello.files.map((file) => [file, tests.filter((test) => test.file === file).length]));
  if (!mocha.options.delay) send({ type: 'loaded', counts });
  mocha.reporter(function Reporter(runner) {
    tell(runner, tests, send);
  });
  // What a test left open is no matter here: mocha's own way of ending is the project's choice.
  mocha.run(() => process.exit(0));
}
