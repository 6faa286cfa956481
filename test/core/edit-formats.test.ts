import { describe, expect, it } from 'vitest';
import { applyFileEdits } from '../../src/core/edit-formats/apply.ts';
import { readEdits } from '../../src/core/edit-formats/read.ts';

/** The files after the edits of a reply; or why not. */
function after(files: Readonly<Record<string, string>>, reply: string, only: string | null = null): unknown {
  const read = readEdits(reply);
  if ('problem' in read) return read.problem;
  const done = applyFileEdits((path) => files[path] ?? null, read.edits, only);
  if (done.failures.length > 0)
    return done.failures.map((each) => [each.path, each.problem, ...each.failed.map((hunk) => hunk.problem)].join(' | '));
  const kept = Object.fromEntries(Object.entries({ ...files, ...done.changed }).filter(([path]) => !done.removed.includes(path)));
  return kept;
}

const FILES = { 'src/a.ts': 'one\ntwo\nthree\n', 'b.md': 'x\n' };

describe('search-and-replace blocks', () => {
  const block = (find: string, replace: string) => `<<<<<<< SEARCH\n${find}\n=======\n${replace}\n>>>>>>> REPLACE`;

  it('take their path from a line before them, and keep it', () => {
    expect(after(FILES, `I change this:\n\nsrc/a.ts\n\`\`\`ts\n${block('two', '2')}\n${block('three', '3')}\n\`\`\`\n`)).toEqual({
      ...FILES,
      'src/a.ts': 'one\n2\n3\n',
    });
    expect(after(FILES, `**b.md**:\n${block('x', 'y')}\n`)).toEqual({ ...FILES, 'b.md': 'y\n' });
    expect(after(FILES, block('x', 'y'), 'b.md')).toEqual({ ...FILES, 'b.md': 'y\n' });
    expect(after(FILES, block('x', 'y'))).toEqual([' | An edit names no file: say its path on the line before it.']);
  });

  it('make, append nothing to, and change files of several kinds in one reply', () => {
    expect(after(FILES, `new/c.ts\n<<<<<<< SEARCH\n=======\nfresh\n>>>>>>> REPLACE\n\nb.md\n${block('x', '')}`)).toEqual({
      ...FILES,
      'new/c.ts': 'fresh\n',
      'b.md': '',
    });
    expect(after(FILES, 'b.md\n<<<<<<< SEARCH\n=======\nfresh\n>>>>>>> REPLACE')).toEqual([expect.stringContaining('`find` is empty')]);
  });

  it('may carry a line to start at, line numbers, other markers and markers that are text', () => {
    expect(after({ 'a.txt': 'x\nx\n' }, 'a.txt\n<<<<<<< SEARCH\n:start_line:2\n-------\nx\n=======\ny\n>>>>>>> REPLACE')).toEqual({
      'a.txt': 'x\ny\n',
    });
    expect(after({ 'a.txt': 'x\n' }, 'a.txt\n<<<<<<< SEARCH\n:start_line:1\n-------\n=======\ny\n>>>>>>> REPLACE')).toEqual({
      'a.txt': 'y\nx\n',
    });
    expect(after({ 'a.txt': 'x\n' }, 'a.txt\n------- SEARCH\nx\n=======\ny\n+++++++ REPLACE')).toEqual({ 'a.txt': 'y\n' });
    expect(after({ 'a.txt': '=======\n' }, 'a.txt\n<<<<<<< SEARCH\n\\=======\n=======\n\\>>>>>>> REPLACE\n>>>>>>> REPLACE')).toEqual({
      'a.txt': '>>>>>>> REPLACE\n',
    });
    expect(after({ 'a.md': 'Title\n=====\n' }, 'a.md\n<<<<<<< SEARCH\nTitle\n=====\n=======\nName\n=====\n>>>>>>> REPLACE')).toEqual({
      'a.md': 'Name\n=====\n',
    });
  });

  it.each([
    ['cut off', 'a.ts\n<<<<<<< SEARCH\nx\n=======\ny\n'],
    ['one in the other', 'a.ts\n<<<<<<< SEARCH\nx\n<<<<<<< SEARCH\n=======\ny\n>>>>>>> REPLACE'],
    ['without a middle', 'a.ts\n<<<<<<< SEARCH\nx\n>>>>>>> REPLACE'],
    ['with two middles', 'a.ts\n<<<<<<< SEARCH\nx\n=======\ny\n=======\nz\n>>>>>>> REPLACE'],
    ['closed twice', 'a.ts\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n>>>>>>> REPLACE'],
  ])('are refused when they are %s', (_, reply) => {
    expect(after({ 'a.ts': 'x\n' }, reply)).toContain('malformed');
  });
});

describe('unified diffs', () => {
  it('are applied where their lines stand, whatever their numbers', () => {
    const text = Array.from({ length: 30 }, (_, i) => `line ${i}`).join('\n');
    const diff = '--- a/a.txt\n+++ b/a.txt\n@@ -900,3 +900,4 @@ somewhere\n line 9\n-line 10\n+LINE 10\n+line 10.5\n line 11\n';
    expect(after({ 'a.txt': text }, diff)).toEqual({ 'a.txt': text.replace('line 10\n', 'LINE 10\nline 10.5\n') });
    expect(after({ 'a.txt': text }, `\`\`\`diff\n${diff}\`\`\`\nThat is all.`)).toEqual({
      'a.txt': text.replace('line 10\n', 'LINE 10\nline 10.5\n'),
    });
  });

  it('let their numbers decide between places that are alike, and overlook outer context that is wrong', () => {
    expect(after({ 'a.txt': 'x\ny\nx\ny\n' }, '--- a.txt\n+++ a.txt\n@@ -3,2 +3,2 @@\n-x\n+z\n y\n')).toEqual({ 'a.txt': 'x\ny\nz\ny\n' });
    expect(after({ 'a.txt': 'x\ny\nx\ny\n' }, '--- a.txt\n+++ a.txt\n@@\n-x\n+z\n y\n')).toEqual([expect.stringContaining('2 places')]);
    expect(after({ 'a.txt': 'first\nsecond line\nthird\n' }, '--- a.txt\n+++ a.txt\n@@\n wrong\n-second line\n+2\n third\n')).toEqual({
      'a.txt': 'first\n2\nthird\n',
    });
  });

  it('make, delete and empty files, and keep CRLF and a missing last line end', () => {
    expect(after(FILES, '--- /dev/null\n+++ b/new.ts\n@@ -0,0 +1,2 @@\n+a\n+b\n')).toEqual({ ...FILES, 'new.ts': 'a\nb\n' });
    expect(after(FILES, 'diff --git a/b.md b/b.md\n--- a/b.md\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n')).toEqual({
      'src/a.ts': FILES['src/a.ts'],
    });
    expect(
      after({ 'a.txt': 'a\r\nb\r\nc' }, '--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n\\ No newline at end of file\n'),
    ).toEqual({ 'a.txt': 'a\r\nB\r\nc' });
    expect(after({ 'a.txt': 'a\nb\n' }, '--- a/a.txt\n+++ b/a.txt\n@@ -1,0 +2 @@\n+new\n')).toEqual({ 'a.txt': 'a\nnew\nb\n' });
    expect(after({ 'a.txt': 'a\nb\n' }, '--- a/a.txt\n+++ b/a.txt\n@@\n a\n-b\n+\n')).toEqual({ 'a.txt': 'a\n\n' });
  });

  it('are refused where they add without context, and per file as a whole', () => {
    expect(after(FILES, '--- a/b.md\n+++ b/b.md\n@@\n+y\n')).toContain('add one');
    const two = '--- a/b.md\n+++ b/b.md\n@@\n-x\n+y\n--- a/src/a.ts\n+++ b/src/a.ts\n@@\n-one\n+1\n@@\n-nine\n+9\n';
    const read = readEdits(two);
    const done = 'edits' in read ? applyFileEdits((path) => (FILES as Record<string, string>)[path] ?? null, read.edits) : null;
    expect(done).toMatchObject({ changed: { 'b.md': 'y\n' }, failures: [{ path: 'src/a.ts', failed: [{ index: 1 }] }] });
    expect(Object.keys(done?.changed ?? {})).toEqual(['b.md']);
  });
});

describe('patches', () => {
  const patch = (body: string) => `*** Begin Patch\n${body}\n*** End Patch`;

  it('add, delete, update and move files', () => {
    expect(
      after(FILES, patch('*** Add File: new.ts\n+a\n+\n+b\n*** Delete File: b.md\n*** Update File: src/a.ts\n@@\n one\n-two\n+2')),
    ).toEqual({
      'src/a.ts': 'one\n2\nthree\n',
      'new.ts': 'a\n\nb\n',
    });
    expect(after(FILES, patch('*** Update File: b.md\n*** Move to: c.md\n@@\n-x\n+y'))).toEqual({
      'src/a.ts': FILES['src/a.ts'],
      'c.md': 'y\n',
    });
  });

  it('find their place under the lines of `@@`, one inside the other', () => {
    const text = 'class A:\n    def f(self):\n        pass\n\nclass B:\n    def f(self):\n        pass\n';
    expect(
      after({ 'a.py': text }, patch('*** Update File: a.py\n@@ class B:\n@@     def f(self):\n-        pass\n+        return 1')),
    ).toEqual({
      'a.py': text.replace(/pass\n$/, 'return 1\n'),
    });
    expect(after({ 'a.py': text }, patch('*** Update File: a.py\n@@\n-        pass\n+        return 1'))).toEqual([
      expect.stringContaining('2 places'),
    ]);
    expect(after({ 'a.py': text }, patch('*** Update File: a.py\n@@ class B:\n+    x = 1'))).toEqual({
      'a.py': text.replace('class B:\n', 'class B:\n    x = 1\n'),
    });
  });

  it('append at the end, and end what they end with a line end', () => {
    expect(after({ 'a.txt': 'a\nb' }, patch('*** Update File: a.txt\n@@\n+c'))).toEqual({ 'a.txt': 'a\nb\nc\n' });
    expect(after({ 'a.txt': 'x\na\nx\n' }, patch('*** Update File: a.txt\n@@\n-x\n+y\n*** End of File'))).toEqual({ 'a.txt': 'x\na\ny\n' });
  });

  it.each([
    ['was cut off', '*** Begin Patch\n*** Update File: b.md\n@@\n-x\n+y'],
    ['adds a file that is there', patch('*** Add File: b.md\n+y')],
    ['deletes one that is not', patch('*** Delete File: c.md')],
    ['names no file', patch('-x\n+y')],
    ['changes nothing', patch('*** Update File: b.md\n@@\n x')],
    ['moves onto a file', patch('*** Update File: b.md\n*** Move to: src/a.ts\n@@\n-x\n+y')],
  ])('are refused: one that %s', (_, reply) => {
    expect(after(FILES, reply)).not.toHaveProperty('b.md');
  });
});

describe('whole files', () => {
  it('stand in fences under their path', () => {
    expect(after(FILES, 'b.md\n```md\nnew\n```\nand `src/c.ts`\n```ts src/c.ts\nx\n```\n')).toEqual({
      ...FILES,
      'b.md': 'new\n',
      'src/c.ts': 'x\n',
    });
  });

  it('keep the byte order mark and line ends of the file that they replace', () => {
    expect(after({ 'b.md': '\ufeffold\r\ntext\r\n' }, 'b.md\n```\nnew\ntext\n```\n')).toEqual({ 'b.md': '\ufeffnew\r\ntext\r\n' });
  });

  it('are no edits where a fence has no path or is not closed', () => {
    expect(after(FILES, 'Run this:\n```sh\nnpm test\n```\n')).toContain('There is no edit');
    expect(after(FILES, 'b.md\n```md\nnew\n')).toContain('cut off');
    expect(after(FILES, 'All done.')).toContain('There is no edit');
  });
});
