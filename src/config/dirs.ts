// Where redgreen keeps what belongs to the user and not to a repository.
import { join } from 'node:path';
import envPaths from 'env-paths';

/** The user's folders, absolute. They need not exist. */
export interface Dirs {
  /** Holds `config.yaml` and prompt overrides. */
  readonly config: string;
  readonly cache: string;
  /** Trusted folders and other user-wide state. */
  readonly state: string;
}

/** The user's folders by the platform's rules (XDG on Linux), from `XDG_*` and the home folder. */
export function userDirs(): Dirs {
  const paths = envPaths('redgreen', { suffix: '' });
  return { config: paths.config, cache: paths.cache, state: paths.log };
}

/** The list of every run of this user, wherever it is kept. */
export function indexFile(dirs: Dirs): string {
  return join(dirs.state, 'runs.jsonl');
}

/** Which projects' prompts the user trusts. */
export function trustFile(dirs: Dirs): string {
  return join(dirs.state, 'trust.json');
}

/** What was typed on the prompt line. */
export function historyFile(dirs: Dirs): string {
  return join(dirs.state, 'history.jsonl');
}
