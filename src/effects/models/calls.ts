// Tool calls between text and data.
import type { ToolCall } from '../../core/model.ts';

/** A call with its arguments parsed; arguments that are no JSON object are null, and `raw` has the text. */
export function callOf({ id, name, raw }: { readonly id: string; readonly name: string; readonly raw: string }): ToolCall {
  const text = raw.trim() === '' ? '{}' : raw;
  return { id, name, args: objectOf(text), raw: text };
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Arguments as they go back to a server: always a JSON object, because many servers fail on what is not. */
export function argsText(call: ToolCall): string {
  return JSON.stringify(argsObject(call));
}

/** The same as data. */
export function argsObject(call: ToolCall): Record<string, unknown> {
  return call.args === null ? { invalid_json: call.raw } : { ...call.args };
}
