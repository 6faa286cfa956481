// A model on loopback that speaks Chat Completions and says what a script tells it, by step, subject and attempt.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Reply {
  readonly text?: string;
  readonly calls?: readonly { readonly name: string; readonly args: Readonly<Record<string, unknown>> }[];
  /** `length` for a reply that was cut off. */
  readonly finish?: 'stop' | 'length';
  readonly status?: number;
  /** Headers of a reply with a status. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds before the reply begins. */
  readonly afterMs?: number;
  /** The reply begins when this is settled. */
  readonly when?: Promise<unknown>;
  /** Tokens (of four characters) a second; 0 or left out for at once. */
  readonly tokensPerSecond?: number;
  /** Each token is an event of its own; else there are twenty a second. */
  readonly eachToken?: boolean;
}

export interface Asked {
  readonly step: string;
  /** The path that a file author is asked for, else empty. */
  readonly subject: string;
  /** 1 for the first request with this step and subject. */
  readonly n: number;
  /** The last message's text. */
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Bytes of the request's body. */
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Scripted {
  /** For OPENAI_BASE_URL. */
  readonly url: string;
  readonly asked: Asked[];
  close(): Promise<void>;
}

/** Starts the server. What the script gives nothing for is answered with status 400. */
export async function scripted(script: (asked: Asked) => Reply | undefined): Promise<Scripted> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => void handle(request, response, asked, script).catch(() => response.destroy()));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function handle(request: IncomingMessage, response: ServerResponse, asked: Asked[], script: (asked: Asked) => Reply | undefined) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (request.method === 'GET') {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ object: 'list', data: [{ id: 'scripted-1', object: 'model' }] }));
    return;
  }
  const raw = Buffer.concat(chunks).toString('utf8');
  const body = JSON.parse(raw) as { messages: { role: string; content: unknown }[] };
  const text = textOf(body.messages.at(-1)?.content);
  const step = String(request.headers['x-redgreen-step'] ?? '');
  const subject = /<file path="([^"]+)">`, the whole file/.exec(text)?.[1] ?? /^# Your file: [^`]*`([^`]+)`/m.exec(text)?.[1] ?? '';
  const n = asked.filter((a) => a.step === step && a.subject === subject).length + 1;
  const one: Asked = { step, subject, n, text, body, bytes: raw.length, at: Date.now() };
  asked.push(one);
  await answer(response, script(one) ?? { status: 400 });
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: { text?: string }) => part.text ?? '').join('');
}

async function answer(response: ServerResponse, reply: Reply): Promise<void> {
  if (reply.afterMs) await pause(reply.afterMs);
  await reply.when;
  if (reply.status && reply.status !== 200) {
    response
      .writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
      .end(JSON.stringify({ error: { message: `scripted ${reply.status}` } }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  const send = (delta: unknown, finish: string | null = null) =>
    response.write(
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 0, model: 'scripted-1', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
    );
  const text = reply.text ?? '';
  const rate = reply.tokensPerSecond ?? 0;
  const size = rate > 0 ? Math.max(1, Math.round((rate * 4) / 20)) : text.length || 1;
  for (let at = 0; at < text.length; at += size) {
    const part = text.slice(at, at + size);
    for (const piece of reply.eachToken ? (part.match(/[\s\S]{1,4}/g) ?? []) : [part]) send({ content: piece });
    if (rate > 0) await pause(50);
  }
  const calls = reply.calls ?? [];
  calls.forEach((call, index) => {
    send({
      tool_calls: [{ index, id: `call-${index}`, type: 'function', function: { name: call.name, arguments: JSON.stringify(call.args) } }],
    });
  });
  send({}, calls.length > 0 ? 'tool_calls' : (reply.finish ?? 'stop'));
  const usage = { prompt_tokens: 1000, completion_tokens: Math.ceil(text.length / 4), total_tokens: 1000 + Math.ceil(text.length / 4) };
  response.write(
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 0, model: 'scripted-1', choices: [], usage })}\n\n`,
  );
  response.end('data: [DONE]\n\n');
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
