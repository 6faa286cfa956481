// The meaning of a plan: what its form cannot say.
import { checkPath, foldPath, isBuildFile, isSteering, looksLikeTest } from './guard.ts';
import { isOracleFile } from './oracle.ts';
import type { CodeLanguage, Plan, PlannedFile, Violation } from './plan.ts';
import { isPlannedImport, isStandardModule, packageKey, packageProblem } from './plan-rules-packages.ts';
import type { Runner } from './ports.ts';
import { extensionOf } from './prompt-text.ts';

export interface PlanFacts {
  readonly runners: readonly Pick<Runner, 'id' | 'languages' | 'isTestFile' | 'packages'>[];
  readonly languages: readonly CodeLanguage[];
  /** Paths of the existing repository. */
  readonly baseFiles: readonly string[];
  /** The user's own tests: with some, a plan need not have tests of its own. */
  readonly givenTests?: readonly string[];
  /** Test files of earlier runs: the plan may have them written anew. */
  readonly kept?: readonly string[];
}

/** Sizes that a plan may have. Texts in characters. */
export const PLAN_LIMITS = {
  files: 60,
  tests: 30,
  packages: 40,
  commands: 20,
  decisions: 80,
  uses: 60,
  checks: 60,
  name: 60,
  summary: 2_000,
  purpose: 600,
  contract: 8_000,
  decision: 1_500,
  check: 800,
  argv: 40,
  word: 400,
  total: 120_000,
} as const;

/** Everything that is wrong with a plan, each with its place in the data; empty when it can be carried out. */
export function checkPlan(plan: Plan, facts: PlanFacts): readonly Violation[] {
  const runner = facts.runners.find((r) => r.id === plan.runner);
  return [
    ...sizes(plan),
    ...heads(plan, facts, runner !== undefined),
    ...paths(plan, facts),
    ...kinds(plan, facts, runner),
    ...uses(plan, facts),
    ...testsOf(plan, facts),
    ...packages(plan),
    ...commands(plan),
  ];
}

const LANGUAGE_FILES: Readonly<Record<CodeLanguage, RegExp>> = {
  typescript: /^([mc]?ts|tsx)$/,
  javascript: /^([mc]?js|jsx)$/,
  python: /^py$/,
  go: /^go$/,
  rust: /^rs$/,
};

/** True for a path that is never planned: the language adapter writes it, or it steers a tool that a run starts. */
export function isHarnessFile(path: string): boolean {
  return (isSteering(path) && !isBuildFile(path)) || /(^|\/)\.gitignore$/i.test(path);
}

/** True for a file in the plan's language; stubs are made of these. */
export function isCodeFile(path: string, language: CodeLanguage): boolean {
  return LANGUAGE_FILES[language].test(extensionOf(path));
}

type Problem = (where: string, message: string) => Violation;
const at: Problem = (where, message) => ({ where, message });

function sizes(plan: Plan): Violation[] {
  const found: Violation[] = [];
  const L = PLAN_LIMITS;
  const most = (where: string, n: number, max: number, what: string) => {
    if (n > max) found.push(at(where, `${n} ${what}, at most ${max}`));
  };
  most('files', plan.files.length, L.files, 'files');
  most('tests', plan.tests.length, L.tests, 'test files');
  most('packages', plan.packages.length, L.packages, 'packages');
  most('commands', plan.commands.length, L.commands, 'commands');
  most('decisions', plan.decisions.length, L.decisions, 'decisions');
  most('summary', plan.summary.length, L.summary, 'characters');
  for (const [i, d] of plan.decisions.entries()) most(`decisions[${i}]`, d.length, L.decision, 'characters');
  for (const [i, f] of plan.files.entries()) {
    most(`files[${i}].purpose`, f.purpose.length, L.purpose, 'characters');
    most(`files[${i}].contract`, f.contract.length, L.contract, 'characters: declarations and short doc comments only');
    most(`files[${i}].uses`, f.uses.length, L.uses, 'entries');
  }
  for (const [i, t] of plan.tests.entries()) {
    most(`tests[${i}].checks`, t.checks.length, L.checks, 'checks');
    most(`tests[${i}].uses`, t.uses.length, L.uses, 'entries');
    for (const [j, c] of t.checks.entries()) most(`tests[${i}].checks[${j}]`, c.length, L.check, 'characters');
  }
  most('plan', JSON.stringify(plan).length, L.total, 'characters');
  return found;
}

function heads(plan: Plan, facts: PlanFacts, runnerKnown: boolean): Violation[] {
  const found: Violation[] = [];
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(plan.name) || plan.name.length > PLAN_LIMITS.name) {
    found.push(
      at('name', `"${plan.name.slice(0, 80)}" is not in kebab-case (a-z, 0-9 and single hyphens, at most ${PLAN_LIMITS.name} characters)`),
    );
  }
  if (!facts.languages.includes(plan.language))
    found.push(at('language', `"${plan.language}" is not offered: choose ${facts.languages.join(', ')}`));
  const fitting = facts.runners.filter((r) => r.languages.includes(plan.language)).map((r) => r.id);
  if (!fitting.includes(plan.runner)) {
    const why = runnerKnown ? `does not run ${plan.language}` : 'is not offered';
    found.push(
      at('runner', `"${plan.runner}" ${why}: choose ${(fitting.length > 0 ? fitting : facts.runners.map((r) => r.id)).join(', ')}`),
    );
  }
  return found;
}

interface Placed {
  readonly path: string;
  readonly where: string;
}

function placed(plan: Plan): Placed[] {
  return [
    ...plan.files.map((f, i) => ({ path: f.path, where: `files[${i}].path` })),
    ...plan.tests.map((t, i) => ({ path: t.path, where: `tests[${i}].path` })),
  ];
}

function paths(plan: Plan, facts: PlanFacts): Violation[] {
  const found: Violation[] = [];
  const base = new Map(facts.baseFiles.map((p) => [foldPath(p), p]));
  const seen = new Map<string, string>();
  const all = placed(plan);
  for (const { path, where } of all) {
    const unsafe = checkPath(path);
    if (unsafe !== null) {
      found.push(at(where, `"${path.slice(0, 200)}": ${unsafe}`));
      continue;
    }
    if (isHarnessFile(path))
      found.push(
        at(
          where,
          `"${path}" steers a tool (a manifest, lock file, configuration or a name that tools load) and is never planned: drop it or rename it`,
        ),
      );
    const key = foldPath(path);
    const twin = seen.get(key);
    if (twin !== undefined)
      found.push(at(where, twin === path ? `"${path}" is planned twice` : `"${path}" and "${twin}" are the same file on some systems`));
    seen.set(key, path);
    const existing = base.get(key);
    if (existing !== undefined && existing !== path) found.push(at(where, `"${path}" exists as "${existing}": use that path`));
  }
  const files = new Map([...base, ...seen]);
  const safe = all.filter(({ path }) => seen.has(foldPath(path)));
  for (const { path, where } of safe) {
    const parent = parents(foldPath(path)).find((p) => files.has(p));
    if (parent !== undefined) found.push(at(where, `"${path}" lies under "${files.get(parent)}", which is a file`));
  }
  const folders = new Set(facts.baseFiles.flatMap((p) => parents(foldPath(p))));
  for (const { path, where } of safe) if (folders.has(foldPath(path))) found.push(at(where, `"${path}" is a folder of the repository`));
  return found;
}

function parents(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/'));
}

function kinds(plan: Plan, { baseFiles }: PlanFacts, runner: PlanFacts['runners'][number] | undefined): Violation[] {
  const found: Violation[] = [];
  for (const [i, f] of plan.files.entries()) {
    if (runner?.isTestFile(f.path) || isOracleFile(f.path))
      found.push(at(`files[${i}].path`, `"${f.path}" is a test file: list it under tests`));
    else if (baseFiles.includes(f.path) && looksLikeTest(f.path))
      found.push(at(`files[${i}].path`, `"${f.path}" belongs to the repository's tests, which stay as they are`));
    if (isCodeFile(f.path, plan.language)) {
      if (needsContract(f)) found.push(at(`files[${i}].contract`, `"${f.path}" has no contract: declare what it exports`));
    } else if (f.contract.trim() !== '') {
      found.push(
        at(
          `files[${i}].contract`,
          `"${f.path}" is not a ${plan.language} file, so it has no contract: rename it, or leave the contract empty`,
        ),
      );
    }
  }
  return found;
}

function needsContract(f: PlannedFile): boolean {
  return f.contract.trim() === '' && !/(^|\/)__(init|main)__\.py$/.test(f.path);
}

function uses(plan: Plan, facts: PlanFacts): Violation[] {
  const known = new Set([...placed(plan).map((p) => p.path), ...facts.baseFiles, ...(facts.givenTests ?? [])]);
  const runners = facts.runners.find((r) => r.id === plan.runner)?.packages ?? [];
  const installed = new Set([...plan.packages, ...runners].map((p) => packageKey(p.name, plan.language)));
  const resolves = (use: string) =>
    known.has(use) || isStandardModule(use, plan.language) || isPlannedImport(use, installed, plan.language);
  // In an existing repository the packages it already has are not known here; the language adapter resolves them.
  const repository = facts.baseFiles.length > 0;
  const lists = [
    ...plan.files.map((f, i) => ({ uses: f.uses, where: `files[${i}].uses` })),
    ...plan.tests.map((t, i) => ({ uses: t.uses, where: `tests[${i}].uses` })),
  ];
  return lists.flatMap(({ uses: list, where }) =>
    list.flatMap((use, j) => {
      if (resolves(use) || (repository && !isPath(use))) return [];
      const advice =
        isPath(use) || isCodeFile(use, plan.language)
          ? 'give the path of a planned file from the project root'
          : 'add it to packages, or name a planned file by its path';
      return [
        at(
          `${where}[${j}]`,
          `"${use.slice(0, 200)}" is neither a planned or existing file, a planned package nor a standard module: ${advice}`,
        ),
      ];
    }),
  );
}

/** `./a`, `src/a.ts`; not `lodash/fp` or `chart.js`. */
function isPath(use: string): boolean {
  return use.startsWith('.') || (use.includes('/') && extensionOf(use) !== '');
}

/** What every shell takes as it stands between double quotes. */
const PLAIN_PATH = /^[\p{L}\p{M}\p{N}_./@+ -]+$/u;

function testsOf(plan: Plan, facts: PlanFacts): Violation[] {
  const found: Violation[] = [];
  const runner = facts.runners.find((r) => r.id === plan.runner);
  const given = facts.givenTests ?? [];
  const kept = new Set(facts.kept);
  const owned = new Set([...facts.baseFiles.filter((path) => !kept.has(path)), ...given]);
  const code = new Set([...plan.files.map((f) => f.path), ...facts.baseFiles].filter((p) => isCodeFile(p, plan.language)));
  if (plan.tests.length === 0 && given.length === 0) found.push(at('tests', 'there is no test file: plan at least one'));
  if (!plan.files.some((f) => code.has(f.path)) && facts.baseFiles.length === 0)
    found.push(at('files', `there is no ${plan.language} file`));
  const oracles = plan.tests.filter((t) => isOracleFile(t.path));
  if (oracles.length > 1) found.push(at('tests', 'there is more than one oracle.json: plan one, for the whole project'));
  if (oracles.length > 0 && oracles.length === plan.tests.length && given.length === 0)
    found.push(at('tests', 'oracle.json stands beside tests of the runner, which a user can run: plan at least one such file'));
  for (const [i, t] of plan.tests.entries()) {
    if (runner && !runner.isTestFile(t.path) && !isOracleFile(t.path))
      found.push(at(`tests[${i}].path`, `${runner.id} does not take "${t.path}" for a test file: name it as its rules say`));
    // The paths of tests become part of the command in the project's test script.
    if (!PLAIN_PATH.test(t.path))
      found.push(at(`tests[${i}].path`, 'a test file has a plain name: letters, digits, spaces and . _ - + @ only'));
    if (owned.has(t.path)) found.push(at(`tests[${i}].path`, `"${t.path}" exists and is the user's: plan a new test file beside it`));
    if (t.checks.length === 0) found.push(at(`tests[${i}].checks`, 'no checks: say in a sentence each what is tested'));
    if (!t.uses.some((use) => code.has(use)))
      found.push(at(`tests[${i}].uses`, 'uses no code file of the plan: name the files whose exports are tested'));
  }
  return found;
}

function packages(plan: Plan): Violation[] {
  const found: Violation[] = [];
  const seen = new Set<string>();
  for (const [i, p] of plan.packages.entries()) {
    const problem = packageProblem(p, plan.language);
    const key = packageKey(p.name, plan.language);
    if (problem !== null) found.push(at(`packages[${i}]`, problem));
    else if (key === packageKey(plan.name, plan.language))
      found.push(at(`packages[${i}]`, `"${p.name}" is the name of the project itself: rename the project or drop the package`));
    else if (seen.has(key)) found.push(at(`packages[${i}]`, `"${p.name}" is listed twice`));
    seen.add(key);
  }
  return found;
}

/** Commands become scripts of package.json, and these run without being asked for: docs.npmjs.com/cli/v11/using-npm/scripts. */
const LIFECYCLE =
  /^(?:(?:pre|post)?(?:install|uninstall|prepare|prepublish|prepublishonly|publish)|(?:pre|post)(?:pack|version|shrinkwrap|test|start|stop|restart)|dependencies)$/i;

function commands(plan: Plan): Violation[] {
  return plan.commands.flatMap((c, i) => {
    const where = `commands[${i}].argv`;
    if (LIFECYCLE.test(c.name.trim()))
      return [at(`commands[${i}].name`, `"${c.name.trim().slice(0, 40)}" is a script that npm runs by itself: name the command otherwise`)];
    if (c.argv.length === 0 || c.argv[0]?.trim() === '') return [at(where, 'is empty: give the command as a list of words')];
    if (c.argv.length > PLAN_LIMITS.argv || c.argv.some((w) => w.length > PLAN_LIMITS.word)) return [at(where, 'is too long')];
    if (c.argv.some((w) => /[\u0000-\u001f\u007f]/.test(w))) return [at(where, 'holds a control character')];
    return [];
  });
}
