import { RedgreenError } from '../../core/errors.ts';

/** A branch that cannot be checked here: `message` says why and what to do. */
export function cannot(message: string): RedgreenError {
  return new RedgreenError('usage', message);
}
