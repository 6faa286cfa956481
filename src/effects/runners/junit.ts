// Any tool that writes JUnit XML, by a command and a report that the project's settings name.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Runner } from '../../core/ports.ts';
import { type Broken, type Failure, type TestReport, type TestResult, testId } from '../../core/report.ts';
import { type RunnerAssets, readAssets } from './assets.ts';
import type { JunitCase, readJunit } from './junit-xml.ts';
import { clean, normaliseFailure } from './normalise.ts';
import { harnessCommand, selectFiles } from './select.ts';

/** The path of tests whose file is not known. */
export const JUNIT_PATH = 'junit';

export const JUNIT_WEAK = 'a report that the tested process wrote itself: code under test could have written it';

/** Milliseconds without output of the command. */
const SILENCE_MS = 300_000;

export interface JunitOptions extends RunnerAssets {
  /** From `splitCommand`. An argument `{files}` stands for the test files of a run. */
  readonly argv: readonly string[];
  /** Globs of the XML that the command writes, from the folder that it runs in. */
  readonly report: readonly string[];
  readonly silenceMs?: number;
}

/**
 * The runner `junit`. Ids are `path › names`, the path being the attribute `file`, the test file that a class is named for, or `junit`.
 * Throws `RedgreenError('runner')` when its scripts are missing.
 */
export async function createJunit(options: JunitOptions): Promise<Runner> {
  const { readJunit: read } = await import('./junit-xml.ts');
  return {
    id: 'junit',
    languages: ['typescript', 'javascript', 'python', 'go', 'rust'],
    plans: false,
    packages: [],
    rules: `Tests run by the project's own command \`${options.argv.join(' ')}\`; write them where and as its other tests are.`,
    weak: JUNIT_WEAK,
    runsAll: true,
    ...toolchainOf(options.argv),
    isTestFile: (path) =>
      path === JUNIT_PATH ||
      /(?:^|\/)(?:tests?|specs?|__tests__)\/|(?:^|[/._-])(?:test|spec)s?[._-]|(?:Tests?|Spec)\.\w+$|_(?:test|spec)\.\w+$/.test(path),
    harness: readAssets(options, ['junit_run.mjs', 'command.mjs', 'exec.mjs', 'report.mjs']),
    command(run) {
      const files = selectFiles(run.tests, run.only);
      const named = files.filter((path) => path !== JUNIT_PATH);
      const argv = options.argv.flatMap((word) => (word === '{files}' ? named : [word]));
      const more = {
        argv,
        report: options.report,
        narrowed: run.only !== null,
        dir: run.project?.dir ?? '',
        silenceMs: options.silenceMs ?? SILENCE_MS,
      };
      return harnessCommand(['node', `${run.harnessDir}/junit_run.mjs`], run, more);
    },
    parse: (text, treeDir, nonce) => parse(text, treeDir, nonce, read),
    plant: () => null,
  };
}

function toolchainOf([program]: readonly string[]): Pick<Runner, 'toolchain'> {
  if (program === 'go' || program === 'gotestsum') return { toolchain: 'go' };
  return program === 'cargo' ? { toolchain: 'rust' } : {};
}

/** What `junit_run.mjs` hands over. */
interface Told {
  readonly ending: string;
  readonly code: number | null;
  readonly tree: string;
  readonly files: readonly string[];
  readonly narrowed: boolean;
  readonly tooLarge: boolean;
  readonly xml: readonly { readonly path: string; readonly text: string }[];
  readonly output: string;
}

function parse(text: string | null, treeDir: string, nonce: string, read: typeof readJunit): TestReport {
  if (text === null || text === '') return broken('no-report', 'The command ended without a word: it, or what started it, was stopped.');
  const told = unseal(text, nonce);
  if (told === null) return broken('stale', 'stale: the report does not carry the seal of this run, so it was not written by its runner.');
  const printed = told.output === '' ? '' : ` It printed:\n${clean(told.output, told.tree)}`;
  if (told.tooLarge) return broken('bad-report', 'The JUnit XML is larger than 6 MiB.');
  if (told.xml.length === 0)
    return broken('no-report', `The command wrote no JUnit XML where junit.report says (${told.ending}).${printed}`);
  const place = createPlace(told);
  const seen = new Map<string, number>();
  const tests: TestResult[] = [];
  const errors: string[] = [];
  for (const file of told.xml) {
    const junit = read(file.text);
    if ('problem' in junit) return broken('bad-report', `${clean(file.path, treeDir)} is no JUnit XML: ${junit.problem}.`);
    errors.push(...junit.errors);
    for (const one of junit.cases) tests.push(toTest(one, place(one), told, seen));
  }
  const wanted = told.narrowed ? tests.filter((test) => told.files.includes(test.path)) : tests;
  if (told.code !== 0 && errors.length === 0 && !tests.some((test) => test.status === 'failed'))
    errors.push(`The command ended with ${told.ending}, although no test of its report failed.${printed}`);
  const fileFailures = errors
    .slice(0, 100)
    .map((message) => ({ path: JUNIT_PATH, failure: failureOf({ type: '', message, text: '' }, told, true) }));
  return { tests: wanted.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)), fileFailures, finished: true, broken: null };
}

function broken(kind: Broken, message: string): TestReport {
  return { tests: [], fileFailures: [], finished: false, broken: { kind, message } };
}

/** One line of JSON, and the HMAC-SHA256 (hex) of it and its line's end under the run's nonce. */
function unseal(text: string, nonce: string): Told | null {
  const end = text.indexOf('\n') + 1;
  const right = createHmac('sha256', nonce).update(text.slice(0, end)).digest();
  const seal = Buffer.from(text.slice(end), 'hex');
  if (end === 0 || seal.length !== right.length || !timingSafeEqual(seal, right)) return null;
  return JSON.parse(text.slice(0, end)) as Told;
}

interface Place {
  readonly path: string;
  readonly names: readonly string[];
}

/** Finds the file of a case: its attribute `file`; the file that its class name begins with, in a form with slashes or with dots; else none. */
function createPlace({ files, tree }: Told): (one: JunitCase) => Place {
  const bare = files.map((path) => ({ path, stem: path.replace(/\.\w+$/, '') }));
  const known = new Map<string, Place>();
  const relative = (path: string) => clean(path.startsWith(`${tree}/`) ? path.slice(tree.length + 1) : path.replace(/^\.\//, ''), tree);
  const inTree = (path: string) => files.find((own) => own === path || own.endsWith(`/${path}`)) ?? path;
  const isPath = (path: string) => path !== '' && !path.startsWith('/') && !path.split('/').includes('..');
  const byClass = (classname: string): Place => {
    const own = relative(classname);
    const named = files.find((path) => own === path || own.startsWith(`${path} `) || own.endsWith(`/${path}`));
    if (named !== undefined) return { path: named, names: [] };
    const parts = classname.split(/::|[.$]/);
    for (let length = parts.length; length > 0; length--) {
      const stem = parts.slice(0, length).join('/');
      const found = bare.find((file) => file.stem === stem || (file.stem.endsWith(`/${stem}`) && (length > 1 || parts.length === 1)));
      if (found !== undefined) return { path: found.path, names: parts.slice(length) };
    }
    return { path: JUNIT_PATH, names: [classname] };
  };
  return ({ file, classname, name }) => {
    const place = known.get(classname) ?? byClass(classname);
    known.set(classname, place);
    const own = inTree(relative(file));
    const path = isPath(own) ? own : place.path;
    const names = [...(path === place.path ? place.names : [classname]), name].filter((part) => part !== '');
    return { path, names: names.length === 0 ? ['a test without a name'] : names };
  };
}

function toTest(one: JunitCase, place: Place, told: Told, seen: Map<string, number>): TestResult {
  const names = place.names.map((name) => clean(name, told.tree).replaceAll('\n', ' ').slice(0, 500));
  const failure = one.status === 'failed' ? failureOf(one, told, false) : null;
  const id = testId(place.path, names, seen);
  return { id, path: place.path, name: names.at(-1) ?? '', status: one.status, failure, retried: one.retried };
}

/** The text of a failure often begins with its message. Places in it that name a test file, or a path with a folder, become frames. */
function failureOf({ type, message, text }: Pick<JunitCase, 'type' | 'message' | 'text'>, told: Told, outside: boolean): Failure {
  const detail = text.trim().startsWith(message.trim()) ? text : `${message}\n${text}`;
  const places = [
    ...text.matchAll(/(?<![\w./@-])(\/?(?:[\w@+-][\w@.+-]{0,100}\/){0,20}[\w@+-][\w@.+-]{0,100}\.\w{1,8}):(\d{1,7})/g),
  ].flatMap(([, path = '', line]) => {
    const own = told.files.find((file) => file === path || file.endsWith(`/${path}`)) ?? (path.includes('/') ? path : null);
    return own === null ? [] : [`    at <frame> (${own}:${line}:1)`];
  });
  const stack = [...new Set(places)].slice(0, 20).join('\n');
  return normaliseFailure({ name: type, message: '', stack, detail: detail.trim() }, told.tree, outside);
}
