import { describe, expect, it } from 'vitest';
import { ATTEMPTS } from './attempts/index.ts';
import { page } from './run.ts';
import { unshown } from './table.ts';
import { REMOVALS } from './weaken.ts';

const ROW = /^\| (\w+) \| `([\w-]+)` \| (.*)$/;
const table = page().split('<!-- attacks -->')[1]?.split('<!-- /attacks -->')[0] ?? '';
const rows = table.split('\n').flatMap((line) => {
  const match = ROW.exec(line);
  return match === null ? [] : [{ class: match[1], id: match[2] ?? '', rest: match[3] ?? '' }];
});

describe('the table of attempts in docs/sandbox.md', () => {
  it('has a row for each attempt and no other', () => {
    expect(rows.map((row) => [row.class, row.id])).toEqual(ATTEMPTS.map((attempt) => [attempt.class, attempt.id]));
    expect(new Set(ATTEMPTS.map((attempt) => attempt.id)).size).toBe(ATTEMPTS.length);
    expect(ATTEMPTS.length).toBeGreaterThan(80);
  });

  it('says what each tries, and that each failed where it is not known to get through', () => {
    for (const [i, attempt] of ATTEMPTS.entries()) {
      const rest = rows[i]?.rest ?? '';
      expect(rest.startsWith(`${attempt.what} | `)).toBe(true);
      expect(rest).toContain('held');
      if (attempt.known === undefined) expect(rest).not.toMatch(/escaped|void|not run/);
    }
  });

  it('names every protection, and why some attempts cannot be shown to succeed', () => {
    for (const [name, what] of Object.entries(REMOVALS)) expect(page()).toContain(`\`${name}\` ${what}`);
    expect(page()).toContain(unshown(ATTEMPTS));
  });
});
