// Names that have one home among Node's modules; names with two homes (`readFile`, `createServer`) are not here.

/** Where a name comes from, and as what: a named export, `default`, or `*`. */
export interface Home {
  readonly specifier: string;
  readonly imported: string;
}

const NAMED: Readonly<Record<string, readonly string[]>> = {
  'node:fs': [
    'readFileSync',
    'writeFileSync',
    'existsSync',
    'mkdirSync',
    'mkdtempSync',
    'rmSync',
    'readdirSync',
    'statSync',
    'appendFileSync',
    'createReadStream',
    'createWriteStream',
    'unlinkSync',
    'copyFileSync',
    'renameSync',
  ],
  'node:path': ['join', 'resolve', 'relative', 'dirname', 'basename', 'extname', 'isAbsolute'],
  'node:os': ['tmpdir', 'homedir'],
  'node:url': ['fileURLToPath', 'pathToFileURL'],
  'node:util': ['parseArgs', 'promisify', 'inspect', 'styleText', 'stripVTControlCharacters', 'isDeepStrictEqual'],
  'node:events': ['EventEmitter'],
  'node:crypto': ['randomUUID', 'createHash', 'randomBytes', 'createHmac', 'timingSafeEqual', 'randomInt'],
  'node:child_process': ['spawn', 'spawnSync', 'execFile', 'execFileSync', 'execSync', 'fork'],
  'node:stream': ['Readable', 'Writable', 'Transform', 'Duplex', 'PassThrough'],
  'node:buffer': ['isUtf8', 'isAscii'],
  'node:perf_hooks': ['monitorEventLoopDelay'],
  'node:worker_threads': ['parentPort', 'workerData', 'isMainThread'],
  'node:async_hooks': ['AsyncLocalStorage'],
  'node:string_decoder': ['StringDecoder'],
  'node:sqlite': ['DatabaseSync'],
};

const WHOLE: Readonly<Record<string, string>> = {
  fs: 'node:fs',
  path: 'node:path',
  os: 'node:os',
  http: 'node:http',
  https: 'node:https',
  net: 'node:net',
  util: 'node:util',
  readline: 'node:readline',
  zlib: 'node:zlib',
  child_process: 'node:child_process',
};

const TESTING = ['test', 'describe', 'it', 'suite', 'before', 'after', 'beforeEach', 'afterEach', 'mock'];
/** What vitest and jest share; each has its own name for mocks. */
const EXPECTING = ['test', 'describe', 'it', 'expect', 'beforeAll', 'afterAll', 'beforeEach', 'afterEach'];

const byName = new Map<string, Home>([
  ...Object.entries(NAMED).flatMap(([specifier, names]) => names.map((name) => [name, { specifier, imported: name }] as const)),
  ...Object.entries(WHOLE).map(([name, specifier]) => [name, { specifier, imported: 'default' }] as const),
]);

/** The home of a name in Node's modules, or in the test runner's for a test file; null when there is none or more than one. */
export function homeOf(name: string, test: boolean, runner: string): Home | null {
  if (test && runner === 'vitest' && [...EXPECTING, 'suite', 'vi'].includes(name)) return { specifier: 'vitest', imported: name };
  if (test && runner === 'jest' && [...EXPECTING, 'jest'].includes(name)) return { specifier: '@jest/globals', imported: name };
  if (test && runner !== 'vitest' && runner !== 'jest' && TESTING.includes(name)) return { specifier: 'node:test', imported: name };
  if (name === 'assert') return { specifier: 'node:assert/strict', imported: 'default' };
  return byName.get(name) ?? null;
}
