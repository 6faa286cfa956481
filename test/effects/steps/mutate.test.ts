// The step that tries the tests on mutants, with a real box, a real runner and the real compiler.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Body } from '../../../src/core/events.ts';
import type { Language } from '../../../src/core/ports.ts';
import type { Files } from '../../../src/core/ref.ts';
import type { Strength } from '../../../src/core/state.ts';
import { createBox } from '../../../src/effects/box.ts';
import { createTypescript } from '../../../src/effects/languages/typescript.ts';
import { createRunners } from '../../../src/effects/runners/index.ts';
import { type Mutating, mutating } from './mutating.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'redgreen-state-'));
const box = await createBox({ stateDir, env: { PATH: '/usr/bin:/bin' } }).catch(() => null);
const typescript = createTypescript();
afterAll(async () => {
  await typescript.close();
  await box?.close();
  rmSync(stateDir, { recursive: true, force: true });
});
const inBox = test.runIf(box !== null);

const CODE: Files = {
  'src/a.ts': `export function fit(size: number): string {
  if (size < 8) return 'small';
  return 'big';
}
export function slow(n: number): number {
  let left = n;
  while (left > 0) left -= 1;
  return left;
}
`,
};
const WEAK: Files = {
  'test/fit.test.ts': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fit } from '../src/a.ts';
test('small and big', () => { assert.equal(fit(2), 'small'); assert.equal(fit(20), 'big'); });
`,
  'test/slow.test.ts': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slow } from '../src/a.ts';
test('ends', () => { assert.equal(slow(3), 0); });
`,
};
const STRONG: Files = {
  'test/strength.test.ts': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fit } from '../src/a.ts';
test('eight is big', () => { assert.equal(fit(8), 'big'); });
`,
};

const runner = createRunners().runner('node:test');
const rest = { 'package.json': '{"type":"module"}' };

function run(world: Partial<Mutating> & Pick<Mutating, 'tests'>): Promise<readonly Body[]> {
  if (box === null) throw new Error('no box');
  return mutating({ box, language: typescript, runner, code: CODE, rest, ...world });
}

const score = (events: readonly Body[]) => {
  const last = events.at(-1);
  if (last?.type !== 'mutated') throw new Error(`no score: ${JSON.stringify(events)}`);
  return last;
};

inBox(
  'what a test notices is killed, and what none notices survives; a mutant that never ends is killed',
  { timeout: 120_000 },
  async () => {
    const events = await run({ tests: WEAK });
    expect(events).toHaveLength(1);
    const first = score(events);
    expect(first.cut).toBe(false);
    expect(first.mutants).toBe(first.killed + first.survivors.length);
    expect(first.killed).toBeGreaterThan(3);
    const seen = first.survivors.map((m) => `${m.inside} ${m.operator} ${m.line}`);
    expect(seen).toContain('fit boundary 2');
    expect(seen).not.toContain('fit guard 2');
    // A loop that counts up never ends.
    expect(seen).not.toContain('slow assignment 7');
    expect(first.survivors.find((m) => m.operator === 'boundary' && m.inside === 'fit')?.behaviour).toContain('`size` is exactly 8');

    const strength: Strength = {
      attempts: 1,
      mutants: first.mutants,
      killed: first.killed,
      survivors: first.survivors,
      ms: 1,
      cut: false,
      path: 'test/strength.test.ts',
      before: {},
      dropped: null,
      done: false,
    };
    const second = score(await run({ tests: { ...WEAK, ...STRONG }, strength }));
    expect(second.mutants).toBe(first.survivors.length);
    expect(second.survivors.map((m) => `${m.inside} ${m.operator}`)).not.toContain('fit boundary');
    expect(second.killed + second.survivors.length).toBe(second.mutants);

    const gone = { path: 'src/a.ts', line: 1, inside: 'gone', operator: 'boundary', behaviour: 'x' };
    const lost = score(await run({ tests: { ...WEAK, ...STRONG }, strength: { ...strength, survivors: [gone] } }));
    expect(lost).toMatchObject({ mutants: 0, killed: 0, survivors: [gone] });
  },
);

inBox('in a file that was there before, only what was changed is tried', { timeout: 60_000 }, async () => {
  const before = { 'src/a.ts': (CODE['src/a.ts'] ?? '').replace('size < 8', 'size < 5') };
  const all = score(await run({ tests: WEAK, base: before }));
  expect(all.mutants).toBeGreaterThan(0);
  expect(all.survivors.every((m) => m.line === 2)).toBe(true);
});

describe('a run does not fail because its tests could not be tried', () => {
  inBox('a compiler that fails is a note and no score', async () => {
    const broken: Language = { ...typescript, mutants: () => Promise.reject(new Error('the worker died')) };
    expect(await run({ tests: WEAK, language: broken })).toEqual([
      { type: 'note', text: expect.stringContaining('the worker died') },
      { type: 'mutated', id: 'mutate/code/1', attempt: 1, mutants: 0, killed: 0, survivors: [], cut: false, ms: expect.any(Number) },
    ]);
  });

  inBox('tests that do not pass on the code itself show nothing', { timeout: 60_000 }, async () => {
    const failing = { 'test/fit.test.ts': (WEAK['test/fit.test.ts'] ?? '').replace("'small')", "'tiny')") };
    const events = await run({ tests: failing });
    expect(events[0]).toEqual({ type: 'note', text: expect.stringContaining('test/fit.test.ts does not pass on the code itself') });
    expect(score(events)).toMatchObject({ mutants: 0, killed: 0 });
  });

  inBox('time that is over cuts the score short', { timeout: 60_000 }, async () => {
    expect(score(await run({ tests: WEAK, mutationMs: 1 }))).toMatchObject({ mutants: 0, killed: 0, cut: true });
  });

  inBox('a pause takes nothing of that time', { timeout: 60_000 }, async () => {
    const hour = 3_600_000;
    const time = (pausedMs: number) => ({ wallMs: hour, now: hour - 5, pausedMs });
    expect(score(await run({ tests: WEAK, time: time(0) })).cut).toBe(true);
    expect(score(await run({ tests: WEAK, time: time(hour / 2) })).cut).toBe(false);
  });

  inBox('a run that is stopped hears nothing more', { timeout: 60_000 }, async () => {
    expect(await run({ tests: WEAK, stopAfterMs: 200 })).toEqual([]);
  });
});
