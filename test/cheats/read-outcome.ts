// What a run says of itself, read from its lines and from what its model was asked.
import type { TestLine, Verdict } from '../../src/core/events.ts';
import type { Asked } from '../e2e/scripted.ts';

export interface Outcome {
  /** How the run ended. */
  readonly outcome: string;
  readonly reason: string;
  /** Every verdict on the way, in words, with the tests that did not pass. */
  readonly verdicts: readonly string[];
  /** What was sent back to the tests' author. */
  readonly sentBack: readonly string[];
  /** What a repair was not allowed to touch. */
  readonly refused: readonly string[];
  /** Everything that the model was told after its first request of a repair. */
  readonly told: string;
  readonly survivors: number;
  readonly ms: number;
  readonly stderr: string;
}

type Line = Readonly<Record<string, unknown>>;

/** Reads `--json` output. */
export function outcomeOf(stdout: string, stderr: string, asked: readonly Asked[]): Outcome {
  const events = stdout
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  const of = (type: string) => events.filter((e) => e['type'] === type);
  const result = of('result')[0] ?? {};
  return {
    outcome: String(result['outcome'] ?? 'none'),
    reason: String(of('ended')[0]?.['reason'] ?? ''),
    verdicts: [...of('tested'), ...of('proven')].map(inWords),
    sentBack: of('red.proven').flatMap((e) => (e['problems'] as { message: string }[]).map((p) => p.message)),
    refused: of('tools.done').flatMap((e) => e['refused'] as string[]),
    told: asked
      .filter((a) => a.step === 'repair' || a.step === 'reproduce')
      .map((a) => a.text)
      .join('\n'),
    survivors: of('mutated').reduce((sum, e) => sum + (e['survivors'] as unknown[]).length, 0),
    ms: Number(events.at(-2)?.['at'] ?? 0) - Number(events[0]?.['at'] ?? 0),
    stderr,
  };
}

function inWords(event: Line): string {
  const { kind, reason } = event['verdict'] as Verdict;
  const failing = (event['tests'] as TestLine[]).filter((t) => t.status !== 'passed').map((t) => `${t.id}: ${t.why}`);
  const unreverted = (event['unreverted'] as string[] | undefined) ?? [];
  return [`${kind}: ${reason}`, ...failing, ...unreverted.map((id) => `passes without the code: ${id}`)].join('\n');
}
