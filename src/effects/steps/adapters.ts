// Finds the adapters that a plan names.
import { RedgreenError } from '../../core/errors.ts';
import type { Language, Ports, Runner } from '../../core/ports.ts';

/** The language adapter with this id. Throws `RedgreenError('language')` when there is none. */
export function languageOf(ports: Pick<Ports, 'languages'>, id: string): Language {
  const found = ports.languages.find((l) => l.id === id);
  if (!found) throw new RedgreenError('language', `There is no adapter for the language "${id}".`);
  return found;
}

/** The runner adapter with this id. Throws `RedgreenError('runner')` when there is none. */
export function runnerOf(ports: Pick<Ports, 'runners'>, id: string): Runner {
  const found = ports.runners.find((r) => r.id === id);
  if (!found) throw new RedgreenError('runner', `There is no adapter for the test runner "${id}".`);
  return found;
}

/** Languages that a plan may be written in: those that know contracts and stubs. */
export function planLanguages(ports: Pick<Ports, 'languages'>): readonly Language[] {
  return ports.languages.filter((l) => l.planRules !== '');
}
