import { type Line, line, WHOLE } from './line.ts';
import type { DiffStat, Result } from './surface.ts';
import { amount, paid, plural, time } from './words.ts';

/** The last lines of a run: outcome, why, what it cost, and how to look at the branch. None when it failed before it began: stderr says why. */
export function closing(result: Result): readonly Line[] {
  if (result.run === null && result.outcome === 'failed') return [];
  const tone = result.outcome === 'green' ? 'good' : result.outcome === 'failed' || result.outcome === 'red' ? 'bad' : 'warn';
  const money = paid(result.cost, result.unpriced);
  const [first = '', ...more] = result.reason.split('\n');
  return [
    { ...line(tone, result.outcome, first, WHOLE), banner: true },
    ...more.map((text) => line('plain', '', text, WHOLE)),
    ...(result.run === null ? [] : [line('quiet', '', spending(result, money))]),
    ...strength(result),
    ...changed(result),
    ...suspects(result),
    ...look(result),
  ];
}

function spending(result: Result, money: string): string {
  const paid = `${money} · ${amount(result.tokens)} tokens`;
  const rest = `${plural(result.rounds, 'round')} · ${time(result.ms)}`;
  return result.source === 'live' ? `${paid} · ${rest}` : `${rest} · nothing spent (the recording: ${paid})`;
}

function strength({ mutants, refused }: Result): readonly Line[] {
  return [
    ...(mutants === null
      ? []
      : [line('quiet', '', `the tests noticed ${mutants.noticed} of ${plural(mutants.tried, 'change')} to the code`)]),
    ...(refused === 0 ? [] : [line('warn', '', `${plural(refused, 'write')} to locked files refused`)]),
  ];
}

/** Unsteady tests that are named. */
const NAMED = 5;

/** How much a change of existing code is, and what of the tests nobody may overlook. */
function changed({ change }: Result): readonly Line[] {
  if (change === undefined) return [];
  const { diff, amended, unsteady } = change;
  const more = unsteady.length > NAMED ? `, and ${unsteady.length - NAMED} more` : '';
  return [
    ...(diff === null ? [] : [line('quiet', '', `${plural(diff.files, 'file')}, +${diff.added} -${diff.removed}`)]),
    ...amended.map((one) => line('warn', 'amended', `${one.path}, a test that was there: ${one.why}`, WHOLE)),
    ...(unsteady.length === 0 ? [] : [line('warn', 'unsteady', `counted no more: ${unsteady.slice(0, NAMED).join(', ')}${more}`, WHOLE)]),
  ];
}

/** Tests that fail on the code as it is: what they say may be a bug. */
function suspects({ cover }: Result): readonly Line[] {
  return (cover?.suspects ?? []).map((t) => line('warn', 'bug?', t.why === '' ? t.id : `${t.id}: ${t.why}`, WHOLE));
}

function look({ branch, dir, outcome, run, proof, source, change }: Result): readonly Line[] {
  const at = quote(dir ?? '.');
  const isOpen = outcome === 'interrupted' || outcome === 'budget' || outcome === 'failed';
  return [
    ...(branch === null ? [] : [line('plain', 'look', `git -C ${at} ${howToLook(branch, change?.diff ?? null)}`, WHOLE)]),
    ...(branch === null || proof === null
      ? []
      : [
          line('plain', 'verify', `redgreen verify ${branch} -C ${at}`, WHOLE),
          line('quiet', 'record', `${proof} (give it to --expect)`, WHOLE),
        ]),
    ...(branch !== null && change?.diff && outcome === 'green' ? [line('plain', 'take', `git -C ${at} merge ${branch}`, WHOLE)] : []),
    // A run from a tape is played again, not resumed.
    ...(run !== null && isOpen && source === 'live' ? [line('plain', 'go on', `redgreen resume ${run}`)] : []),
    ...(run !== null && outcome !== 'green' && outcome !== 'interrupted'
      ? [line('plain', 'report', `redgreen report ${run} -C ${at}`, WHOLE)]
      : []),
  ];
}

/** What the branch changes since the commit that it began with; where that is not known, its commits. */
function howToLook(branch: string, diff: DiffStat | null): string {
  return diff === null ? `log -p ${branch}` : `diff ${diff.from.slice(0, 12)} ${branch}`;
}

function quote(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
