import { RedgreenError } from '../../../src/core/errors.ts';
import type { ModelReply, ModelRequest } from '../../../src/core/model.ts';
import type { Provider } from '../../../src/core/ports.ts';

/** A request with everything that a test does not care for. */
export function requestOf(more: Partial<ModelRequest> = {}): ModelRequest {
  return {
    run: '20261123-120000-abcd',
    step: 'draft',
    subject: 'src/a.ts',
    attempt: 1,
    system: 'You write code.',
    messages: [{ role: 'user', parts: [{ text: 'The project.\n', cache: true }, { text: 'Write src/a.ts.\n' }] }],
    tools: [],
    maxOutputTokens: 4_000,
    ...more,
  };
}

export const TOOL = {
  name: 'read_file',
  description: 'Reads a file.',
  schema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'], additionalProperties: false },
} as const;

export const SCHEMA = {
  name: 'plan',
  schema: { type: 'object', properties: { title: { type: 'string', minLength: 1 } }, required: ['title'], additionalProperties: false },
} as const;

/** A provider that gives these replies or throws these errors in turn, and keeps what it was asked. */
export function scripted(...turns: readonly (ModelReply | RedgreenError)[]): Provider & { readonly asked: ModelRequest[] } {
  const asked: ModelRequest[] = [];
  return {
    name: 'fake/model',
    asked,
    worstCase: () => 0.5,
    async ask(request) {
      const turn = turns[Math.min(asked.length, turns.length - 1)];
      asked.push(request);
      if (turn === undefined) throw new Error('nothing to answer with');
      if (turn instanceof RedgreenError) throw turn;
      return turn;
    },
  };
}

export function replyOf(text: string, more: Partial<ModelReply> = {}): ModelReply {
  const usage = { input: 10, cached: 0, cacheWrite: 0, output: 5, reasoning: 0 };
  return { text, calls: [], stop: 'end', usage, model: 'fake/model', cost: 0.01, ...more };
}

/** The RedgreenError that a promise is rejected with. */
export async function errorOf(promise: Promise<unknown>): Promise<RedgreenError> {
  const thrown = await promise.then(
    (value) => Promise.reject(new Error(`expected an error, got ${JSON.stringify(value)}`)),
    (error: unknown) => error,
  );
  if (!(thrown instanceof RedgreenError)) throw thrown;
  return thrown;
}
