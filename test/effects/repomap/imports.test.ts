import { expect, test } from 'vitest';
import { createResolver } from '../../../src/effects/repomap/imports.ts';

function resolve(paths: readonly string[], from: string, specifier: string, packages: readonly (readonly [string, string])[] = []) {
  return createResolver(paths, new Map(packages))(from, specifier).map((i) => paths[i]);
}

test.each([
  ['a .js that is .ts here', ['src/a.ts', 'src/b.ts'], 'src/a.ts', './b.js', ['src/b.ts']],
  ['no ending', ['src/a.ts', 'src/b.tsx'], 'src/a.ts', './b', ['src/b.tsx']],
  ['a folder', ['src/a.ts', 'src/b/index.js'], 'src/a.ts', './b', ['src/b/index.js']],
  ['the root from a test', ['fastify.js', 'index.js', 'test/a.js'], 'test/a.js', '..', ['index.js']],
  ['an alias', ['app/a.ts', 'app/lib/b.ts'], 'app/a.ts', '@/lib/b', ['app/lib/b.ts']],
  ['a compiler’s root', ['src/a.ts', 'src/lib/b.ts'], 'src/a.ts', 'src/lib/b', ['src/lib/b.ts']],
  ['a package', ['src/a.ts', 'src/react.ts'], 'src/a.ts', 'react', []],
  ['Python, relative', ['pkg/a.py', 'pkg/sub/b.py', 'pkg/sub/c.py'], 'pkg/sub/b.py', '.c', ['pkg/sub/c.py']],
  ['Python, a name of a module above', ['pkg/a.py', 'pkg/sub/b.py'], 'pkg/sub/b.py', '..a.Thing', ['pkg/a.py']],
  ['Python, absolute below src', ['src/pkg/a.py', 'src/pkg/b.py'], 'src/pkg/a.py', 'pkg.b', ['src/pkg/b.py']],
  ['Go, a folder of the module', ['main.go', 'doc/man.go', 'doc/md.go'], 'main.go', 'example.com/me/tool/doc', ['doc/man.go', 'doc/md.go']],
  ['Go, the standard library', ['main.go', 'fmt/a.go'], 'main.go', 'fmt', []],
  ['Rust', ['src/main.rs', 'src/util/retry.rs'], 'src/main.rs', 'crate::util::retry::Backoff', ['src/util/retry.rs']],
  ['C, beside it', ['lib/a.c', 'lib/a.h'], 'lib/a.c', 'a.h', ['lib/a.h']],
  ['Ruby, beside it', ['lib/a.rb', 'lib/b.rb'], 'lib/a.rb', 'b', ['lib/b.rb']],
  ['Java', ['src/com/x/A.java', 'src/com/x/B.java'], 'src/com/x/A.java', 'com.x.B', ['src/com/x/B.java']],
] as const)('%s', (_name, paths, from, specifier, expected) => {
  expect(resolve(paths, from, specifier)).toEqual(expected);
});

test('a member of the workspace, by its name', () => {
  const paths = ['packages/core/src/index.ts', 'packages/core/src/deep.ts', 'packages/app/a.ts'];
  const packages = [['@me/core', 'packages/core']] as const;
  expect(resolve(paths, 'packages/app/a.ts', '@me/core', packages)).toEqual(['packages/core/src/index.ts']);
  expect(resolve(paths, 'packages/app/a.ts', '@me/core/deep', packages)).toEqual(['packages/core/src/deep.ts']);
});
