import { diffWordsWithSpace } from 'diff';
import { describe, expect, it } from 'vitest';
import { failureLines, messageLines } from '../../../src/surfaces/views/failure.ts';
import { textOf } from '../../../src/surfaces/views/styled.ts';

const tones = (message: string) => messageLines(message, diffWordsWithSpace).map((line) => line.spans[0]?.tone);
const bold = (message: string) =>
  messageLines(message, diffWordsWithSpace).flatMap((line) => line.spans.filter((one) => one.bold).map((one) => one.text));

describe('a failure', () => {
  it('tells expected from actual in the words of every runner', () => {
    expect(tones('AssertionError: not equal\n+ actual - expected\n\n+ 1\n- 2\n    at f (a.ts:1:1)\n- no diff')).toEqual([
      'bad',
      'strong',
      'plain',
      'bad',
      'good',
      'quiet',
      'plain',
    ]);
    expect(tones('AssertionError: no\n\n- Expected\n+ Received\n\n  [\n-   1,\n+   2,\n  ]')).toEqual([
      'bad',
      'plain',
      'strong',
      'strong',
      'plain',
      'plain',
      'good',
      'bad',
      'plain',
    ]);
    expect(tones('AssertionError: no\n\nExpected: "IV"\nReceived: "IIII"')).toEqual(['bad', 'plain', 'good', 'bad']);
  });

  it('marks the words in which two lines differ', () => {
    expect(bold('no\nExpected: the sum is 3.34 dollars\nReceived: the sum is 3.33 dollars')).toContain('34');
    expect(bold('no\nnothing expected here')).toEqual([]);
  });

  it('names a place without code where the file cannot be read, and shows no more than five', async () => {
    const frames = Array.from({ length: 9 }, (_, i) => ({ path: `src/f${i}.ts`, line: 2 }));
    const found = await failureLines(
      { message: 'm', frames, outside: false },
      async (path) => (path === 'src/f0.ts' ? 'a\nb\nc' : null),
      diffWordsWithSpace,
    );
    expect(found.map(textOf)).toEqual([
      'm',
      '',
      'src/f0.ts:2',
      '  1  a',
      '> 2  b',
      '  3  c',
      '',
      'src/f1.ts:2',
      '',
      'src/f2.ts:2',
      '',
      'src/f3.ts:2',
      '',
      'src/f4.ts:2',
    ]);
  });

  it('lets nothing through that a terminal would obey', async () => {
    const found = await failureLines(
      { message: '\u001b]0;x\u0007a\u202eb', frames: [{ path: 'a\u001b[2J.ts', line: 1 }], outside: false },
      async () => 'code \u009b2J\u001b[31m',
      diffWordsWithSpace,
    );
    expect(found.map(textOf).join('\n')).not.toMatch(/[\u001b\u0007\u009b\u202e]/);
  });
});
