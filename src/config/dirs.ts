// Where redgreen keeps what belongs to the user and not to a repository.
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
