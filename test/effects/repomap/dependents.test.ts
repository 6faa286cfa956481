import { expect, test } from 'vitest';
import { createRepoMap } from '../../../src/effects/repomap/map.ts';

const FILES: Readonly<Record<string, string>> = {
  'src/a.ts': 'export const a = 1;\n',
  'src/b.ts': "import { a } from './a.ts';\nexport const b = a;\n",
  'src/c.ts': "export { b } from './b.ts';\n",
  'src/other.ts': 'export const other = 1;\n',
  'test/c.test.ts': "import { b } from '../src/c.ts';\nb;\n",
  'test/other.test.ts': "import { other } from '../src/other.ts';\nother;\n",
};
const paths = Object.keys(FILES);
const map = createRepoMap({
  files: paths.map((path, i) => ({ path, oid: String(i).padStart(40, '0'), size: FILES[path]?.length ?? 0 })),
  read: async (wanted) => wanted.map((path) => FILES[path] ?? null),
  cacheDir: null,
});

test('gives who imports a file, also through others, the nearest first', async () => {
  expect(await map.dependents(['src/a.ts'], {})).toEqual(['src/b.ts', 'src/c.ts', 'test/c.test.ts']);
});

test('sees imports of the overlay', async () => {
  const overlay = { 'src/other.ts': "import { a } from './a.ts';\nexport const other = a;\n" };
  expect(await map.dependents(['src/a.ts'], { overlay })).toContain('test/other.test.ts');
});
