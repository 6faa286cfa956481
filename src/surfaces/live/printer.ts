// Finished lines on their way to the scrollback: handed over in batches, each printed once, none while another program has the terminal.
import type { Line } from '../line.ts';

export interface Batch {
  readonly number: number;
  readonly lines: readonly Line[];
}

export interface Printer {
  push(lines: readonly Line[]): void;
  get(): Batch;
  subscribe(listener: () => void): () => void;
  /** The screen has drawn this batch; the next one may come. */
  drawn(number: number): void;
  /** Keeps what comes from now on. Resolves when what was handed over before is drawn. */
  hold(): Promise<void>;
  release(): void;
  /** Resolves when everything is drawn. */
  drained(): Promise<void>;
}

/** A printer with nothing to print. One batch at a time: what ink's `<Static>` was not given time to draw would be lost. */
export function createPrinter(): Printer {
  let batch: Batch = { number: 0, lines: [] };
  let pending: Line[] = [];
  let isDrawing = false;
  let isHeld = false;
  const listeners = new Set<() => void>();
  let waiting: { readonly isMet: () => boolean; readonly resolve: () => void }[] = [];
  const settle = () => {
    for (const one of waiting) if (one.isMet()) one.resolve();
    waiting = waiting.filter((one) => !one.isMet());
  };
  const when = (isMet: () => boolean) => (isMet() ? Promise.resolve() : new Promise<void>((resolve) => waiting.push({ isMet, resolve })));
  const next = () => {
    if (isDrawing || isHeld || pending.length === 0) return;
    batch = { number: batch.number + 1, lines: pending };
    pending = [];
    isDrawing = true;
    for (const listener of listeners) listener();
  };
  return {
    push: (lines) => {
      pending.push(...lines);
      next();
    },
    get: () => batch,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    drawn: (number) => {
      if (number !== batch.number) return;
      isDrawing = false;
      next();
      settle();
    },
    hold: () => {
      isHeld = true;
      return when(() => !isDrawing);
    },
    release: () => {
      isHeld = false;
      next();
    },
    drained: () => when(() => !isDrawing && pending.length === 0),
  };
}
