// From cases to the questions that go into the boxes. The second box is asked what depends on answers of the first.

import type { CallStep, Oracle, OracleCase, Property, Target } from './oracle.ts';
import type { Answer, Job } from './oracle-answers.ts';
import { hash, inputsOf, randomOf, shuffled } from './oracle-generate.ts';
import type { Value } from './oracle-value.ts';

/** The arguments that a property is tried with under a seed. */
export function argumentsOf(property: Property, seed: number): readonly (readonly Value[])[] {
  return inputsOf(property.given, randomOf(seed, property.name));
}

export const caseId = (index: number) => `case-${index}`;
export const propertyId = (index: number) => `property-${index}`;

/** What the first box is asked, in an order that the seed decides. */
export function firstJobs(oracle: Oracle, seed: number): readonly Job[] {
  const cases = oracle.cases.map((c, i) => jobOf(c, caseId(i)));
  const properties = oracle.properties.map((p, i): Job => callsJob(propertyId(i), p, argumentsOf(p, seed)));
  return shuffled([...cases, ...properties], randomOf(seed, 'order'));
}

/**
 * What the second box is asked: the other half of paired properties, for the inputs whose first half gave a value. Empty when there is
 * nothing to ask.
 */
export function secondJobs(oracle: Oracle, seed: number, first: ReadonlyMap<string, Answer>): readonly Job[] {
  return oracle.properties.flatMap((property, i) => {
    const calls = first.get(propertyId(i))?.calls ?? [];
    const inputs = argumentsOf(property, seed).flatMap((args, n) => {
      const answer = calls[n];
      return answer && 'value' in answer ? [secondArguments(property, args, answer.value)] : [];
    });
    const target = secondTarget(property);
    return target && inputs.length > 0 ? [callsJob(propertyId(i), target, inputs)] : [];
  });
}

/** The function that the other half of a property calls; null when it has none. */
export function secondTarget(property: Property): Target | null {
  if (property.holds === 'idempotent' || property.holds === 'commutative') return property;
  return property.by;
}

/** With which arguments. */
function secondArguments({ holds }: Property, args: readonly Value[], value: Value): readonly Value[] {
  const [a = null, b = null, ...rest] = args;
  if (holds === 'commutative') return [b, a, ...rest];
  return holds === 'same' ? args : [value, ...args.slice(1)];
}

function callsJob(id: string, target: Target, inputs: readonly (readonly Value[])[]): Job {
  const call: Omit<CallStep, 'expect' | 'args'> = { kind: 'call', name: target.call, on: null, kwargs: {}, as: null };
  return { id, kind: 'calls', module: target.module, steps: inputs.map((args) => ({ ...call, args })) };
}

function jobOf(c: OracleCase, id: string): Job {
  switch (c.kind) {
    case 'calls':
      return { id, kind: 'calls', module: c.module, steps: c.steps.map(({ expect: _, ...step }) => step) };
    case 'commands': {
      const steps = c.steps.map(({ argv, stdin, env, after }) => ({ argv, stdin, env, after: Object.keys(after) }));
      return { id, kind: 'commands', files: c.files, steps };
    }
    default: {
      const steps = c.steps.map(({ method, path, headers, body, save }) => ({
        method,
        path,
        headers,
        body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
        save,
      }));
      return { id, kind: 'server', argv: c.argv, env: c.env, files: c.files, steps };
    }
  }
}

/** The seed of a run whose order is not shuffled: the same for the same file, so that a run can be played again. */
export function settledSeed(text: string): number {
  return hash(text);
}
