// What the user said and what became of it; tests that the model disputed; writes that were refused; tests given up.
import { plural } from '../words.ts';
import { difference } from './changes.ts';
import { clockTime } from './clock.ts';
import { type Html, h } from './html.ts';
import type { Material, ToldDispute } from './material.ts';
import { fold, section } from './parts.ts';
import type { Said } from './story.ts';

export function talk(m: Material): Html {
  const { state, story, disputes } = m;
  const said = story.said.filter((one) => one.text.trim() !== '' || one.what === 'edited' || one.what === 'limits');
  const dropped = state.strength?.dropped ?? null;
  if (said.length === 0 && disputes.length === 0 && state.refused === 0 && dropped === null) return h``;
  return section(
    'talk',
    'Said and disputed',
    h`${said.length > 0 && h`<h3>What you said</h3><ol class="said">${said.map((one) => h`<li><span class="dim n">${clockTime(one.worked)}</span> ${wordOf(one, m)}</li>`)}</ol>`}
${disputes.length > 0 && h`<h3>Disputed tests</h3>${disputes.map((one) => dispute(one))}`}
${dropped !== null && h`<h3>Tests given up</h3><p>${state.strength?.path} was asked for because of changes that no test noticed, and given up: ${dropped}</p>`}
${state.refused > 0 && h`<h3>Refused</h3><p>${plural(state.refused, 'write')} to locked or forbidden files refused; the files stayed as they are.</p>`}`,
  );
}

const FATES = {
  open: 'no repair has heard it yet',
  planned: 'the plan took it up',
  heard: 'a repair was told',
  late: 'too late: the code was green already, and this run did not take it up',
} as const;

function wordOf({ what, text, remark }: Said, { state }: Material): Html {
  switch (what) {
    case 'limits':
      return h`changed the limits`;
    case 'edited':
      return h`edited the plan`;
    case 'approved':
      return h`approved the plan: <q>${text}</q>`;
    case 'rejected':
      return h`sent the plan back: <q>${text}</q>`;
    case 'remark': {
      const fate = remark === null ? null : state.remarks[remark]?.fate;
      return h`<q>${text}</q> <span class="dim">${fate ? FATES[fate] : 'another plan was asked for'}</span>`;
    }
    default: {
      const never: never = what;
      return never;
    }
  }
}

function dispute({ path, reason, before, after }: ToldDispute): Html {
  const kept = before === after;
  const decided = after === null ? 'its author has not decided yet' : kept ? 'its author holds to it' : 'its author corrected it';
  return h`<p><code>${path}</code>: ${reason} <strong>${decided}</strong>.</p>${!kept && before !== null && after !== null && fold('What the author changed', difference(before, after).html)}`;
}
