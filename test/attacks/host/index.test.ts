import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { HOST_ATTACKS } from './index.ts';

const TITLE = /(?:describe|it)(?:\.each\([\s\S]{0,2000}?\))?\(\s*['`]([A-Z]\d{1,2}) |\]\)\('([A-Z]\d{1,2}) /g;

it('the table names every attack of this folder, once', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => /\.(?:test|long)\.ts$/.test(name) && name !== 'index.test.ts');
  const texts = files.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'));
  const tested = new Set(texts.flatMap((text) => [...text.matchAll(TITLE)].map((match) => match[1] ?? match[2])));
  const ids = HOST_ATTACKS.map((attack) => attack.id);
  expect(ids).toEqual([...new Set(ids)]);
  expect([...tested].sort()).toEqual([...ids].sort());
});
