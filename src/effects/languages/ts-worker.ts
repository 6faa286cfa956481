// The child process that holds the TypeScript compiler: reads a job a line, answers a line, ends with its input.
import { createInterface } from 'node:readline';
import type { WorkerReply, WorkerRequest } from './typescript/protocol.ts';
import { serve } from './typescript/serve.ts';

function answer(line: string): WorkerReply {
  const request = JSON.parse(line) as WorkerRequest;
  try {
    return { id: request.id, ok: true, value: serve(request.job), rss: peak() };
  } catch (thrown) {
    const error = thrown instanceof Error ? (thrown.stack ?? thrown.message).split('\n').slice(0, 4).join(' ') : String(thrown);
    return { id: request.id, ok: false, error, rss: peak() };
  }
}

/** Peak resident memory in bytes. */
function peak(): number {
  return process.resourceUsage().maxRSS * 1024;
}

createInterface({ input: process.stdin })
  .on('line', (line) => process.stdout.write(`${JSON.stringify(answer(line))}\n`))
  .on('close', () => process.stdout.write('', () => process.exit(0)));
