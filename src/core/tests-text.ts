// What a test run showed, for the model that changes the code or wrote the tests.
import { groupFailures } from './failure-groups.ts';
import { clip, oneLine } from './prompt-text.ts';
import type { FailureIn } from './prompt-types.ts';
import type { TestReport } from './report.ts';

const CAPS = { groups: 6, ids: 5, message: 900, frames: 3 } as const;

/** What failed in a report, as prompts show failures. */
export function failuresIn(report: TestReport): readonly FailureIn[] {
  const tests = report.tests.flatMap((t) => (t.failure ? [{ id: t.id, message: t.failure.message, frames: t.failure.frames }] : []));
  const files = report.fileFailures.map((f) => ({ id: f.path, message: f.failure.message, frames: f.failure.frames }));
  return [...files, ...tests];
}

/** Counts, then the failures by their causes. `ids` narrows what is told; none: everything. */
export function testsText(report: TestReport, ids: readonly string[] = []): string {
  if (report.tampered !== undefined) return `The run cannot be believed: ${report.tampered}`;
  if (report.broken) return report.broken.message;
  const wanted = new Set(ids);
  const tests = report.tests.filter((t) => wanted.size === 0 || wanted.has(t.id));
  const failures = failuresIn({ ...report, tests });
  const passed = tests.filter((t) => t.status === 'passed').length;
  const idle = tests.length - passed - tests.filter((t) => t.status === 'failed').length;
  const head = `${passed} passed, ${failures.length} failed${idle > 0 ? `, ${idle} skipped` : ''}`;
  return [head, ...causesText(failures)].join('\n\n');
}

/** One paragraph for each cause. */
export function causesText(failures: readonly FailureIn[]): readonly string[] {
  const groups = groupFailures(failures);
  const told = groups.slice(0, CAPS.groups).map(({ ids, message, frames }) => {
    const more = ids.length > CAPS.ids ? [`  and ${ids.length - CAPS.ids} more with the same cause`] : [];
    const at = frames.slice(0, CAPS.frames).map((f) => `${oneLine(f.path)}:${f.line}`);
    return [
      ...ids.slice(0, CAPS.ids).map((id) => `✗ ${oneLine(id)}`),
      ...more,
      clip(message.trim(), CAPS.message),
      ...(at.length > 0 ? [`at ${at.join(', ')}`] : []),
    ].join('\n');
  });
  return groups.length > CAPS.groups ? [...told, `[… and ${groups.length - CAPS.groups} more kinds of failure]`] : told;
}
