import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createGh, createPullRequest, readIssue, readProject } from '../../src/effects/gh.ts';

const dir = mkdtempSync(join(tmpdir(), 'redgreen-gh-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const programs = mkdtempSync(join(tmpdir(), 'redgreen-gh-bin-'));
afterAll(() => rmSync(programs, { recursive: true, force: true }));

/** gh that says `out` and `err` and ends with `code`. */
function saying(out: string, err = '', code = 0) {
  writeFileSync(join(programs, 'gh'), `#!/bin/sh\ncat >/dev/null\ncat <<'EOT'\n${out}\nEOT\ncat >&2 <<'EOT'\n${err}\nEOT\nexit ${code}\n`);
  chmodSync(join(programs, 'gh'), 0o755);
  return createGh({ cwd: dir, env: { PATH: [programs, '/usr/bin', '/bin', dirname(process.execPath)].join(delimiter) } });
}

describe('what goes wrong is one sentence', () => {
  test.each([
    [4, 'To get started with GitHub CLI, please run:  gh auth login', 'gh is not logged in: run gh auth login, and try again.'],
    [1, 'no git remotes found', 'This repository has no remote on GitHub: add one (git remote add origin …), and try again.'],
    [
      1,
      'GraphQL: Could not resolve to an Issue with the number of 5. (repository.issue)',
      "There is no issue #5 in this repository's GitHub project.",
    ],
    [
      1,
      'error connecting to api.github.com\ncheck your internet',
      'gh issue view failed: error connecting to api.github.com check your internet.',
    ],
  ])('exit code %i: %s', async (code, said, message) => {
    await expect(readIssue(saying('', said, code), 5)).rejects.toMatchObject({ code: 'usage', message });
  });

  test('garbage', async () => {
    for (const out of ['', '<html>', '[]', 'null', '{"number":5}', '{"number":6,"title":"x"}', '{"number":5,"title":7}'])
      await expect(readIssue(saying(out), 5)).rejects.toMatchObject({ code: 'usage' });
    await expect(readProject(saying('{"nameWithOwner":"--evil/x","url":"https://github.com/o/r"}'))).rejects.toMatchObject({
      code: 'usage',
    });
  });
});

test('what is missing in an issue is empty', async () => {
  expect(await readIssue(saying('{"number":5,"title":" x ","comments":[{"author":null,"body":"b"}],"labels":[null]}'), 5)).toEqual({
    number: 5,
    title: 'x',
    body: '',
    url: '',
    labels: [''],
    comments: [{ author: '', body: 'b' }],
  });
});

test('a program of the project is not taken for gh', async () => {
  writeFileSync(join(dir, 'gh'), '#!/bin/sh\necho evil\n');
  chmodSync(join(dir, 'gh'), 0o755);
  const gh = createGh({ cwd: dir, env: { PATH: [dir, '/nonexistent'].join(delimiter) } });
  await expect(gh(['issue', 'view', '5'])).rejects.toMatchObject({ message: expect.stringContaining('gh was not found') });
});

test('a draft is one, and the address is found in what gh says', async () => {
  const gh = saying('Creating draft pull request\nhttps://github.com/o/r/pull/9');
  expect(await createPullRequest(gh, { project: 'https://github.com/o/r', head: 'x', title: 't', body: 'b', draft: true })).toBe(
    'https://github.com/o/r/pull/9',
  );
});
