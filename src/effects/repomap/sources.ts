// Which files the map looks at, and what each is written in.

/** A language by what reads it: `pattern` files have no parser here, only the patterns of `quick.ts`. */
export type MapLanguage =
  | 'typescript'
  | 'tsx'
  | 'javascript'
  | 'python'
  | 'go'
  | 'rust'
  | 'java'
  | 'ruby'
  | 'php'
  | 'c-sharp'
  | 'cpp'
  | 'pattern';

const LANGUAGES: Readonly<Record<string, MapLanguage>> = {
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  tsx: 'tsx',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  py: 'python',
  pyi: 'python',
  go: 'go',
  rs: 'rust',
  java: 'java',
  rb: 'ruby',
  php: 'php',
  cs: 'c-sharp',
  c: 'cpp',
  h: 'cpp',
  cc: 'cpp',
  cpp: 'cpp',
  cxx: 'cpp',
  hh: 'cpp',
  hpp: 'cpp',
  vue: 'pattern',
  svelte: 'pattern',
  kt: 'pattern',
  kts: 'pattern',
  swift: 'pattern',
  scala: 'pattern',
  ex: 'pattern',
  exs: 'pattern',
  lua: 'pattern',
  dart: 'pattern',
  sh: 'pattern',
};

/** Larger files are data or made by a program. */
export const MAX_FILE_BYTES = 400_000;

const FOREIGN =
  /(?:^|\/)(?:node_modules|bower_components|vendor|vendored|third[_-]party|\.git|\.yarn|\.venv|venv|site-packages|__pycache__|dist|coverage|\.next|\.nuxt)\//;
const MADE = /(?:\.min\.[cm]?js|[.-]bundle\.js|\.pb\.go|_pb2?\.py|\.generated\.\w+|\.g\.cs|\.designer\.cs|_generated\.\w+)$/i;

/** The language of a file that the map reads, or null: unknown, too large, brought from elsewhere or made by a program. */
export function languageOf(path: string, size: number): MapLanguage | null {
  const language = LANGUAGES[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''];
  return language === undefined || size > MAX_FILE_BYTES || size === 0 || FOREIGN.test(path) || MADE.test(path) ? null : language;
}

/** Whether a text was made by a program: it says so at its top, or its lines are longer than people write them. */
export function isGenerated(text: string): boolean {
  const head = text.slice(0, 600);
  if (/@generated\b|\bDO NOT EDIT\b|automatically generated|auto-generated/i.test(head)) return true;
  if (text.length < 5_000) return false;
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return text.length / lines > 240;
}

const TEST =
  /(?:^|\/)(?:tests?|__tests__|specs?|__mocks__|e2e|testdata|testing|fixtures?|test[-_]\w+)\/|(?:[._-](?:test|spec|tests|specs|test-d|bench)\.\w+$)|(?:^|\/)(?:test_[^/]*|conftest)\.py$|_test\.\w+$|(?:Tests?|Spec)\.(?:java|cs|php|kt|swift)$|(?:^|\/)test\.\w+$/;
const ASIDE =
  /(?:^|\/)(?:examples?|samples?|demos?|docs?|website|www|bench(?:mark)?s?|scripts?|playground|tools?|ci|\.github|typings|perf|integrations?)\/|\.config\.[cm]?[jt]s$|(?:^|\/)(?:gulpfile|gruntfile|rollup\.config)\.\w+$/i;

/** Whether a path is a test, a helper of tests or their data. */
export function isTestPath(path: string): boolean {
  return TEST.test(path);
}

/** Whether a path lies beside the product: examples, documentation, benchmarks, build scripts. Seldom what a task means. */
export function isAside(path: string): boolean {
  return ASIDE.test(path);
}
