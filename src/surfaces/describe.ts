// Events in words: the lines that the plain screen prints and the live one lets scroll away. One event, at most a few lines.

import type { Event, Limits } from '../core/events.ts';
import type { Plan } from '../core/plan.ts';
import { isVacuous } from '../core/redproof.ts';
import type { Slices } from '../core/slices.ts';
import type { State } from '../core/state.ts';
import { based, deeds, surveyed, targets, turned } from './describe-change.ts';
import { admitted, gauged } from './describe-cover.ts';
import { mutated, NAMED, proven, tested } from './describe-tests.ts';
import { type Line, line, WHOLE, WIDTH } from './line.ts';
import { amount, dollars, plural, size, time } from './words.ts';

type Of<T extends Event['type']> = Extract<Event, { type: T }>;

/** The lines for `event`; `state` is the one after it. */
export function describe(event: Event, state: State): readonly Line[] {
  switch (event.type) {
    case 'run.created':
      return created(event);
    case 'box.chosen':
      return [
        event.safe ? line('plain', 'box', event.rung) : line('warn', 'box', `${event.rung}: nothing in this run can be called green`),
      ];
    case 'answered':
      return answered(event, state);
    case 'surveyed':
      return surveyed(event);
    case 'based':
      return based(event);
    case 'gauged':
      return gauged(event);
    case 'admitted':
      return admitted(event, state);
    case 'plan.vetted':
      return vetted(event, state);
    case 'plan.approved':
      return [line('good', 'plan', 'approved')];
    case 'plan.rejected':
      return [line('warn', 'plan', `sent back: ${event.remark}`)];
    case 'plan.edited':
      return [line('plain', 'plan', 'edited by you; checking it')];
    case 'remark':
      return [line('plain', 'you', event.text, WHOLE), ...fateOf(state)];
    case 'paused':
      return [line('warn', 'pause', 'nothing new begins; what is under way ends')];
    case 'continued':
      return [line('plain', 'pause', 'goes on')];
    case 'limits':
      return [line('quiet', 'limits', caps(event.limits))];
    case 'installed':
      return installed(event, state);
    case 'red.proven':
      return state.change && event.problems.length === 0 ? targets(event) : red(event, state);
    case 'checked':
      return checked(event);
    case 'tested':
      return tested(event, state);
    case 'tools.done':
      return [...tools(event, state), ...turned(event)];
    case 'proven':
      return proven(event, state);
    case 'shipped':
      return [line('plain', 'branch', `${event.branch} at ${event.commit.slice(0, 10)}${event.checkedOut ? ', checked out' : ''}`)];
    case 'budget.reached':
      return [line('warn', 'budget', event.reason)];
    case 'deadline':
      return [line('warn', 'budget', 'the time for this run is over')];
    case 'failed':
      // The first failure ends the run and is said at its close; what is stopped because of it says nothing new.
      return [];
    case 'waiting':
      return [line('quiet', 'wait', `asking again in ${time(event.ms)}: ${event.reason}`)];
    case 'broke':
      return [line('quiet', 'broke', `an answer broke off and counts as used: ${event.reason}`)];
    case 'suspended':
      return [line('quiet', 'slept', `the machine slept for ${time(event.ms)}, which does not count`)];
    case 'stopped':
      return [line('warn', 'stop', 'stopping; the work is kept')];
    case 'note':
      return [line('quiet', 'note', event.text)];
    case 'resumed':
      return [line('plain', 'resume', `goes on where it stopped: ${state.run?.title ?? ''}`), line('quiet', 'run', state.run?.run ?? '')];
    case 'mutated':
      return mutated(event, state);
    case 'started':
    case 'committed':
    case 'ended':
      return [];
    default: {
      const never: never = event;
      return never;
    }
  }
}

/** What becomes of the last remark, where that is not plain. */
function fateOf(state: State): readonly Line[] {
  return state.remarks.at(-1)?.fate === 'late' ? [line('warn', '', 'the code is green already: this run does not take it up')] : [];
}

/** Caps in words. */
export function caps({ money, wallMs, rounds, tokens, requests }: Limits): string {
  const parts = [
    money === null ? 'no cap on money' : dollars(money),
    ...(tokens === null ? [] : [`${amount(tokens)} tokens`]),
    ...(requests === null ? [] : [plural(requests, 'request')]),
    wallMs === null ? 'no cap on time' : time(wallMs),
    plural(rounds, 'round'),
  ];
  return parts.join(' · ');
}

function created(event: Of<'run.created'>): readonly Line[] {
  return [
    line('plain', 'task', event.title),
    line('quiet', 'run', `${event.run} in ${event.dir}${event.createdRepository ? ' (a new repository)' : ''}`),
    line(
      'quiet',
      'models',
      event.source === 'live' ? models(event.models) : `replies come from a tape (${event.source}); everything else is real`,
    ),
    line('quiet', 'limits', caps(event.limits)),
  ];
}

function models(roles: Of<'run.created'>['models']): string {
  const first = Object.entries(roles).map(([role, names]) => ({ role, name: names[0] ?? 'none' }));
  const names = [...new Set(first.map((x) => x.name))];
  if (names.length === 1) return names[0] ?? 'none';
  return names
    .map(
      (name) =>
        `${first
          .filter((x) => x.name === name)
          .map((x) => x.role)
          .join(', ')}: ${name}`,
    )
    .join(' · ');
}

function answered(event: Of<'answered'>, state: State): readonly Line[] {
  const { content, subject, step } = event;
  const whose = subject === step ? '' : `${subject}: `;
  switch (content.kind) {
    case 'file':
      return [judgedAgain(event, state) ?? line('plain', step, `${subject} · ${size(content.characters)}`)];
    case 'cut':
      return [line('quiet', step, `${subject}: the reply was cut off; asking for the rest`)];
    case 'bad':
      // The last one ends the run, and its close says why.
      return state.ending ? [] : [line('warn', step, `${whose}asking again, ${firstOf(content.violations, subject)}`)];
    case 'blocked':
      return [state.ending ? line('bad', 'blocked', content.reason) : line('quiet', step, `${subject} is not written: ${content.reason}`)];
    case 'slices':
      return milestone(content.slices, state);
    case 'plan':
    case 'turn':
      return [];
    default: {
      const never: never = content;
      return never;
    }
  }
}

/** Which part of a large task begins. */
function milestone({ now, later }: Slices, state: State): readonly Line[] {
  const n = state.run?.series?.n ?? 1;
  return [
    line('plain', 'part', `milestone ${n} of ${n + later.length}: ${now.title}`, WHOLE),
    ...(later.length === 0 ? [] : [line('quiet', '', `then: ${later.map((one) => one.title).join('; ')}`, WHOLE)]),
  ];
}

/** What the author of a disputed test file decided; null for any other answer. */
function judgedAgain({ step, subject }: Of<'answered'>, state: State): Line | null {
  const item = step === 'tests' ? state.tests[subject] : undefined;
  if (!item?.disputed) return null;
  return line('warn', 'dispute', `${subject}: its author ${item.blob === item.before ? 'holds to it' : 'corrected it'}`);
}

function firstOf(violations: readonly { readonly where: string; readonly message: string }[], subject = ''): string {
  const first = violations[0];
  if (first === undefined) return 'it was not usable';
  return first.where === subject || first.where === 'reply' ? first.message : `${first.where}: ${first.message}`;
}

function vetted(event: Of<'plan.vetted'>, state: State): readonly Line[] {
  if (event.violations.length > 0) return state.ending ? [] : [line('warn', 'plan', `sent back, ${firstOf(event.violations)}`)];
  const { amended } = state.planning;
  if (state.plan !== null && amended !== null) return [amendedLine(amended)];
  const plan = state.plan ?? state.planning.candidate;
  return plan === null ? [] : planLines(plan, state.run?.approve ? WHOLE : WIDTH);
}

function amendedLine(paths: readonly string[]): Line {
  if (paths.length === 0) return line('plain', 'plan', 'what you said changes nothing of it; the repair will hear it');
  return line('plain', 'plan', `changed because of what you said; written again: ${paths.join(', ')}`, WHOLE);
}

/** The plan as a person reviews it, each part in at most `width` columns. */
function planLines(plan: Plan, width: number): readonly Line[] {
  const counts = [plural(plan.files.length, 'file'), plural(plan.tests.length, 'test file'), plural(plan.packages.length, 'package')];
  return [
    line('plain', 'plan', `${plan.name}: ${plan.summary}`, width),
    line('quiet', '', `${counts.join(', ')}; ${plan.language}, ${plan.runner}`),
    ...plan.files.map((file) => line('plain', '', `${file.path}: ${file.purpose}`, width)),
    ...plan.tests.map((test) => line('plain', '', `${test.path}: ${plural(test.checks.length, 'check')}`)),
    ...plan.decisions.map((decision) => line('quiet', '', `decided: ${decision}`, width)),
  ];
}

function installed(event: Of<'installed'>, state: State): readonly Line[] {
  if (event.problems.length > 0) return event.problems.slice(0, NAMED).map((problem) => line('warn', 'install', problem));
  if (event.deps === null) return [];
  if (state.change) return [line('plain', 'install', event.stamp ? 'what you have installed is used, read-only' : 'done, in the sandbox')];
  const names = state.plan?.packages.map((p) => p.name) ?? [];
  return [line('plain', 'install', names.length === 0 ? 'done' : names.join(', '))];
}

function red(event: Of<'red.proven'>, state: State): readonly Line[] {
  if (event.problems.length > 0 && !state.red.proven) {
    const rest = event.problems.length - NAMED;
    const lines = event.problems.slice(0, NAMED).map((p, i) => line('warn', i === 0 ? 'red' : '', `${p.where}: ${p.message}`));
    return rest > 0 ? [...lines, line('quiet', '', `and ${rest} more`)] : lines;
  }
  const vacuous = event.tests.filter(isVacuous).length;
  const failing = event.tests.length - vacuous;
  const lines = [
    line(
      'good',
      'red',
      `${plural(failing, 'test')} ${failing === 1 ? 'fails' : 'fail'} without the code, as ${failing === 1 ? 'it' : 'they'} must; locked`,
    ),
  ];
  return vacuous === 0
    ? lines
    : [...lines, line('warn', '', `${plural(vacuous, 'test')} passed without the code and ${vacuous === 1 ? 'proves' : 'prove'} nothing`)];
}

function checked(event: Of<'checked'>): readonly Line[] {
  const fixes = event.mended.reduce((sum, m) => sum + m.fixes.length, 0);
  const first = event.diagnostics[0];
  const lines =
    fixes === 0
      ? []
      : [line('plain', 'check', `${plural(fixes, 'slip')} mended in ${plural(event.mended.length, 'file')} without a model`)];
  if (first === undefined) return lines;
  const more = event.diagnostics.length > 1 ? ` (and ${event.diagnostics.length - 1} more)` : '';
  return [...lines, line('warn', lines.length === 0 ? 'check' : '', `${first.path}:${first.line} ${first.message}${more}`)];
}

function tools(event: Of<'tools.done'>, state: State): readonly Line[] {
  const paths = event.changes.map((c) => c.path);
  const edits = state.change ? deeds(event, state) : paths.length === 0 ? [] : [line('plain', 'repair', `changed ${paths.join(', ')}`)];
  return [
    ...edits,
    ...event.refused.map((path) => line('warn', 'refused', `${path} is locked; it stays as it is`)),
    ...(event.dispute === null ? [] : [line('warn', 'dispute', `${event.dispute.path}: ${event.dispute.reason}`)]),
    ...(event.packages.length === 0 ? [] : [line('plain', 'install', `asks for ${event.packages.join(', ')}`)]),
    ...(event.blocked === null ? [] : [line('bad', 'blocked', event.blocked)]),
  ];
}
