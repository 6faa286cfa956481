// What makes two requests the same: their words, not their run, model or ids.
import { createHash } from 'node:crypto';
import type { ModelRequest } from '../core/model.ts';

/** A request in the form that is compared: one entry for each thing that was said, in order. */
export interface Passage {
  /** Where it stands, in words: `the system prompt`, `message 2`. */
  readonly where: string;
  readonly text: string;
}

/** The sha256 of a text, in lower-case hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The step key under which a request is recorded. */
export function keyOf({ step, subject, attempt }: Pick<ModelRequest, 'step' | 'subject' | 'attempt'>): string {
  return `${step}/${subject}/${attempt}`;
}

/**
 * The sha256 over what matters of a request: system, texts, tool calls and results, tools, schema and the reply's bound. Run,
 * model, cache marks and carried items do not count; ids of tool calls count by their order only.
 */
export function digest(request: ModelRequest): string {
  return digestOf(passages(request));
}

/** The digest of a request that was taken apart before. */
export function digestOf(all: readonly Passage[]): string {
  return sha256(canonical(all.map(({ where, text }) => [where, text])));
}

/** Takes a request apart; `clean` is applied to every text. */
export function passages(request: ModelRequest, clean: (text: string) => string = (text) => text): Passage[] {
  const order = new Map<string, number>();
  const ordinal = (id: string) => {
    if (!order.has(id)) order.set(id, order.size + 1);
    return order.get(id);
  };
  const said = request.messages.map((message, at): Passage => {
    const where = `message ${at + 1} (${message.role})`;
    if (message.role === 'user') return { where, text: message.parts.map((part) => part.text).join('') };
    if (message.role === 'tool') {
      const results = message.results.map(
        (result) => `result of call ${ordinal(result.id)}${result.isError ? ', an error' : ''}:\n${result.text}`,
      );
      return { where, text: results.join('\n') };
    }
    const calls = message.calls.map(
      (call) => `call ${ordinal(call.id)} of ${call.name}: ${call.args === null ? call.raw : canonical(call.args)}`,
    );
    return { where, text: [message.text, ...calls].join('\n') };
  });
  const all: Passage[] = [
    { where: 'the system prompt', text: request.system },
    { where: 'the tools', text: request.tools.map((tool) => canonical(tool)).join('\n') },
    { where: 'the schema', text: request.schema ? canonical(request.schema) : '' },
    { where: 'maxOutputTokens', text: String(request.maxOutputTokens) },
    ...said,
  ];
  return all.map(({ where, text }) => ({ where, text: clean(text) }));
}

/** JSON with its keys in order, so that equal values are equal texts. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => canonical(each)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${sorted.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`;
}

/** The first difference between two requests, in a sentence; null when there is none. */
export function firstDifference(expected: readonly Passage[], found: readonly Passage[]): string | null {
  for (let at = 0; at < Math.max(expected.length, found.length); at++) {
    const [was, is] = [expected[at], found[at]];
    if (was === undefined) return `${is?.where} is new: ${excerpt(is?.text ?? '', 0)}`;
    if (is === undefined) return `${was.where} is missing: ${excerpt(was.text, 0)}`;
    if (was.where !== is.where) return `${was.where} was expected, ${is.where} found`;
    if (was.text !== is.text) return inText(was, is);
  }
  return null;
}

function inText(was: Passage, is: Passage): string {
  let at = 0;
  while (at < was.text.length && was.text[at] === is.text[at]) at++;
  const line = was.text.slice(0, at).split('\n').length;
  const start = was.text.lastIndexOf('\n', at - 1) + 1;
  const from = at - start > 40 ? at - 20 : start;
  return `${was.where}, line ${line}: expected ${excerpt(was.text, from)}, found ${excerpt(is.text, from)}`;
}

function excerpt(text: string, from: number): string {
  const line = text.slice(from).split('\n', 1)[0] ?? '';
  if (line === '' && from >= text.length) return 'the end of the text';
  return JSON.stringify(line.length > 80 ? `${line.slice(0, 80)}…` : line);
}
