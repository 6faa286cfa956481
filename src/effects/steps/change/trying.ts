// Runs tests for a conversation: those that a call names, and after each turn with changes those that the conversation is about.
import { judgeKept } from '../../../core/change.ts';
import type { Ports } from '../../../core/ports.ts';
import { oneLine } from '../../../core/prompt-text.ts';
import type { TestId } from '../../../core/report.ts';
import { testsText } from '../../../core/tests-text.ts';
import { judge } from '../../../core/verdict.ts';
import { isTestFile } from '../../survey/setups.ts';
import { loadBaseline } from './baseline.ts';
import type { Desk } from './desk.ts';
import { type Said, wrong } from './said.ts';
import { search } from './search.ts';
import { runSuite } from './suite.ts';
import { targetFiles, writtenProblems } from './targets.ts';
import { type Times, tryTargets } from './test.ts';

export interface Trying {
  readonly ports: Ports;
  readonly times: Times;
  readonly signal: AbortSignal;
}

/** What the conversation's own tests show now. */
export interface Shown {
  readonly text: string;
  readonly isGreen: boolean;
}

/** Runs the tests of the task and, where these are green, those that the last round broke. */
export async function tryOwn(trying: Trying, desk: Desk): Promise<Shown> {
  const { ports, times, signal } = trying;
  const { own, judged } = await tryTargets(ports, desk.s, { ground: desk.ground(), times, signal });
  if (judged.verdict.kind !== 'green') {
    const told = testsText(
      own.report,
      judged.lines.filter((l) => l.status !== 'passed' && l.id !== l.path).map((l) => l.id),
    );
    return { text: judged.lines.length === 0 ? judged.verdict.reason : told, isGreen: false };
  }
  const broken = await tryBroken(trying, desk);
  return broken ?? { text: judged.verdict.reason, isGreen: true };
}

/** Tests of the repository that passed before the change and failed in the last round; null when none of them fails now. */
async function tryBroken({ ports, times, signal }: Trying, desk: Desk): Promise<Shown | null> {
  const { s } = desk;
  const targets = await targetFiles(ports, s);
  const failing = (s.last?.tests ?? []).filter((t) => t.status !== 'passed').map((t) => t.path);
  const tests = [...new Set(failing)].filter((path) => !targets.includes(path) && isTestFile(desk.survey, path));
  if (tests.length === 0) return null;
  const { report } = await runSuite(ports, s, { ground: desk.ground(), tests, planted: false, timeoutMs: times.testTimeoutMs, signal });
  if (report.broken) return { text: report.broken.message, isGreen: false };
  const kept = judgeKept(await loadBaseline(ports, s), report, tests, s.change?.unsteady ?? []);
  if (kept.failing.length === 0) return null;
  return {
    text: testsText(
      report,
      kept.failing.map((t) => t.id),
    ),
    isGreen: false,
  };
}

/** What the written tests show on the code as it is. */
export interface Written {
  readonly text: string;
  /** One fails at least, and none of itself: that is all that is asked of them. */
  readonly isRed: boolean;
}

/** Runs what the tests' author has written so far, on the code as it is. */
export async function tryWritten({ ports, times, signal }: Trying, desk: Desk): Promise<Written> {
  const own = Object.values(desk.s.tests).flatMap((i) => (i.blob === null || (desk.s.cover && i.status === 'frozen') ? [] : [i.path]));
  const tests = [...new Set([...own, ...desk.changed.keys()])].filter((path) => desk.has(path) && isTestFile(desk.survey, path));
  if (tests.length === 0)
    return { text: 'no test is written yet: none of the files is one that the project’s runner would run', isRed: false };
  const { report } = await runSuite(ports, desk.s, { ground: desk.ground(), tests, planted: true, timeoutMs: times.testTimeoutMs, signal });
  const { lines } = judge([], report);
  const isRed = report.fileFailures.length === 0 && writtenProblems(desk.s, report, lines).length === 0;
  return { text: testsText(report), isRed };
}

/** Runs the tests that a call names: files, folders, ids, names or parts of them. */
export async function runTests(trying: Trying, desk: Desk, wanted: readonly string[]): Promise<Said> {
  if (wanted.length === 0)
    return { text: desk.kind === 'repair' ? (await tryOwn(trying, desk)).text : (await tryWritten(trying, desk)).text };
  const { ports, times, signal } = trying;
  const all = await Promise.all(wanted.map((name) => named(desk, name)));
  const unknown = wanted.filter((_, i) => all[i]?.files.length === 0).map((name) => `"${oneLine(name, 120)}"`);
  const missing = unknown.length > 0 ? `no test is called ${unknown.slice(0, 5).join(', ')}` : '';
  const files = [...new Set(all.flatMap((one) => one.files))].slice(0, MOST_FILES);
  if (files.length === 0) return wrong(missing);
  const ids = wanted.filter((name) => name.includes(' › '));
  const only = ids.length === wanted.length ? { only: ids } : {};
  const suite = { ground: desk.ground(), tests: files, ...only, planted: false, timeoutMs: times.testTimeoutMs, signal };
  const { report } = await runSuite(ports, desk.s, suite);
  const isMeant = (id: TestId) =>
    all.some((one) => (one.part === null ? one.files.some((path) => id.startsWith(path)) : id.includes(one.part)));
  const meant = report.tests.filter((t) => isMeant(t.id)).map((t) => t.id);
  return { text: [testsText(report, meant), missing].filter((part) => part !== '').join('\n\n') };
}

/** Test files most that one call may run. */
const MOST_FILES = 60;

interface Named {
  readonly files: readonly string[];
  /** What the ids of the meant tests hold; null for all tests of the files. */
  readonly part: string | null;
}

/** The test files that a name stands for: a path, an id, or what stands in a test's name. */
async function named(desk: Desk, name: string): Promise<Named> {
  const path = (name.split(' › ')[0] ?? name).replace(/^\.\//, '').replace(/\/$/, '');
  const inside = desk.paths().filter((p) => (p === path || p.startsWith(`${path}/`)) && isTestFile(desk.survey, p));
  if (inside.length > 0) return { files: inside, part: name.includes(' › ') ? name : null };
  const pattern = name.split(' › ').at(-1) ?? name;
  const hits = await search(desk.ground(), { pattern, isRegex: false, ignoreCase: false, under: '' });
  return { files: [...new Set(hits.map((hit) => hit.path))].filter((p) => isTestFile(desk.survey, p)), part: pattern };
}
