// A model's reply as it is kept in a blob.
import type { Carry, Message, ModelReply, ToolCall, ToolResult, Turn } from '../../core/model.ts';
import type { Ports } from '../../core/ports.ts';

export interface StoredReply {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly carry?: Carry;
}

/** Puts what later turns and screens need of a reply into a blob. */
export function store(ports: Pick<Ports, 'blobs'>, reply: ModelReply): Promise<string> {
  const kept: StoredReply = { text: reply.text, calls: reply.calls, ...(reply.carry ? { carry: reply.carry } : {}) };
  return ports.blobs.put(JSON.stringify(kept));
}

/** The messages of the turns of a conversation, oldest first. */
export async function turnMessages(ports: Pick<Ports, 'blobs'>, turns: readonly Turn[]): Promise<readonly Message[]> {
  const messages: Message[] = [];
  for (const turn of turns) {
    const reply: StoredReply = JSON.parse(await ports.blobs.get(turn.reply));
    messages.push({ role: 'assistant', text: reply.text, calls: reply.calls, ...(reply.carry ? { carry: reply.carry } : {}) });
    const results: readonly ToolResult[] = turn.results === null ? [] : JSON.parse(await ports.blobs.get(turn.results));
    if (results.length > 0) messages.push(answered(reply, results));
  }
  return messages;
}

/** Results of a reply that called no tool (its edits were in its text) are said to it as a user would. */
function answered({ calls }: StoredReply, results: readonly ToolResult[]): Message {
  if (calls.length > 0) return { role: 'tool', results };
  return { role: 'user', parts: results.map(({ text }) => ({ text })) };
}
