import { RedgreenError } from '../core/errors.ts';
import type { Event } from '../core/events.ts';
import { checkEvent, damaged, parseLine } from './journal.ts';
import { eachLine } from './lines.ts';

/**
 * Calls `visit` for each event of a journal, in order, one at a time: for readers that keep little of it. The rules are those of `readJournal`.
 * Throws `RedgreenError('journal')`.
 */
export function eachEvent(path: string, visit: (event: Event) => void): void {
  let line = 0;
  let bad = 0;
  const take = (text: string) => {
    line++;
    // Only the last line may be damaged: a crash tore it.
    if (bad > 0) throw damaged(path, bad, 'is no event');
    const value = parseLine(text);
    if (value === undefined) bad = line;
    else visit(checkEvent(path, line, value));
  };
  try {
    eachLine(path, take);
  } catch (thrown) {
    if (!(thrown instanceof Error && 'syscall' in thrown)) throw thrown;
    throw new RedgreenError('journal', `There is no readable journal at ${path}.`, { cause: thrown });
  }
}
