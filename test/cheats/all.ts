// Every case.
import type { Cheat } from './case.ts';
import { CHANGE_CHEATS } from './cheats-change.ts';
import { EXISTING_CHEATS } from './cheats-existing.ts';
import { JAVASCRIPT_CHEATS } from './cheats-javascript.ts';
import { ORACLE_CHEATS } from './cheats-oracle.ts';
import { PYTHON_CHEATS } from './cheats-python.ts';
import { REPAIR_CHEATS } from './cheats-repair.ts';
import { TEST_CHEATS } from './cheats-tests.ts';

export const CHEATS: readonly Cheat[] = [
  ...JAVASCRIPT_CHEATS,
  ...PYTHON_CHEATS,
  ...TEST_CHEATS,
  ...REPAIR_CHEATS,
  ...ORACLE_CHEATS,
  ...CHANGE_CHEATS,
  ...EXISTING_CHEATS,
];
