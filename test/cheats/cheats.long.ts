// Every cheat of the table in docs/proof.md, as a whole run: none may end green, each must be caught for the right reason.
import { CHEATS } from './all.ts';
import { cheatProblem } from './judge-case.ts';
import { playAll } from './suite.ts';

playAll('false greens:', CHEATS, cheatProblem);
