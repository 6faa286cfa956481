import { describe, expect, test } from 'vitest';
import { REPAIR_TOOLS, validateCall } from '../../src/core/tools.ts';

const call = (name: string, args: Record<string, unknown> | null) => validateCall({ id: '1', name, args, raw: JSON.stringify(args) });

test('every schema is strict: an object, all properties required, nothing else allowed', () => {
  for (const { schema } of REPAIR_TOOLS) {
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false, required: Object.keys(schema['properties'] as object) });
  }
});

describe('validateCall accepts', () => {
  test.each([
    ['read', { path: 'src/a.ts', from: 3, to: 9 }, { name: 'read', path: 'src/a.ts', from: 3, to: 9 }],
    ['read', { path: './src/a.ts' }, { name: 'read', path: 'src/a.ts', from: 1, to: 0 }],
    ['read', { path: 'a.ts', from: '2', to: null }, { name: 'read', path: 'a.ts', from: 2, to: 0 }],
    ['search', { text: 'x y', under: '' }, { name: 'search', text: 'x y', under: '' }],
    ['search', { text: 'x', under: './src/' }, { name: 'search', text: 'x', under: 'src/' }],
    ['search', { text: 'x', under: '.' }, { name: 'search', text: 'x', under: '' }],
    ['edit', { path: 'a.ts', find: '  b', replace: '' }, { name: 'edit', path: 'a.ts', find: '  b', replace: '' }],
    ['write', { path: 'a.ts', content: 'x\n', extra: 1 }, { name: 'write', path: 'a.ts', content: 'x\n' }],
    ['run_tests', {}, { name: 'run_tests', tests: [] }],
    ['run_tests', { tests: 'test/a.test.ts' }, { name: 'run_tests', tests: ['test/a.test.ts'] }],
    ['request_package', { name: ' zod ', why: 'x' }, { name: 'request_package', package: 'zod', why: 'x' }],
    ['dispute_test', { path: 't.test.ts', test: 'a', why: 'b' }, { name: 'dispute_test', path: 't.test.ts', test: 'a', why: 'b' }],
    ['blocked', { why: 'both' }, { name: 'blocked', why: 'both' }],
  ])('%s %j', (name, args, wanted) => expect(call(name, args)).toEqual({ call: wanted }));
});

describe('validateCall tells the model what to send instead', () => {
  test.each([
    ['bash', { cmd: 'ls' }, 'there is no tool "bash"; there are: read, search'],
    ['edit', null, 'the arguments of edit are not JSON'],
    ['edit', { path: 'a.ts', find: '', replace: 'x' }, '`find` must be given'],
    ['edit', { path: 'a.ts', find: 'x', replace: 'x' }, '`find` and `replace` are the same'],
    ['edit', { find: 1, replace: 'x' }, '`path` must be given; `find` must be a string'],
    ['read', { path: '../secret', from: 0, to: 0 }, '`path` "../secret"'],
    ['read', { path: 'a.ts', from: 9, to: 3 }, '`from` is after `to`'],
    ['read', { path: 'a.ts', from: -1, to: 3 }, '`from` must be a line number'],
    ['write', { path: '/etc/passwd', content: 'x' }, '`path` "/etc/passwd"'],
    ['run_tests', { tests: [1] }, '`tests` must be an array of strings'],
    ['dispute_test', { path: 't.ts', test: 'a', why: ' ' }, '`why` must be given'],
  ])('%s %j', (name, args, message) => expect(call(name, args)).toEqual({ error: expect.stringContaining(message) }));
});
