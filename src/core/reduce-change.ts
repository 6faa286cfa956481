// What reading a repository, trying its tests and proving new ones red on it change.
import { coverName, newUnit } from './cover.ts';
import { ending } from './ending.ts';
import type { Body } from './events.ts';
import { testTree } from './kept.ts';
import type { Plan, Violation } from './plan.ts';
import { itemsOf } from './reduce-tests.ts';
import type { Tree } from './ref.ts';
import { MAX_ATTEMPTS } from './rounds.ts';
import { oneLine } from './sanitise.ts';
import { slugOf } from './slug.ts';
import type { Conversation, Item, State } from './state.ts';

type Of<T extends Body['type']> = Extract<Body, { type: T }>;

/** The repository is known: the user's tests are locked, or their author is asked for some. */
export function reduceSurveyed(s: State, event: Of<'surveyed'>): State {
  const given = s.run?.given ?? {};
  const plan: Plan = {
    name: nameOf(s.run?.title ?? ''),
    summary: s.slices?.now.title ?? s.run?.title ?? '',
    // A change is made in what is there: what is said of a plan's languages does not matter to it.
    language: event.language,
    runner: event.runner,
    files: [],
    tests: Object.keys(given).map((path) => ({ path, checks: [], uses: [] })),
    packages: [],
    decisions: [],
    commands: [],
  };
  const change = { survey: event.survey, setups: event.setups, baseline: null, unsteady: [], asked: 0, amended: [], untestable: null };
  const tests = Object.fromEntries(
    Object.values(itemsOf(plan.tests)).map((item) => [item.path, { ...item, status: 'drafted' as const, blob: given[item.path] ?? null }]),
  );
  const next: State = { ...s, plan, epoch: 1, change, tests };
  const { cover } = s.run ?? {};
  if (cover) return { ...next, plan: { ...plan, name: coverName(cover) }, cover: cover.map(newUnit) };
  return hasGiven(s) ? next : askForTests(next, []);
}

/** A name for the branch: the first words of the task. */
function nameOf(title: string): string {
  const words = oneLine(title, 200).split(' ').slice(0, 8).join(' ');
  return slugOf(words);
}

/** True where the user gave the tests, or a command, that the change has to satisfy. */
export function hasGiven(s: State): boolean {
  return s.run !== null && (Object.keys(s.run.given).length > 0 || s.run.check !== null);
}

export function reduceBased(s: State, event: Of<'based'>): State {
  if (!s.change) return s;
  const next = { ...s, change: { ...s.change, baseline: { ref: event.baseline, passed: event.passed } } };
  if (!event.unusable || s.run?.check) return next;
  return ending(next, 'blocked', `${event.remark}; with --check a command of yours can take their place`);
}

/** Opens a conversation with the tests' author; `problems` say what was wrong with what they wrote. */
export function askForTests(s: State, problems: readonly Violation[]): State {
  if (!s.change) return s;
  const asked = s.change.asked + 1;
  return { ...s, change: { ...s.change, asked }, conversation: { ...newConversation('reproduce', asked, testTree(s)), problems } };
}

/** A conversation of which nothing has happened. */
export function newConversation(kind: Conversation['kind'], round: number, start: Tree): Conversation {
  return { kind, round, start, problems: [], turns: [], asked: 0, pending: null, touched: [], bad: [], done: false };
}

/** The author is done: without a test they are asked again, a few times at most. */
export function closeReproducing(s: State): State {
  if (!s.change || s.change.untestable !== null || Object.values(s.tests).some((i) => i.blob !== null)) return s;
  const problem = { where: 'tests', message: 'no test was written' };
  if (s.change.asked >= MAX_ATTEMPTS) return ending(s, 'blocked', 'no test was written that shows the task');
  return askForTests(s, [problem]);
}

/** New tests on the base: frozen when they are red there, else sent back to their author; the user's own are taken as they are. */
export function reduceTargets(s: State, event: Of<'red.proven'>): State {
  const red = { ...s.red, attempts: event.attempt, tests: event.tests, baseline: event.baseline };
  const next: State = { ...s, red };
  if (event.problems.length > 0) return sentBack(next, event.problems);
  const tests = Object.fromEntries(Object.values(s.tests).map((i): [string, Item] => [i.path, { ...i, status: 'frozen', problems: [] }]));
  const proven: State = { ...next, tests, red: { ...red, proven: true }, conversation: null };
  const failing = event.baseline.filter((t) => t.status !== 'passed').length;
  const verdict = { kind: 'red', reason: `${failing} of ${event.baseline.length} tests fail on the code as it is` } as const;
  return openChange({ ...proven, last: { verdict, tests: event.baseline, report: event.report, diagnostics: [] } });
}

/** The code's author begins with what fails on the base; once something was changed, that is tested first. */
export function openChange(s: State): State {
  const isNew = s.best === null && Object.keys(s.sources).length === 0;
  if (!isNew) return { ...s, conversation: null };
  // After a dispute that came before any edit the turns count on: an id that was used would be taken for done.
  const asked = Object.keys(s.done).filter((id) => id.startsWith('repair/round-0/')).length;
  return { ...s, conversation: { ...newConversation('repair', 0, s.sources), asked } };
}

function sentBack(s: State, problems: readonly Violation[]): State {
  const first = problems[0]?.message ?? 'no reason given';
  if (hasGiven(s)) return ending(s, 'blocked', first);
  if ((s.change?.asked ?? 0) >= MAX_ATTEMPTS + (isDisputed(s) ? 1 : 0))
    return ending(s, 'blocked', `the tests could not be proven red on the code as it is: ${first}`);
  return askForTests(s, problems);
}

function isDisputed(s: State): boolean {
  return Object.values(s.tests).some((i) => i.disputed !== null);
}
