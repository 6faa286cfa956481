// Keeps the head and the tail of an endless stream.

export interface Collector {
  push(chunk: Buffer): void;
  /** Bytes seen so far. */
  seen(): number;
  text(): string;
}

/** Keeps at most `keep` bytes: the first half and the last half of what is pushed. */
export function collector(keep: number): Collector {
  const half = Math.floor(keep / 2);
  const head: Buffer[] = [];
  let headBytes = 0;
  let tail: Buffer[] = [];
  let tailBytes = 0;
  let total = 0;

  const compact = () => {
    const joined = Buffer.concat(tail);
    const kept = Buffer.from(joined.subarray(Math.max(0, joined.length - half)));
    tail = [kept];
    tailBytes = kept.length;
  };

  return {
    push(chunk) {
      total += chunk.length;
      const forHead = chunk.subarray(0, half - headBytes);
      if (forHead.length > 0) head.push(Buffer.from(forHead));
      headBytes += forHead.length;
      const rest = chunk.subarray(forHead.length);
      if (rest.length === 0) return;
      tail.push(Buffer.from(rest));
      tailBytes += rest.length;
      if (tailBytes > 2 * half) compact();
    },
    seen: () => total,
    text() {
      compact();
      const left = total - headBytes - tailBytes;
      const first = Buffer.concat(head);
      const last = Buffer.concat(tail);
      if (left === 0) return Buffer.concat([first, last]).toString('utf8');
      return `${first.toString('utf8')}\n[… ${left} bytes left out …]\n${last.toString('utf8')}`;
    },
  };
}
