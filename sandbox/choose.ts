// Chooses, once at start, the best rung that passes its self-test.
import { DEFAULT_IMAGE } from './container.ts';
import type { Limits } from './policy.ts';
import type { Failure } from './remedy.ts';
import { remedy } from './remedy.ts';
import type { Rung, RungKind, RungOptions } from './rung.ts';
import { makeRung } from './rung.ts';
import { selfTest } from './self-test.ts';

export interface ChooseOptions {
  /** Host path of the Node that tries to break out. */
  readonly node: string;
  /** Rungs to pass over, as if they were not installed. */
  readonly hide?: readonly RungKind[];
  /** The only rung that may be used. Default: the best of this system's own. */
  readonly only?: RungKind | undefined;
  /** The image of podman and docker. Default: `DEFAULT_IMAGE`. */
  readonly image?: string | undefined;
  /** Of every box on the rung, where its policy says nothing else. */
  readonly limits?: Partial<Limits>;
  /** No sandbox at all: only for `--unsafe-no-sandbox`. */
  readonly unsafe?: boolean;
  /** Where private folders are made. Default: the system's folder for temporary files. */
  readonly tmpDir?: string;
}

export interface Choice {
  /** Null when no rung may be used: nothing generated may then be run. */
  readonly rung: Rung | null;
  /** Why better rungs are not used. */
  readonly failures: readonly Failure[];
  /** What a person can do about it; null when the first rung works. */
  readonly remedy: string | null;
}

/** Container engines are asked for by name: their start is slow, and docker's daemon runs as root. */
const LADDER: readonly RungKind[] = process.platform === 'darwin' ? ['macos'] : ['bubblewrap', 'perl'];

/** Walks down the ladder: a rung is chosen only when every attempt of the self-test to break out of it failed. */
export async function chooseRung(options: ChooseOptions): Promise<Choice> {
  const rungOptions = {
    image: options.image ?? DEFAULT_IMAGE,
    limits: options.limits ?? {},
    ...(options.tmpDir === undefined ? {} : { tmpDir: options.tmpDir }),
  };
  if (options.unsafe === true) return { rung: unsafeRung(rungOptions), failures: [], remedy: null };
  const failures: Failure[] = [];
  for (const kind of options.only === undefined ? LADDER : [options.only]) {
    const rung = options.hide?.includes(kind) ? `${kind} is switched off` : prepare(kind, rungOptions);
    if (typeof rung === 'string') {
      failures.push({ kind, why: rung });
      continue;
    }
    const why = await selfTest(rung, options.node);
    if (why === null) return { rung, failures, remedy: failures.length === 0 ? null : remedy(failures) };
    rung.close();
    failures.push({ kind, why });
  }
  return { rung: null, failures, remedy: remedy(failures) };
}

/** A machine without a folder or a file that every other has must not look like a fault of ours. */
function prepare(kind: RungKind, options: RungOptions): Rung | string {
  try {
    return makeRung(kind, options);
  } catch (error) {
    return (error as Error).message;
  }
}

function unsafeRung(options: RungOptions): Rung {
  const rung = makeRung('none', options);
  if (typeof rung === 'string') throw new Error(rung);
  return rung;
}
