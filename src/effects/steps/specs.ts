// From state to a prompt's input: loads the blobs that a request is made from.
import type { Command } from '../../core/events.ts';
import { keptTree, testTree } from '../../core/kept.ts';
import type { CodeLanguage, Plan } from '../../core/plan.ts';
import { isHarnessFile } from '../../core/plan-rules.ts';
import type { Ports } from '../../core/ports.ts';
import { draftPrompt, type PlanInput, type PromptSpec, planPrompt, repairPrompt, testsPrompt } from '../../core/prompt.ts';
import type { Ref } from '../../core/ref.ts';
import { composeTask } from '../../core/slices.ts';
import { branchSlug } from '../../core/slug.ts';
import type { State } from '../../core/state.ts';
import { suspects } from '../../core/suspects.ts';
import { groundOf, readAll } from '../ground.ts';
import { languageOf, planLanguages, runnerOf } from './adapters.ts';
import { changeSpec } from './change/specs.ts';
import { coverSpec } from './cover/specs.ts';
import { failuresOf, type KeptReport, remarksOf, triedLine } from './last-round.ts';
import { sliceSpec } from './slice.ts';
import type { StoredReply } from './stored.ts';
import { load } from './trees.ts';

type Ask = Extract<Command, { kind: 'ask' }>;

/** The prompt of a command, from the state alone. */
export async function specOf(command: Ask, ports: Ports, s: State): Promise<PromptSpec> {
  const whole = await ports.blobs.get(s.run?.prompt ?? '');
  if (command.step === 'slices') return sliceSpec(ports, s, whole);
  const task = s.run?.series && s.slices ? composeTask(whole, s.slices, s.run.series.done) : whole;
  if (s.cover) return coverSpec(command, ports, s, task);
  if (s.change) return changeSpec(command, ports, s, task);
  switch (command.step) {
    case 'plan':
      return planSpec(ports, s, task);
    case 'tests':
      return testsSpec(command, ports, s, task);
    case 'draft':
      return draftSpec(command, ports, s, task);
    case 'repair':
      return repairSpec(ports, s, task);
    case 'reproduce':
      throw new Error('tests are reproduced on existing code only');
    default: {
      const never: never = command.step;
      return never;
    }
  }
}

async function planSpec(ports: Ports, s: State, task: string): Promise<PromptSpec> {
  const { language, runner } = s.run ?? { language: null, runner: null };
  const plannable = planLanguages(ports);
  const chosen = plannable.find((l) => l.id === language)?.id ?? ports.runners.find((r) => r.id === runner)?.languages[0] ?? null;
  const named = namedLanguages(
    task,
    plannable.map((l) => l.id),
  );
  const offered = plannable.filter((l) => (chosen ? l.id === chosen : named.length === 0 || named.includes(l.id)));
  const { candidate, reply, violations, remarks } = s.planning;
  const earlier = candidate ? JSON.stringify(candidate) : reply ? (JSON.parse(await ports.blobs.get(reply)) as StoredReply).text : null;
  return planPrompt({
    task,
    baseFiles: s.run?.base.files ?? [],
    language: chosen,
    runner,
    languageRules: offered.map((l) => ({ id: l.id, text: `${l.rules}\n${l.planRules}` })),
    runnerRules: ports.runners
      .filter((r) => r.plans && offered.some((l) => r.languages.includes(l.id)))
      .map((r) => ({ id: r.id, text: r.rules })),
    previous: violations.length > 0 || remarks.length > 0 ? { plan: earlier, violations } : null,
    remarks,
    amends: s.planning.amends,
    ...(await branchOf(ports, s)),
  });
}

/** What the planner is shown of the branch that the run goes on with: the code of earlier runs, then their tests. */
async function branchOf(ports: Ports, s: State): Promise<Pick<PlanInput, 'excerpts' | 'onto'>> {
  if (!s.run?.onto) return {};
  const { others } = await groundOf(ports.workspace, ports.runners);
  const shown = others.filter((path) => path === 'package.json' || path === 'requirements.txt' || !isHarnessFile(path));
  const kept = Object.keys(s.run.kept);
  const excerpts = { ...(await readAll(ports.workspace, shown)), ...(await load(ports, s.run.kept)) };
  return { excerpts, onto: { name: branchSlug(s.run.onto.branch), kept } };
}

/** Languages that the task speaks of: their rules alone are shown to the planner. */
function namedLanguages(task: string, ids: readonly CodeLanguage[]): readonly CodeLanguage[] {
  return ids.filter((id) => new RegExp(`\\b${id}\\b`, 'i').test(task));
}

function authorInput(ports: Ports, s: State, plan: Plan, task: string) {
  return {
    task,
    plan,
    remarks: remarksOf(s),
    languageRules: languageOf(ports, plan.language).rules,
    runnerRules: runnerOf(ports, plan.runner).rules,
  };
}

const textOf = (ports: Ports, ref: Ref | null): Promise<string | null> => (ref ? ports.blobs.get(ref) : Promise.resolve(null));

async function testsSpec(command: Ask, ports: Ports, s: State, task: string): Promise<PromptSpec> {
  const plan = planOf(s);
  const item = s.tests[command.subject];
  const test = plan.tests.find((t) => t.path === command.subject);
  if (!item || !test) throw new Error(`no test ${command.subject} in the plan`);
  const again = { problems: item.problems, previous: await textOf(ports, item.blob), partial: await textOf(ports, item.partial) };
  return testsPrompt({
    ...authorInput(ports, s, plan, task),
    test,
    current: await textOf(ports, s.run?.kept[test.path] ?? null),
    ...again,
    strength: s.strength?.path === command.subject,
    dispute: item.disputed,
  });
}

async function draftSpec(command: Ask, ports: Ports, s: State, task: string): Promise<PromptSpec> {
  const plan = planOf(s);
  const item = s.files[command.subject];
  const file = plan.files.find((f) => f.path === command.subject);
  if (!item || !file) throw new Error(`no file ${command.subject} in the plan`);
  const again = { problems: item.problems, previous: await textOf(ports, item.blob), partial: await textOf(ports, item.partial) };
  const current = s.run?.base.files.includes(file.path) ? await ports.workspace.readBase(file.path) : null;
  return draftPrompt({ ...authorInput(ports, s, plan, task), file, ...again, current });
}

async function repairSpec(ports: Ports, s: State, task: string): Promise<PromptSpec> {
  const plan = planOf(s);
  const { last, conversation } = s;
  if (!last || !conversation) throw new Error('no round to repair');
  const report: KeptReport = JSON.parse(await ports.blobs.get(last.report));
  const sources = await load(ports, conversation.start);
  const kept = keptTree(s);
  const tests = await load(ports, { ...kept, ...testTree(s) });
  const failing = new Set(last.tests.filter((t) => t.status !== 'passed').map((t) => t.path));
  // A test from before is in no plan: which files it uses is not known.
  const all = s.strategy > 0 || [...failing].some((path) => kept[path] !== undefined);
  const order = suspects(plan, report, last.diagnostics, Object.keys(sources), all);
  const pick = (files: Readonly<Record<string, string>>, paths: Iterable<string>) =>
    Object.fromEntries([...paths].flatMap((p) => (files[p] === undefined ? [] : [[p, files[p]]])));
  const shown = new Set([...order, ...failing]);
  return repairPrompt({
    task,
    plan,
    round: conversation.round,
    failures: failuresOf(last, report),
    diagnostics: last.diagnostics,
    files: pick(sources, order),
    lockedTests: pick(tests, failing),
    otherPaths: [...Object.keys(sources), ...Object.keys(tests), ...Object.keys(s.installs.files)].filter((p) => !shown.has(p)),
    tried: [...s.carried.map(triedLine), ...s.installs.problems],
    strategy: s.strategy === 0 ? 0 : s.strategy === 1 ? 1 : 2,
    bad: conversation.bad,
    kept: Object.keys(kept).filter((path) => failing.has(path)),
    remarks: remarksOf(s),
    languageRules: languageOf(ports, plan.language).rules,
  });
}

function planOf(s: State): Plan {
  if (!s.plan) throw new Error('no plan yet');
  return s.plan;
}
