// What a repository asks to be installed, ready for `Box.install`.
import type { BoxInstall } from '../../core/ports.ts';
import type { Survey } from '../../core/survey.ts';
import { type Prepared, prepareNpm } from './prepare-npm.ts';
import { preparePip } from './prepare-pip.ts';

export interface PreparedInstall extends Omit<BoxInstall, 'signal'> {
  /** What the user should know of it. Sentences. */
  readonly notes: readonly string[];
}

/**
 * The install of the commit that `read` reads, development dependencies included; null where there is nothing to install, or nobody here who can
 * (Go, Rust). Throws `RedgreenError('install')` where a manifest is missing.
 */
export async function prepareInstall(
  read: (path: string) => Promise<string | null>,
  survey: Pick<Survey, 'manager' | 'lock' | 'packages'>,
): Promise<PreparedInstall | null> {
  const { manager } = survey;
  if (manager === null || manager === 'go' || manager === 'cargo') return null;
  const isPython = manager === 'pip' || manager === 'poetry' || manager === 'uv';
  const prepared: Prepared = isPython ? await preparePip(read, survey) : await prepareNpm(read, survey);
  return { ...prepared, packages: [], repository: true };
}
