// The run over time: a lane for each file and each kind of work, boxes from start to answer.
import type { Tone } from '../line.ts';
import { plural, time } from '../words.ts';
import { clockTime, type Scale, scaleOf } from './clock.ts';
import { type Html, h } from './html.ts';
import type { Material } from './material.ts';
import { figures, section } from './parts.ts';
import { GROUPS, type Group, type Span, type Waited } from './story-spans.ts';

const NAMES: Readonly<Record<Group, string>> = {
  plan: 'plan',
  base: 'repository',
  install: 'install',
  tests: 'tests',
  draft: 'code',
  red: 'red proof',
  check: 'checks',
  test: 'test runs',
  repair: 'repair',
  mutate: 'mutants',
  prove: 'proof, branch',
};

/** Files that get a lane of their own. */
const MOST_LANES = 60;
const MOST_ROWS = 400;
/** The narrowest box, so that a short one can be seen and touched. */
const NARROWEST = 0.004;

interface Lane {
  readonly group: Group;
  readonly subject: string;
  readonly spans: readonly Span[];
  readonly waits: readonly Waited[];
}

export function timeline(m: Material): Html {
  const { spans, breaks, dropped } = m.story.spans;
  const to = m.running ? m.now : m.state.lastAt;
  if (spans.length === 0) return section('timeline', 'Timeline', h`<p>Nothing had begun.</p>`);
  const scale = scaleOf(m.state.startedAt, to, breaks);
  const lanes = lanesOf(m);
  const shown = lanes.slice(0, MOST_LANES);
  const hidden = lanes.length - shown.length;
  return section(
    'timeline',
    'Timeline',
    h`<p class="lead">${leadOf(m, scale)}</p>
${legend(m)}
<div class="timeline" role="group" aria-label="Timeline of the run; the same is in the table below" data-timeline>
<div class="lane axis" aria-hidden="true"><span class="name"></span><svg class="track" width="100%" height="18">${scale.ticks.map((tick, i) => tickLabel(tick.at, tick.label, i))}</svg></div>
${shown.map((lane, i) => laneHtml(lane, scale, shown[i - 1]?.group !== lane.group))}
</div>
${hidden > 0 && h`<p class="note">${plural(hidden, 'more lane')} not drawn.</p>`}
${dropped > 0 && h`<p class="note">${plural(dropped, 'step')} in the middle not drawn: there were too many.</p>`}
${figures('The timeline as a table', spanTable(m))}`,
  );
}

function leadOf({ story, state }: Material, { worked, breaks }: Scale): string {
  const files = new Set(story.spans.spans.filter((s) => s.subject !== '').map((s) => s.subject)).size;
  const paused = breaks.reduce((sum, b) => sum + b.ms, 0);
  const parts = [
    `${time(worked)} of work`,
    ...(paused > 0 ? [`${time(paused)} paused or stopped`] : []),
    ...(files > 0 ? [`${plural(files, 'file')} written, at most ${state.run?.concurrency ?? 1} at a time`] : []),
    ...(story.spans.waits.length > 0 ? [`${plural(story.spans.waits.length, 'wait')} for a busy provider`] : []),
  ];
  return `${parts.join(' · ')}.`;
}

function legend({ story }: Material): Html {
  const has = (kind: 'paused' | 'stopped') => story.spans.breaks.some((b) => b.kind === kind);
  const items: readonly (readonly [string, string] | false)[] = [
    ['ask', 'model'],
    ['work', 'harness'],
    ['good', 'passed'],
    ['bad', 'failed'],
    ['warn', 'sent back or cut off'],
    story.spans.waits.length > 0 && ['wait', 'waits for the provider'],
    (has('paused') || has('stopped')) && ['break', 'paused or stopped (not to scale)'],
  ];
  return h`<ul class="legend" aria-hidden="true">${items.map((item) => item && h`<li><svg width="14" height="10"><rect class="b ${item[0]}" width="14" height="10" rx="2"/></svg> ${item[1]}</li>`)}</ul>`;
}

function lanesOf({ story, state }: Material): readonly Lane[] {
  const order = [...(state.plan?.tests ?? []), ...(state.plan?.files ?? [])].map((f) => f.path);
  const lanes = new Map<string, Lane & { spans: Span[]; waits: Waited[] }>();
  const laneFor = ({ group, subject }: Span | Waited) => {
    const key = `${group}\n${subject}`;
    const lane = lanes.get(key) ?? { group, subject, spans: [], waits: [] };
    lanes.set(key, lane);
    return lane;
  };
  for (const span of story.spans.spans) laneFor(span).spans.push(span);
  for (const wait of story.spans.waits) laneFor(wait).waits.push(wait);
  const place = (path: string) => (order.includes(path) ? order.indexOf(path) : order.length);
  return [...lanes.values()].sort((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) || place(a.subject) - place(b.subject));
}

const percent = (part: number) => `${Number((part * 100).toFixed(3))}%`;

function tickLabel(at: number, label: string, i: number): Html {
  const anchor = at > 0.94 ? 'end' : at < 0.02 ? 'start' : 'middle';
  return h`<text class="${i % 2 === 1 ? 'odd' : ''}" x="${percent(at)}" y="13" text-anchor="${anchor}">${label}</text>`;
}

function laneHtml({ group, subject, spans, waits }: Lane, scale: Scale, isFirst: boolean): Html {
  const name = subject === '' ? NAMES[group] : subject;
  return h`<div class="lane${isFirst ? ' first' : ''}"><span class="name" title="${name}"><span>${name}</span></span><svg class="track" width="100%" height="22">${[
    scale.ticks.map(({ at }) => h`<line class="grid" x1="${percent(at)}" x2="${percent(at)}" y1="0" y2="22"/>`),
    scale.breaks.map(
      (b) =>
        h`<rect class="b break" x="${percent(b.from)}" width="${percent(b.to - b.from)}" height="22"><title>${b.kind} for ${time(b.ms)}</title></rect>`,
    ),
    spans.map((span) => box(`${classOf(span)}`, span.from, span.to, scale, tip(span, name))),
    waits.map((wait) => box('wait', wait.from, wait.to, scale, `${name}: waits ${time(wait.to - wait.from)} (${wait.reason})`)),
  ]}</svg></div>
`;
}

function box(kind: string, from: number, to: number, scale: Scale, says: string): Html {
  const x = scale.at(from);
  const width = Math.max(NARROWEST, scale.at(to) - x);
  return h`<rect class="b ${kind}" x="${percent(Math.min(x, 1 - width))}" width="${percent(width)}" y="3" height="16" rx="2" role="img" aria-label="${says}"><title>${says}</title></rect>`;
}

const TONES: Readonly<Partial<Record<Tone, string>>> = { good: 'good', bad: 'bad', warn: 'warn' };

function classOf({ kind, tone, end }: Span): string {
  const base = kind === 'ask' ? 'ask' : 'work';
  // A repair's prompt, a draft: the box is the model's; only what tests or the red proof said takes their colour.
  const verdict = kind === 'test' || kind === 'prove' || kind === 'red' || tone === 'warn' || tone === 'bad';
  return `${base}${(verdict && TONES[tone] && ` ${TONES[tone]}`) || ''}${end === 'open' ? ' open' : ''}`;
}

function tip(span: Span, name: string): string {
  const says = span.says === '' ? '' : `: ${span.says}`;
  return `${[name, whatOf(span)].filter(Boolean).join(', ')} · ${time(span.to - span.from)}${says}`;
}

/** What a box stands for, where its lane holds several kinds. */
function whatOf({ kind, attempt }: Span): string {
  if (kind === 'ask') return attempt > 1 ? `request ${attempt}` : '';
  return kind === 'vet-plan' ? 'checked' : kind === 'tools' || kind === 'commit' || kind === 'prove' || kind === 'ship' ? kind : '';
}

function spanTable({ story, state }: Material): Html {
  const rows = [...story.spans.spans].sort((a, b) => a.from - b.from);
  return h`<div class="scroll"><table><caption>What was under way, in the order in which it began</caption>
<thead><tr><th scope="col">began</th><th scope="col">took</th><th scope="col">what</th><th scope="col">result</th></tr></thead><tbody>
${rows
  .slice(0, MOST_ROWS)
  .map(
    (s) =>
      h`<tr><td class="n">${clockTime(s.from - state.startedAt)}</td><td class="n">${time(s.to - s.from)}</td><td>${s.subject === '' ? NAMES[s.group] : s.subject}${whatOf(s) !== '' && h` <span class="dim">${whatOf(s)}</span>`}</td><td>${s.says}</td></tr>\n`,
  )}</tbody></table></div>
${rows.length > MOST_ROWS && h`<p class="note">${plural(rows.length - MOST_ROWS, 'more step')}.</p>`}`;
}
