// What the last round showed, as prompts tell it.
import type { FailureIn } from '../../core/prompt.ts';
import { ASKED_SINCE } from '../../core/remarks.ts';
import type { TestReport } from '../../core/report.ts';
import type { Carried } from '../../core/rounds.ts';
import type { State } from '../../core/state.ts';

/** A report as it is kept, with the end of what the run printed. */
export type KeptReport = TestReport & { readonly output?: string };

/** What failed in the last test run; the run as a whole where it gave no report or cannot be believed. */
export function failuresOf(last: NonNullable<State['last']>, report: KeptReport): readonly FailureIn[] {
  if (report.broken) {
    const output = report.output ? `\n\nWhat it printed:\n${report.output.slice(-4_000)}` : '';
    return [{ id: 'the whole test run', message: `${report.broken.message}${output}`, frames: [] }];
  }
  const messages = new Map<string, FailureIn>();
  for (const t of report.tests) if (t.failure) messages.set(t.id, { id: t.id, message: t.failure.message, frames: t.failure.frames });
  for (const f of report.fileFailures) messages.set(f.path, { id: f.path, message: f.failure.message, frames: f.failure.frames });
  const failed = last.tests.filter((l) => l.status !== 'passed');
  const whole =
    report.tampered !== undefined || (failed.length === 0 && last.verdict.reason !== ASKED_SINCE)
      ? [{ id: 'the whole test run', message: last.verdict.reason, frames: [] }]
      : [];
  return [...whole, ...failed.map((l) => messages.get(l.id) ?? { id: l.id, message: l.why || l.status, frames: [] })];
}

/** One line on what an earlier round tried. */
export function triedLine(c: Carried): string {
  const change =
    c.after < c.before
      ? `helped: ${c.before} failing became ${c.after}`
      : c.after > c.before
        ? `made it worse (${c.before} to ${c.after} failing)`
        : 'changed nothing';
  return `round ${c.round - 1} changed ${c.touched.join(', ')}: ${change}${c.reverted ? ', and was taken back' : ''}`;
}

/** What the user said since the plan was accepted and the plan has not taken up; what came too late for this run is for the next one. */
export function remarksOf(s: State): readonly string[] {
  return s.remarks.filter((r) => r.fate === 'open' || r.fate === 'heard').map((r) => r.text);
}
