// What failed in each round, what the model was shown, and what it did about it.
import { plural } from '../words.ts';
import { difference } from './changes.ts';
import { clockTime } from './clock.ts';
import { type Html, h } from './html.ts';
import type { FailingTest, Material, Passage, ToldCall, ToldRound, ToldTrouble, ToldTurn } from './material.ts';
import { fold, pre, section } from './parts.ts';
import type { Column } from './story-rounds.ts';
import type { Trouble } from './story-troubles.ts';
import { nameOf } from './tests.ts';

/** So many rounds are all shown open; of more, the first and the last. */
const ALL_OPEN = 3;

export function failures(m: Material): Html {
  const rounds = m.rounds.map((round, i) => {
    const isOpen = m.rounds.length <= ALL_OPEN || i === 0 || i === m.rounds.length - 1;
    return roundHtml(m, round, m.rounds[i - 1], isOpen);
  });
  const { list, dropped } = m.story.troubles;
  if (rounds.length === 0 && list.length === 0) return h``;
  return section(
    'failures',
    'What failed, and what was done',
    h`${rounds}${
      list.length > 0 &&
      h`<h3>Sent back, or did not work</h3><ul class="troubles">${list.map((one, i) =>
        trouble(
          one,
          m.troubles.find((t) => t.trouble === i),
        ),
      )}</ul>`
    }
${dropped > 0 && h`<p class="note">${dropped} more.</p>`}`,
  );
}

function trouble({ worked, subject, what, why }: Trouble, told: ToldTrouble | undefined): Html {
  return h`<li><p><span class="dim n">${clockTime(worked)}</span> <code>${subject}</code> ${what}</p>${why.length > 0 && h`<ul>${why.map((one) => h`<li>${one}</li>`)}</ul>`}
${told?.reply && fold('What it answered', pre(told.reply))}
${
  told?.saw &&
  fold(
    `What the model saw (${sizeOf(told.saw)} characters)`,
    told.saw.map((p) => passage(p, [])),
    { name: 'saw' },
  )
}</li>`;
}

function roundHtml({ story }: Material, round: ToldRound, before: ToldRound | undefined, open: boolean): Html {
  const column = story.rounds.columns[round.column];
  if (!column) return h``;
  const known = new Set(before?.failing.map(textOf));
  const again = round.failing.filter((test) => known.has(textOf(test)));
  const fresh = round.failing.filter((test) => !known.has(textOf(test)));
  return fold(
    h`<h3>${nameOf(column)}: ${column.verdict?.reason ?? ''}${column.takenBack && ' (these edits were taken back)'}</h3>`,
    h`${round.broken !== null && h`<p class="warn">${round.broken}</p>`}
${fresh.map(failingHtml)}
${again.length > 0 && h`<div class="failing"><p>As in the run before:</p><ul>${again.map((test) => h`<li>${test.id}</li>`)}</ul></div>`}
${round.outside.map((one) => failingHtml({ id: `${one.path} (outside every test)`, ...one.failure }))}
${column.failed > round.failing.length && h`<p class="note">${plural(column.failed - round.failing.length, 'more failing test')}.</p>`}
${objections(column)}
${round.output.trim() !== '' && fold('What the test run printed', pre(round.output))}
${
  round.saw &&
  fold(
    `What the model saw (${sizeOf(round.saw)} characters)`,
    round.saw.map((p) => passage(p, before?.saw ?? [])),
    { name: 'saw' },
  )
}
${round.turns.length > 0 && fold(`What it did (${plural(round.turns.length, 'turn')})`, h`<ol class="turns">${round.turns.map(turn)}</ol>`, { name: 'did', open: true })}`,
    { name: 'round', open },
  );
}

const textOf = ({ id, message }: FailingTest) => `${id}\n${message}`;
const sizeOf = (said: readonly Passage[]) => said.reduce((sum, p) => sum + p.text.length, 0).toLocaleString('en');

function objections({ diagnostics }: Column): Html {
  if (diagnostics.length === 0) return h``;
  return fold(
    `The checker objects (${diagnostics.length})`,
    h`<ul>${diagnostics.map((d) => h`<li><code>${d.path}:${d.line}</code> ${d.message}</li>`)}</ul>`,
  );
}

/** Frames that the message does not name itself. */
function failingHtml({ id, message, frames }: FailingTest): Html {
  const more = frames.filter((f) => !message.includes(`${f.path}:${f.line}`));
  return h`<div class="failing"><p><span class="bad" aria-hidden="true">✗</span> ${id}</p>${message !== '' && pre(message)}${
    more.length > 0 && h`<p class="frames">at ${more.map((f, i) => h`${i > 0 && ', '}<code>${f.path}:${f.line}</code>`)}</p>`
  }</div>`;
}

function passage({ where, text }: Passage, before: readonly Passage[]): Html {
  if (text === '' || where === 'maxOutputTokens') return h``;
  if (before.some((p) => p.where === where && p.text === text)) return h`<p class="note">${where}: the same as the last time.</p>`;
  return fold(`${where} (${text.length.toLocaleString('en')} characters)`, pre(text), { open: where.startsWith('message') });
}

/** A turn of a conversation, with its calls. */
export function turn({ model, text, calls, changed, refused }: ToldTurn): Html {
  return h`<li><p class="dim">${model}</p>${text.trim() !== '' && pre(text, 'said')}
${calls.map(call)}
${changed.length > 0 && h`<p>changed ${changed.map((path, i) => h`${i > 0 && ', '}<code>${path}</code>`)}</p>`}
${refused.map((path) => h`<p class="warn">refused: <code>${path}</code> is locked</p>`)}
${calls.length === 0 && text.trim() === '' && changed.length === 0 && refused.length === 0 && h`<p class="dim">nothing</p>`}</li>`;
}

function call({ name, args, result }: ToldCall): Html {
  const { find, replace, ...rest } = Object.fromEntries(args);
  const isEdit = name === 'edit' && find !== undefined && replace !== undefined;
  // A line of 0 is no line: the file's start or end.
  const shown = (isEdit ? Object.entries(rest) : args).filter(([key, value]) => !(value === '0' && (key === 'from' || key === 'to')));
  const isBrief = (value: string) => value.length <= 80 && !value.includes('\n');
  const brief = shown
    .filter(([, value]) => isBrief(value))
    .map(([key, value]) => (key === 'path' ? value : `${key} ${value === '' ? '""' : value}`));
  const long = shown.filter(([, value]) => !isBrief(value));
  return fold(
    h`<code>${name}</code> ${brief.join(' · ')}`,
    h`${isEdit && difference(find, replace).html}${long.map(([key, value]) => h`<p class="key">${key}</p>${pre(value)}`)}${result === null ? h`<p class="dim">not carried out</p>` : h`<p class="key">answer</p>${pre(result)}`}`,
  );
}
