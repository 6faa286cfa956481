// The manifest and the configuration of a new project.
import { isOracleFile } from '../../../core/oracle.ts';
import type { Plan, PlannedPackage } from '../../../core/plan.ts';
import type { Files } from '../../../core/ref.ts';
import type { Dialect } from './protocol.ts';

/** The oldest Node that runs the result: `import.meta.main` came with 24.2. */
const FLOOR = { major: 24, minor: 2 };

/**
 * package.json, .gitignore and, for TypeScript, tsconfig.json of a new project; the same plan gives the same bytes.
 * A package without a range is written as `*`: the lock file pins it (`latest` would be asked for anew on every install).
 */
export function scaffoldProject(dialect: Dialect, plan: Plan, runnerPackages: readonly PlannedPackage[]): Files {
  const files: Record<string, string> = {
    'package.json': `${JSON.stringify(manifest(dialect, plan, runnerPackages), null, 2)}\n`,
    '.gitignore': 'node_modules/\ncoverage/\n*.log\n.env\n.env.*\n',
  };
  if (dialect === 'typescript') files['tsconfig.json'] = `${JSON.stringify(tsconfig(plan), null, 2)}\n`;
  if (dialect === 'typescript' && plan.runner === 'jest') Object.assign(files, JEST_TYPESCRIPT);
  return files;
}

/** What jest needs to run TypeScript without a package for it: types become blanks, by Node's own means. */
const JEST_TYPESCRIPT: Files = {
  'jest.config.json': `${JSON.stringify({ testEnvironment: 'node', extensionsToTreatAsEsm: ['.ts'], transform: { '\\.ts$': './jest.transform.config.cjs' }, testRegex: '\\.(test|spec)\\.ts$' }, null, 2)}\n`,
  'jest.transform.config.cjs':
    "const { stripTypeScriptTypes } = require('node:module');\n\nexports.process = (text) => ({ code: stripTypeScriptTypes(text) });\n",
};

function manifest(dialect: Dialect, plan: Plan, runnerPackages: readonly PlannedPackage[]): Record<string, unknown> {
  const planned = new Map(plan.packages.map((each) => [each.name, each]));
  for (const each of runnerPackages) if (!planned.has(each.name)) planned.set(each.name, { ...each, dev: true });
  const all = [...planned.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const ranges = (dev: boolean): Record<string, string> =>
    Object.fromEntries(
      all.filter((each) => each.dev === dev).map((each) => [each.name, each.range.trim() === '' ? '*' : each.range.trim()]),
    );
  const dependencies = ranges(false);
  const devDependencies = ranges(true);
  return {
    name: plan.name,
    version: '0.1.0',
    private: true,
    description: plan.summary.split('\n')[0] ?? '',
    type: 'module',
    engines: { node: `>=${FLOOR.major}.${FLOOR.minor}` },
    scripts: { ...commandScripts(plan), test: testScript(dialect, plan) },
    ...(Object.keys(dependencies).length > 0 ? { dependencies } : {}),
    ...(Object.keys(devDependencies).length > 0 ? { devDependencies } : {}),
  };
}

/** Commands of the form `node <file> …` as scripts; the first is `start` when none bears that name. */
function commandScripts(plan: Plan): Record<string, string> {
  const run = plan.commands.filter((command) => command.argv[0] === 'node' && command.argv.length > 1 && command.argv.every(isPlain));
  const names = run.map((command) =>
    command.name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, ''),
  );
  const scripts: Record<string, string> = {};
  const [first] = run;
  if (first !== undefined && !names.includes('start')) scripts['start'] = first.argv.slice(0, 2).join(' ');
  for (const [index, command] of run.entries()) {
    const name = names[index] ?? '';
    const text = command.argv.join(' ');
    if (name !== '' && name !== 'test' && !Object.hasOwn(scripts, name) && !Object.values(scripts).includes(text)) scripts[name] = text;
  }
  return scripts;
}

/** True for an argument that every shell takes as it stands and that names no particular input. */
function isPlain(arg: string): boolean {
  return /^[\w./:=@-]+$/.test(arg);
}

/** Commands of the runners that are installed. */
const RUN: Readonly<Record<string, string>> = {
  vitest: 'vitest run',
  jest: 'node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js --ci',
};

/** The runner's command behind a guard: an older Node would find no TypeScript test and call that a success. */
function testScript(dialect: Dialect, plan: Plan): string {
  const guard = `node -e "const [a, b] = process.versions.node.split('.'); if (a < ${FLOOR.major} || (a == ${FLOOR.major} && b < ${FLOOR.minor})) throw new Error('This project needs Node ${FLOOR.major}.${FLOOR.minor} or newer')"`;
  const run =
    RUN[plan.runner] ??
    `node --test ${testGlobs(dialect, plan)
      .map((glob) => `"${glob}"`)
      .join(' ')}`;
  return `${guard} && ${run}`;
}

function testGlobs(dialect: Dialect, plan: Plan): string[] {
  const ending = dialect === 'typescript' ? 'ts' : 'js';
  const globs = plan.tests
    .filter(({ path }) => !isOracleFile(path))
    .map(({ path }) => {
      const suffix = /(\.(?:test|spec)\.[cm]?[jt]s)$/.exec(path)?.[1];
      const [top] = path.split('/');
      return suffix === undefined || top === undefined || top === path ? path : `${top}/**/*${suffix}`;
    });
  return globs.length === 0 ? [`test/**/*.test.${ending}`] : [...new Set(globs)].sort();
}

/** What the code is checked with; Node runs it without a build. */
function tsconfig(plan: Plan): Record<string, unknown> {
  const folders = [...plan.files, ...plan.tests].flatMap(({ path }) =>
    /\.[cm]?ts$/.test(path) ? [path.includes('/') ? path.slice(0, path.indexOf('/')) : path] : [],
  );
  return {
    compilerOptions: {
      target: 'es2024',
      lib: ['esnext'],
      module: 'nodenext',
      moduleResolution: 'nodenext',
      types: ['node'],
      strict: true,
      erasableSyntaxOnly: true,
      verbatimModuleSyntax: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      noEmit: true,
    },
    include: [...new Set(folders)].sort(),
  };
}
