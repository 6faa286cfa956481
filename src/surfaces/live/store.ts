/** A value that changes, and those who want to know; changes within `quietMs` are told once. */
export interface Store<T> {
  get(): T;
  set(change: (value: T) => T): void;
  subscribe(listener: () => void): () => void;
  /** Tells what is not told yet, at once, and never again. */
  close(): void;
}

export function createStore<T>(initial: T, quietMs: number): Store<T> {
  let value = initial;
  let told = initial;
  let timer: NodeJS.Timeout | null = null;
  const listeners = new Set<() => void>();
  const tell = () => {
    timer = null;
    told = value;
    for (const listener of listeners) listener();
  };
  return {
    // Subscribers see only what was told, so that a screen is not redrawn for each token.
    get: () => told,
    set: (change) => {
      value = change(value);
      if (quietMs === 0) tell();
      else timer ??= setTimeout(tell, quietMs).unref();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      if (timer !== null) clearTimeout(timer);
      tell();
      listeners.clear();
    },
  };
}
