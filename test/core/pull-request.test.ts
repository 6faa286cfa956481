import { expect, test } from 'vitest';
import { pullRequestBody } from '../../src/core/pull-request.ts';

const about = {
  branch: 'redgreen/pages',
  subjects: ['Test: pages', 'Count the last page'],
  changed: [{ path: 'src/pages.js', added: '1', removed: '1' }],
  outcome: 'green',
  reason: '3 tests passed in the clean room',
  tests: '3 of 3 passed',
  proof: 'sha256:abc',
  issue: 12,
};

test('says what changed, what was proven and how to prove it anew', () => {
  const body = pullRequestBody(about);
  expect(body).toContain('- Count the last page');
  expect(body).toContain('- `src/pages.js` (+1 −1)');
  expect(body).toContain('redgreen verify redgreen/pages --expect sha256:abc');
  expect(body.endsWith('Fixes #12')).toBe(true);
});

test('what is not green is not called proven, and closes nothing', () => {
  const body = pullRequestBody({ ...about, outcome: 'red', reason: '1 of 3 tests failed', proof: null });
  expect(body).toContain('None: the run ended red (1 of 3 tests failed).');
  expect(body.endsWith('For #12')).toBe(true);
  expect(body).not.toContain('verify');
});

test('words of a model mention nobody, link nothing and close no other issue', () => {
  const body = pullRequestBody({ ...about, subjects: ['Thanks @octocat, [see](http://x) <img> fixes #99'], issue: null });
  expect(body).toContain('&#64;octocat');
  expect(body).toContain('\\[see\\](http://x) \\<img\\>');
  expect(body).not.toContain('#99');
});
