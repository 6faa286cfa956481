// What may run now. The whole control flow of a run is in this file and in the reducers.
import { isAmending } from './amend.ts';
import { changesCode } from './change.ts';
import type { Command } from './events.ts';
import type { Step } from './model.ts';
import { isBased, isReproducing, preparing } from './next-change.ts';
import { covering, leaving } from './next-cover.ts';
import { attemptOf } from './reduce-answer.ts';
import { awaitsPlan } from './reduce-words.ts';
import { isReady } from './rounds.ts';
import type { Item, State } from './state.ts';

/** Every command that may run now and is neither under way nor done. An empty list with nothing in flight means: wait for the user. */
export function next(s: State): readonly Command[] {
  if (!s.run || s.ended) return [];
  const wanted = s.ending ? wayOut(s) : s.pausedAt === null ? wayOn(s) : deadline(s);
  return wanted.filter((c) => !s.inflight[c.id] && !s.done[c.id]);
}

function wayOn(s: State): readonly Command[] {
  if (s.run?.series && !s.slices) return [...deadline(s), ask('slices', 'task', s.slicing.attempts + 1)];
  const first = changesCode(s) ? preparing(s, (kind, step, subject) => command(kind, step, subject, 1)) : planning(s);
  if (s.run?.mode === 'cover') return [...deadline(s), ...first, ...installing(s), ...covering(s, { command, commit, turn: repairing })];
  if (isAmending(s)) return [...deadline(s), ...amending(s)];
  return [
    ...deadline(s),
    ...first,
    ...installing(s),
    ...authors(s),
    ...redProof(s),
    ...checking(s),
    ...testing(s),
    ...repairing(s),
    ...strengthening(s),
    ...proving(s),
  ];
}

function deadline(s: State): Command[] {
  return s.run?.limits.wallMs == null ? [] : [command('deadline', 'deadline', 'run', 1)];
}

function planning(s: State): Command[] {
  const p = s.planning;
  if ((s.plan !== null && !p.amends) || p.vetted || awaitsPlan(s)) return [];
  const fresh = p.candidate !== null && p.violations.length === 0 && p.remarks.length === p.remarksSeen;
  if (fresh) return [command('vet-plan', 'vet', 'plan', p.attempts)];
  return [ask('plan', 'plan', p.attempts + 1)];
}

/** The plan changes when nothing is under way that was begun from it; nothing new begins until it has. */
function amending(s: State): Command[] {
  const others = Object.keys(s.inflight).some((id) => !/^(deadline|plan|vet)\//.test(id));
  return others ? [] : planning(s);
}

function installing(s: State): Command[] {
  if (!s.plan || s.installs.done) return [];
  if (s.conversation && !s.conversation.done && !isReproducing(s)) return [];
  return [command('install', 'install', 'packages', s.installs.attempts + 1)];
}

function authors(s: State): Command[] {
  if (!s.plan) return [];
  const tests = Object.values(s.tests)
    .filter(wanting)
    .map((i) => ask('tests', i.path, attemptOf(s, i)));
  // The longest first: when more are wanted than may be asked at a time, it must not be the last to start.
  const size = new Map(s.plan.files.map((f) => [f.path, f.contract.length]));
  const files = Object.values(s.files)
    .filter(wanting)
    .sort((a, b) => (size.get(b.path) ?? 0) - (size.get(a.path) ?? 0))
    .map((i) => ask('draft', i.path, attemptOf(s, i)));
  return [...tests, ...files];
}

function wanting(item: Item): boolean {
  return item.status === 'planned';
}

function redProof(s: State): Command[] {
  const tests = Object.values(s.tests);
  const nothing = tests.length === 0 && !s.run?.check;
  if (!s.plan || !s.installs.done || s.red.proven || nothing || tests.some(wanting) || isReproducing(s)) return [];
  return [command('red', 'red', 'tests', s.red.attempts + 1)];
}

function checking(s: State): Command[] {
  const drafted = Object.values(s.files).every((i) => !wanting(i));
  if (!betweenRounds(s) || !drafted || s.checks.round === s.round + 1) return [];
  return [command('check', 'check', 'tree', s.checks.done + 1)];
}

function testing(s: State): Command[] {
  if (!betweenRounds(s) || !isBased(s) || s.checks.round !== s.round + 1) return [];
  return [command('test', 'test', `round-${s.round + 1}`, 1)];
}

/** The tests are locked, nothing is being repaired, and the last round was not good enough. */
function betweenRounds(s: State): boolean {
  const open = s.conversation !== null && !s.conversation.done;
  return s.plan !== null && s.red.proven && s.installs.done && !open && !isReady(s);
}

function repairing(s: State): Command[] {
  const c = s.conversation;
  if (!c || c.done) return [];
  const subject = c.kind === 'reproduce' ? `tests-${c.round}` : `round-${c.round}`;
  if (!c.pending) return [ask(c.kind, subject, c.asked + 1)];
  return s.installs.done ? [command('tools', 'tools', subject, c.asked)] : [];
}

/** How strong the tests are is asked once they are green, and again when tests were added because of the answer. */
function strengthening(s: State): Command[] {
  if (!isReady(s) || s.conversation || s.proofs > 0 || !s.run?.mutants || s.strength?.done) return [];
  return [command('mutate', 'mutate', 'code', (s.strength?.attempts ?? 0) + 1)];
}

function proving(s: State): Command[] {
  if (!isReady(s) || s.conversation || strengthening(s).length > 0) return [];
  if (s.proof && s.proof.commit === s.commits.candidate?.commit) return s.proof.verdict.kind === 'green' ? shipping(s, s.proofs) : [];
  const n = s.proofs + 1;
  if (!s.commits.tests) return [commit('tests', n)];
  if (!s.commits.candidate) return [commit('candidate', n)];
  return [command('prove', 'prove', 'candidate', n)];
}

function shipping(s: State, n: number): Command[] {
  if (!s.commits.final) return [commit('final', n)];
  if (!s.shipped) return [command('ship', 'ship', 'branch', n)];
  return [command('end', 'end', 'run', 1)];
}

/** On the way out only what keeps the best tree is done; a run that was interrupted ends at once, to be resumed. */
function wayOut(s: State): readonly Command[] {
  const end = command('end', 'end', 'run', 1);
  if (s.ending?.outcome === 'interrupted') return [end];
  if (anyInflight(s)) return [];
  if (s.cover) return leaving(s, { command, commit });
  const keep = s.ending?.outcome !== 'failed' && s.best !== null && s.red.tests.length > 0;
  if (!keep || s.shipped) return [end];
  if (!s.commits.tests) return [commit('tests', s.proofs + 1)];
  if (!s.commits.best) return [commit('best', s.proofs + 1)];
  return [command('ship', 'ship', 'branch', s.proofs + 1)];
}

function anyInflight(s: State): boolean {
  return Object.keys(s.inflight).some((id) => !id.startsWith('deadline/'));
}

function ask(step: Step, subject: string, attempt: number): Command {
  return { kind: 'ask', id: `${step}/${subject}/${attempt}`, step, subject, attempt };
}

function commit(name: 'tests' | 'candidate' | 'best' | 'final', attempt: number): Command {
  return { kind: 'commit', id: `commit/${name}/${attempt}`, step: 'commit', subject: name, attempt, name };
}

type Plain =
  | 'survey'
  | 'baseline'
  | 'gauge'
  | 'admit'
  | 'vet-plan'
  | 'install'
  | 'red'
  | 'check'
  | 'test'
  | 'tools'
  | 'mutate'
  | 'prove'
  | 'ship'
  | 'deadline'
  | 'end';

function command(kind: Plain, step: string, subject: string, attempt: number): Command {
  return { kind, id: `${step}/${subject}/${attempt}`, step, subject, attempt };
}
