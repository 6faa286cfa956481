// The top of the page: how it ended, unmistakably, and what a reader asks first.
import type { OutcomeKind } from '../../core/events.ts';
import { oneLine } from '../../core/sanitise.ts';
import type { State } from '../../core/state.ts';
import { doing } from '../doing.ts';
import { amount, dollars, plural, time } from '../words.ts';
import { warnings } from './change.ts';
import { type Html, h, type Value } from './html.ts';
import type { Material } from './material.ts';
import { workedOf } from './numbers.ts';
import { command, fold, pre } from './parts.ts';

type Shown = OutcomeKind | 'running' | 'cut off';

const SIGNS: Readonly<Record<Shown, readonly [tone: string, sign: string]>> = {
  green: ['good', '✓'],
  red: ['bad', '✗'],
  failed: ['bad', '✗'],
  unproven: ['warn', '?'],
  blocked: ['warn', '!'],
  budget: ['warn', '$'],
  interrupted: ['warn', '‖'],
  running: ['plain', '…'],
  'cut off': ['warn', '–'],
};

export function outcomeOf({ state, running }: Material): { readonly kind: Shown; readonly reason: string } {
  if (state.ended) return { kind: state.ended.outcome, reason: state.ended.reason };
  if (running) return { kind: 'running', reason: `the run is still under way: ${doing(state)}` };
  return { kind: 'cut off', reason: 'the run ended without a word (a crash, or the machine was switched off)' };
}

export function header(m: Material): Html {
  const { kind, reason } = outcomeOf(m);
  const [tone, sign] = SIGNS[kind];
  return h`<header class="top">
<p class="brand">redgreen report</p>
<h1>${oneLine(titleOf(m), 200)}</h1>
<div class="outcome ${tone}"><span class="sign" aria-hidden="true">${sign}</span><div><p class="word">${kind}</p><p class="why">${reason}</p></div></div>
${warnings(m.state)}
${tiles(m)}
${next(m)}
${m.task.trim() !== titleOf(m).trim() && fold('The task', pre(m.task, 'task'))}
${facts(m)}
</header>
`;
}

function titleOf({ state, task }: Material): string {
  return state.run?.title ?? task.split('\n')[0] ?? '';
}

function tiles(m: Material): Html {
  const { state } = m;
  const { spent, unpriced, requests, input, cached, cacheWrite, output } = state.ledger;
  const cap = state.run?.limits.money;
  const live = state.run?.source === 'live';
  const tests = state.ended?.outcome === 'green' || state.proof ? m.story.rounds.columns.findLast((c) => c.kind === 'proof') : undefined;
  const last = tests ?? m.story.rounds.columns.findLast((c) => c.kind === 'round');
  const list: readonly (readonly [string, Value, string] | null)[] = [
    last && last.passed + last.failed + last.other > 0
      ? ['tests', h`${last.passed} <small>of ${last.passed + last.failed + last.other}</small>`, 'pass']
      : null,
    state.change?.baseline ? ['before', state.change.baseline.passed, 'tests of the repository passed'] : null,
    ['rounds', state.round, state.round === 1 ? 'test run' : 'test runs'],
    state.strength && state.strength.mutants > 0
      ? ['mutants', h`${state.strength.killed} <small>of ${state.strength.mutants}</small>`, 'changes to the code noticed']
      : null,
    ['cost', live ? dollars(spent) : '—', costNote(live, cap, unpriced)],
    ['tokens', amount(input + cached + cacheWrite + output), `${amount(cached)} from a cache · ${plural(requests, 'answer')}`],
    ['time', time(workedOf(m)), `of ${state.run?.limits.wallMs ? time(state.run.limits.wallMs) : 'any time'}`],
  ];
  return h`<dl class="tiles">${list.map((t) => t && h`<div><dt>${t[0]}</dt><dd><strong>${t[1]}</strong> <span>${t[2]}</span></dd></div>`)}</dl>`;
}

function costNote(live: boolean, cap: number | null | undefined, unpriced: number): string {
  if (!live) return 'nothing was spent: the replies came from a tape';
  const of = typeof cap === 'number' ? `of ${dollars(cap)}` : 'no cap';
  return unpriced === 0 ? of : `${of}, and ${plural(unpriced, 'answer')} of unknown price`;
}

/** How to look at what came out, and how to check it. */
function next({ state }: Material): Html {
  const branch = state.ended?.branch ?? state.shipped?.branch ?? null;
  const digest = state.ended?.outcome === 'green' ? state.proof?.statement?.digest : undefined;
  const lines: readonly (readonly [string, string])[] =
    branch === null
      ? state.ended && state.run && ['interrupted', 'budget', 'failed'].includes(state.ended.outcome)
        ? [['go on', `redgreen resume ${state.run.run}`]]
        : []
      : [
          [
            'look',
            state.change && state.run?.base.commit ? `git diff ${state.run.base.commit.slice(0, 12)} ${branch}` : `git log -p ${branch}`,
          ],
          ...(digest === undefined ? [] : [['verify', `redgreen verify ${branch} --expect ${digest}`] as const]),
        ];
  return h`${lines.length > 0 && h`<dl class="next">${lines.map(([name, text]) => h`<div><dt>${name}</dt><dd>${command(text)}</dd></div>`)}</dl>`}`;
}

function facts({ state, version }: Material): Html {
  const { run } = state;
  if (!run) return h``;
  const list: readonly (readonly [string, Value] | null)[] = [
    ['run', h`<code>${run.run}</code>`],
    ['began', moment(state.startedAt)],
    [state.ended ? 'ended' : 'last event', moment(state.lastAt)],
    ['repository', h`<code>${run.dir}</code>${run.createdRepository ? ' (new)' : ''}`],
    state.ended?.branch
      ? ['branch', h`<code>${state.ended.branch}</code>${state.ended.commit && h` at <code>${state.ended.commit.slice(0, 12)}</code>`}`]
      : null,
    run.onto ? ['goes on with', h`<code>${run.onto.branch}</code>${run.onto.run && h` of run <code>${run.onto.run}</code>`}`] : null,
    [
      'base',
      run.base.commit === null ? 'nothing' : h`<code>${run.base.commit.slice(0, 12)}</code>, ${plural(run.base.files.length, 'file')}`,
    ],
    ['models', modelsOf(state)],
    [
      'box',
      state.box
        ? h`${state.box.rung}${!state.box.safe && h` <strong class="warn">not safe: nothing here can be called green</strong>`}`
        : 'none was needed yet',
    ],
    ['limits', limitsOf(run.limits)],
    ['versions', `redgreen ${run.redgreen} on Node ${run.node}${version === run.redgreen ? '' : `; this page by redgreen ${version}`}`],
  ];
  return h`<dl class="facts">${list.map((f) => f && h`<div><dt>${f[0]}</dt><dd>${f[1]}</dd></div>`)}</dl>`;
}

function limitsOf({ money, tokens, requests, rounds, wallMs }: NonNullable<State['run']>['limits']): string {
  return [
    money === null ? 'no cap on money' : dollars(money),
    ...(tokens === null ? [] : [`${amount(tokens)} tokens`]),
    ...(requests === null ? [] : [plural(requests, 'request')]),
    wallMs === null ? 'no cap on time' : time(wallMs),
    plural(rounds, 'round'),
  ].join(' · ');
}

function modelsOf({ run }: State): Html {
  if (!run) return h``;
  const roles = Object.entries(run.models);
  const names = [...new Set(roles.map(([, models]) => models.join(', then ')))];
  const said =
    names.length === 1
      ? h`<code>${names[0] || 'none'}</code>`
      : h`${names.map(
          (name, i) =>
            h`${i > 0 && ' · '}${roles
              .filter(([, models]) => models.join(', then ') === name)
              .map(([role]) => role)
              .join(', ')}: <code>${name || 'none'}</code>`,
        )}`;
  return h`${said}${run.source !== 'live' && ` (played from a tape: ${run.source})`}`;
}

/** `2026-11-23 12:00:05 UTC` */
export function moment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
