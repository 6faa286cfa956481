// Arguments and environment that a project gives its runner. Only what is listed here comes through: the harness stays in charge
// of what is reported, which files run, and what is loaded into it.

/** What an option of a runner means to us. */
type Role = 'keep' | 'module' | 'config' | 'include' | 'exclude' | 'root' | 'ext' | 'recursive' | 'drop';

interface Option {
  readonly name: string;
  readonly role: Role;
  readonly takes: boolean;
}

/** An option as `name`, `name=` when a value follows, `name|n=` with its short form; a role's options in one text. */
type Table = ReadonlyMap<string, Option>;

function table(roles: Partial<Record<Role, string>>): Table {
  const options = new Map<string, Option>();
  for (const [role, names] of Object.entries(roles))
    for (const spelled of names.split(' ')) {
      const takes = spelled.endsWith('=');
      const [name = '', ...others] = spelled.replace('=', '').split('|');
      for (const one of [name, ...others]) options.set(one, { name, role: role as Role, takes });
    }
  return options;
}

/** Options of Node that change how code is loaded or what exists, but not what is run or said: nodejs.org/api/cli.html. */
const NODE_KEEP =
  'expose-gc|expose_gc|gc enable-source-maps no-warnings no-deprecation disable-warning= conditions|C= stack-size= max-old-space-size= ' +
  'unhandled-rejections= preserve-symlinks preserve-symlinks-main dns-result-order= no-network-family-autoselection allow-natives-syntax ' +
  'no-strip-types';
const NODE_DROP =
  'test-reporter= test-reporter-destination= test-name-pattern= test-skip-pattern= test-concurrency= test-isolation= ' +
  'test-shard= test-coverage-include= test-coverage-exclude= env-file= env-file-if-exists= watch-path= experimental-sea-config= ' +
  'experimental-config-file= experimental-test-isolation= experimental-default-config-file experimental-test-coverage experimental-permission';

const TABLES: Readonly<Record<string, Table>> = {
  'node:test': table({
    keep: `${NODE_KEEP} test-timeout= test-force-exit`,
    module: 'import= require|r= experimental-loader|loader=',
    drop: NODE_DROP,
  }),
  borp: table({
    keep: 'expose-gc test-timeout|timeout|t=',
    include: 'pattern|p=',
    exclude: 'ignore|i=',
    drop: 'concurrency|c= reporter|r= name|N= post-compile|P= coverage-exclude|X= check-coverage lines= functions= statements= branches=',
  }),
  vitest: table({
    keep: 'project= environment|env= pool= mode= testTimeout= hookTimeout= globals isolate no-isolate no-file-parallelism dom',
    config: 'config|c=',
    exclude: 'exclude=',
    include: 'dir=',
    root: 'root|r=',
    drop: 'reporter= outputFile= testNamePattern|t= maxWorkers= minWorkers= shard= bail= retry= changed= logHeapUsage coverage.reporter=',
  }),
  jest: table({
    keep: 'env= testEnvironment= selectProjects= testTimeout= setupFilesAfterEnv= setupFiles= preset= runInBand|i',
    config: 'config|c=',
    include: 'testMatch= roots=',
    root: 'rootDir=',
    drop: 'maxWorkers|w= reporters= testNamePattern|t= testPathPattern= testPathPatterns= testPathIgnorePatterns= coverageReporters= coverageDirectory= shard= collectCoverageFrom= outputFile= bail|b',
  }),
  mocha: table({
    keep: `${NODE_KEEP} ui|u= timeout|t|timeouts= slow|s= check-leaks exit async-only|A allow-uncaught full-trace retries= global|globals= file=`,
    module: 'require|r= import= experimental-loader|loader=',
    config: 'config= package=',
    include: 'spec=',
    exclude: 'ignore|exclude=',
    ext: 'extension|watch-extensions=',
    recursive: 'recursive',
    drop: `${NODE_DROP} reporter|R= reporter-option|reporter-options|O= jobs|j= grep|g= fgrep|f= watch-files= watch-ignore= node-option|n= inline-diffs color|c parallel|p bail|b opts=`,
  }),
};

/** A command line as it was understood. */
export interface Arguments {
  /** As they are given to the runner: `--name` or `--name=value`. */
  readonly flags: readonly string[];
  /** By what the runner takes them for. */
  readonly config: string | null;
  readonly root: string | null;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly extensions: readonly string[];
  readonly recursive: boolean;
  /** What is no option, in order. */
  readonly plain: readonly string[];
  /** Whether `--test` stood there (Node). */
  readonly test: boolean;
}

const EXPERIMENTAL = /^(?:no-)?experimental-[a-z-]{1,60}$/;
const VALUE = /^[\w@%+=:,./*-]{1,200}$/;
const MODULE = /^(?:\.{0,2}\/)?[\w@.-]+(?:\/[\w@.-]+)*$/;

/**
 * Reads the arguments of `tool` (a runner's id, or `borp`). `stopAtPlain` ends at the first word that is no option, as Node does with a script;
 * the rest is then in `plain`.
 */
export function readArguments(tool: string, args: readonly string[], stopAtPlain = false): Arguments {
  const options = TABLES[tool] ?? new Map<string, Option>();
  const by: Record<Role, string[]> = {
    ...{ keep: [], module: [], config: [], include: [], exclude: [] },
    ...{ root: [], ext: [], recursive: [], drop: [] },
  };
  const plain: string[] = [];
  let test = false;
  for (let i = 0; i < args.length; i += 1) {
    const word = args[i] ?? '';
    if (!/^-./.test(word) || word === '--') {
      if (word !== '--') plain.push(word);
      if (stopAtPlain) {
        plain.push(...args.slice(i + 1));
        break;
      }
      continue;
    }
    const [, spelled = '', given] = /^--?([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (spelled === 'test') test = true;
    const option = options.get(spelled) ?? guess(tool, spelled);
    if (option === undefined) continue;
    const value = given ?? (option.takes ? (args[++i] ?? '') : '');
    const flag = option.takes || given !== undefined ? `--${option.name}=${value}` : `--${option.name}`;
    if (option.role !== 'keep' && option.role !== 'module') by[option.role].push(value);
    else if (
      option.role === 'module' ? MODULE.test(value) && !value.startsWith('/') : option.takes || value !== '' ? VALUE.test(value) : true
    )
      by.keep.push(flag);
  }
  return {
    flags: [...new Set(by.keep)].slice(0, 30),
    config: by.config.at(-1) ?? null,
    root: by.root.at(-1) ?? null,
    include: by.include,
    exclude: by.exclude.flatMap((value) => value.split(',')),
    extensions: by.ext.flatMap((value) => value.split(',')).map((ext) => ext.replace(/^\./, '')),
    recursive: by.recursive.length > 0,
    plain,
    test,
  };
}

/** Node's experimental options come and go with its versions, so they are known by their form. */
function guess(tool: string, name: string): Option | undefined {
  const takesNode = tool === 'node:test' || tool === 'mocha' || tool === 'jest';
  return takesNode && EXPERIMENTAL.test(name) ? { name, role: 'keep', takes: false } : undefined;
}

/** Names that steer a loader, a shell, git, a package manager, a compiler's tools or ourselves. */
const STEERING =
  /^(?:PATH|HOME|SHELL|ENV|IFS|PWD|USER|CI|TMP|TEMP|TMPDIR|EDITOR|PAGER|PROMPT_COMMAND|PYTHON.*|(?:LD|DYLD|NPM|PNPM|YARN|BUN|GIT|SSH|PYTEST|PIP|UV|BASH|PERL|RUBY|JAVA|JDK|GCONV|GLIBC|MALLOC|REDGREEN|CARGO|RUSTC?|RUSTFLAGS|RUSTUP|XDG|VITEST|JEST|MOCHA|BORP|NYC|C8|OPENSSL|SSL|HTTPS?|ALL|NO|AWS|OPENAI|ANTHROPIC)(?:_.*|)|GO(?:FLAGS|ROOT|PATH|PROXY|ENV|OS|ARCH|TOOLCHAIN|WORK|CACHE|MODCACHE)|NODE_(?!ENV$|NO_WARNINGS$|DEBUG$).*)$/i;
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,60}$/;
const SAFE_VALUE = /^[\w@%+=:,./ *-]{0,200}$/;

/** The environment that may come through: at most 30 plain values whose names steer nothing. A value with a variable of the shell is left out. */
export function safeEnv(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept = Object.entries(env).filter(([name, value]) => NAME.test(name) && !STEERING.test(name) && SAFE_VALUE.test(value));
  return Object.fromEntries(kept.slice(0, 30));
}
