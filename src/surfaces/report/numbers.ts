import { workedMs } from '../../core/reduce-words.ts';
import type { Material } from './material.ts';

/** Milliseconds that the run worked, until now or until its last event. */
export function workedOf({ state, running, now }: Material): number {
  return workedMs(state, running ? now : state.lastAt);
}
