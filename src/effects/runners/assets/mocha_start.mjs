// The main module of the process in which mocha runs, after what its flags of Node have loaded.
import { start } from './mocha_child.mjs';

start();
