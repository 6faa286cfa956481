// What the person wants next: tasks in their order, for whoever carries them out.
import { line } from '../../line.ts';
import { type Bridge, patch } from '../bridge.ts';
import { queueWish, without } from './queue.ts';

export type Wish =
  | { readonly type: 'task'; readonly text: string }
  /** Null: the newest run that can go on. */
  | { readonly type: 'resume'; readonly run: string | null }
  | { readonly type: 'leave' };

export interface Wishes {
  /** The next wish; waits for it. */
  next(): Promise<Wish>;
  /** Hands a wish over at once; only while nothing works. */
  give(wish: Wish): void;
  /** Puts a task at the end of the queue. */
  add(text: string): void;
  /** `/queue ARGS` */
  queue(args: string): void;
  /** Lets a queue that was held go on. */
  goOn(): void;
  /** Leaves as soon as nothing works. */
  leave(): void;
}

export function createWishes(bridge: Pick<Bridge, 'ui' | 'print'>): Wishes {
  let waiting: ((wish: Wish) => void) | null = null;
  let isLeaving = false;
  const { ui, print } = bridge;
  /** What was wished before anybody waited for it. */
  let early: Wish | null = null;
  const give = (wish: Wish) => {
    const resolve = waiting;
    waiting = null;
    if (wish.type !== 'leave') patch(bridge, { phase: 'starting', armed: null });
    if (resolve === null) early = wish;
    else resolve(wish);
  };
  const feed = () => {
    if (waiting === null) return;
    if (isLeaving) return give({ type: 'leave' });
    const wished = early;
    early = null;
    if (wished !== null) return give(wished);
    const { queue, held } = ui.get();
    const [text, ...rest] = queue;
    if (text === undefined || held) return;
    patch(bridge, { queue: rest });
    give({ type: 'task', text });
  };
  const add = (text: string) => {
    ui.set((u) => ({ ...u, queue: [...u.queue, text] }));
    print([line('plain', 'queue', `${ui.get().queue.length}. ${text}`)]);
    feed();
  };
  return {
    next: () =>
      new Promise((resolve) => {
        waiting = resolve;
        feed();
      }),
    give,
    add,
    queue: (args) => {
      const wish = queueWish(args);
      if (wish.type === 'add') return add(wish.text);
      const { queue } = ui.get();
      if (wish.type === 'list') return print(list(queue));
      if (wish.type === 'unclear') return print([line('warn', 'queue', 'which one? /queue lists them, /queue drop 1 drops the first')]);
      const left = without(queue, wish.number);
      if (left !== null) patch(bridge, { queue: left.queue });
      print([
        left === null ? line('warn', 'queue', `there is no task ${wish.number}`) : line('plain', 'queue', `dropped: ${left.dropped}`),
      ]);
    },
    goOn: () => {
      patch(bridge, { held: false });
      feed();
    },
    leave: () => {
      isLeaving = true;
      feed();
    },
  };
}

function list(queue: readonly string[]) {
  if (queue.length === 0) return [line('quiet', 'queue', 'empty')];
  return queue.map((text, at) => line('plain', at === 0 ? 'queue' : '', `${at + 1}. ${text}`));
}
