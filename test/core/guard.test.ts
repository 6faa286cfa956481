import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkPath,
  checkStructure,
  checkTree,
  findCollisions,
  foldPath,
  isSteering,
  looksLikeTest,
  writeGate,
} from '../../src/core/guard.ts';

const safe = [
  'a',
  'src/index.ts',
  'src/[id]/page.tsx',
  'docs/Über uns.md',
  'a.b-c_d/e+f@g.txt',
  'src/日本語.ts',
  'console.ts',
  'auxiliary/nullable.ts',
  '.gitignore',
  'gitx/a',
  'src/.github.md',
  'x'.repeat(100),
];

const hostile: readonly (readonly [string, string])[] = [
  ['', 'empty'],
  ['../outside', 'component `..`'],
  ['a/../b', 'component `..`'],
  ['a/./b', 'component `.`'],
  ['a//b', 'empty component'],
  ['a/', 'empty component'],
  ['/etc/x', 'absolute'],
  ['//srv/x', 'absolute'],
  ['~/x', '~'],
  ['~root/x', '~'],
  ['file:///x', 'address'],
  ['https://x/y', 'address'],
  ['C:\\x', 'drive'],
  ['C:x', 'drive'],
  ['\\\\srv\\x', 'backslash'],
  ['a\\..\\b', 'backslash'],
  ['a\0b', 'control'],
  ['a\nb', 'control'],
  ['a\rb', 'control'],
  ['a\u001b[31mb', 'control'],
  ['a\u009bb', 'control'],
  ['a\ud800b', 'Unicode'],
  ['.git/config', '.git'],
  ['.GIT/x', '.git'],
  ['sub/.gIt/hooks/pre-commit', '.git'],
  ['.git', '.git'],
  ['.g\u200cit/x', 'invisible'],
  ['.git\u200b/x', 'invisible'],
  ['.git /x', '.git'],
  ['.git./x', '.git'],
  ['.git::$INDEX_ALLOCATION/x', 'Windows'],
  ['git~1/x', '.git'],
  ['GIT~2/x', '.git'],
  ['gitmod~1', 'short name'],
  ['.gitmodules', 'steers git'],
  ['sub/.GitModules', 'steers git'],
  ['.gitattributes', 'steers git'],
  ['CON', 'device'],
  ['src/nul.txt', 'device'],
  ['COM1.log', 'device'],
  ['lpt¹', 'device'],
  ['con .txt', 'device'],
  ['a:b', 'address'],
  ['src/a:b', 'Windows'],
  ['a./b', 'dot or a space'],
  ['a /b', 'dot or a space'],
  [' a/b', 'starts with a space'],
  ['a?b', 'Windows'],
  ['__proto__', 'reserve'],
  ['-rf', '-'],
  ['--upload-pack=x', '-'],
  ['a\u202eb', 'invisible'],
  ['a\u{e0041}b', 'invisible'],
  ['a\u2028b', 'invisible'],
  ['a\u00a0b', 'unusual space'],
  [`a${'\u0301'.repeat(9)}`, 'combining'],
  ['x'.repeat(101), '100 characters'],
  [`${'abcdefghi/'.repeat(20)}abcdefghi`, '200 characters'],
  [`${'a/'.repeat(12)}a`, '12 levels'],
  ['語'.repeat(90), 'longer than file systems'],
  ['a/'.repeat(10_000), 'longer than'],
];

describe('checkPath', () => {
  it.each(safe)('takes %s', (path) => expect(checkPath(path)).toBeNull());
  it.each(hostile)('refuses %j', (path, reason) => expect(checkPath(path)).toContain(reason));

  it('never takes a path that leaves the tree, however it is put together', () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '',
      '.git',
      '.GIT',
      'git~1',
      'a',
      '/',
      '\\',
      '~',
      'C:',
      '\0',
      '\n',
      '\u200d',
      ' ',
      'con',
      '.git ',
      'src',
      '\u202e',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.constantFrom('/', ''), (pieces, glue) => {
        const path = pieces.join(glue);
        if (checkPath(path) !== null) return;
        const parts = path.split('/');
        expect(parts.every((part) => part !== '' && part !== '.' && part !== '..' && !/^\.git$/i.test(part))).toBe(true);
        expect(path).not.toMatch(/[\0-\x1f\\]|^[/~]|\u200d|\u202e/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('answers for any string without throwing, and what it takes survives a round trip through UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (path) => {
        if (checkPath(path) === null) expect(new TextDecoder().decode(new TextEncoder().encode(path))).toBe(path);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('checkStructure', () => {
  it('takes odd names that a repository may already have, but nothing that leaves the tree', () => {
    for (const path of ['a:b', '.gitattributes', '.gitmodules', 'CON', 'x'.repeat(150), `${'a/'.repeat(30)}b`, 'a\u200bb'])
      expect(checkStructure(path)).toBeNull();
    for (const path of ['../x', '/x', '.git/x', '.g\u200cit/x', 'git~1', 'a//b', 'a\nb', '']) expect(checkStructure(path)).not.toBeNull();
  });
});

describe('foldPath and checkTree', () => {
  it('folds case and normal forms', () => {
    expect(foldPath('SRC/É.ts')).toBe(foldPath('src/e\u0301.ts'));
    expect(foldPath('\u212a')).toBe('k');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(foldPath(foldPath(text))).toBe(foldPath(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('tells collisions, files that are folders, unsafe paths and too many files', () => {
    expect(checkTree(['a.ts', 'b/c.ts', 'b/d.ts'])).toEqual([]);
    expect(checkTree(['A.ts', 'a.ts'])).toEqual(['`A.ts` and `a.ts` are the same file on some systems.']);
    expect(checkTree(['a', 'A/b'])).toEqual(['`a` is a file, but another path needs the folder `A`.']);
    expect(checkTree(['Src/a', 'src/b'])).toEqual(['The folders `Src` and `src` are the same on some systems.']);
    expect(checkTree(['../x'])).toEqual(['`../x` is not a safe path: it has the component `..`.']);
    expect(checkTree(Array.from({ length: 5_001 }, (_, i) => `f${i}`))[0]).toContain('5001 files');
    expect(findCollisions(['x', 'x'])).toEqual(['`x` and `x` are the same path.']);
  });

  it('quotes hostile names so that a terminal obeys nothing', () => {
    expect(checkTree(['a\u001b]0;x\u0007'])[0]).not.toMatch(/[\u0000-\u001f]/);
  });
});

describe('isSteering', () => {
  it.each([
    'package.json',
    'sub/package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'base.tsconfig.json',
    'vitest.config.ts',
    'jest.setup.js',
    'eslint.config.mjs',
    'babel.config.cjs',
    'vite.config.mts',
    '.npmrc',
    '.mocharc.yml',
    '.env',
    '.env.local',
    '.github/workflows/ci.yml',
    '.redgreen/config.yaml',
    '.vscode/x.json',
    'node_modules/x/index.js',
    'Makefile',
    'sub/conftest.py',
    'pytest.ini',
    'pyproject.toml',
    'setup.cfg',
    'tox.ini',
    'sitecustomize.py',
    'x.pth',
    'requirements-dev.txt',
    'unittest.py',
    'src/pytest/__init__.py',
    'json.py',
    '__snapshots__/a.snap',
    'Dockerfile',
    'native.node',
    'biome.json',
    'PACKAGE.JSON',
  ])('%s', (path) => expect(isSteering(path)).toBe(true));
  it.each([
    'src/index.ts',
    'README.md',
    'src/config.ts',
    'lib/json/parse.ts',
    'data.json',
    '.gitignore',
    'app/types.py',
    'src/package.ts',
    'makefile.ts',
    'src/environment.ts',
  ])('not %s', (path) => expect(isSteering(path)).toBe(false));
});

describe('looksLikeTest', () => {
  it.each(['a.test.ts', 'src/a.spec.js', 'test/x.ts', '__tests__/x.js', 'test_a.py', 'a_test.py', 'tests/fixtures/x.json'])('%s', (path) =>
    expect(looksLikeTest(path)).toBe(true),
  );
  it.each(['src/testing.ts', 'src/latest.ts', 'contest.py', 'src/inspect.ts'])('not %s', (path) => expect(looksLikeTest(path)).toBe(false));
});

describe('writeGate', () => {
  const gate = writeGate({
    planned: ['src/a.ts', 'src/deep/b.ts'],
    locked: ['test/a.test.ts', 'checks/acceptance.mjs', 'LICENSE'],
    existing: ['src/old.ts'],
    isTest: (path) => path.endsWith('.check.ts'),
  });
  const reason = (path: string) => {
    const answer = gate(path);
    return 'ok' in answer ? null : answer.reason;
  };

  it('lets planned sources and safe new files pass', () => {
    for (const path of ['src/a.ts', 'src/deep/b.ts', 'src/new.ts', 'docs/notes.md']) expect(gate(path)).toEqual({ ok: true });
  });

  it.each([
    ['test/a.test.ts', 'locked'],
    ['Test/A.test.ts', 'locked'],
    ['checks/acceptance.mjs', 'locked'],
    ['checks/acceptance.mjs/x.ts', 'is a file'],
    ['package.json', 'steers'],
    ['src/A.ts', 'differs only in case'],
    ['src/deep', 'is a folder'],
    ['src/a.ts/x.ts', 'is a file'],
    ['SRC/new.ts', 'differs only in case'],
    ['src/old.ts', 'not among the planned'],
    ['src/more.test.ts', 'test file'],
    ['src/more.check.ts', 'test file'],
    ['../x', 'component'],
    ['.git/hooks/x', '.git'],
  ])('refuses %s', (path, why) => expect(reason(path)).toContain(why));
});
