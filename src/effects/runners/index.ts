// Every test runner there is. Adding one is a file beside this one, and a line here.
import { RedgreenError } from '../../core/errors.ts';
import type { CodeLanguage } from '../../core/plan.ts';
import type { Runner } from '../../core/ports.ts';
import type { RunnerAssets } from './assets.ts';
import { createCargo } from './cargo.ts';
import { createGo } from './go.ts';
import { createJest } from './jest.ts';
import { createMocha } from './mocha.ts';
import { createNodeTest } from './node-test.ts';
import { createPytest } from './pytest.ts';
import { createUnittest } from './unittest.ts';
import { createVitest } from './vitest.ts';

/** In order of preference: the first one for a language is its default. */
const FACTORIES: Readonly<Record<string, (options: RunnerAssets) => Runner>> = {
  'node:test': createNodeTest,
  vitest: createVitest,
  jest: createJest,
  mocha: createMocha,
  unittest: createUnittest,
  pytest: createPytest,
  go: createGo,
  cargo: createCargo,
};

export interface Runners {
  readonly ids: readonly string[];
  /** The runner `id`. Throws `RedgreenError('runner')` when there is none. */
  runner(id: string): Runner;
  /** The runner used for a language when nothing else is asked for. */
  defaultFor(language: CodeLanguage): Runner;
}

/** All runners, each made when it is first asked for. */
export function createRunners(options: RunnerAssets = {}): Runners {
  const made = new Map<string, Runner>();
  const runner = (id: string): Runner => {
    const factory = Object.hasOwn(FACTORIES, id) ? FACTORIES[id] : undefined;
    if (factory === undefined)
      throw new RedgreenError('runner', `There is no test runner "${id}"; choose one of ${Object.keys(FACTORIES).join(', ')}.`);
    const known = made.get(id) ?? factory(options);
    made.set(id, known);
    return known;
  };
  return {
    ids: Object.keys(FACTORIES),
    runner,
    defaultFor(language) {
      const found = Object.keys(FACTORIES)
        .map(runner)
        .find((candidate) => candidate.languages.includes(language));
      if (found === undefined) throw new RedgreenError('runner', `There is no test runner for ${language}.`);
      return found;
    },
  };
}
