import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { KEYS, settingOf } from '../../src/config/table.ts';

const FILES = { never: 'yours', pick: 'yours, project', tighten: 'yours, project (tighter only)' } as const;

it('docs/config.md has exactly one true row for each setting', () => {
  const text = readFileSync(new URL('../../docs/config.md', import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  const expected = KEYS.map((key) => {
    const { shownFallback, flag, env, file, project, help } = settingOf(key);
    const cells = [
      `\`${key}\``,
      shownFallback,
      flag === null ? '' : `\`${flag}\``,
      env.map((name) => `\`${name}\``).join(', '),
      file ? FILES[project] : 'none',
      help.charAt(0).toUpperCase() + help.slice(1),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  expect(rows).toEqual(expected);
});

it('no flag and no variable stands for two settings', () => {
  const names = KEYS.flatMap((key) => [
    ...settingOf(key).env,
    ...(settingOf(key).flag?.match(/(^| )--?[a-z-]+/g) ?? []).map((name) => name.trim()),
  ]);
  expect(names).toEqual([...new Set(names)]);
});

it('a secret is read from the environment only', () => {
  const secrets = KEYS.filter((key) => settingOf(key).secret).map(settingOf);
  expect(secrets.length).toBeGreaterThan(0);
  expect(secrets.filter(({ file, flag, project }) => file || flag !== null || project !== 'never')).toEqual([]);
});
