// What the branch changes, file by file, as coloured differences.
import { structuredPatch } from 'diff';
import { plural } from '../words.ts';
import { type Html, h } from './html.ts';
import type { Material, ToldFile } from './material.ts';
import { fold, section } from './parts.ts';

/** Changed lines beyond which two texts are shown as one gone and one new: comparing them would take long. */
const MOST_EDITS = 1_000;
/** Lines of one difference, and of all on the page. */
const MOST_LINES = 3_000;
const MOST_ALL = 40_000;
const CONTEXT = 3;

const PARTS: readonly { readonly part: ToldFile['part']; readonly title: string }[] = [
  { part: 'code', title: 'Code' },
  { part: 'tests', title: 'Tests' },
  { part: 'manifests', title: 'Manifests and settings' },
];

interface Room {
  lines: number;
}

export function changes(m: Material): Html {
  const room: Room = { lines: MOST_ALL };
  const files = m.files.filter((file) => file.before !== file.after);
  if (files.length === 0) return section('changes', 'Changes', h`<p>No file was written.</p>`);
  return section(
    'changes',
    'Changes',
    PARTS.map(({ part, title }) => {
      const mine = files.filter((file) => file.part === part);
      return (
        mine.length > 0 && h`<h3>${title} <small>${plural(mine.length, 'file')}</small></h3>${mine.map((file) => fileHtml(file, room))}`
      );
    }),
  );
}

function fileHtml({ path, before, after, draft }: ToldFile, room: Room): Html {
  const whole = difference(before, after, room);
  const since = draft === null ? null : difference(draft, after, room);
  return fold(
    h`<code>${path}</code> ${counts(whole)}${before === null && h` <span class="dim">new</span>`}${after === null && h` <span class="dim">removed</span>`}${since && h` <span class="dim">· changed since its first draft</span>`}`,
    h`${since && h`<p class="key">what mends and repairs changed since the first draft ${counts(since)}</p>${since.html}<p class="key">the whole change</p>`}${whole.html}`,
    { name: 'file' },
  );
}

export interface Difference {
  readonly added: number;
  readonly removed: number;
  readonly html: Html;
}

function counts({ added, removed }: Difference): Html {
  return h`<span class="counts"><span class="good">+${added}</span>${removed > 0 && h` <span class="bad">−${removed}</span>`}</span>`;
}

/** Two texts as a difference by lines; null is no file. */
export function difference(before: string | null, after: string | null, room: Room = { lines: MOST_LINES }): Difference {
  const hunks = hunksOf(before ?? '', after ?? '');
  const lines = hunks.flatMap((hunk) => numbered(hunk));
  const most = Math.max(0, Math.min(MOST_LINES, room.lines));
  room.lines -= Math.min(lines.length, most);
  const count = (sign: string) => hunks.reduce((sum, hunk) => sum + hunk.lines.filter((line) => line.startsWith(sign)).length, 0);
  const left = lines.length - Math.min(lines.length, most);
  return {
    added: count('+'),
    removed: count('-'),
    html: h`<pre class="diff" tabindex="0">${lines.slice(0, most)}</pre>${left > 0 && h`<p class="note">${plural(left, 'more line')}.</p>`}`,
  };
}

interface Hunk {
  readonly oldStart: number;
  readonly newStart: number;
  readonly lines: readonly string[];
}

function hunksOf(before: string, after: string): readonly Hunk[] {
  if (before === '' || after === '') return [replaced(before, after)];
  const patch = structuredPatch('a', 'b', before, after, '', '', { context: CONTEXT, maxEditLength: MOST_EDITS });
  return patch?.hunks ?? [replaced(before, after)];
}

function replaced(before: string, after: string): Hunk {
  const lines = (text: string, sign: string) =>
    text === ''
      ? []
      : text
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => `${sign}${line}`);
  return { oldStart: 1, newStart: 1, lines: [...lines(before, '-'), ...lines(after, '+')] };
}

/** Lines with their numbers: the new one, or the old one where a line went. */
function numbered({ oldStart, newStart, lines }: Hunk): readonly Html[] {
  let [was, is] = [oldStart, newStart];
  const head = is > 1 || was > 1 ? [h`<span class="hunk">⋯ line ${is}</span>`] : [];
  return [
    ...head,
    ...lines.map((line) => {
      const [sign, text] = [line[0], line.slice(1)];
      if (sign === '+') return h`<ins data-n="${is++}">${text}\n</ins>`;
      if (sign === '-') return h`<del data-n="${was++}">${text}\n</del>`;
      if (sign === '\\') return h`<span class="dim">(no newline at the end)\n</span>`;
      was++;
      return h`<span data-n="${is++}">${text}\n</span>`;
    }),
  ];
}
