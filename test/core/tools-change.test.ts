import { describe, expect, test } from 'vitest';
import { changeTools, type Offer, validateChangeCall } from '../../src/core/tools-change.ts';

const LARGE: Offer = { kind: 'repair', large: true, refactor: true, typeCheck: true, packages: true, dispute: true };
const SMALL: Offer = { kind: 'repair', large: false, refactor: true, typeCheck: false, packages: false, dispute: false };
const names = (offer: Offer) => changeTools(offer).map((spec) => spec.name);
const call = (name: string, args: Record<string, unknown> | null, offer = LARGE) =>
  validateChangeCall({ id: '1', name, args, raw: JSON.stringify(args) }, changeTools(offer));

test('a conversation is offered what its repository has', () => {
  expect(names(SMALL)).toEqual(['read', 'search', 'edit', 'write', 'run_tests', 'blocked']);
  expect(names(LARGE)).toEqual([
    ...['read', 'search', 'map', 'references', 'edit', 'write', 'refactor', 'run_tests', 'type_check'],
    ...['request_package', 'dispute_test', 'blocked'],
  ]);
  expect(names({ ...LARGE, kind: 'reproduce' })).toEqual([
    ...['read', 'search', 'map', 'references', 'edit', 'amend_test', 'write', 'run_tests', 'untestable', 'blocked'],
  ]);
});

test('the tools of a small repository take at most 2,000 characters, those of a large one 4,000', () => {
  expect(JSON.stringify(changeTools(SMALL)).length).toBeLessThan(2_000);
  expect(JSON.stringify(changeTools(LARGE)).length).toBeLessThan(4_000);
});

test('every schema is strict, inside of arrays too', () => {
  for (const { schema } of changeTools(LARGE))
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false, required: Object.keys(schema['properties'] as object) });
  const edits = { items: { additionalProperties: false, required: ['find', 'replace'] } };
  expect(changeTools(SMALL).find((t) => t.name === 'edit')).toMatchObject({ schema: { properties: { edits } } });
});

describe('calls are understood', () => {
  const EDIT = { tool: 'edit', path: 'a.ts', hunks: [{ find: 'x', replace: 'y' }] };
  test.each([
    ['edit', { path: './a.ts', edits: [{ find: 'x', replace: 'y' }] }, EDIT],
    ['edit', { path: 'a.ts', edits: '[{"find":"x","replace":"y"}]' }, EDIT],
    ['edit', { path: 'a.ts', edits: { find: 'x', replace: 'y' } }, EDIT],
    ['edit', { path: 'a.ts', find: 'x', replace: 'y' }, EDIT],
    ['edit', { file_path: 'a.ts', old_string: 'x', new_string: 'y' }, EDIT],
    ['str_replace', { path: 'a.ts', old_str: 'x', new_str: 'y' }, EDIT],
    ['str_replace_based_edit_tool', { command: 'str_replace', path: 'a.ts', old_str: 'x', new_str: 'y' }, EDIT],
    ['functions.edit', { path: 'a.ts', edits: [{ old_text: 'x', new_text: 'y' }] }, EDIT],
    [
      'multi_edit',
      { file_path: 'a.ts', edits: [{ old_string: 'x', new_string: 'y', replace_all: true }] },
      { ...EDIT, hunks: [{ find: 'x', replace: 'y', all: true }] },
    ],
    ['apply_patch', { input: '*** Begin Patch' }, { tool: 'patch', text: '*** Begin Patch' }],
    ['edit', { path: 'a.ts', diff: '@@ -1 +1 @@' }, { tool: 'patch', text: '@@ -1 +1 @@' }],
    ['read', { path: 'a.ts', from: 3, to: 9 }, { tool: 'read', path: 'a.ts', from: 3, to: 9 }],
    ['read_file', { file_path: 'a.ts', offset: 10, limit: 5 }, { tool: 'read', path: 'a.ts', from: 10, to: 14 }],
    ['view', { path: 'a.ts', view_range: [5, -1] }, { tool: 'read', path: 'a.ts', from: 5, to: 0 }],
    ['read', { path: 'src/routes/[id]/con~1.ts' }, { tool: 'read', path: 'src/routes/[id]/con~1.ts', from: 1, to: 0 }],
    ['grep', { pattern: 'x', path: './src/' }, { tool: 'search', pattern: 'x', under: 'src/', regex: false, page: 1 }],
    ['search', { pattern: 'x', under: '', regex: true, page: 2 }, { tool: 'search', pattern: 'x', under: '', regex: true, page: 2 }],
    ['create_file', { path: 'a.ts', file_text: 'x' }, { tool: 'write', path: 'a.ts', content: 'x' }],
    ['delete_file', { path: 'a.ts' }, { tool: 'write', path: 'a.ts', content: '' }],
    ['run_tests', { tests: 'test/a.test.ts' }, { tool: 'run_tests', tests: ['test/a.test.ts'] }],
    [
      'refactor',
      { op: 'rename_symbol', path: 'a.ts', name: 'f', to: 'g', parameter: '', at: 0, argument: '' },
      { tool: 'refactor', edit: { op: 'rename_symbol', path: 'a.ts', name: 'f', to: 'g' } },
    ],
    [
      'refactor',
      { op: 'add_parameter', path: 'a.ts', name: 'f', to: '', parameter: 'n = 1', at: 1, argument: '2' },
      { tool: 'refactor', edit: { op: 'add_parameter', path: 'a.ts', name: 'f', parameter: 'n = 1', at: 1, argument: '2' } },
    ],
    ['type_check', {}, { tool: 'type_check' }],
  ])('%s %j', (name, args, wanted) => expect(call(name, args)).toEqual({ call: wanted }));
});

describe('other calls are told what to send', () => {
  test.each([
    ['bash', { command: 'ls' }, 'there is no tool "bash"; there are: read, search'],
    ['edit', null, 'the arguments of edit are not JSON'],
    ['edit', { path: 'a.ts', edits: [] }, '`edits` must be an array'],
    ['edit', { path: 'a.ts', edits: [{ find: 'x' }] }, '`edits[0]` must have the strings'],
    ['edit', { edits: [{ find: 'x', replace: 'y' }] }, '`path` must be given'],
    ['read', { path: '../secret' }, '`path` "../secret"'],
    ['write', { path: '.git/config', content: 'x' }, 'it reaches into `.git`'],
    ['search', { pattern: '', under: '' }, '`pattern` must be given'],
    ['refactor', { op: 'explode', path: 'a.ts' }, '`op` must be one of rename_symbol'],
    ['blocked', {}, '`why` must be given'],
  ])('%s %j', (name, args, wanted) => expect(call(name, args)).toEqual({ error: expect.stringContaining(wanted) }));

  test('a tool that is not offered is none', () => {
    expect(call('type_check', {}, SMALL)).toEqual({ error: expect.stringContaining('there is no tool "type_check"') });
    expect(call('amend_test', { path: 'a', edits: [{ find: 'x', replace: 'y' }], why: 'z' })).toEqual({
      error: expect.stringContaining('no tool'),
    });
  });
});
