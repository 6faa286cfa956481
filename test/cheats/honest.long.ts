// Every honest solution of the table in docs/proof.md, as a whole run: each must end green.
import { HONEST } from './honest-cases.ts';
import { honestProblem } from './judge-case.ts';
import { playAll } from './suite.ts';

playAll('false reds:', HONEST, honestProblem);
