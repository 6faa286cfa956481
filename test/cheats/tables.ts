// The tables of docs/proof.md, made from the cases. `node test/cheats/tables.ts` writes them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHEATS } from './all.ts';
import type { Cheat, Honest } from './case.ts';
import { HONEST } from './honest-cases.ts';

export const PAGE = join(import.meta.dirname, '../../docs/proof.md');

function rows<T extends Honest>(cases: readonly T[], more: (one: T) => readonly string[]): readonly string[] {
  const groups = Map.groupBy(cases, (one) => one.name);
  return [...groups].map(
    ([name, same], i) => `| ${[i + 1, name, same.map((one) => one.runner).join(', '), ...same.slice(0, 1).flatMap(more)].join(' | ')} |`,
  );
}

const held = ({ held: by }: Cheat): readonly string[] => [by.join(' ')];

/** What stands between the markers of the page, by the marker's name. */
export const TABLES: Readonly<Record<string, string>> = {
  cheats: ['| # | cheat | runners | held by |', '| --- | --- | --- | --- |', ...rows(CHEATS, held), '', `${CHEATS.length} cheats.`].join(
    '\n',
  ),
  honest: [
    '| # | honest solution | runners |',
    '| --- | --- | --- |',
    ...rows(HONEST, () => []),
    '',
    `${HONEST.length} honest solutions.`,
  ].join('\n'),
};

/** The page with the tables in their places. */
export function filled(page: string): string {
  return Object.entries(TABLES).reduce(
    (text, [name, table]) =>
      text.replace(new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`), (_all, open, close) => `${open}${table}\n${close}`),
    page,
  );
}

if (import.meta.main) writeFileSync(PAGE, filled(readFileSync(PAGE, 'utf8')));
