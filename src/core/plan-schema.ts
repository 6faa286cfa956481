// The form of a plan's reply as JSON Schema, in the strict style that structured outputs ask for.

const text = (description: string) => ({ type: 'string', description }) as const;
const texts = (description: string) => ({ type: 'array', items: { type: 'string' }, description }) as const;

/** An object with exactly these properties, all of them required. */
function record<const P extends Readonly<Record<string, unknown>>>(properties: P) {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false } as const;
}

function list<const T>(items: T, description: string) {
  return { type: 'array', items, description } as const;
}

const FILE = record({
  path: text('path from the project root, forward slashes'),
  purpose: text('one sentence'),
  contract: text('the exports of the file as typed declarations that compile without bodies; empty for a file that is not code'),
  uses: texts('planned paths, existing paths, planned packages and standard modules that the file may import'),
});

const TEST = record({
  path: text('path from the project root'),
  checks: texts('what the file tests, one sentence each'),
  uses: texts('planned paths, packages and standard modules that the tests import'),
});

const PACKAGE = record({
  name: text('name in the registry of the language'),
  range: text('version range, or empty for the newest'),
  dev: { type: 'boolean', description: 'true when only tests or tools need it' },
});

const COMMAND = record({ name: text('short name'), argv: texts('the command, one element a word'), purpose: text('one sentence') });

/** JSON Schema of a plan's reply. Decisions come before files, so that a model settles the rules before it writes contracts. */
export const PLAN_SCHEMA = record({
  blocked: text('empty, or why the task cannot be done (all else is then empty)'),
  name: text('kebab-case name of the project or of the change'),
  summary: text('one or two sentences'),
  language: { type: 'string', enum: ['typescript', 'javascript', 'python'] },
  runner: text('one of the test runners offered'),
  decisions: texts('rules that the authors have to agree on'),
  packages: list(PACKAGE, 'packages to install, besides the test runner'),
  files: list(FILE, 'source files to be written or changed'),
  tests: list(TEST, 'test files to be written'),
  commands: list(COMMAND, 'how a user runs the result'),
});
