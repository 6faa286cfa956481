import { describe, expect, test } from 'vitest';
import { PLAN_SCHEMA } from '../../src/core/plan-schema.ts';
import { parsePlanReply } from '../../src/core/replies.ts';
import { findJson, mendJson, withoutReasoning } from '../../src/core/replies-json.ts';
import { PLAN } from './prompt-fixtures.ts';

const json = JSON.stringify({ blocked: '', ...PLAN });
const pretty = JSON.stringify(PLAN, null, 2);
const change = (edit: (plan: Record<string, unknown>) => void): string => {
  const plan: Record<string, unknown> = structuredClone({ blocked: '', ...PLAN });
  edit(plan);
  return JSON.stringify(plan);
};

describe('parsePlanReply reads a plan', () => {
  const cases: [name: string, reply: string][] = [
    ['as asked for', json],
    ['after a byte order mark', `\ufeff${json}`],
    ['in a fence', `\`\`\`json\n${pretty}\n\`\`\``],
    ['in a fence that nobody closed', `\`\`\`json\n${pretty}`],
    ['with prose around', `Here is the plan you asked for {with braces}:\n${pretty}\nLet me know!`],
    ['after visible reasoning', `<think>maybe {"name": 1}</think>${json}`],
    ['wrapped', JSON.stringify({ plan: PLAN })],
    ['wrapped beside a remark', JSON.stringify({ note: 'ok', plan: PLAN })],
    ['as the one item of an array', `[${json}]`],
    ['with trailing commas', pretty.replace(/"\n(\s*)([}\]])/g, '",\n$1$2')],
    ['with comments', pretty.replace('{\n', '{\n  // the name, "quoted"\n  /* block */\n')],
    ['with raw line breaks in strings', pretty.replaceAll('\\n', '\n')],
    ['with unknown escapes', pretty.replace('Amounts in cents.', 'Amounts in \\cents.').replace('in \\cents', 'in cents')],
    ['with fields that nobody asked for', change((p) => Object.assign(p, { confidence: 0.9, notes: [] }))],
    ['that says "none" where it is not blocked', change((p) => Object.assign(p, { blocked: 'None.' }))],
    ['that says at length that nothing blocks it', change((p) => Object.assign(p, { blocked: 'No, nothing blocks this task.' }))],
    ['in the short name of its language', change((p) => Object.assign(p, { language: 'TS' }))],
  ];
  test.each(cases)('%s', (_, reply) => expect(parsePlanReply(reply)).toEqual({ plan: PLAN }));

  test('fills in what a plan may lack', () => {
    const reply = {
      name: 'a',
      summary: 'b',
      language: 'python',
      runner: 'unittest',
      files: [{ path: './a.py', purpose: 'p', contract: null }],
    };
    expect(parsePlanReply(JSON.stringify(reply))).toEqual({
      plan: {
        name: 'a',
        summary: 'b',
        language: 'python',
        runner: 'unittest',
        files: [{ path: 'a.py', purpose: 'p', contract: '', uses: [] }],
        tests: [],
        packages: [],
        decisions: [],
        commands: [],
      },
    });
  });

  test('takes contracts out of fences, drops those of documents, and takes packages by name', () => {
    const reply = change((p) => {
      p['packages'] = ['zod'];
      p['files'] = [
        { path: 'src/a.ts', purpose: 'p', contract: '```ts\nexport const a: 1;\n```', uses: [] },
        { path: 'README.md', purpose: 'p', contract: 'a readme', uses: [] },
      ];
    });
    expect(parsePlanReply(reply)).toMatchObject({
      plan: { packages: [{ name: 'zod', range: '', dev: false }], files: [{ contract: 'export const a: 1;' }, { contract: '' }] },
    });
  });

  test.each([
    ['src/cli.ts', './money.ts', 'src/money.ts'],
    ['test/a.test.ts', '../src/money.ts', 'src/money.ts'],
    ['src/cli.ts', './src/money.ts', 'src/money.ts'],
    ['src/cli.ts', 'src/money', 'src/money.ts'],
    ['src/cli.ts', './money.js', 'src/money.ts'],
    ['src/cli.ts', 'app.store', 'app/store.py'],
    ['src/cli.ts', 'app', 'app/__init__.py'],
    ['src/cli.ts', './nothing', './nothing'],
    ['src/cli.ts', 'node:fs/promises', 'node:fs/promises'],
  ])('resolves what %s uses as %s to %s', (path, use, wanted) => {
    const planned = ['src/money.ts', 'app/store.py', 'app/__init__.py', path].map((p) => ({
      path: p,
      purpose: 'p',
      contract: '',
      uses: p === path ? [use] : [],
    }));
    const parsed = parsePlanReply(change((p) => Object.assign(p, { files: planned })));
    expect('plan' in parsed && parsed.plan.files.at(-1)?.uses).toEqual([wanted]);
  });
});

describe('parsePlanReply says exactly what is wrong', () => {
  const cases: [name: string, reply: string, where: string, message: string][] = [
    ['nothing', '', 'reply', 'the reply is empty'],
    ['no JSON', 'I would start with a file for money.', 'reply', 'holds no JSON object'],
    ['half a plan', json.slice(0, json.length / 2), 'reply', 'ends before its last brace'],
    ['broken JSON', json.replace('"name":', '"name" '), 'reply', 'cannot be read'],
    ['a list', '[1,2]', 'reply', 'holds no JSON object'],
    ['a missing name', change((p) => delete p['name']), 'name', 'must be a string, but it is missing'],
    ['an empty summary', change((p) => Object.assign(p, { summary: ' ' })), 'summary', 'must not be empty'],
    ['an unknown language', change((p) => Object.assign(p, { language: 'rust' })), 'language', '"rust" is none of'],
    [
      'files that are no list',
      change((p) => Object.assign(p, { files: 'src/a.ts' })),
      'files',
      'must be an array of objects, but it is a string',
    ],
    ['no files at all', change((p) => delete p['files']), 'files', 'it is missing'],
    [
      'a file that is a string',
      change((p) => Object.assign(p, { files: ['src/a.ts'] })),
      'files[0]',
      'must be an object, but it is a string',
    ],
    ['a file without a path', change((p) => Object.assign(p, { files: [{ purpose: 'x' }] })), 'files[0].path', 'it is missing'],
    [
      'a contract that is an object',
      change((p) => Object.assign(p, { files: [{ path: 'a.ts', purpose: 'x', contract: {} }] })),
      'files[0].contract',
      'must be a string, but it is a object',
    ],
    [
      'uses that are no list',
      change((p) => Object.assign(p, { tests: [{ path: 'a.test.ts', checks: [], uses: 'a' }] })),
      'tests[0].uses',
      'array of strings',
    ],
    [
      'checks with objects',
      change((p) => Object.assign(p, { tests: [{ path: 'a.test.ts', checks: [{}], uses: [] }] })),
      'tests[0].checks',
      'it holds something else',
    ],
    [
      'a command without words',
      change((p) => Object.assign(p, { commands: [{ argv: 'node x' }] })),
      'commands[0].argv',
      'array of strings',
    ],
  ];
  test.each(cases)('%s', (_, reply, where, message) => {
    expect(parsePlanReply(reply)).toEqual({ violations: expect.arrayContaining([{ where, message: expect.stringContaining(message) }]) });
  });

  test('every problem at once', () => {
    const parsed = parsePlanReply('{"name": 1, "files": [{"path": 2}], "tests": [3]}');
    expect('violations' in parsed && parsed.violations.map((v) => v.where)).toEqual([
      'name',
      'summary',
      'language',
      'runner',
      'files[0].path',
      'files[0].purpose',
      'tests[0]',
    ]);
  });
});

test('a blocked plan gives its reason, with or without the rest', () => {
  expect(parsePlanReply('{"blocked": "needs a secret key"}')).toEqual({ blocked: 'needs a secret key' });
  expect(parsePlanReply(change((p) => Object.assign(p, { blocked: 'contradicts itself', files: [], tests: [] })))).toEqual({
    blocked: 'contradicts itself',
  });
});

test('the schema names every field of a plan, strictly', () => {
  expect([...PLAN_SCHEMA.required].sort()).toEqual(['blocked', ...Object.keys(PLAN)].sort());
  const { files, tests, packages, commands } = PLAN_SCHEMA.properties;
  const firsts = [files, tests, packages, commands].map((list) => [...list.items.required].sort());
  expect(firsts).toEqual([PLAN.files[0], PLAN.tests[0], PLAN.packages[0], PLAN.commands[0]].map((item) => Object.keys(item ?? {}).sort()));
  for (const item of [PLAN_SCHEMA, files.items, tests.items, packages.items, commands.items]) expect(item.additionalProperties).toBe(false);
});

describe('JSON', () => {
  test('withoutReasoning drops only what stands at the start', () => {
    expect(withoutReasoning('<thinking>a</thinking>b')).toBe('b');
    expect(withoutReasoning('b <think>a</think>')).toBe('b <think>a</think>');
    expect(withoutReasoning('<think>never ends')).toBe('');
  });

  test('mendJson leaves sound JSON as it is', () => {
    const sound = JSON.stringify({ a: 'x, ]', b: ['// no', '/* no */'], c: 'é\n\t"\\' });
    expect(mendJson(sound)).toBe(sound);
  });

  test('findJson takes the longest object that can be read', () => {
    expect(findJson('{"a":1} then {"b":{"c":"}"},"d":2}')).toEqual({ value: { b: { c: '}' }, d: 2 } });
  });
});
