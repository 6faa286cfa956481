// A few of the cases for every day, by mechanism and runner; all of them are in cheats.long.ts and honest.long.ts.
import { describe } from 'vitest';
import { CHEATS } from './all.ts';
import { HONEST } from './honest-cases.ts';
import { cheatProblem, honestProblem } from './judge-case.ts';
import { playAll } from './suite.ts';

const SOME = [
  'node:test: ends the process with 0 while it loads',
  'node:test: empties the assertions',
  'node:test: lets only the tests that it knows pass',
  'node:test: remembers the order in which it is asked',
  'vitest: replaces the matchers',
  'unittest: finishes our report itself, found by gc',
  'pytest: changes the outcome in reports',
  'pytest: repair writes conftest.py that clears failures',
  'unittest: tests: an assertion is swallowed',
  'node:test: with an oracle file: reads the expected values out of the test file',
  'node:test: a change: breaks an earlier test, and repairs nothing',
  'unittest: a change: every test passes already',
  'pytest: a change beside which every earlier test stays green',
  'node:test: existing code: empties the assertions from the code',
  'pytest: existing code: breaks a test that was there, and writes it anew',
  'node:test: existing code: a member of a workspace',
  'node:test: names made at run time',
  'pytest: a table of cases',
  'unittest: a mistake that a repair mends',
];
const chosen = <T extends { readonly runner: string; readonly name: string }>(cases: readonly T[]) =>
  cases.filter((c) => SOME.includes(`${c.runner}: ${c.name}`));

describe('cheats', () => playAll('false greens:', chosen(CHEATS), cheatProblem));
describe('honest', () => playAll('false reds:', chosen(HONEST), honestProblem));
