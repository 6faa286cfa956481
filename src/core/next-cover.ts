// What may run now where tests are written for code that exists: file by file, then one proof of all that was kept.
import { currentUnit } from './cover.ts';
import type { Command } from './events.ts';
import type { State } from './state.ts';

interface Make {
  readonly command: (kind: 'gauge' | 'admit' | 'prove' | 'ship' | 'end', step: string, subject: string, attempt: number) => Command;
  readonly commit: (name: 'candidate' | 'best' | 'final', attempt: number) => Command;
  /** The next turn of the conversation that is open. */
  readonly turn: (s: State) => readonly Command[];
}

/** The next step for the file that is worked on; once all are done the way to the branch. */
export function covering(s: State, make: Make): readonly Command[] {
  if (!s.cover || !s.installs.done || !s.change?.baseline) return [];
  const unit = currentUnit(s);
  if (!unit) return finishing(s, make);
  if (unit.before === null) return [make.command('gauge', 'gauge', unit.path, 1)];
  if (!s.conversation) return [];
  return s.conversation.done ? [make.command('admit', 'admit', unit.path, unit.asked)] : make.turn(s);
}

function finishing(s: State, { command, commit }: Make): readonly Command[] {
  const isProven = s.proof !== null && s.proof.commit === s.commits.candidate?.commit;
  const n = isProven ? s.proofs : s.proofs + 1;
  if (!s.commits.candidate) return [commit('candidate', n)];
  if (!isProven) return [command('prove', 'prove', 'candidate', n)];
  if (s.proof?.verdict.kind !== 'green') return [];
  if (!s.commits.final) return [commit('final', n)];
  return [s.shipped ? command('end', 'end', 'run', 1) : command('ship', 'ship', 'branch', n)];
}

/** On the way out what was kept so far goes onto the branch, unproven. */
export function leaving(s: State, { command, commit }: Pick<Make, 'command' | 'commit'>): readonly Command[] {
  const keep = s.ending?.outcome !== 'failed' && s.red.tests.length > 0;
  if (!keep || s.shipped) return [command('end', 'end', 'run', 1)];
  return [s.commits.best ? command('ship', 'ship', 'branch', s.proofs + 1) : commit('best', s.proofs + 1)];
}
