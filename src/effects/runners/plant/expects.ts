// Canaries that use `expect`, which vitest and jest share.
import { type Canary, eachThrows } from './javascript.ts';
import type { Words } from './words.ts';

/** Canaries over `e`, a local name of `expect`. */
export function expectCanaries(e: string, words: Words): readonly Canary[] {
  const x = words.word();
  const rest = [
    ['1', 'toBeGreaterThan(2)'],
    ['1', 'toBeGreaterThanOrEqual(2)'],
    ['2', 'toBeLessThan(1)'],
    ['2', 'toBeLessThanOrEqual(1)'],
    ['1', 'toBeCloseTo(2)'],
    ['0', 'toBeTruthy()'],
    ['1', 'toBeFalsy()'],
    ['1', 'toBeNull()'],
    ['1', 'toBeUndefined()'],
    ['undefined', 'toBeDefined()'],
    ['1', 'toBeNaN()'],
    ['1', 'toBeInstanceOf(Error)'],
    [`'${x}'`, 'toMatch(/^[0-9]+$/)'],
    [`['${x}']`, 'toContain(1)'],
    [`['${x}']`, 'toContainEqual([1])'],
    [`['${x}']`, 'toHaveLength(2)'],
    [`{ ${x}: 1 }`, `toHaveProperty('${x}', 2)`],
    [`{ ${x}: 1 }`, `toMatchObject({ ${x}: 2 })`],
    [`{ ${x}: 1 }`, `toStrictEqual({ ${x}: 1, a: undefined })`],
    ['() => {}', 'toHaveBeenCalled()'],
    ['() => {}', 'toHaveBeenCalledTimes(1)'],
    ['() => {}', `toHaveBeenCalledWith('${x}')`],
    [`() => { throw new Error('${x}'); }`, `toThrow('${x}${x}')`],
    ...['RangeError', 'TypeError', 'SyntaxError'].map((type) => [`() => { throw new EvalError('${x}'); }`, `toThrow(${type})`]),
    [`() => { throw new Error('${x}'); }`, 'not.toThrow()'],
    ['1', 'not.toBe(1)'],
    ['[1]', 'not.toEqual([1])'],
    ['Promise.resolve(1)', 'resolves.toBe(2)'],
    ['Promise.resolve(1)', 'rejects.toThrow()'],
    [`Promise.reject(new Error('${x}'))`, 'resolves.toBe(1)'],
    [`Promise.reject(new Error('${x}'))`, `rejects.toThrow('${x}${x}')`],
  ].map(([value, matcher]) => `${e}(${value}).${matcher}`);
  return [
    { kind: 'toBe of different texts', body: (name, other) => `${e}('${name}').toBe('${other}');` },
    { kind: 'toEqual of different objects', body: (name, other) => `${e}({ ${x}: ['${name}'] }).toEqual({ ${x}: ['${other}'] });` },
    { kind: 'toStrictEqual of different texts', body: (name, other) => `${e}('${name}').toStrictEqual('${other}');` },
    { kind: 'one of the other matchers', body: eachThrows(rest, words) },
    {
      kind: 'a thrown error inside a matcher',
      body: (name) => `${e}(() => { throw new Error('${name}'); }).not.toThrow();`,
    },
    {
      kind: null,
      body: (name) =>
        `await null; ${e}('${name}').toBe('${name}'); ${e}([{ ${x}: 1 }]).toEqual([{ ${x}: 1 }]); ` +
        `${e}(() => { throw new Error('${name}'); }).toThrow('${name}');`,
    },
  ];
}
