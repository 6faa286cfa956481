// Tasks for later, in the order in which they were given.

export type QueueWish =
  | { readonly type: 'list' }
  | { readonly type: 'add'; readonly text: string }
  /** Counted from 1, as lists are read. */
  | { readonly type: 'drop'; readonly number: number }
  /** No task: `drop` without a number would be bought as one. */
  | { readonly type: 'unclear' };

/** What `/queue ARGS` asks for. */
export function queueWish(args: string): QueueWish {
  if (args === '' || args === 'list') return { type: 'list' };
  if (args === 'drop') return { type: 'unclear' };
  const number = /^drop\s+(\d{1,4})$/.exec(args)?.[1];
  return number === undefined ? { type: 'add', text: args } : { type: 'drop', number: Number(number) };
}

/** The queue without its `number`th task; null when it has none. */
export function without(queue: readonly string[], number: number): { readonly queue: readonly string[]; readonly dropped: string } | null {
  const dropped = queue[number - 1];
  return dropped === undefined ? null : { queue: queue.filter((_, at) => at !== number - 1), dropped };
}
