// Which step carries out which command.
import { changesCode } from '../../core/change.ts';
import type { Command } from '../../core/events.ts';
import type { Ports } from '../../core/ports.ts';
import type { Perform, StepContext } from '../../driver.ts';
import { ask } from './ask.ts';
import { baseline } from './change/baseline.ts';
import { checkChange } from './change/check.ts';
import { installChange, type Provide } from './change/install.ts';
import { mutateChange } from './change/mutate.ts';
import { proveChange } from './change/prove.ts';
import { survey } from './change/survey.ts';
import { proveTargets } from './change/targets.ts';
import { testChange } from './change/test.ts';
import { toolsChange } from './change/tools.ts';
import { check } from './check.ts';
import { commit, ship } from './commit.ts';
import { admit } from './cover/admit.ts';
import { gauge } from './cover/gauge.ts';
import { proveCover } from './cover/prove.ts';
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
  /** Most milliseconds that one run of all tests of an existing repository may take. */
  readonly suiteTimeoutMs: number;
  /** Which tests of an existing repository are run beside the run's own. */
  readonly scope: 'all' | 'related';
  /** Most milliseconds that one trial of the tests on mutants may take. */
  readonly mutationMs: number;
  readonly provided: Provided;
  readonly provideChange: Provide;
}

/** The function that the driver carries commands out with. */
export function createSteps(ports: Ports, options: StepOptions): Perform {
  const base = createBaseReader(ports);
  const ms = options.testTimeoutMs;
  return (command: Command, context: StepContext) => {
    const isChange = changesCode(context.state());
    const isCover = context.state().run?.mode === 'cover';
    switch (command.kind) {
      case 'ask':
        return ask(command, ports, context);
      case 'survey':
        return survey(command, ports, context);
      case 'baseline':
        return baseline(command, ports, context, options);
      case 'gauge':
        return gauge(command, ports, context, options);
      case 'admit':
        return admit(command, ports, context, options);
      case 'vet-plan':
        return vetPlan(command, ports, context, base);
      case 'install':
        return isChange
          ? installChange(command, ports, context, options.provideChange)
          : install(command, ports, context, options.provided);
      case 'red':
        return isChange ? proveTargets(command, ports, context, ms) : proveRed(command, ports, context, base, ms);
      case 'check':
        return isChange ? checkChange(command, ports, context) : check(command, ports, context, base);
      case 'test':
        return isChange ? testChange(command, ports, context, options) : test(command, ports, context, base, ms);
      case 'tools':
        return isChange ? toolsChange(command, ports, context, options) : tools(command, ports, context, base, ms);
      case 'mutate':
        return isChange ? mutateChange(command, ports, context, options) : mutate(command, ports, context, base, options);
      case 'commit':
        return commit(command, ports, context);
      case 'prove':
        if (isCover) return proveCover(command, ports, context, options);
        return isChange ? proveChange(command, ports, context, options) : prove(command, ports, context, ms);
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
