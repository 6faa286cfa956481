// The one table of settings: config files, environment variables, flags, help and the documentation all come from it.
import { address, age, bytes, cap, choice, choiceOrNone, count, duration, durationOrNone, flag, list, money, text } from './parse.ts';

/**
 * What a project's own file may do with a setting. `never`: the file is refused. `pick`: any value.
 * `tighten`: only a lower number, or true; anything looser is left out with a note.
 */
export type ProjectRule = 'never' | 'pick' | 'tighten';

export interface Setting<T> {
  /** Reads one written value; throws an Error that says what is wrong. */
  readonly parse: (input: unknown) => T;
  readonly fallback: T;
  /** Environment variables, the first that is set wins. */
  readonly env: readonly string[];
  /** The command-line flag as commander takes it, or null when there is none. */
  readonly flag: string | null;
  readonly help: string;
  /** The fallback as a user would write it; empty when there is none. */
  readonly shownFallback: string;
  readonly project: ProjectRule;
  /** False when it may stand in no file at all. */
  readonly file: boolean;
  /** Never shown, only whether it is set. */
  readonly secret: boolean;
}

interface Extra {
  readonly env?: readonly string[];
  readonly flag?: string;
  readonly project?: ProjectRule;
  readonly file?: boolean;
  readonly secret?: boolean;
}

/** Times are kept in milliseconds and written in minutes. */
function written(value: unknown, parse: unknown): string {
  if (value === null || value === false || (Array.isArray(value) && value.length === 0)) return '';
  if (parse === memory) return `${Number(value) / 1024 ** 3}g`;
  if (parse === age) return `${Number(value) / 86_400_000}d`;
  return parse === duration || parse === durationOrNone ? `${Number(value) / 60_000}m` : String(value);
}

function setting<T>(parse: (input: unknown) => T, fallback: T, help: string, extra: Extra = {}): Setting<T> {
  return {
    parse,
    fallback,
    help,
    shownFallback: written(fallback, parse),
    env: [],
    flag: null,
    project: 'never',
    file: true,
    secret: false,
    ...extra,
  };
}

/** Node and its test runner do not start with less. */
const memory = bytes(128 * 1024 ** 2);

const key = (name: string, help: string) => setting(text, null, help, { env: [name], file: false, secret: true });

export const SETTINGS = {
  model: setting(list, [], 'model for every role, as provider/model; more after commas are fallbacks', {
    env: ['REDGREEN_MODEL'],
    flag: '-m, --model <models>',
  }),
  'models.plan': setting(list, [], 'model that plans', { env: ['REDGREEN_MODEL_PLAN'], flag: '--model-plan <models>' }),
  'models.tests': setting(list, [], 'model that writes the tests', { env: ['REDGREEN_MODEL_TESTS'], flag: '--model-tests <models>' }),
  'models.draft': setting(list, [], 'model that writes the code', { env: ['REDGREEN_MODEL_DRAFT'], flag: '--model-draft <models>' }),
  'models.repair': setting(list, [], 'model that repairs', { env: ['REDGREEN_MODEL_REPAIR'], flag: '--model-repair <models>' }),
  fallbacks: setting(list, [], 'models tried when a role’s own do not answer', {
    env: ['REDGREEN_FALLBACKS'],
    flag: '--fallbacks <models>',
  }),
  baseUrl: setting(address, null, 'address of an OpenAI-compatible server', { env: ['OPENAI_BASE_URL'], flag: '--base-url <url>' }),
  anthropicBaseUrl: setting(address, null, 'address of an Anthropic-compatible server', { env: ['ANTHROPIC_BASE_URL'] }),
  openaiKey: key('OPENAI_API_KEY', 'key for OpenAI or the server at baseUrl'),
  anthropicKey: key('ANTHROPIC_API_KEY', 'key for Anthropic'),
  anthropicToken: key('ANTHROPIC_AUTH_TOKEN', 'bearer token for an Anthropic-compatible gateway'),
  api: setting(choice('auto', 'responses', 'chat'), 'auto', 'which OpenAI interface to speak', {
    env: ['REDGREEN_API'],
    flag: '--api <name>',
  }),
  'budget.money': setting(money, 2, 'most that a run may cost, in US dollars', {
    env: ['REDGREEN_BUDGET'],
    flag: '-b, --budget <dollars>',
    project: 'tighten',
  }),
  'budget.tokens': setting(cap(1), null, 'most tokens, in and out', {
    env: ['REDGREEN_TOKENS'],
    flag: '--tokens <count>',
    project: 'tighten',
  }),
  'budget.requests': setting(cap(1), null, 'most requests to models', {
    env: ['REDGREEN_REQUESTS'],
    flag: '--requests <count>',
    project: 'tighten',
  }),
  'budget.rounds': setting(count(1, 1000), 12, 'most rounds of test and repair', {
    env: ['REDGREEN_ROUNDS'],
    flag: '--rounds <count>',
    project: 'tighten',
  }),
  'budget.time': setting(durationOrNone, 3_600_000, 'most time that a run may take', {
    env: ['REDGREEN_TIME'],
    flag: '--time <time>',
    project: 'tighten',
  }),
  concurrency: setting(count(1, 64), 8, 'files drafted at the same time', {
    env: ['REDGREEN_CONCURRENCY'],
    flag: '--concurrency <count>',
    project: 'tighten',
  }),
  language: setting(choiceOrNone('typescript', 'javascript', 'python'), null, 'typescript, javascript or python', {
    env: ['REDGREEN_LANGUAGE'],
    flag: '--language <name>',
    project: 'pick',
  }),
  runner: setting(
    choiceOrNone('node:test', 'vitest', 'jest', 'unittest', 'pytest', 'mocha', 'go', 'cargo', 'junit'),
    null,
    'test runner: node:test, vitest, jest, unittest or pytest; in a repository also mocha, go, cargo or junit',
    {
      env: ['REDGREEN_RUNNER'],
      flag: '--runner <name>',
      project: 'pick',
    },
  ),
  approve: setting(flag, false, 'wait for your word on the plan', { env: ['REDGREEN_APPROVE'], flag: '--approve', project: 'tighten' }),
  'sandbox.kind': setting(
    choice('auto', 'bubblewrap', 'perl', 'podman', 'docker'),
    'auto',
    'sandbox: auto, bubblewrap, perl, podman or docker',
    {
      env: ['REDGREEN_SANDBOX'],
      flag: '--sandbox <name>',
    },
  ),
  'sandbox.image': setting(text, null, 'image for podman and docker (default: localhost/redgreen-box)', {
    env: ['REDGREEN_SANDBOX_IMAGE'],
    flag: '--sandbox-image <image>',
  }),
  'sandbox.memory': setting(memory, 2 * 1024 ** 3, 'most memory for one boxed command with everything it starts', {
    env: ['REDGREEN_SANDBOX_MEMORY'],
    flag: '--sandbox-memory <size>',
    project: 'tighten',
  }),
  'sandbox.cpus': setting(cap(1), 2, 'most processors for one boxed command; only where control groups work', {
    env: ['REDGREEN_SANDBOX_CPUS'],
    flag: '--sandbox-cpus <count>',
    project: 'tighten',
  }),
  'sandbox.processes': setting(cap(64), null, 'most processes and threads for one boxed command (default: 512, or 32 a processor)', {
    env: ['REDGREEN_SANDBOX_PROCESSES'],
    flag: '--sandbox-processes <count>',
  }),
  unsafeNoSandbox: setting(flag, false, 'run tests without a sandbox: never called green', { flag: '--unsafe-no-sandbox', file: false }),
  testTimeout: setting(duration, 120_000, 'most time for one run of the tests', {
    env: ['REDGREEN_TEST_TIMEOUT'],
    flag: '--test-timeout <time>',
    project: 'tighten',
  }),
  milestones: setting(
    choice('auto', 'always', 'never'),
    'auto',
    'do a task in several runs, one part each: auto (long tasks), always or never',
    {
      env: ['REDGREEN_MILESTONES'],
      flag: '--milestones <when>',
    },
  ),
  'junit.command': setting(
    text,
    null,
    'command that runs a repository’s tests and writes JUnit XML ({files} stands for the wanted test files)',
    {
      project: 'pick',
    },
  ),
  'junit.report': setting(list, [], 'globs of the XML that junit.command writes', { project: 'pick' }),
  'tests.scope': setting(choice('all', 'related'), 'all', 'which of a repository’s own tests must stay green: all, or related ones', {
    env: ['REDGREEN_TESTS_SCOPE'],
    flag: '--tests-scope <which>',
  }),
  'tests.baselineTime': setting(duration, 600_000, 'most time for one run of all of a repository’s own tests', {
    env: ['REDGREEN_BASELINE_TIME'],
    flag: '--baseline-time <time>',
    project: 'tighten',
  }),
  'proof.mutants': setting(count(0, 500), 30, 'most changes to the code that the tests are tried with; 0: none', {
    env: ['REDGREEN_MUTANTS'],
    flag: '--mutants <count>',
  }),
  'proof.sign': setting(flag, false, 'sign the proven commit with your git key', { env: ['REDGREEN_SIGN'], flag: '--sign' }),
  'proof.mutationTime': setting(duration, 60_000, 'most time for trying them', {
    env: ['REDGREEN_MUTATION_TIME'],
    flag: '--mutation-time <time>',
  }),
  idleTimeout: setting(durationOrNone, null, 'silence after which a model’s answer is given up (default: 3m, for a local server 10m)', {
    env: ['REDGREEN_IDLE_TIMEOUT'],
    flag: '--idle-timeout <time>',
  }),
  registry: setting(address, null, 'package registry for the install step', { env: ['REDGREEN_REGISTRY'], flag: '--registry <url>' }),
  'packages.minAge': setting(age, 3 * 86_400_000, 'youngest that a version of a package may be to be chosen: 3d, 36h or none', {
    env: ['REDGREEN_PACKAGES_MIN_AGE'],
    flag: '--packages-min-age <age>',
  }),
  prompts: setting(text, null, 'folder with your own prompts', { env: ['REDGREEN_PROMPTS'], flag: '--prompts <dir>' }),
  color: setting(choice('auto', 'always', 'never'), 'auto', 'colour: auto, always or never', {
    env: ['REDGREEN_COLOR'],
    flag: '--color <when>',
  }),
  plain: setting(flag, false, 'plain lines also in a terminal', { env: ['REDGREEN_PLAIN'], flag: '--plain' }),
  screenReader: setting(flag, false, 'words instead of drawings, for a screen reader', {
    env: ['REDGREEN_SCREEN_READER', 'INK_SCREEN_READER'],
    flag: '--screen-reader',
  }),
} as const;

export type Key = keyof typeof SETTINGS;

/** Every setting's value, by key. Times in milliseconds, money in US dollars, null for "none". */
export type Values = { readonly [K in Key]: ReturnType<(typeof SETTINGS)[K]['parse']> };

export const KEYS = Object.keys(SETTINGS) as readonly Key[];

/** A setting, without its own value type. */
export function settingOf(key: Key): Setting<unknown> {
  return SETTINGS[key];
}

export function isKey(name: string): name is Key {
  return Object.hasOwn(SETTINGS, name);
}

/** The name that commander gives to a setting's flag: `--model-plan <models>` is `modelPlan`. Null when it has none. */
export function flagName(key: Key): string | null {
  const long = /--([a-z-]+)/.exec(settingOf(key).flag ?? '')?.[1];
  return long === undefined ? null : long.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
