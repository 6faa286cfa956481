// Reads an oracle file. See prompts/oracle.md for the format as its author is told it.
import {
  type CallStep,
  type CommandStep,
  type Expected,
  isPython,
  ORACLE_LIMITS,
  type Oracle,
  type OracleCase,
  type RequestStep,
} from './oracle.ts';
import { parseValue } from './oracle-answers.ts';
import { type Fields, fieldsOf, type Problems, readName } from './oracle-fields.ts';
import { readPattern } from './oracle-pattern.ts';
import { readProperty } from './oracle-read-property.ts';
import { isFields, isList, tagOf, type Value } from './oracle-value.ts';

export type OracleReading = { readonly oracle: Oracle } | { readonly problems: readonly string[] };

/** Reads the text of an oracle file; what is wrong is said with its place in the data, so that its author can mend it. Never throws. */
export function readOracle(text: string): OracleReading {
  if (text.length > ORACLE_LIMITS.characters) return { problems: [`the file is longer than ${ORACLE_LIMITS.characters} characters`] };
  const root = parseValue(text);
  if (root === undefined) return { problems: [`the file is not valid JSON: ${reasonOf(text)}`] };
  const problems: Problems = [];
  const file = fieldsOf(root, '', ['cases', 'properties'], problems);
  const cases = file.list('cases').map((item, i) => readCase(item, `cases[${i}]`, problems));
  const properties = file.list('properties').map((item, i) => readProperty(item, `properties[${i}]`, problems));
  if (cases.length + properties.length === 0) problems.push('the file: holds no case');
  if (cases.length > ORACLE_LIMITS.cases) problems.push(`cases: ${cases.length} cases, at most ${ORACLE_LIMITS.cases}`);
  if (properties.length > ORACLE_LIMITS.properties) problems.push(`properties: ${properties.length}, at most ${ORACLE_LIMITS.properties}`);
  const names = new Set<string>();
  for (const { name } of [...cases, ...properties]) {
    if (name !== '' && names.has(name)) problems.push(`the file: two cases have the name ${JSON.stringify(name)}`);
    names.add(name);
  }
  return problems.length > 0 ? { problems } : { oracle: { cases, properties } };
}

function reasonOf(text: string): string {
  try {
    JSON.parse(text);
    return 'it is nested too deep';
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 200) : 'unreadable';
  }
}

const CALL = ['call', 'new', 'get', 'on', 'args', 'kwargs', 'as', 'returns', 'throws'];
const COMMAND = ['argv', 'stdin', 'env', 'exit', 'stdout', 'stderr', 'after'];
const REQUEST = ['method', 'path', 'headers', 'body', 'save', 'expect'];

function readCase(item: Value, at: string, problems: Problems): OracleCase {
  const has = (key: string) => isFields(item) && item[key] !== undefined;
  if (has('serve')) return readServer(item, at, problems);
  if (has('argv') || has('runs')) return readCommands(item, at, problems);
  if (!has('module'))
    problems.push(`${at}: is none of the three kinds: give "module" (calls), "argv" or "runs" (a command), or "serve" (a server)`);
  return readCalls(item, at, problems);
}

function readCalls(item: Value, at: string, problems: Problems): OracleCase {
  const single = isFields(item) && item['steps'] === undefined;
  const fields = fieldsOf(item, at, single ? ['name', 'module', ...CALL] : ['name', 'module', 'steps'], problems);
  const { name: _, module: __, ...own } = isFields(item) ? item : {};
  const steps = single
    ? [readCall(own, at, problems)]
    : fields.list('steps').map((step, i) => readCall(step, `${at}.steps[${i}]`, problems));
  if (steps.every((step) => step.expect === null)) fields.bad('expects nothing: give "returns" or "throws"');
  tooMany(steps, at, problems);
  const made = new Set<string>();
  for (const step of steps) {
    if (step.on !== null && !made.has(step.on)) fields.bad(`"on": ${JSON.stringify(step.on)} is the "as" of no earlier step`);
    if (step.as !== null) made.add(step.as);
  }
  return { kind: 'calls', name: readName(fields), module: fields.has('module') ? fields.text('module') : '', steps };
}

function readCall(item: Value, at: string, problems: Problems): CallStep {
  const fields = fieldsOf(item, at, CALL, problems);
  const kinds = (['call', 'new', 'get'] as const).filter((kind) => fields.has(kind));
  const kind = kinds[0] ?? 'call';
  if (kinds.length !== 1) fields.bad('needs exactly one of "call", "new" and "get"');
  const name = kinds.length === 0 ? '' : fields.text(kind);
  if (name !== '' && !/^[\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}_$][\p{L}\p{N}_$]*)*$/u.test(name)) fields.bad(`"${name}" is not a name`);
  return {
    kind,
    name,
    on: fields.has('on') ? fields.text('on') : null,
    args: fields.list('args'),
    kwargs: fields.values('kwargs'),
    as: fields.has('as') ? fields.text('as') : null,
    expect: readExpected(fields, problems),
  };
}

function readExpected(fields: Fields, problems: Problems): Expected | null {
  if (fields.has('returns') && fields.has('throws')) fields.bad('cannot both return and throw');
  if (fields.has('returns')) return { returns: expectation(fields, 'returns', problems) ?? null };
  const wanted = fields.value('throws');
  if (wanted === undefined) return null;
  if (wanted === true) return { throws: { name: null, message: null } };
  if (typeof wanted === 'string') return { throws: { name: wanted, message: null } };
  const error = fieldsOf(wanted, `${fields.at}.throws`, ['name', 'message'], problems);
  return { throws: { name: error.has('name') ? error.text('name') : null, message: expectation(error, 'message', problems) ?? null } };
}

function readCommands(item: Value, at: string, problems: Problems): OracleCase {
  const single = isFields(item) && item['runs'] === undefined;
  const fields = fieldsOf(item, at, single ? ['name', 'files', ...COMMAND] : ['name', 'files', 'runs'], problems);
  const { name: _, files: __, ...own } = isFields(item) ? item : {};
  const steps = single
    ? [readCommand(own, at, problems)]
    : fields.list('runs').map((run, i) => readCommand(run, `${at}.runs[${i}]`, problems));
  if (steps.length === 0) fields.bad('runs nothing');
  tooMany(steps, at, problems);
  return { kind: 'commands', name: readName(fields), files: readFiles(fields), steps };
}

function readCommand(item: Value, at: string, problems: Problems): CommandStep {
  const fields = fieldsOf(item, at, COMMAND, problems);
  const exit = fields.value('exit') ?? 0;
  if (exit !== null && !(Number.isInteger(exit) && Number(exit) >= 0 && Number(exit) <= 255))
    fields.bad('exit must be a number from 0 to 255');
  const after = fields.values('after');
  for (const [path, wanted] of Object.entries(after)) {
    checkScratch(path, fields);
    checkExpected(wanted, `${at}.after`, problems);
  }
  return {
    argv: readArgv(fields, 'argv'),
    stdin: fields.text('stdin', ''),
    env: fields.texts('env'),
    exit: typeof exit === 'number' ? exit : null,
    stdout: expectation(fields, 'stdout', problems) ?? null,
    stderr: expectation(fields, 'stderr', problems) ?? null,
    after,
  };
}

function readServer(item: Value, at: string, problems: Problems): OracleCase {
  const fields = fieldsOf(item, at, ['name', 'serve', 'env', 'files', 'requests'], problems);
  const argv = readArgv(fields, 'serve');
  const env = fields.texts('env');
  const steps = fields.list('requests').map((request, i) => readRequest(request, `${at}.requests[${i}]`, problems));
  if (![...argv, ...Object.values(env)].some((word) => word.includes('{port}')))
    fields.bad('the server is not told its port: put {port} into an argument or an environment variable');
  if (steps.length === 0) fields.bad('requests nothing');
  else if (steps.every(expectsNothing)) fields.bad('expects nothing: give "expect" with a status, headers, "json" or "text"');
  tooMany(steps, at, problems);
  return { kind: 'server', name: readName(fields), argv, env, files: readFiles(fields), steps };
}

function expectsNothing({ expect }: RequestStep): boolean {
  return expect.status === null && expect.text === null && expect.json === undefined && Object.keys(expect.headers).length === 0;
}

function readRequest(item: Value, at: string, problems: Problems): RequestStep {
  const fields = fieldsOf(item, at, REQUEST, problems);
  const path = fields.text('path');
  if (!path.startsWith('/') || /\s/.test(path)) fields.bad('the path must begin with / and hold no blanks (percent-encode them)');
  const method = fields.text('method', 'GET').toUpperCase();
  if (!/^[A-Z]{1,20}$/.test(method)) fields.bad('the method must be a word such as GET');
  const expect = fieldsOf(fields.value('expect') ?? {}, `${at}.expect`, ['status', 'headers', 'json', 'text'], problems);
  const status = expect.value('status') ?? null;
  if (status !== null && !Number.isInteger(status)) expect.bad('the status must be a number');
  const wanted = expect.values('headers');
  for (const value of Object.values(wanted)) checkExpected(value, `${at}.expect.headers`, problems);
  return {
    method,
    path,
    headers: fields.texts('headers'),
    body: fields.value('body'),
    save: fields.texts('save'),
    expect: {
      status: typeof status === 'number' ? status : null,
      headers: wanted,
      json: expectation(expect, 'json', problems),
      text: expectation(expect, 'text', problems) ?? null,
    },
  };
}

function readArgv(fields: Fields, key: string): readonly string[] {
  const argv = fields.words(key);
  const [program = '', module = ''] = argv;
  const isProgram = program === '-m' ? /^[\w.]+$/.test(module) : /\.(?:[cm]?[jt]s|py)$/.test(program);
  if (!isProgram)
    fields.bad(`${key} must begin with the planned file that is run (such as "src/cli.ts"), or in Python with "-m" and a module`);
  return argv;
}

function readFiles(fields: Fields): Readonly<Record<string, string>> {
  const files = fields.texts('files');
  for (const path of Object.keys(files)) checkScratch(path, fields);
  return files;
}

/** Paths of a case's own folder. */
function checkScratch(path: string, fields: Fields): void {
  if (
    path.length > 200 ||
    !/^[\w.@+-][\w.@+ -]*(?:\/[\w.@+-][\w.@+ -]*)*$/.test(path) ||
    path.split('/').some((part) => part === '.' || part === '..')
  )
    fields.bad(`"${path.slice(0, 80)}" is not a plain relative path`);
}

function tooMany(steps: readonly unknown[], at: string, problems: Problems): void {
  if (steps.length > ORACLE_LIMITS.steps) problems.push(`${at}: ${steps.length} steps, at most ${ORACLE_LIMITS.steps}`);
}

/** The tags that an expectation may hold. */
const TAGS = new Set(
  '$undefined $number $bigint $date $map $set $bytes $error $object $any $near $contains $matches $includes $ref'.split(' '),
);

function expectation(fields: Fields, key: string, problems: Problems): Value | undefined {
  const value = fields.value(key);
  if (value !== undefined) checkExpected(value, `${fields.at}.${key}`, problems);
  return value;
}

function checkExpected(value: Value, at: string, problems: Problems): void {
  const tag = tagOf(value);
  if (tag && !TAGS.has(tag[0])) problems.push(`${at}: ${tag[0]} is not known; there are ${[...TAGS].join(', ')}`);
  if (tag?.[0] === '$matches') {
    const read = typeof tag[1] === 'string' ? readPattern(tag[1]) : { problem: '$matches needs a string' };
    if ('problem' in read) problems.push(`${at}: ${read.problem}`);
  }
  if (tag?.[0] === '$object') return;
  if (isList(value)) for (const item of value) checkExpected(item, at, problems);
  else if (isFields(value)) for (const item of Object.values(value)) checkExpected(item, at, problems);
}

/** The files that an oracle runs or loads, as planned paths; a Python module by its name gives none. */
export function programsOf(oracle: Oracle): readonly string[] {
  const argvs = oracle.cases.flatMap((c) => (c.kind === 'commands' ? c.steps.map((s) => s.argv) : c.kind === 'server' ? [c.argv] : []));
  const modules = oracle.cases.flatMap((c) => (c.kind === 'calls' ? [c.module] : []));
  const targets = oracle.properties.flatMap((p) => [p.module, ...(p.by ? [p.by.module] : [])]);
  return [...new Set([...argvs.flatMap(([word = '']) => (isPython(word) && word === '-m' ? [] : [word])), ...modules, ...targets])];
}
