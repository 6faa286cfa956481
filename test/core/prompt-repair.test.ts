import { describe, expect, test } from 'vitest';
import { groupFailures } from '../../src/core/failure-groups.ts';
import { repairPrompt } from '../../src/core/prompt.ts';
import { REPAIR } from './prompt-fixtures.ts';

const at = (path: string, line: number) => [{ path, line }];

describe('groupFailures', () => {
  test('joins errors thrown at one place in the code, numbers aside; the largest group first', () => {
    expect(groupFailures(REPAIR.failures).map((g) => g.ids)).toEqual([
      ['test/split.test.ts › split › one', 'test/money.test.ts › five'],
      ['test/split.test.ts › split › thirds'],
    ]);
  });

  test('keeps assertions apart that differ in place or value', () => {
    const groups = groupFailures([
      { id: 't › a', message: 'Expected 1\nReceived 2', frames: at('t', 5) },
      { id: 't › b', message: 'Expected 1\nReceived 2', frames: at('t', 9) },
      { id: 't › c', message: 'Expected 3\nReceived 4', frames: at('t', 5) },
    ]);
    expect(groups).toHaveLength(3);
  });

  test('joins whole files that do not load for the same reason', () => {
    const message = 'Cannot find module ./x.ts';
    expect(
      groupFailures([
        { id: 'a', message, frames: [] },
        { id: 'b', message, frames: [] },
      ]),
    ).toEqual([{ ids: ['a', 'b'], message, frames: [] }]);
  });
});

describe('repairPrompt', () => {
  test('shows the lines that frames point at, and fences what tests printed', () => {
    const data = repairPrompt(REPAIR).parts[1]?.data as { groups: { message: string; frames: string }[] };
    expect(data.groups[0]?.frames).toBe('```text\nsrc/split.ts:1  export const wrong = 1;\n```');
    expect(data.groups[1]?.message).toBe('```text\nExpected 334\nReceived 333\n```');
  });

  test('offers tools, and puts a bad turn last, so that what comes before stays the same', () => {
    const spec = repairPrompt(REPAIR);
    const again = repairPrompt({ ...REPAIR, bad: [{ where: 'reply', message: 'cut off' }] });
    expect(spec.tools.map((t) => t.name)).toContain('dispute_test');
    expect(again.parts).toEqual(spec.parts);
    expect([spec.tail.length, again.tail.map((p) => p.template)]).toEqual([0, ['turn-again']]);
  });

  test('caps what it shows', () => {
    const failures = Array.from({ length: 50 }, (_, i) => ({
      id: `t › ${i}`,
      message: `no ${'abcdefghij'[i % 10]}${'klmno'[Math.floor(i / 10)]}\n${'x'.repeat(9_000)}`,
      frames: at('t', i + 1),
    }));
    const data = repairPrompt({ ...REPAIR, failures }).parts[1]?.data as {
      groups: { message: string }[];
      moreGroups: number;
      failing: number;
    };
    expect([data.groups.length, data.moreGroups, data.failing]).toEqual([12, 38, 50]);
    expect(data.groups.every((g) => g.message.length < 1_700)).toBe(true);
  });
});
