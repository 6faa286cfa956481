import { type Line, line, WHOLE } from './line.ts';
import type { Result } from './surface.ts';
import { amount, dollars, plural, time } from './words.ts';

/** The last lines of a run: outcome, why, what it cost, and how to look at the branch. None when it failed before it began: stderr says why. */
export function closing(result: Result): readonly Line[] {
  if (result.run === null && result.outcome === 'failed') return [];
  const tone = result.outcome === 'green' ? 'good' : result.outcome === 'failed' || result.outcome === 'red' ? 'bad' : 'warn';
  const money =
    result.unpriced === 0 ? dollars(result.cost) : `${dollars(result.cost)} and ${plural(result.unpriced, 'answer')} of unknown price`;
  const [first = '', ...more] = result.reason.split('\n');
  return [
    line(tone, result.outcome, first, WHOLE),
    ...more.map((text) => line('plain', '', text, WHOLE)),
    ...(result.run === null ? [] : [line('quiet', '', spending(result, money))]),
    ...strength(result),
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

function look({ branch, dir, outcome, run, proof }: Result): readonly Line[] {
  if (branch !== null)
    return [
      line('plain', 'look', `git -C ${quote(dir ?? '.')} log -p ${branch}`),
      ...(proof === null
        ? []
        : [
            line('plain', 'verify', `redgreen verify ${branch} -C ${quote(dir ?? '.')}`),
            line('quiet', 'record', `${proof} (give it to --expect)`, WHOLE),
          ]),
    ];
  if (run !== null && (outcome === 'interrupted' || outcome === 'budget' || outcome === 'failed'))
    return [line('plain', 'go on', `redgreen resume ${run}`)];
  return [];
}

function quote(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
