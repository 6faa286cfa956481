import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ModelReply, ModelRequest } from '../../src/core/model.ts';
import { openTape, readTape } from '../../src/effects/tape-file.ts';
import { readRequests } from '../../src/effects/tape-requests.ts';
import { folder } from './repository.ts';

const request = (attempt: number, text: string): ModelRequest => ({
  run: 'r',
  step: 'repair',
  subject: 'round-1',
  attempt,
  system: 'You repair.',
  messages: [{ role: 'user', parts: [{ text: 'shared\n', cache: true }, { text }] }],
  tools: [],
  maxOutputTokens: 100,
});
const reply: ModelReply = {
  text: 'done',
  calls: [],
  stop: 'end',
  usage: { input: 1, cached: 0, cacheWrite: 0, output: 1, reasoning: 0 },
  model: 'a/b',
  cost: null,
};

it('gives the passages of the requests that are asked for as the tape has them, the last of several', () => {
  const path = join(folder(), 'tape.jsonl');
  const tape = openTape(path, {}, (text) => text);
  tape.append(request(1, 'first'), reply);
  tape.append(request(1, 'first, once more'), reply);
  tape.append(request(2, 'second'), reply);
  tape.close();
  appendFileSync(path, '{"kind":"call","key":"repair/round-1/1","requ');
  const [, again] = readTape(path).calls;
  expect([...readRequests(path, new Set(['repair/round-1/1', 'repair/round-9/1']))]).toEqual([['repair/round-1/1', again?.request]]);
});

it('a line of another shape is left out', () => {
  const path = join(folder(), 'tape.jsonl');
  appendFileSync(
    path,
    'no json\n[1]\nnull\n{"kind":"call","key":"a","request":[null,{"where":1}]}\n{"kind":"call","key":"b","request":7}\n',
  );
  expect([...readRequests(path, new Set(['a', 'b']))]).toEqual([
    [
      'a',
      [
        { where: '', text: '' },
        { where: '1', text: '' },
      ],
    ],
    ['b', []],
  ]);
});
