// A view as plain lines, for those who hear it.
import type { Line, Tone } from '../../line.ts';
import { type Page, type Styled, textOf } from '../../views/styled.ts';

/** Lines of a view that are read out. */
const MOST = 400;

/** The pages of a view as lines of the transcript, each page under its title. */
export function printedLines(pages: readonly Page[]): readonly Line[] {
  const all = pages.flatMap(({ title, lines }) => [text('plain', `${title}:`), ...lines.map(printed)]);
  return all.length <= MOST ? all : [...all.slice(0, MOST), text('quiet', `and ${all.length - MOST} more lines`)];
}

function printed(line: Styled): Line {
  const tones = new Set(line.spans.filter((one) => one.text.trim() !== '').map((one) => one.tone));
  const [tone = 'plain'] = tones;
  return text(tones.size !== 1 || tone === 'strong' || tone === 'cyan' ? 'plain' : tone, textOf(line));
}

function text(tone: Tone, words: string): Line {
  return { tone, label: '', text: words };
}
