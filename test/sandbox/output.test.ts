import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collector } from '../../sandbox/output.ts';

describe('kept output', () => {
  it('is everything while it fits, else the head and the tail with the count of what is missing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary-ascii', maxLength: 40 }), { maxLength: 40 }),
        fc.integer({ min: 2, max: 200 }),
        (chunks, keep) => {
          const collected = collector(keep);
          for (const chunk of chunks) collected.push(Buffer.from(chunk));
          const whole = chunks.join('');
          const half = Math.floor(keep / 2);
          expect(collected.seen()).toBe(whole.length);
          const fits = whole.length <= 2 * half;
          const missing = `\n[… ${whole.length - 2 * half} bytes left out …]\n`;
          expect(collected.text()).toBe(fits ? whole : whole.slice(0, half) + missing + whole.slice(-half));
        },
      ),
    );
  });
});
