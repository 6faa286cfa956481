// Which commands a package.json script comes to, read without a shell: chains, environment prefixes, wrappers and the scripts that it calls.
import { globMatcher } from './glob.ts';

/** One command of a script, its wrappers taken off. */
export interface Step {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The scripts that led here, outermost first: `test`, `unit`. */
  readonly via: readonly string[];
}

type Scripts = Readonly<Record<string, string>>;

const DEEPEST = 8;
const MOST_STEPS = 100;
const MOST_SCRIPT = 8_000;

/** The steps of the script `name`, what its `pre` script does included. */
export function stepsOf(scripts: Scripts, name: string): readonly Step[] {
  const steps: Step[] = [];
  for (const one of [`pre${name}`, name]) if (Object.hasOwn(scripts, one)) run(scripts, one, [], {}, [], steps);
  return steps;
}

function run(scripts: Scripts, name: string, extra: readonly string[], env: Step['env'], via: readonly string[], into: Step[]): void {
  if (via.length >= DEEPEST || via.includes(name)) return;
  const commands = parseShell(scripts[name] ?? '');
  const chain = [...via, name];
  for (const [i, words] of commands.entries()) follow(scripts, i === commands.length - 1 ? [...words, ...extra] : words, env, chain, into);
}

/** Takes off prefixes and wrappers, and goes into scripts that the command runs. */
function follow(scripts: Scripts, words: readonly string[], outer: Step['env'], via: readonly string[], into: Step[]): void {
  if (into.length >= MOST_STEPS) return;
  const { argv, env } = unwrap(words, outer);
  const called = calledScripts(scripts, argv);
  if (called !== null) for (const { name, extra } of called) run(scripts, name, extra, env, via, into);
  else if (/^(?:pnpm|yarn)$/.test(argv[0] ?? '') && PROGRAMS.test(argv[1] ?? '')) follow(scripts, argv.slice(1), env, via, into);
  else if (/^(?:concurrently|conc)$/.test(argv[0] ?? '')) {
    for (const command of argv.slice(1).filter((word) => word.includes(' ')))
      for (const inner of parseShell(command)) follow(scripts, inner, env, via, into);
  } else if (argv.length > 0) into.push({ argv, env, via });
}

/** Wrappers that run what follows them; their own options are passed over up to a program that is known. */
const WRAPPERS =
  /^(?:c8|nyc|time|nice|timeout|exec|xvfb-run|dotenv|dotenvx|env-cmd|npx|bunx|pnpx|esmo?|cross-env-shell|cross-env|env|command|node-dev|if-env|coverage)$/;
const PROGRAMS =
  /^(?:node|tsx|ts-node|ts-node-esm|vitest|jest|_?mocha|borp|tap|ava|tape|jasmine|uvu|lab|qunit|karma|wtr|web-test-runner|cypress|playwright|bun|deno|npm|pnpm|yarn|npx|run-[sp]|npm-run-all2?|c8|nyc|react-scripts|ng|tsd|tstyche|tsc|pytest|python3?|go|cargo|cross-env)$/;

function unwrap(words: readonly string[], outer: Step['env']): { argv: readonly string[]; env: Step['env'] } {
  const env: Record<string, string> = { ...outer };
  let argv = [...words];
  for (let turn = 0; turn < 20; turn += 1) {
    const [first = '', second = ''] = argv;
    const assigned = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(first);
    if (assigned !== null) {
      env[assigned[1] ?? ''] = assigned[2] ?? '';
      argv = argv.slice(1);
    } else if (WRAPPERS.test(first)) argv = afterWrapper(first, argv.slice(1));
    else if (/^(?:pnpm|yarn|npm|bun)$/.test(first) && /^(?:exec|dlx|x)$/.test(second)) argv = argv.slice(argv[2] === '--' ? 3 : 2);
    else if (/^(?:\.\/)?node_modules\/\.bin\//.test(first)) argv[0] = first.slice(first.lastIndexOf('/') + 1);
    else break;
  }
  return { argv, env };
}

function afterWrapper(wrapper: string, rest: readonly string[]): string[] {
  const known = rest.findIndex((word) => PROGRAMS.test(word) || /^[A-Z_][A-Z0-9_]*=/i.test(word) || word.startsWith('node_modules/.bin/'));
  // `npx xo` and its like run a program that we need not know.
  const plain = rest.findIndex((word) => !word.startsWith('-'));
  const takesOptions = /^(?:c8|nyc|dotenv|dotenvx|env-cmd|xvfb-run|timeout|coverage)$/.test(wrapper);
  const start = known !== -1 && (takesOptions || known <= plain) ? known : plain;
  return start === -1 ? [] : rest.slice(start);
}

interface Called {
  readonly name: string;
  readonly extra: readonly string[];
}

const OWN_COMMANDS = /^(?:install|add|link|ci|pack|publish|build|init|audit|-.*)$/;

/** The scripts of this package that a command runs; null when it runs something else. */
function calledScripts(scripts: Scripts, argv: readonly string[]): readonly Called[] | null {
  const [program = '', ...rest] = argv;
  if (/^(?:run-[sp]|npm-run-all2?)$/.test(program)) {
    const names = rest.filter((word) => !word.startsWith('-')).map((word) => word.split(' ')[0] ?? '');
    return names.flatMap((name) => matching(scripts, name)).map((name) => ({ name, extra: [] }));
  }
  if (program === 'node' && rest[0] === '--run') return found(scripts, rest.slice(1));
  if (!/^(?:npm|pnpm|yarn|bun)$/.test(program) || delegates(argv)) return null;
  const [verb = '', ...after] = rest.filter((word) => !/^(?:-s|--silent|-w|--workspace-root)$/.test(word));
  if (/^(?:run|run-script)$/.test(verb)) return found(scripts, after);
  if (/^(?:test|t|tst)$/.test(verb)) return program === 'bun' ? null : found(scripts, ['test', ...after]);
  if (program === 'npm' || program === 'bun' || OWN_COMMANDS.test(verb)) return null;
  return Object.hasOwn(scripts, verb) ? found(scripts, [verb, ...after]) : null;
}

function found(scripts: Scripts, words: readonly string[]): readonly Called[] | null {
  const [name = '', ...rest] = words.filter((word, i) => !(i === 0 && word === '--silent'));
  return Object.hasOwn(scripts, name) ? [{ name, extra: rest.filter((word, i) => !(i === 0 && word === '--')) }] : null;
}

function matching(scripts: Scripts, name: string): string[] {
  if (!name.includes('*')) return Object.hasOwn(scripts, name) ? [name] : [];
  const fits = globMatcher([name.replaceAll(':', '/')]);
  return Object.keys(scripts).filter((script) => fits(script.replaceAll(':', '/')));
}

/** Whether a command hands the tests over to the members of the workspace. */
export function delegates(argv: readonly string[]): boolean {
  const [program = '', ...rest] = argv;
  if (/^(?:turbo|nx|lerna|wsrun|ultra|rush|moon)$/.test(program)) return true;
  return (
    /^(?:npm|pnpm|yarn|bun)$/.test(program) &&
    rest.some((word) =>
      /^(?:-r|--recursive|-ws|--workspaces?(?:=.*)?|--filter(?:=.*)?|workspaces?|-F|--prefix(?:=.*)?|-C|--dir)$/.test(word),
    )
  );
}

/** The commands of a line of shell as words, quotes taken off. A `$VARIABLE` stays as it is written; redirections go. */
export function parseShell(line: string): readonly (readonly string[])[] {
  const token =
    /\s+|&&|\|\||[;&|\n()]|\d?>>?(?:&\d|\s*\S+)|<\s*\S+|(?:"(?:[^"\\]|\\[\s\S])*"?|'[^']*'?|\\[\s\S]|[^\s;&|()"'\\<>])+|[\s\S]/y;
  const commands: string[][] = [[]];
  const text = line.slice(0, MOST_SCRIPT);
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [word] = match;
    if (/^(?:&&|\|\||[;&|\n()])$/.test(word)) commands.push([]);
    else if (!/^\s|^\d?[<>]/.test(word)) commands.at(-1)?.push(unquote(word));
  }
  return commands.filter((words) => words.length > 0);
}

function unquote(word: string): string {
  return word.replace(/"((?:[^"\\]|\\[\s\S])*)"?|'([^']*)'?|\\([\s\S])/g, (_, double?: string, single?: string, escaped?: string) =>
    double !== undefined ? double.replace(/\\(["\\$`])/g, '$1') : (single ?? escaped ?? ''),
  );
}
