// Chooses, once at start, the best rung that passes its self-test.
import { remedy } from './remedy.ts';
import type { Rung, RungKind } from './rung.ts';
import { makeRung } from './rung.ts';
import { selfTest } from './self-test.ts';

export interface ChooseOptions {
  /** Host path of the Node that tries to break out. */
  readonly node: string;
  /** Rungs to pass over, as if they were not installed. */
  readonly hide?: readonly RungKind[];
  /** No sandbox at all: only for `--unsafe-no-sandbox`. */
  readonly unsafe?: boolean;
  /** Where private folders are made. Default: the system's folder for temporary files. */
  readonly tmpDir?: string;
}

export interface Choice {
  /** Null when no rung may be used: nothing generated may then be run. */
  readonly rung: Rung | null;
  /** Why better rungs are not used. */
  readonly failures: readonly { readonly kind: RungKind; readonly why: string }[];
  /** What a person can do about it; null when the first rung works. */
  readonly remedy: string | null;
}

const LADDER: readonly RungKind[] = ['bubblewrap', 'perl'];

/** Walks down the ladder: a rung is chosen only when every attempt of the self-test to break out of it failed. */
export async function chooseRung(options: ChooseOptions): Promise<Choice> {
  if (options.unsafe === true) return { rung: unsafeRung(options.tmpDir), failures: [], remedy: null };
  const failures: { kind: RungKind; why: string }[] = [];
  for (const kind of LADDER) {
    const rung = options.hide?.includes(kind) ? `${kind} is switched off` : makeRung(kind, options.tmpDir);
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

function unsafeRung(tmpDir: string | undefined): Rung {
  const rung = makeRung('none', tmpDir);
  if (typeof rung === 'string') throw new Error(rung);
  return rung;
}
