// Runs tests for a conversation: those that a call names, and after each turn with changes those that the conversation is about.
import { judgeKept } from '../../../core/change.ts';
import type { Ports } from '../../../core/ports.ts';
import { oneLine } from '../../../core/prompt-text.ts';
import type { TestId } from '../../../core/report.ts';
import { testsText } from '../../../core/tests-text.ts';
import { isTestFile } from '../../survey/setups.ts';
import { loadBaseline } from './baseline.ts';
import type { Desk } from './desk.ts';
import { noFile, type Said, wrong } from './said.ts';
import { runSuite } from './suite.ts';
import { targetFiles } from './targets.ts';
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

/** Runs what the tests' author has written so far, on the code as it is. */
export async function tryWritten({ ports, times, signal }: Trying, desk: Desk): Promise<string> {
  const own = Object.values(desk.s.tests).flatMap((i) => (i.blob === null ? [] : [i.path]));
  const tests = [...new Set([...own, ...desk.changed.keys()])].filter((path) => desk.has(path) && isTestFile(desk.survey, path));
  if (tests.length === 0) return 'no test is written yet: none of the files is one that the project’s runner would run';
  const { report } = await runSuite(ports, desk.s, { ground: desk.ground(), tests, planted: true, timeoutMs: times.testTimeoutMs, signal });
  return testsText(report);
}

/** Runs the tests that a call names: files, ids, parts of ids. */
export async function runTests(trying: Trying, desk: Desk, wanted: readonly string[]): Promise<Said> {
  if (wanted.length === 0) return { text: desk.kind === 'repair' ? (await tryOwn(trying, desk)).text : await tryWritten(trying, desk) };
  const { ports, times, signal } = trying;
  const { files, ids, unknown } = await named(trying, desk, wanted);
  if (files.length === 0)
    return wrong(
      `no test is called ${unknown
        .slice(0, 3)
        .map((name) => `"${oneLine(name, 120)}"`)
        .join(', ')}`,
    );
  const only = ids.length > 0 && files.every((path) => ids.some((id) => id.startsWith(`${path} › `))) ? { only: ids } : {};
  const { report } = await runSuite(ports, desk.s, {
    ground: desk.ground(),
    tests: files,
    ...only,
    planted: false,
    timeoutMs: times.testTimeoutMs,
    signal,
  });
  const missing = unknown.length > 0 ? `\n\nno test is called ${unknown.map((name) => `"${oneLine(name, 120)}"`).join(', ')}` : '';
  return { text: `${testsText(report, only.only ?? [])}${missing}` };
}

/** Test files most that one call may run. */
const MOST_FILES = 60;

async function named({ ports }: Trying, desk: Desk, wanted: readonly string[]) {
  const files = new Set<string>();
  const ids: TestId[] = [];
  const unknown: string[] = [];
  const known = [...(await loadBaseline(ports, desk.s)).tests, ...desk.s.red.tests];
  for (const name of wanted) {
    const path = (name.split(' › ')[0] ?? name).replace(/^\.\//, '');
    const inside = desk.paths().filter((p) => (p === path || p.startsWith(`${path.replace(/\/$/, '')}/`)) && isTestFile(desk.survey, p));
    const matching = inside.length > 0 ? [] : known.filter((t) => t.id.includes(name));
    for (const p of inside.slice(0, MOST_FILES)) files.add(p);
    for (const t of matching.slice(0, MOST_FILES)) files.add(t.path);
    ids.push(...(inside.length > 0 ? (name.includes(' › ') ? [name] : []) : matching.map((t) => t.id)));
    if (inside.length === 0 && matching.length === 0) unknown.push(desk.has(path) || !/[./]/.test(path) ? name : noFile(path, desk));
  }
  return { files: [...files].slice(0, MOST_FILES), ids, unknown };
}
