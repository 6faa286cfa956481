// Judges what came out of the boxes. Nothing here runs where tested code runs.
import type { CallStep, CommandStep, Oracle, OracleCase, Property, RequestStep } from './oracle.ts';
import { type Answer, type CallAnswer, type CommandAnswer, parseValue, type ResponseAnswer } from './oracle-answers.ts';
import { argumentsOf, caseId, propertyId, secondTarget } from './oracle-jobs.ts';
import { holds, type Observed } from './oracle-relation.ts';
import { type Difference, differ, isError, isFields, isList, resolve, show, tagOf, type Value } from './oracle-value.ts';

/** A case or property that did not hold: what was asked, what came and what was expected, in words. */
export interface Wrong {
  readonly message: string;
  /** Frames of an error that was thrown, as the runtime wrote them. */
  readonly stack: string;
  /** More that helps: what else the program printed. */
  readonly detail: string;
}

export interface Judgement {
  readonly name: string;
  /** Null: it holds. */
  readonly wrong: Wrong | null;
}

type ByJob = ReadonlyMap<string, Answer>;

/** Judges every case and property, in the order of the file. */
export function judgeOracle(oracle: Oracle, seed: number, first: ByJob, second: ByJob): readonly Judgement[] {
  const cases = oracle.cases.map((c, i) => ({ name: c.name, wrong: judgeCase(c, first.get(caseId(i))) }));
  const properties = oracle.properties.map((p, i) => {
    const id = propertyId(i);
    return { name: p.name, wrong: judgeProperty(p, seed, first.get(id), second.get(id)) };
  });
  return [...cases, ...properties];
}

const wrong = (message: string, stack = '', detail = ''): Wrong => ({ message, stack, detail });

function judgeCase(c: OracleCase, answer: Answer | undefined): Wrong | null {
  if (!answer) return wrong('there is no answer: the run was over before it was asked, or its process was gone');
  if (answer.load) return notLoaded(answer);
  if (c.kind === 'calls') return judgeCalls(c.steps, answer);
  return c.kind === 'commands' ? judgeCommands(c.steps, answer) : judgeServer(c.steps, answer);
}

function notLoaded({ load, stderr }: Answer): Wrong {
  return wrong(`the module does not load: ${said(load?.error ?? null)}`, load?.stack, stderr);
}

function judgeCalls(steps: readonly CallStep[], answer: Answer): Wrong | null {
  const saved = new Map<string, Value>();
  for (const [i, step] of steps.entries()) {
    const got = answer.calls[i];
    if (!got) return wrong(`${shownCall(step)} gave no result: ${endOf(answer)}`, '', answer.stderr);
    const found = judgeCall(step, got, saved);
    if (found) return found;
    if (step.as !== null && 'value' in got) saved.set(step.as, got.value);
  }
  return null;
}

function judgeCall(step: CallStep, got: CallAnswer, saved: ReadonlyMap<string, Value>): Wrong | null {
  const { expect } = step;
  const call = shownCall(step);
  const throwing = expect !== null && 'throws' in expect ? expect.throws : null;
  if ('thrown' in got) {
    const { error, stack } = got.thrown;
    if (throwing && isError(errorValue(throwing.name, throwing.message), error)) return null;
    const instead = throwing ? `, expected ${show({ $error: errorValue(throwing.name, throwing.message) })}` : returnsText(step);
    return wrong(`${call} threw ${said(error)}${instead}`, stack);
  }
  if (throwing)
    return wrong(`${call} returned ${show(got.value)}, expected ${show({ $error: errorValue(throwing.name, throwing.message) })}`);
  if (!expect || !('returns' in expect)) return null;
  const difference = differ(resolve(expect.returns, saved), got.value);
  return difference ? wrong(`${call} ${differenceText(difference, 'returned')}`, '', whole(difference, expect.returns, got.value)) : null;
}

function errorValue(name: string | null, message: Value): Value {
  return { ...(name === null ? {} : { name }), ...(message === null ? {} : { message }) };
}

function returnsText({ expect }: CallStep): string {
  return expect && 'returns' in expect ? `, expected the value ${show(expect.returns)}` : '';
}

function differenceText({ where, expected, actual }: Difference, verb: string): string {
  return where === '' ? `${verb} ${actual}, expected ${expected}` : `${verb} something else at ${where}: ${actual}, expected ${expected}`;
}

/** Both values in full when only a part of them was named. */
function whole({ where }: Difference, expected: Value, actual: Value): string {
  return where === '' ? '' : `the whole value: ${show(actual)}\nexpected: ${show(expected)}`;
}

function shownCall(step: Pick<CallStep, 'kind' | 'name' | 'on' | 'args' | 'kwargs'>): string {
  const name = step.on === null ? step.name : `${step.on}.${step.name}`;
  if (step.kind === 'get') return name;
  const args = [...step.args.map(show), ...Object.entries(step.kwargs).map(([key, v]) => `${key}=${show(v)}`)].join(', ');
  return `${step.kind === 'new' ? 'new ' : ''}${name}(${args})`;
}

/** An error from the box, in words. */
function said(error: Value): string {
  const tag = tagOf(error);
  if (tag?.[0] !== '$error' || !isFields(tag[1])) return show(error);
  const { names, message } = tag[1];
  const name = isList(names) && typeof names[0] === 'string' ? names[0] : 'an error';
  return `${name}: ${typeof message === 'string' ? message.slice(0, 1_000) : ''}`;
}

function endOf({ end }: Pick<Answer, 'end'>): string {
  if (end === 'time') return 'it did not come to an end and was stopped';
  if (end === 'missing') return 'there is no such program';
  if (end === 'output') return 'it printed too much and was stopped';
  return end === null ? 'its process gave no answer' : `its process ended by itself (${end})`;
}

function judgeCommands(steps: readonly CommandStep[], answer: Answer): Wrong | null {
  for (const [i, step] of steps.entries()) {
    const got = answer.commands[i];
    const line = step.argv.map((word) => (/^[\w./:=@%+-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
    if (!got) return wrong(`${line}: was not run (${endOf(answer)})`);
    const found = judgeCommand(step, got);
    if (found !== null) return wrong(`${line}: ${found}`, got.stderr, printed(got));
  }
  return null;
}

function judgeCommand(step: CommandStep, got: CommandAnswer): string | null {
  if (got.end !== null) return endOf(got);
  if (step.exit !== null && got.exit !== step.exit) return `exit code ${got.exit}, expected ${step.exit}`;
  for (const stream of ['stdout', 'stderr'] as const) {
    const found = step[stream] === null ? null : differText(step[stream], got[stream]);
    if (found !== null) return `${stream} ${found}`;
  }
  for (const [path, wanted] of Object.entries(step.after)) {
    const text = got.after[path] ?? null;
    if (wanted === null && text !== null) return `the file ${path} is there, expected none`;
    if (wanted !== null && text === null) return `there is no file ${path}`;
    const found = wanted === null || text === null ? null : differText(wanted, text);
    if (found !== null) return `the file ${path} ${found}`;
  }
  return null;
}

function printed({ exit, stdout, stderr }: CommandAnswer): string {
  return `exit code ${exit}\nstdout: ${show(stdout)}\nstderr: ${show(stderr)}`;
}

/** Of two texts of several lines the first line that differs. */
function differText(wanted: Value, text: string): string | null {
  const difference = differ(wanted, text);
  if (!difference) return null;
  if (typeof wanted !== 'string' || !/\n./.test(wanted + text)) return differenceText(difference, 'is');
  const [a, b] = [text.split('\n'), wanted.split('\n')];
  const at = a.findIndex((line, i) => line !== b[i]);
  const line = at === -1 ? a.length : at;
  const side = (lines: readonly string[]) => (line < lines.length ? show(lines[line] ?? '') : 'the end');
  return `differs in line ${line + 1}: ${side(a)}, expected ${side(b)}`;
}

function judgeServer(steps: readonly RequestStep[], answer: Answer): Wrong | null {
  const saved = new Map<string, Value>();
  for (const [i, step] of steps.entries()) {
    const got = answer.responses[i];
    const line = `${step.method} ${step.path}`;
    if (!got)
      return wrong(
        `${line}: was not asked (${answer.end === 'silent' ? 'the server did not listen on its port' : endOf(answer)})`,
        answer.stderr,
        answer.stderr,
      );
    const found = 'failed' in got ? `no answer: ${got.failed}` : judgeResponse(step, got, saved);
    if (found !== null)
      return wrong(`${line}: ${found}`, answer.stderr, 'failed' in got ? answer.stderr : `status ${got.status}\nbody: ${show(got.body)}`);
    if ('body' in got) for (const [name, pointer] of Object.entries(step.save)) saved.set(name, pointed(parseValue(got.body), pointer));
  }
  return null;
}

function judgeResponse(
  step: RequestStep,
  got: Extract<ResponseAnswer, { body: string }>,
  saved: ReadonlyMap<string, Value>,
): string | null {
  const { status, headers, json, text } = step.expect;
  if (status !== null && got.status !== status) return `status ${got.status}, expected ${status}`;
  for (const [name, wanted] of Object.entries(headers)) {
    const found = differ(resolve(wanted, saved), got.headers[name.toLowerCase()]);
    if (found) return `the header ${name} ${differenceText(found, 'is')}`;
  }
  if (text !== null) {
    const found = differText(resolve(text, saved), got.body);
    if (found !== null) return `the body ${found}`;
  }
  if (json === undefined) return null;
  const body = parseValue(got.body);
  if (body === undefined) return `the body is no JSON: ${show(got.body)}`;
  const found = differ(resolve(json, saved), body);
  return found && `the body ${differenceText(found, 'has')}`;
}

/** The part of a value that a JSON pointer (RFC 6901) names. */
function pointed(value: Value | undefined, pointer: string): Value {
  let at = value;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    at = typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as Record<string, Value>)[key] : undefined;
  }
  return at === undefined ? { $undefined: true } : at;
}

function judgeProperty(property: Property, seed: number, first: Answer | undefined, second: Answer | undefined): Wrong | null {
  if (!first) return wrong('there is no answer: the run was over before it was asked, or its process was gone');
  if (first.load) return notLoaded(first);
  if (second?.load) return notLoaded(second);
  const inputs = argumentsOf(property, seed);
  let next = 0;
  const observed = inputs.map((args, n): Observed | null => {
    const got = first.calls[n];
    if (!got) return null;
    const paired = secondTarget(property) !== null && 'value' in got;
    return { args, first: got, second: paired ? (second?.calls[next++] ?? null) : null };
  });
  const failing = observed.flatMap((o, n) => (o && holds(property, o) ? [] : [{ args: inputs[n] ?? [], observed: o }]));
  const size = (args: readonly Value[]) => JSON.stringify(args).length;
  const least = failing.toSorted((a, b) => size(a.args) - size(b.args))[0];
  if (!least) return null;
  const many = `${failing.length} of ${inputs.length} inputs, seed ${seed}`;
  const stack = least.observed && 'thrown' in least.observed.first ? least.observed.first.thrown.stack : '';
  return wrong(
    `"${property.holds}" does not hold: ${trace(property, least.args, least.observed, first, second)} (${many})`,
    stack,
    first.stderr,
  );
}

/** What the smallest failing input showed. */
function trace(property: Property, args: readonly Value[], o: Observed | null, first: Answer, second: Answer | undefined): string {
  const call = shownCall({ kind: 'call', name: property.call, on: null, args, kwargs: {} });
  if (!o) return `${call} gave no result: ${endOf(first)}`;
  if ('thrown' in o.first) return `${call} threw ${said(o.first.thrown.error)}`;
  const gave = `${call} gave ${show(o.first.value)}`;
  const other = secondTarget(property);
  if (!other) return `${gave}${property.pattern === null ? '' : `, expected to match ${property.pattern}`}`;
  if (!o.second) return `${gave}, and then ${other.call} gave no result: ${endOf(second ?? { end: null })}`;
  const how =
    property.holds === 'commutative'
      ? 'with the first two arguments exchanged'
      : property.holds === 'same'
        ? `${other.call} of the same`
        : `${other.call} of that`;
  return `${gave}, ${how} ${'value' in o.second ? `gave ${show(o.second.value)}` : `threw ${said(o.second.thrown.error)}`}`;
}
