/** A list that keeps its first and its last items, and counts those that it let go from the middle. */
export interface Ends<T> {
  readonly items: readonly T[];
  readonly dropped: number;
  /** Adds an item; gives the one that had to go for it, or null. */
  add(item: T): T | null;
  /** Puts another item in the place of the last. */
  replaceLast(item: T): void;
}

/** @param most how many items are kept */
export function createEnds<T>(most: number): Ends<T> {
  const items: T[] = [];
  let dropped = 0;
  return {
    items,
    get dropped() {
      return dropped;
    },
    add(item) {
      items.push(item);
      if (items.length <= most) return null;
      dropped++;
      return items.splice(Math.floor(most / 2), 1)[0] ?? null;
    },
    replaceLast(item) {
      items[items.length - 1] = item;
    },
  };
}
