import { expect, test } from 'vitest';
import { clockTime, scaleOf } from '../../../src/surfaces/report/clock.ts';

test('time runs evenly, and the ticks are round', () => {
  const scale = scaleOf(1000, 61_000, []);
  expect([1000, 31_000, 61_000, 0, 99_000].map(scale.at)).toEqual([0, 0.5, 1, 0, 1]);
  expect(scale.ticks.map((t) => t.label)).toEqual(['0 s', '10 s', '20 s', '30 s', '40 s', '50 s', '1:00']);
  expect(scale.worked).toBe(60_000);
});

test('a night between a stop and a resume is narrow, and does not count as work', () => {
  const night = 10 * 3_600_000;
  const scale = scaleOf(0, 100_000 + night, [{ kind: 'stopped', from: 50_000, to: 50_000 + night }]);
  expect(scale.worked).toBe(100_000);
  const [gap] = scale.breaks;
  expect(gap).toMatchObject({ kind: 'stopped', ms: night });
  expect((gap?.to ?? 0) - (gap?.from ?? 0)).toBeCloseTo(4 / 104, 5);
  expect(scale.at(50_000)).toBeCloseTo(50 / 104, 5);
  expect(scale.at(50_000 + night)).toBeCloseTo(54 / 104, 5);
  expect(scale.ticks.map((t) => t.label)).toEqual(['0 s', '30 s', '1:00', '1:30']);
  expect(scale.ticks[2]?.at).toBeCloseTo(64 / 104, 5);
});

test('breaks that overlap or reach over the ends, and a run of no time, do no harm', () => {
  const scale = scaleOf(0, 10_000, [
    { kind: 'paused', from: 2000, to: 6000 },
    { kind: 'stopped', from: 4000, to: 7000 },
    { kind: 'paused', from: 9000, to: 20_000 },
  ]);
  expect(scale.worked).toBe(4000);
  const places = [0, 1000, 2000, 4000, 6000, 7000, 9000, 10_000].map(scale.at);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect([places[0], places.at(-1)]).toEqual([0, 1]);
  expect(scaleOf(5, 5, []).at(5)).toBe(0);
});

test('clock times', () => {
  expect([0, 500, 59_900, 65_000, 3_725_000].map(clockTime)).toEqual(['0 s', '0.5 s', '59.9 s', '1:05', '1:02:05']);
});
