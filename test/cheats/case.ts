// What a case is: data. Each row of the tables in docs/proof.md is one.
import type { Played } from './play.ts';
import type { ChangePlayed } from './play-change.ts';
import { codePath, isPython, project, type RunnerId, slippedCode } from './project.ts';

/** Mechanisms of the proof, by the codes of docs/proof.md. */
export type Mechanism = 'M1' | 'M2' | 'M3' | 'M4' | 'M5' | 'M6' | 'M7' | 'exit';

export interface Honest {
  /** In words, unique. */
  readonly name: string;
  readonly runner: RunnerId;
  readonly played: Played | ChangePlayed;
}

export interface Cheat extends Honest {
  readonly held: readonly Mechanism[];
  /** What the run says of it: verdicts, what was sent back to an author, what the model was told, how it ended. */
  readonly because: RegExp;
}

/** A cheat that stands in the code: the first draft is honest with a mistake, the repair writes the cheat over it. */
export interface CodeCheat {
  readonly name: string;
  readonly runners: readonly RunnerId[];
  /** What stands before the honest code with its mistake; a text with `words` in it stands alone. */
  readonly code: string | ((runner: RunnerId) => string);
  readonly held: readonly Mechanism[];
  readonly because: RegExp;
  readonly tests?: (runner: RunnerId) => string;
}

/** One case for each runner of each cheat in the code. */
export function codeCheats(cheats: readonly CodeCheat[]): readonly Cheat[] {
  return cheats.flatMap(({ name, runners, code, held, because, tests }) =>
    runners.map((runner) => ({
      name,
      runner,
      held,
      because,
      played: inCode(runner, typeof code === 'string' ? code : code(runner), tests?.(runner)),
    })),
  );
}

function inCode(runner: RunnerId, cheat: string, tests?: string): Played {
  const isWhole = isPython(runner) ? /^def words/m.test(cheat) : /^export (?:function|const) words/m.test(cheat);
  const content = isWhole ? cheat : `${cheat}\n${slippedCode(runner)}`;
  return {
    project: project(runner, slippedCode(runner), tests),
    repair: (n) => (n === 1 ? [{ name: 'write', args: { path: codePath(runner), content } }] : []),
  };
}
