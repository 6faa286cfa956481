// How the tests of a package.json's package are run. Evidence in this order: its scripts, configuration files, dependencies, imports of test files.
import type { CodeLanguage } from '../../core/plan.ts';
import type { TestSetup } from '../../core/survey.ts';
import { builtFrom } from './built.ts';
import { meaningOf, type Wanted } from './commands.ts';
import { at, record } from './formats/data.ts';
import { rooted } from './glob.ts';
import { testMatcher } from './habits.ts';
import { writtenFor } from './imports.ts';
import { languageOf } from './kinds.ts';
import { dependencyNames, mostFirst } from './manifests.ts';
import { configured, firstFile, speaksOfTests } from './node-configs.ts';
import { stepsOf } from './script.ts';
import { join, nameOf, type Repo } from './source.ts';

/** A package as its setups are looked for. */
export interface NodePackage {
  readonly dir: string;
  readonly manifest: unknown;
  /** Its files of code, without those of packages inside it. */
  readonly own: readonly string[];
  /** What its runner may reach: for the root also the members' files. */
  readonly reach: readonly string[];
  /** Setups of the packages around it. */
  readonly outer: readonly TestSetup[];
}

const MOST_SETUPS = 8;
const MOST_SNIFFED = 20;
const NOTHING = {
  flags: [],
  config: null,
  root: null,
  include: [],
  exclude: [],
  extensions: [],
  recursive: false,
  plain: [],
  test: false,
  env: {},
};

/** Best first; empty (with a remark where there are tests) when no runner of ours fits. */
export async function nodeSetups(repo: Repo, pkg: NodePackage): Promise<readonly TestSetup[]> {
  const byScript = await fromScripts(repo, pkg);
  if (byScript.decides) return byScript.setups;
  const byConfig = await fromConfigs(repo, pkg);
  const found = [...byConfig, ...byScript.setups.filter((setup) => addsTests(byConfig, setup, pkg))];
  return found.length > 0 || byScript.delegated ? found : fromFiles(repo, pkg);
}

interface FromScripts {
  readonly setups: readonly TestSetup[];
  /** A script that is named for all tests runs a runner, of ours or not: nothing else need be looked at. */
  readonly decides: boolean;
  /** It hands over to the members of the workspace. */
  readonly delegated: boolean;
}

const FIRST = ['test', 'tests', 'test:unit', 'unit', 'unit-test', 'test:node', 'test:js', 'test:all', 'spec', 'vitest', 'jest', 'mocha'];
const MORE = /^(?:(?:tests?|unit|spec|e2e|integration|vitest|jest|mocha)(?:[:_.-].*)?|.*[:_-]tests?)$/;
const SAME_AGAIN =
  /watch|debug|cov|bench|(?:^|[:_-])(?:ui|update|types?|lint|report|inspect|tdd|dev|prod|deploy|browser|fuzz\w*|perf|stress|smoke)(?:$|[:_-])/;

async function fromScripts(repo: Repo, pkg: NodePackage): Promise<FromScripts> {
  const entries = Object.entries(record(at(pkg.manifest, 'scripts'))).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const scripts = Object.fromEntries(entries.slice(0, 500));
  const first = FIRST.filter((name) => Object.hasOwn(scripts, name));
  const more = Object.keys(scripts).filter((name) => MORE.test(name) && !SAME_AGAIN.test(name));
  const setups: TestSetup[] = [];
  let [decides, delegated] = [false, false];
  for (const name of new Set([...first, ...more])) {
    const said = await readScript(repo, pkg, scripts, name);
    const speaksForAll = !decides && FIRST.includes(name);
    delegated ||= said.delegated;
    setups.push(...said.setups.filter((setup, i) => addsTests([...setups, ...said.setups.slice(0, i)], setup, pkg)));
    if (!speaksForAll) continue;
    for (const remark of said.foreign) repo.remark(remark);
    decides = said.setups.length > 0 || said.foreign.length > 0;
    if (said.setups.length > 0 || (pkg.dir === '' && name === 'test')) told(repo, `package.json scripts.${name}`, pkg.dir, said);
    if (decides && setups.length === 0) break;
  }
  return { setups: merged(setups).slice(0, MOST_SETUPS), decides, delegated };
}

interface Said {
  readonly setups: readonly TestSetup[];
  /** Sentences on runners that we have not. */
  readonly foreign: readonly string[];
  /** Commands that are neither tests nor checks. */
  readonly left: readonly string[];
  readonly delegated: boolean;
}

async function readScript(repo: Repo, pkg: NodePackage, scripts: Readonly<Record<string, string>>, name: string): Promise<Said> {
  const [setups, foreign, left]: [TestSetup[], string[], string[]] = [[], [], []];
  let delegated = false;
  for (const step of stepsOf(scripts, name)) {
    const meaning = meaningOf(step);
    const where = `${join(pkg.dir, 'package.json')} scripts.${step.via.at(-1) ?? name}`;
    if (meaning.kind === 'delegated') delegated = true;
    else if (meaning.kind === 'foreign')
      foreign.push(`${where} runs ${meaning.name}, for which redgreen has no adapter; --check can run it as a command.`);
    else if (meaning.kind === 'tests' || (meaning.kind === 'file' && (await isNodeTest(repo, pkg.dir, meaning.file)))) {
      const setup = await toSetup(repo, pkg, meaning.wanted, where);
      if (setup !== null) setups.push(setup);
    } else if (meaning.kind !== 'check') left.push(step.argv.join(' ').slice(0, 120));
  }
  return { setups, foreign, left, delegated };
}

/** Setups that differ only in their files are one. */
function merged(setups: readonly TestSetup[]): readonly TestSetup[] {
  const key = ({ include, why, ...rest }: TestSetup) => (include.length === 0 ? `${why} alone` : JSON.stringify(rest));
  return [...Map.groupBy(setups, key).values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...first, include: [...new Set([first, ...others].flatMap((one) => one.include))] }],
  );
}

function told(repo: Repo, script: string, dir: string, { left, setups }: Said): void {
  if (left.length === 0) return;
  const commands = left.slice(0, 3).map((command) => `\`${command}\``);
  const which = `${commands.join(', ')}${left.length > 3 ? ` and ${left.length - 3} more` : ''}`;
  repo.remark(`${join(dir, script)} ${setups.length > 0 ? 'also ' : ''}runs ${which}, which redgreen does not run.`);
}

async function isNodeTest(repo: Repo, dir: string, file: string): Promise<boolean> {
  const path = rooted(dir, file);
  const found = path === null || repo.has(path) ? path : (builtFrom([path], (glob) => repo.has(glob))[0] ?? null);
  const written = writtenFor((found === null ? null : await repo.read(found)) ?? '');
  return written !== null && typeof written === 'object' && 'runner' in written && written.runner === 'node:test';
}

/** Whether a setup would run files that those before it leave out. */
function addsTests(before: readonly TestSetup[], setup: TestSetup, pkg: NodePackage): boolean {
  if (before.length === 0) return true;
  const same = before.filter((one) => one.runner === setup.runner && one.config === setup.config).map(testMatcher);
  const different = before.length > same.length || same.length === 0;
  const files = pkg.reach.filter(testMatcher(setup));
  return files.some((path) => !same.some((fits) => fits(path))) || (different && same.length === 0 && setup.include.length === 0);
}

async function toSetup(repo: Repo, pkg: NodePackage, wanted: Wanted, why: string): Promise<TestSetup | null> {
  const moved = wanted.root === null ? pkg.dir : rooted(pkg.dir, wanted.root);
  const dir = moved === '**' ? '' : moved;
  if (dir === null) return null;
  const { config, include, exclude } = await configured(repo, wanted.tool, dir, wanted);
  const runner = wanted.tool === 'borp' ? 'node:test' : wanted.tool;
  const sources =
    runner === 'node:test' || runner === 'mocha'
      ? builtFrom(include, (glob) => pkg.reach.some(testMatcher({ runner, dir, include: [glob], exclude })))
      : [];
  if (sources.length > 0)
    repo.remark(
      `${why} runs built files (${include.slice(0, 2).join(', ')}); redgreen runs their sources (${sources.slice(0, 2).join(', ')}).`,
    );
  const setup = {
    runner,
    dir,
    config,
    flags: insideOf(dir, wanted.flags),
    env: wanted.env,
    include: sources.length > 0 ? sources : include,
    exclude,
    why,
  };
  return { ...setup, language: languageFor(pkg, testMatcher(setup)) };
}

/** Flags without those that name a file outside the repository. */
function insideOf(dir: string, flags: readonly string[]): readonly string[] {
  return flags.filter((flag) => !/=\.{1,2}\//.test(flag) || rooted(dir, flag.slice(flag.indexOf('=') + 1)) !== null);
}

/** TypeScript where most of the tests (or, without tests, of the code) are. */
function languageFor(pkg: NodePackage, isTest: (path: string) => boolean): CodeLanguage {
  const tests = pkg.reach.filter(isTest);
  const languages = (tests.length > 0 ? tests : pkg.reach).map(languageOf);
  const count = (language: string) => languages.filter((one) => one === language).length;
  return count('typescript') > count('javascript') ? 'typescript' : 'javascript';
}

const CONFIGS: readonly (readonly [string, RegExp])[] = [
  ['vitest', /^vitest\.(?:config|workspace|projects)\.[cm]?[jt]s$/],
  ['vitest', /^vite\.config\.[cm]?[jt]s$/],
  ['jest', /^jest\.config\.(?:[cm]?[jt]s|json)$/],
  ['mocha', /^\.mocharc\.(?:[cm]?js|ya?ml|jsonc?)$/],
];

async function fromConfigs(repo: Repo, pkg: NodePackage): Promise<readonly TestSetup[]> {
  const here = repo.inFolder(pkg.dir);
  const found: { readonly tool: string; readonly why: string }[] = [];
  for (const [tool, name] of CONFIGS) {
    const path = here.find((file) => name.test(nameOf(file)));
    if (path !== undefined && (!nameOf(path).startsWith('vite.') || (await speaksOfTests(repo, path)))) found.push({ tool, why: path });
  }
  if (firstFile(repo, pkg.dir, ['.borp.yaml', '.borp.yml']) !== null) found.push({ tool: 'borp', why: join(pkg.dir, '.borp.yaml') });
  for (const tool of ['jest', 'mocha'])
    if (at(pkg.manifest, tool) !== undefined) found.push({ tool, why: `${join(pkg.dir, 'package.json')} ${tool}` });
  const setups: TestSetup[] = [];
  for (const { tool, why } of found) {
    const setup = setups.some((one) => one.runner === tool) ? null : await toSetup(repo, pkg, { ...NOTHING, tool }, why);
    if (setup !== null) setups.push(setup);
  }
  return setups;
}

const LIKE_TEST =
  /(?:[._-](?:test|spec|tests|specs)|^test|^spec)\.[cm]?[jt]sx?$|(?:^|\/)(?:__tests__|tests?|spec)\/(?:[^/]+\/)*[^/]+\.[cm]?[jt]sx?$/;

/** By dependencies, as far as there are test files; and by what those import. */
async function fromFiles(repo: Repo, pkg: NodePackage): Promise<readonly TestSetup[]> {
  const tests = pkg.own.filter((path) => LIKE_TEST.test(path) && languageOf(path) !== null && !/fixture|helper|\.config\./.test(path));
  // What a package around it runs by its own configuration is run there.
  const [first] = tests;
  if (first === undefined || pkg.outer.some((setup) => testMatcher(setup)(first))) return [];
  const depends = dependencyNames(pkg.manifest);
  const tool = ['vitest', 'jest', 'mocha'].find((name) => depends.includes(name));
  if (tool !== undefined)
    return compact(await toSetup(repo, pkg, { ...NOTHING, tool }, `${join(pkg.dir, 'package.json')} devDependencies.${tool}`));
  const step = Math.max(1, Math.floor(tests.length / MOST_SNIFFED));
  const sample = tests.filter((_, i) => i % step === 0).slice(0, MOST_SNIFFED);
  const written = await Promise.all(sample.map(async (path) => writtenFor((await repo.read(path)) ?? '')));
  const runners = written.flatMap((one) => (one !== null && typeof one === 'object' && 'runner' in one ? [one.runner] : []));
  const [best] = mostFirst(runners)[0] ?? [];
  if (best !== undefined) return compact(await toSetup(repo, pkg, { ...NOTHING, tool: best }, `imports of ${first}`));
  const [foreign] =
    mostFirst(written.flatMap((one) => (one !== null && typeof one === 'object' && 'foreign' in one ? [one.foreign] : [])))[0] ?? [];
  if (foreign !== undefined)
    repo.remark(`The tests in ${pkg.dir || 'the root'} are written for ${foreign}, for which redgreen has no adapter.`);
  return [];
}

function compact<T>(value: T | null): readonly T[] {
  return value === null ? [] : [value];
}
