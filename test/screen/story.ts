// What a run must have left on the screen, by its journal.
import type { Event } from '../../src/core/events.ts';
import { initialState, reduce } from '../../src/core/reduce.ts';
import { emptyView, viewEvent } from '../../src/surfaces/live/run/view.ts';

/** Text without white space, and without the marks before lines: what is left when they are wrapped, indented and padded in any way. */
function bare(lines: readonly string[]): string {
  return lines
    .map((line) => line.replace(/^ {7}[✗!] /, ''))
    .join('')
    .replace(/\s+/gu, '');
}

/** The finished lines of a run, in order. */
export function storyOf(journal: readonly Event[]): readonly string[] {
  let view = emptyView;
  let state = initialState;
  for (const event of journal) {
    state = reduce(state, event);
    view = viewEvent(view, event, state);
  }
  return view.lines.map(({ label, text }) => `${label} ${text}`);
}

/** Where the lines on a screen leave `story`, with what stands around; empty when they begin with the whole of it. */
export function departs(lines: readonly string[], story: readonly string[]): string {
  // One form for letters with marks: an emulator may keep another one than came.
  const [seen, told] = [bare(lines).normalize(), bare(story).normalize()];
  if (seen.startsWith(told)) return '';
  let at = 0;
  while (seen[at] === told[at]) at++;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 60), at + 120));
  return `told: ${around(told)}\nseen: ${around(seen)}`;
}

/** The lines after the story. */
export function after(lines: readonly string[], story: readonly string[]): string {
  return bare(lines).normalize().slice(bare(story).normalize().length);
}

/** Lines of the story that do not stand on the screen exactly once; for windows in which a rest of the live part may have scrolled away. */
export function notOnce(lines: readonly string[], story: readonly string[]): readonly string[] {
  const seen = bare(lines).normalize();
  return story.filter((line) => {
    const said = bare([line]).normalize();
    return story.filter((other) => bare([other]).normalize().includes(said)).length === 1 && seen.split(said).length !== 2;
  });
}
