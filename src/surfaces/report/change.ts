// What was known of a repository whose code was changed: its own tests, the tests that show the task, and how they came to be.
import type { State } from '../../core/state.ts';
import type { Survey } from '../../core/survey.ts';
import { plural } from '../words.ts';
import { turn } from './failures.ts';
import { type Html, h, type Value } from './html.ts';
import type { Material } from './material.ts';
import { fold, section } from './parts.ts';

const MOST = 200;

/** In place of a plan. */
export function change(m: Material): Html {
  const { state, survey, author } = m;
  return section(
    'plan',
    'Repository and task',
    h`${survey && repository(survey)}
${before(state)}
${own(state)}
${author.length > 0 && fold(`What the tests’ author did (${plural(author.length, 'turn')})`, h`<ol class="turns">${author.map(turn)}</ol>`, { name: 'did' })}`,
  );
}

/** Existing tests that were changed, tests that count no more, and (where the outcome does not say so) that nothing was red: what nobody may overlook. */
export function warnings({ change, ended }: State): Html {
  if (change === null) return h``;
  const { amended, unsteady, untestable } = change;
  return h`${amended.length > 0 && h`<div class="warnings"><p class="warn">Existing tests were changed, because the task makes them wrong:</p><ul>${amended.map((one) => h`<li><code>${one.path}</code>: ${one.why}</li>`)}</ul></div>`}
${untestable !== null && ended?.outcome !== 'unproven' && h`<div class="warnings"><p class="warn">No test shows this change: ${untestable}</p></div>`}
${unsteady.length > 0 && h`<div class="warnings"><p class="warn">Unsteady tests of the repository, which count no more:</p><ul>${unsteady.slice(0, MOST).map((id) => h`<li>${id}</li>`)}</ul></div>`}`;
}

function repository({ languages, manager, lock, packages, conventions, remarks }: Survey): Html {
  const members = packages.filter((p) => p.dir !== '');
  const setups = packages.flatMap((p) => p.setups.map((s) => `${s.runner}${s.dir === '' ? '' : ` in ${s.dir}`} (${s.why})`));
  const list: readonly (readonly [string, Value] | false)[] = [
    ['languages', languages.map((one) => `${one.language} (${plural(one.files, 'file')})`).join(', ') || 'none'],
    manager !== null && ['packages', lock === null ? `${manager}, without a lock file` : `${manager}, ${lock}`],
    members.length > 0 && [
      'members',
      members
        .slice(0, MOST)
        .map((p) => p.dir)
        .join(', '),
    ],
    ['tests', [...new Set(setups)].slice(0, MOST).join(' · ') || 'no runner was found; redgreen’s own configuration is used'],
    conventions.rules.length > 0 && ['its rules', conventions.rules.map((rule) => rule.path).join(', ')],
    conventions.style.length > 0 && ['style', conventions.style.join(' · ')],
  ];
  return h`<dl class="facts">${list.map((f) => f && h`<div><dt>${f[0]}</dt><dd>${f[1]}</dd></div>`)}</dl>
${remarks.length > 0 && h`<ul>${remarks.map((one) => h`<li class="warn">${one}</li>`)}</ul>`}`;
}

function before({ change }: State): Html {
  if (!change?.baseline) return h``;
  return h`<p>${plural(change.baseline.passed, 'test')} of the repository passed before anything was changed, and had to pass at the end, too.</p>`;
}

function own({ tests, run, red }: State): Html {
  const paths = Object.keys(tests);
  const whose = Object.keys(run?.given ?? {}).length > 0 ? 'given with the task' : 'written for the task';
  return h`${run?.check && h`<p>A command had to end with 0: <code>${run.check.join(' ')}</code>. This says nothing of which tests it ran.</p>`}
${paths.length > 0 && h`<h3>Tests that show it <small>${whose}</small></h3><ul>${paths.map((path) => h`<li><code>${path}</code>${said(path, red.baseline)}</li>`)}</ul>`}`;
}

/** What the tests of a file did before the change. */
function said(path: string, baseline: State['red']['baseline']): string {
  const mine = baseline.filter((t) => t.path === path);
  if (mine.length === 0) return '';
  return `: ${mine.filter((t) => t.status === 'failed').length} of ${plural(mine.length, 'test')} failed before the change`;
}
