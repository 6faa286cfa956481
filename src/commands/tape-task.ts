import { RedgreenError } from '../core/errors.ts';
import { readTape } from '../effects/tape-file.ts';

/** The task that a tape was recorded for. Throws `RedgreenError('tape.missing')` or `('journal')`. */
export function taskOfTape(path: string): string {
  const { task } = readTape(path).meta;
  if (typeof task !== 'string' || task.trim() === '')
    throw new RedgreenError('journal', `The tape ${path} does not say which task it was recorded for.`);
  return task;
}
