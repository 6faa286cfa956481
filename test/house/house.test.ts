import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { violations } from './rules.ts';

const root = join(import.meta.dirname, '../..');

function read(...folders: string[]): Record<string, string> {
  const paths = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((p) => join(folder, p)),
  );
  const code = paths.filter((p) => /\.tsx?$/.test(p) && !p.includes('/assets/'));
  return Object.fromEntries(code.map((p) => [p, readFileSync(join(root, p), 'utf8')]));
}

test('the house stands', () => {
  const files = read('src', 'sandbox');
  expect(Object.keys(files).length).toBeGreaterThan(40);
  expect(violations({ files })).toEqual([]);
});

const broken: [string, Record<string, string>, string][] = [
  ['core imports Node', { 'src/core/a.ts': `import fs from 'node:fs';` }, 'core/ imports no package and no Node module'],
  ['core imports an effect', { 'src/core/a.ts': `import { x } from '../effects/x.ts';` }, 'core/ may not'],
  ['core loads lazily', { 'src/core/a.ts': `export const a = () => import('zod');` }, 'core/ imports no package'],
  ['core reads the clock', { 'src/core/a.ts': 'export const a = () => Date.now();' }, 'no clock'],
  ['core is random', { 'src/core/a.ts': 'export const a = () => Math.random();' }, 'no randomness'],
  ['core reads the environment', { 'src/core/a.ts': 'export const a = process.env;' }, 'no I/O'],
  ['the sandbox knows the agent', { 'sandbox/a.ts': `import type { Plan } from '../src/core/plan.ts';` }, 'a library of its own'],
  ['an effect knows a screen', { 'src/effects/a.ts': `import { s } from '../surfaces/plain.ts';` }, 'may not know a screen'],
  ['a surface acts', { 'src/surfaces/a.ts': `import { box } from '../effects/box.ts';` }, 'only reads events'],
  ['the loop knows an adapter', { 'src/driver.ts': `import { box } from './effects/box.ts';` }, 'no adapter'],
  [
    'a command loads the screen',
    { 'src/commands/a.ts': `import { createLive } from '../surfaces/live/live.tsx';` },
    'must not pay for one',
  ],
  ['a plain surface loads ink', { 'src/surfaces/a.ts': `import { Box } from 'ink';` }, 'must not pay for one'],
  [
    'a circle',
    { 'src/a.ts': `import { b } from './b.ts'; export const a = b;`, 'src/b.ts': `import { a } from './a.ts'; export const b = a;` },
    'in a circle',
  ],
  ['any', { 'src/a.ts': 'export const a = (x: any) => x;' }, 'says any'],
  ['a default export', { 'src/a.ts': 'export default 1;' }, 'default export'],
  ['an exit', { 'src/run.ts': 'export const a = () => process.exit(1);' }, 'only cli.ts does'],
  ['a long file', { 'src/a.ts': '// line\n'.repeat(400) }, 'a file does one job'],
];

test.each(broken)('it falls when %s', (_name, files, reason) => {
  expect(violations({ files }).join('\n')).toContain(reason);
});

test('pure code, names of properties and types are left alone', () => {
  const files = {
    'src/core/a.ts': `import type { B } from './b.ts';\nexport const a = (x: { process: number; b: B }) => x.process + Math.max(1, 2);`,
  };
  expect(violations({ files })).toEqual([]);
});
