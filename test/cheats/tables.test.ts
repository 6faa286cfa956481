import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CHEATS } from './all.ts';
import { HONEST } from './honest-cases.ts';
import { filled, PAGE, TABLES } from './tables.ts';

test('docs/proof.md names every case (node test/cheats/tables.ts writes it)', () => {
  const page = readFileSync(PAGE, 'utf8');
  expect(filled(page)).toBe(page);
  for (const { name } of [...CHEATS, ...HONEST]) expect(page).toContain(`| ${name} |`);
  for (const table of Object.values(TABLES)) expect(page).toContain(table);
});

test('there are enough of them over all runners, and no case is there twice', () => {
  expect(CHEATS.length).toBeGreaterThanOrEqual(45);
  expect(HONEST.length).toBeGreaterThanOrEqual(40);
  for (const cases of [CHEATS, HONEST]) {
    expect(new Set(cases.map((c) => c.runner)).size).toBe(5);
    expect(new Set(cases.map((c) => `${c.runner}: ${c.name}`)).size).toBe(cases.length);
  }
});
