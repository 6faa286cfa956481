import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { applyShownHunks } from '../../src/core/edits.ts';
import { openTarget } from '../../src/effects/target.ts';
import { createWorkspace } from '../../src/effects/workspace.ts';
import { git, repository } from './repository.ts';

/** Files whose bytes an edit must not touch beyond its lines. */
const TEXTS = {
  'bom.cs': '\ufeffclass A\r\n{\r\n    int old;\r\n}\r\n',
  'mixed.txt': 'one\r\nold\ntwo\r\nthree',
  'hidden.ts': 'const zero = "\u200b";\nlet old = 1;\n',
  'run.sh': '#!/bin/sh\necho old\n',
  'unended.py': 'def f():\n\treturn "old"',
};

it('a base is edited and committed with its marks, line ends, modes and missing line ends; what is no UTF-8 text is left as it is', async () => {
  const dir = repository(TEXTS);
  chmodSync(join(dir, 'run.sh'), 0o755);
  writeFileSync(join(dir, 'latin.txt'), Buffer.from('caf\xe9 old\n', 'latin1'));
  writeFileSync(join(dir, 'wide.txt'), Buffer.from('\ufeffold\r\n', 'utf16le'));
  symlinkSync('run.sh', join(dir, 'link.sh'));
  git(dir, 'add', '-A');
  git(dir, 'commit', '-qm', 'more');
  const target = await openTarget({ cwd: dir, dir: null });
  const workspace = createWorkspace({
    target,
    runId: '20261123-170509-abcd',
    base: target.head,
    created: target.created,
    now: () => Date.UTC(2026, 10, 23),
  });

  expect(await workspace.readBase('latin.txt')).toBeNull();
  expect(await workspace.readBase('wide.txt')).toBeNull();
  expect(await workspace.readBase('link.sh')).toBeNull();

  const tree: Record<string, string> = {};
  for (const [path, text] of Object.entries(TEXTS)) {
    const before = await workspace.readBase(path);
    expect(before).toBe(text);
    const result = applyShownHunks(before ?? '', [{ find: 'old', replace: 'new' }]);
    tree[path] = 'text' in result ? result.text : '';
  }
  const made = await workspace.commit({ tree, deleted: [], parent: null, subject: 'edit', body: '', trailers: [], ref: 'round-1' });
  const store = join(dir, '.git/redgreen/store.git');
  for (const [path, text] of Object.entries(TEXTS))
    expect(git(store, 'cat-file', '-p', `${made.commit}:${path}`)).toBe(text.replace('old', 'new'));
  const modes = (at: string, commit: string) => git(at, 'ls-tree', '-r', '--format=%(objectmode) %(path)', commit);
  expect(modes(store, made.commit)).toBe(modes(dir, 'HEAD'));
  for (const path of ['latin.txt', 'wide.txt', 'link.sh'])
    expect(git(store, 'rev-parse', `${made.commit}:${path}`)).toBe(git(dir, 'rev-parse', `HEAD:${path}`));
});
