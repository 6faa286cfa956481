// Arguments of tool calls, read with an error for each that is not of the right form.
import type { ToolSpec } from './model.ts';
import { oneLine } from './prompt-text.ts';

export type Args = Readonly<Record<string, unknown>>;

/** The schema of a string, with a description where one is needed. */
export const text = (description?: string) => (description === undefined ? { type: 'string' } : { type: 'string', description });

/** The schema of an integer. */
export const whole = (description?: string) => (description === undefined ? { type: 'integer' } : { type: 'integer', description });

/** A tool whose schema is strict: every property required, nothing else allowed. */
export function tool(name: string, description: string, properties: Readonly<Record<string, unknown>>): ToolSpec {
  return { name, description, schema: strict(properties) };
}

/** The strict schema of an object. */
export function strict(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

export type Fields = ReturnType<typeof fieldsOf>;

/**
 * Readers of single arguments that note what is wrong in `problems`.
 *
 * @param check what is wrong with a path, or null
 */
export function fieldsOf(args: Args, problems: string[], check: (path: string) => string | null) {
  const optional = (key: string): string => {
    const value = args[key] ?? '';
    if (typeof value === 'string') return value;
    problems.push(`\`${key}\` must be a string`);
    return '';
  };
  const filled = (key: string): string => {
    const value = optional(key);
    if (value.trim() === '') problems.push(`\`${key}\` must be given`);
    return value;
  };
  const path = (key: string): string => {
    const value = filled(key)
      .trim()
      .replace(/^(\.\/)+/, '');
    const unsafe = value === '' ? null : check(value);
    if (unsafe !== null) problems.push(`\`${key}\` "${oneLine(value, 100)}": ${unsafe}`);
    return value;
  };
  return {
    note: (problem: string) => void problems.push(problem),
    optional,
    filled,
    path,
    prefix: (key: string) => prefixOf(optional(key)),
    list: (key: string) => listOf(args[key], key, problems),
    count: (key: string) => countOf(args[key], key, problems),
    range: () => rangeOf(args, problems),
  };
}

function prefixOf(value: string): string {
  return value.trim().replace(/^(\.?\/)+|^\.$/, '');
}

/** A list of strings; a single string counts as a list of one. */
function listOf(value: unknown, key: string, problems: string[]): readonly string[] {
  const list = typeof value === 'string' ? [value] : (value ?? []);
  if (Array.isArray(list) && list.every((v): v is string => typeof v === 'string'))
    return list.map((v) => v.trim()).filter((v) => v !== '');
  problems.push(`\`${key}\` must be an array of strings`);
  return [];
}

function countOf(value: unknown, key: string, problems: string[]): number {
  const count = Number(value ?? 0);
  if (Number.isInteger(count) && count >= 0) return count;
  problems.push(`\`${key}\` must be a whole number, from 0`);
  return 0;
}

function rangeOf(args: Args, problems: string[]): { readonly from: number; readonly to: number } {
  const line = (key: string): number => {
    const value = Number(args[key] ?? 0);
    if (Number.isInteger(value) && value >= 0) return value;
    problems.push(`\`${key}\` must be a line number, from 0`);
    return 0;
  };
  const from = line('from');
  const to = line('to');
  if (to !== 0 && from > to) problems.push('`from` is after `to`');
  return { from: Math.max(from, 1), to };
}
