// The log, and what the page leaves out.
import { plural } from '../words.ts';
import type { Cleanser } from './cleanse.ts';
import { clockTime } from './clock.ts';
import { moment } from './head.ts';
import { type Html, h } from './html.ts';
import type { Material } from './material.ts';
import { fold, section } from './parts.ts';
import type { Logged } from './story.ts';

export function log({ story }: Material): Html {
  const { head, left, tail } = story.log;
  if (head.length === 0) return h``;
  const rows = (lines: readonly Logged[]) => lines.map(row);
  return section(
    'log',
    'Log',
    fold(
      `Line by line (${head.length + left + tail.length})`,
      h`<div class="scroll"><table class="log"><caption>What the run said, with the time it had worked</caption><tbody>${rows(head)}${left > 0 && h`<tr><td></td><td></td><td class="dim">${plural(left, 'line')} left out</td></tr>`}${rows(tail)}</tbody></table></div>`,
    ),
  );
}

function row({ worked, line }: Logged): Html {
  return h`<tr><td class="n dim">${clockTime(worked)}</td><td class="dim">${line.label}</td><td class="${line.tone}">${line.text}</td></tr>\n`;
}

export function about(m: Material, found: ReturnType<Cleanser['found']>): Html {
  const secrets = Object.entries(found).map(([kind, count]) => plural(count, kind));
  return section(
    'about',
    'About this page',
    h`<p>Made ${moment(m.now)} by redgreen ${m.version} from ${plural(m.story.events, 'event')} of the run’s journal. It is one file, loads nothing and sends nothing.</p>
<p>${secrets.length > 0 ? h`<strong class="warn">Taken out, because it looked like a secret: ${secrets.join(', ')}.</strong>` : 'Nothing in it looked like a secret (keys, tokens, private keys, addresses with passwords).'} This is judged by shape alone, so read the page before you pass it on: it holds the task, the code, and what the model was told. Your home folder is written as <code>~</code>; characters that cannot be seen are written as their codes.</p>
${m.left.length > 0 && h`<h3>Left out</h3><ul>${m.left.map((one) => h`<li>${one}</li>`)}</ul>`}
<p class="dim">Charts by uPlot (MIT), layout by dagre (MIT), differences by jsdiff (BSD).</p>`,
  );
}
