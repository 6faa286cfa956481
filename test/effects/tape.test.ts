import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RedgreenError } from '../../src/core/errors.ts';
import type { Message, ModelReply, ModelRequest } from '../../src/core/model.ts';
import type { Provider } from '../../src/core/ports.ts';
import { digest, recordTo, replayFrom } from '../../src/effects/tape.ts';
import { errorOf, replyOf, requestOf, scripted, TOOL } from './models/helpers.ts';

let dir: string;
let path: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'redgreen-tape-'));
  path = join(dir, 'run', 'tape.jsonl');
});

afterEach(() => rmSync(dir, { recursive: true }));

const lines = () =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

async function record(turns: readonly (readonly [ModelRequest, ModelReply])[], options: Parameters<typeof recordTo>[2] = {}) {
  const recorder = recordTo(path, scripted(...turns.map(([, reply]) => reply)), options);
  for (const [request] of turns) await recorder.ask(request, {});
  recorder.close();
}

const call = (id: string, args: Record<string, unknown> | null = { path: 'a' }, raw = JSON.stringify(args)) => ({
  id,
  name: 'read_file',
  args,
  raw,
});

function conversation(id: string, result = 'THE FILE'): Message[] {
  return [
    { role: 'user', parts: [{ text: 'fix it' }] },
    { role: 'assistant', text: 'Looking.', calls: [call(id)], carry: { provider: 'x/y', items: [id] } },
    { role: 'tool', results: [{ id, text: result, isError: false }] },
  ];
}

describe('digest', () => {
  const base = digest(requestOf());

  it('does not change with what does not matter', () => {
    const user: Message = { role: 'user', parts: [{ text: 'The project.\nWrite src/a.ts.\n', cache: true }] };
    expect(digest(requestOf({ run: 'other', step: 'tests', subject: 'x', attempt: 9 }))).toBe(base);
    expect(digest(requestOf({ messages: [user] }))).toBe(base);
    expect(digest(requestOf({ messages: conversation('call_1') }))).toBe(digest(requestOf({ messages: conversation('toolu_9') })));
    const turned = { ...TOOL, schema: Object.fromEntries(Object.entries(TOOL.schema).reverse()) };
    expect(digest(requestOf({ tools: [turned] }))).toBe(digest(requestOf({ tools: [TOOL] })));
  });

  it.each<[string, Partial<ModelRequest>]>([
    ['the system prompt', { system: 'other' }],
    ['a text', { messages: [{ role: 'user', parts: [{ text: 'other' }] }] }],
    ['the tools', { tools: [TOOL] }],
    ['the schema', { schema: { name: 's', schema: {} } }],
    ['the bound', { maxOutputTokens: 1 }],
  ])('changes with %s', (_, more) => {
    expect(digest(requestOf(more))).not.toBe(base);
  });

  it('changes with a result, an argument, an error, and the call that a result belongs to', () => {
    const of = (messages: Message[]) => digest(requestOf({ messages }));
    const two = (first: string, second: string): Message[] => [
      { role: 'assistant', text: '', calls: [call('a'), call('b')] },
      {
        role: 'tool',
        results: [
          { id: first, text: 'x', isError: false },
          { id: second, text: 'x', isError: false },
        ],
      },
    ];
    const args: Message[] = [{ role: 'assistant', text: '', calls: [call('a', { path: 'b' })] }];
    const failed: Message[] = [{ role: 'tool', results: [{ id: 'a', text: 'x', isError: true }] }];
    const worked: Message[] = [{ role: 'tool', results: [{ id: 'a', text: 'x', isError: false }] }];
    const all = [conversation('a'), conversation('a', 'ANOTHER FILE'), two('a', 'b'), two('b', 'a'), args, failed, worked];
    expect(new Set(all.map(of)).size).toBe(all.length);
  });

  it('is a sha256', () => {
    expect(base).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('recordTo', () => {
  it('writes a file that stands on its own, each text once', async () => {
    const reply = replyOf('', {
      calls: [call('c1')],
      stop: 'tool',
      carry: { provider: 'fake/model', items: [{ encrypted: 'e' }] },
      cost: null,
    });
    await record(
      [
        [requestOf(), replyOf('export const a = 1;\n')],
        [requestOf({ subject: 'src/b.ts', tools: [TOOL] }), reply],
      ],
      { meta: { redgreen: '0.1.0' } },
    );
    const all = lines();
    expect(all[0]).toEqual({ kind: 'tape', v: 1, redgreen: '0.1.0' });
    expect(all.filter((line) => line.text === 'The project.\n')).toHaveLength(1);
    expect(all.filter((line) => line.kind === 'call').map((line) => line.key)).toEqual(['draft/src/a.ts/1', 'draft/src/b.ts/1']);
    const replay = replayFrom(path, { strict: true });
    expect(await replay.ask(requestOf(), {})).toEqual(replyOf('export const a = 1;\n'));
    expect(await replay.ask(requestOf({ subject: 'src/b.ts', tools: [TOOL] }), {})).toEqual(reply);
  });

  it('has the answer on disk before it returns it', async () => {
    const recorder = recordTo(path, scripted(replyOf('first')));
    await recorder.ask(requestOf(), {});
    expect(lines().at(-1)).toMatchObject({ kind: 'call', key: 'draft/src/a.ts/1' });
    recorder.close();
  });

  it('never pays twice for what it holds', async () => {
    await record([[requestOf(), replyOf('paid')]]);
    const provider = scripted(replyOf('asked again'));
    const recorder = recordTo(path, provider);
    const deltas: string[] = [];
    expect(await recorder.worstCase(requestOf(), 10)).toBe(0);
    expect((await recorder.ask(requestOf({ run: 'resumed' }), { onDelta: (text) => deltas.push(text) })).text).toBe('paid');
    expect(deltas).toEqual(['paid']);
    expect(provider.asked).toHaveLength(0);

    const changed = requestOf({ system: 'other' });
    expect(await recorder.worstCase(changed, 10)).toBe(0.5);
    expect((await recorder.ask(changed, {})).text).toBe('asked again');
    expect((await recorder.ask(requestOf({ attempt: 2 }), {})).text).toBe('asked again');
    expect(provider.asked).toHaveLength(2);
    recorder.close();
    expect((await replayFrom(path, { strict: true }).ask(requestOf(), {})).text).toBe('paid');
  });

  it('keeps arguments that are no JSON', async () => {
    const broken = replyOf('', { calls: [call('c', null, '{"path": "a')], stop: 'length' });
    await record([[requestOf(), broken]]);
    expect(await replayFrom(path, { strict: true }).ask(requestOf(), {})).toEqual(broken);
  });

  it('records nothing for an error', async () => {
    const recorder = recordTo(path, scripted(new RedgreenError('model.auth', 'no')));
    await errorOf(recorder.ask(requestOf(), {}));
    recorder.close();
    expect(lines()).toHaveLength(1);
  });

  it('records parallel answers whole', async () => {
    const slow: Provider = {
      name: 'slow',
      worstCase: () => 0,
      ask: async (request) => {
        await new Promise((next) => setTimeout(next, Math.random() * 10));
        return replyOf(`${request.subject} `.repeat(20_000));
      },
    };
    const recorder = recordTo(path, slow);
    const names = Array.from({ length: 12 }, (_, n) => `src/${n}.ts`);
    await Promise.all(names.map((subject) => recorder.ask(requestOf({ subject }), {})));
    recorder.close();
    const replay = replayFrom(path, { strict: true });
    for (const subject of names) expect((await replay.ask(requestOf({ subject }), {})).text.startsWith(`${subject} `)).toBe(true);
  });

  it('leaves secrets out, wherever they stand', async () => {
    const secret = 'sk-"quoted"\\key';
    const request = requestOf({ system: `The key is ${secret}.`, messages: conversation('c', secret) });
    const reply = replyOf(`I saw ${secret}`, { calls: [call('d', { path: secret })], carry: { provider: 'p', items: [secret] } });
    await record([[request, reply]], { secrets: [secret, ''] });
    expect(readFileSync(path, 'utf8')).not.toMatch(/quoted/);
    expect(readFileSync(path, 'utf8')).toContain('[redacted]');
    const again = recordTo(path, scripted(), { secrets: [secret] });
    expect((await again.ask(request, {})).calls[0]?.args).toEqual({ path: '[redacted]' });
    again.close();
  });

  it('makes no file before it is asked', () => {
    recordTo(path, scripted());
    expect(existsSync(path)).toBe(false);
  });
});

describe('a tape whose writer died', () => {
  it.each(['{"kind":"call","key":"dra', '{"kind":"text","ref":"1","text":"ü'])('loses only the torn line: %s', async (torn) => {
    await record([[requestOf(), replyOf('one')]]);
    appendFileSync(path, torn);
    expect((await replayFrom(path, { strict: true }).ask(requestOf(), {})).text).toBe('one');
    await record([[requestOf({ attempt: 2 }), replyOf('two')]]);
    const replay = replayFrom(path, { strict: true });
    expect((await replay.ask(requestOf(), {})).text).toBe('one');
    expect((await replay.ask(requestOf({ attempt: 2 }), {})).text).toBe('two');
    expect(lines().every((line) => typeof line.kind === 'string')).toBe(true);
  });

  it('may have only begun its first line', async () => {
    await record([[requestOf(), replyOf('x')]]);
    writeFileSync(path, '{"kind":"ta');
    await record([[requestOf(), replyOf('anew')]]);
    expect((await replayFrom(path, { strict: true }).ask(requestOf(), {})).text).toBe('anew');
    expect(lines()[0]).toMatchObject({ kind: 'tape', v: 1 });
  });

  it('is refused when a line in the middle is damaged', async () => {
    await record([[requestOf(), replyOf('one')]]);
    const text = readFileSync(path, 'utf8').split('\n');
    text[1] = text[1]?.slice(0, -5) ?? '';
    writeFileSync(path, text.join('\n'));
    const error = await errorOf(replayFrom(path, { strict: true }).ask(requestOf(), {}));
    expect(error).toMatchObject({ code: 'journal' });
    expect(error.message).toContain('Line 2');
  });

  it('is refused when it is of another version', async () => {
    await record([[requestOf(), replyOf('one')]]);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"v":1', '"v":2'));
    expect((await errorOf(replayFrom(path, { strict: true }).ask(requestOf(), {}))).message).toContain('version 2');
  });
});

describe('replayFrom', () => {
  it('says what differs first: which message, which line', async () => {
    const text = 'line one\nline two\nline three\n';
    await record([
      [
        requestOf({
          messages: [
            { role: 'user', parts: [{ text: 'a' }] },
            { role: 'user', parts: [{ text }] },
          ],
        }),
        replyOf('x'),
      ],
    ]);
    const changed = text.replace('two', '2');
    const ask = requestOf({
      messages: [
        { role: 'user', parts: [{ text: 'a' }] },
        { role: 'user', parts: [{ text: changed }] },
      ],
    });
    const error = await errorOf(replayFrom(path, { strict: true }).ask(ask, {}));
    expect(error.code).toBe('tape.differs');
    expect(error.message).toBe(
      'The request of the step draft/src/a.ts/1 is not the recorded one. message 2 (user), line 2: expected "line two", found "line 2".',
    );
  });

  it.each<[string, Partial<ModelRequest>, string]>([
    ['a bound', { maxOutputTokens: 9 }, 'maxOutputTokens, line 1: expected "4000", found "9"'],
    [
      'a message more',
      { messages: [...requestOf().messages, { role: 'user', parts: [{ text: 'and more' }] }] },
      'message 2 (user) is new: "and more"',
    ],
    ['a message less', { messages: [] }, 'message 1 (user) is missing'],
    ['an end', { system: 'You write code. Well.' }, 'the system prompt, line 1'],
    ['a shorter text', { system: 'You' }, 'expected "You write code.", found "You"'],
  ])('says so of %s', async (_, more, words) => {
    await record([[requestOf(), replyOf('x')]]);
    const error = await errorOf(replayFrom(path, { strict: true }).ask(requestOf(more), {}));
    expect(error.message).toContain(words);
  });

  it('shows control characters of a difference as text', async () => {
    await record([[requestOf(), replyOf('x')]]);
    const error = await errorOf(replayFrom(path, { strict: true }).ask(requestOf({ system: '\u001b]0;title\u0007' }), {}));
    expect(error.message).toContain('\\u001b]0;title\\u0007');
  });

  it('answers all the same when it is not strict, and tells the difference', async () => {
    await record([[requestOf(), replyOf('recorded')]]);
    const told: string[][] = [];
    const replay = replayFrom(path, { strict: false, onDiffer: (key, difference) => told.push([key, difference]) });
    expect((await replay.ask(requestOf({ system: 'You write tests.' }), {})).text).toBe('recorded');
    expect((await replay.ask(requestOf(), {})).text).toBe('recorded');
    expect(told).toEqual([['draft/src/a.ts/1', 'the system prompt, line 1: expected "You write code.", found "You write tests."']]);
  });

  it('has no answer for what was not recorded', async () => {
    await record([[requestOf(), replyOf('x')]]);
    const replay = replayFrom(path, { strict: false });
    expect(await errorOf(replay.ask(requestOf({ step: 'repair', subject: 'round-1', attempt: 3 }), {}))).toMatchObject({
      code: 'tape.missing',
      message: 'The tape has no answer for the step repair/round-1/3.',
    });
    expect(await errorOf(replayFrom(join(dir, 'none'), { strict: false }).ask(requestOf(), {}))).toMatchObject({ code: 'tape.missing' });
  });

  it('streams at a pace, and costs nothing', async () => {
    await record([[requestOf(), replyOf('0123456789'.repeat(10))]]);
    const slept: number[] = [];
    const replay = replayFrom(path, { strict: true, pace: 1_000, sleep: async (ms) => void slept.push(ms) });
    const deltas: string[] = [];
    const { text } = await replay.ask(requestOf(), { onDelta: (delta) => deltas.push(delta) });
    expect(deltas.join('')).toBe(text);
    expect([deltas[0]?.length, deltas.length, slept.reduce((a, b) => a + b, 0)]).toEqual([40, 3, 120]);
    expect(replay.worstCase(requestOf(), 1e6)).toBe(0);
  });

  it('stops when it is told to', async () => {
    await record([[requestOf(), replyOf('0123456789'.repeat(1_000))]]);
    const stop = new AbortController();
    const replay = replayFrom(path, { strict: true, pace: 100 });
    const error = await errorOf(replay.ask(requestOf(), { signal: stop.signal, onDelta: () => stop.abort() }));
    expect(error.message).toContain('stopped');
  });
});
