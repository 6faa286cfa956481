// What a step of a script is to us: a run of tests by a runner that we have, by one that we have not, a check, or something else.
import { type Arguments, readArguments, safeEnv } from './flags.ts';
import { delegates, type Step } from './script.ts';

/** A run of tests as a command asks for it. Paths and globs are as written, from the package's folder. */
export interface Wanted extends Arguments {
  /** A runner's id; `borp` is node:test with patterns of its own. */
  readonly tool: string;
  readonly env: Readonly<Record<string, string>>;
}

export type Meaning =
  | { readonly kind: 'tests'; readonly wanted: Wanted }
  /** Node runs a file: its imports say whether it holds tests. */
  | { readonly kind: 'file'; readonly file: string; readonly wanted: Wanted }
  | { readonly kind: 'foreign'; readonly name: string }
  | { readonly kind: 'check' | 'delegated' | 'other' };

const FOREIGN =
  /^(?:tap|ava|tape|tape-es|faucet|jasmine|uvu|lab|qunit|karma|wtr|web-test-runner|cypress|playwright|react-scripts|ng|bun|deno|zora|poku|tsx-test|ts-mocha|mocha-webpack|electron-mocha|airtap|testcafe|nightwatch|wdio|storybook|test-storybook|intern|testem|ember|aegir|tsdx|hereby|gulp|grunt|bazel)$/;
const CHECK =
  /^(?:tsc|tsd|tsd-lite|tstyche|vue-tsc|tsgo|dtslint|attw|publint|eslint|oxlint|xo|standard|neostandard|semistandard|ts-standard|biome|prettier|dprint|oxfmt|stylelint|markdownlint(?:-cli2?)?|cspell|knip|depcheck|commitlint|lockfile-lint|size-limit|bundlesize|bundlewatch|are-the-types-wrong|jsonlint|lint-staged|madge|depcruise|ls-lint|rimraf|del-cli|echo|true|mkdir|cp|mv|rm|cd|exit|\[|test)$/;

/** The meaning of one step. */
export function meaningOf({ argv, env }: Step): Meaning {
  const [program = '', ...args] = argv;
  const options = nodeOptions(env);
  const wanted = (tool: string, rest: readonly string[], more: readonly string[] = []): Meaning => {
    const read = readArguments(tool, rest);
    return { kind: 'tests', wanted: { ...read, flags: [...new Set([...options(tool), ...more, ...read.flags])], tool, env: safeEnv(env) } };
  };
  if (delegates(argv)) return { kind: 'delegated' };
  if (program === 'vitest')
    return /^(?:bench|list|init|typecheck)$/.test(args[0] ?? '') ? { kind: 'check' } : wanted('vitest', afterVerb(args));
  if (program === 'jest' || program === 'mocha' || program === 'borp') return wanted(program, args);
  if (program === '_mocha') return wanted('mocha', args);
  if (program === 'node') return byNode([], args, env, wanted);
  if (program === 'tsx') return byNode(['--import=tsx'], args[0] === 'watch' ? args.slice(1) : args, env, wanted);
  if (/^ts-node(?:-esm|-script|-transpile-only)?$/.test(program)) return byNode(['--require=ts-node/register'], args, env, wanted);
  if (FOREIGN.test(program)) return isForeignTest(program, args) ? { kind: 'foreign', name: program } : { kind: 'other' };
  return { kind: CHECK.test(program) ? 'check' : 'other' };
}

function afterVerb(args: readonly string[]): readonly string[] {
  return /^(?:run|watch|dev|related)$/.test(args[0] ?? '') ? args.slice(1) : args;
}

function isForeignTest(program: string, args: readonly string[]): boolean {
  return /^(?:bun|deno|ng|react-scripts|playwright|storybook|ember|tsdx)$/.test(program) ? /^(?:test|run|task)/.test(args[0] ?? '') : true;
}

const ENTRIES = /(?:^|\/)node_modules\/(?:\.bin\/|)(vitest|jest|mocha|_mocha|borp)(?:\/.*)?$/;

/** Node: its own runner, another's entry, or a file. */
function byNode(
  first: readonly string[],
  args: readonly string[],
  env: Step['env'],
  wanted: (tool: string, rest: readonly string[], more?: readonly string[]) => Meaning,
): Meaning {
  const node = readArguments('node:test', [...first, ...args], true);
  const [file, ...rest] = node.plain;
  if (node.test) return wanted('node:test', [...first, ...args]);
  if (file === undefined) return { kind: 'other' };
  const tool = ENTRIES.exec(file)?.[1]?.replace('_', '');
  if (tool !== undefined) return wanted(tool, rest, node.flags);
  const bare: Arguments = { ...node, plain: [], include: [file] };
  return { kind: 'file', file, wanted: { ...bare, tool: 'node:test', env: safeEnv(env) } };
}

/** NODE_OPTIONS of a script are the node flags of its runner; for one that starts no Node of its own there are none. */
function nodeOptions(env: Step['env']): (tool: string) => readonly string[] {
  const words = (env['NODE_OPTIONS'] ?? '').split(/\s+/).filter((word) => word !== '');
  return (tool) => (tool === 'vitest' ? [] : readArguments('node:test', words).flags);
}
