// Which step carries out which command.
import type { Command } from '../../core/events.ts';
import type { Ports } from '../../core/ports.ts';
import type { Perform, StepContext } from '../../driver.ts';
import { ask } from './ask.ts';
import { check } from './check.ts';
import { commit, ship } from './commit.ts';
import { deadline } from './deadline.ts';
import { install, type Provided } from './install.ts';
import { mutate } from './mutate.ts';
import { prove } from './prove.ts';
import { proveRed } from './red.ts';
import { test } from './test.ts';
import { tools } from './tools.ts';
import { createBaseReader } from './trees.ts';
import { vetPlan } from './vet.ts';

export interface StepOptions {
  /** Most milliseconds that one run of the tests may take. */
  readonly testTimeoutMs: number;
  /** Most milliseconds that one trial of the tests on mutants may take. */
  readonly mutationMs: number;
  readonly provided: Provided;
}

/** The function that the driver carries commands out with. */
export function createSteps(ports: Ports, options: StepOptions): Perform {
  const base = createBaseReader(ports);
  const ms = options.testTimeoutMs;
  return (command: Command, context: StepContext) => {
    switch (command.kind) {
      case 'ask':
        return ask(command, ports, context);
      case 'vet-plan':
        return vetPlan(command, ports, context, base);
      case 'install':
        return install(command, ports, context, options.provided);
      case 'red':
        return proveRed(command, ports, context, base, ms);
      case 'check':
        return check(command, ports, context, base);
      case 'test':
        return test(command, ports, context, base, ms);
      case 'tools':
        return tools(command, ports, context, base, ms);
      case 'mutate':
        return mutate(command, ports, context, base, options);
      case 'commit':
        return commit(command, ports, context);
      case 'prove':
        return prove(command, ports, context, ms);
      case 'ship':
        return ship(command, ports, context);
      case 'deadline':
        return deadline(command, ports, context);
      case 'end':
        return Promise.resolve();
      default: {
        const never: never = command;
        return never;
      }
    }
  };
}
