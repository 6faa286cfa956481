import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const file = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

it('package-lock.json names every platform’s packages, without which npm ci fails (mend it with scripts/complete-lock.mjs)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'redgreen-lock-'));
  try {
    copyFileSync(file('package-lock.json'), join(folder, 'package-lock.json'));
    expect(
      execFileSync(process.execPath, [file('scripts/complete-lock.mjs'), join(folder, 'package-lock.json')], { encoding: 'utf8' }),
    ).toBe('0 platform packages added\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
