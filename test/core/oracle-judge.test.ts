import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAnswers } from '../../src/core/oracle-answers.ts';
import { firstJobs, secondJobs } from '../../src/core/oracle-jobs.ts';
import { judgeOracle } from '../../src/core/oracle-judge.ts';
import { readOracle } from '../../src/core/oracle-read.ts';

function oracleOf(cases: readonly object[], properties: readonly object[] = []) {
  const reading = readOracle(JSON.stringify({ cases, properties }));
  if (!('oracle' in reading)) throw new Error(reading.problems.join('\n'));
  return reading.oracle;
}

const report = (...answers: object[]) => [{ nonce: 'n' }, ...answers, { done: true }].map((line) => JSON.stringify(line)).join('\n');

/** What is wrong with the first case, when the box answers so; null when it holds. */
function judged(one: object, answer: object): string | null {
  const oracle = oracleOf([{ name: 'x', ...one }]);
  const { byJob } = readAnswers(report({ id: 'case-0', ...answer }), 'n');
  return judgeOracle(oracle, 1, byJob, new Map())[0]?.wrong?.message ?? null;
}

const call = { module: 'a.ts', call: 'f', args: [1, 'x'] };
const error = { error: { $error: { names: ['RangeError', 'Error'], message: 'too large' } }, stack: '' };
const command = { argv: ['a.ts', 'two words'], stdout: 'a\nb\n' };
const ran = { exit: 0, end: null, stdout: 'a\nb\n', stderr: '', after: {} };
const server = { serve: ['a.ts', '{port}'], requests: [{ path: '/x', expect: { status: 200, json: { a: [1, 2] } } }] };

test.each<[string, object, object, string | null]>([
  ['a right value', { ...call, returns: { a: 1 } }, { calls: [{ value: { a: 1 } }] }, null],
  ['a wrong one', { ...call, returns: 2 }, { calls: [{ value: 3 }] }, 'f(1, "x") returned 3, expected 2'],
  [
    'a wrong part',
    { ...call, returns: { a: [1, 2] } },
    { calls: [{ value: { a: [1, 3] } }] },
    'f(1, "x") returned something else at .a[1]: 3, expected 2',
  ],
  [
    'an error instead',
    { ...call, returns: 2 },
    { calls: [{ thrown: error }] },
    'f(1, "x") threw RangeError: too large, expected the value 2',
  ],
  ['the right error', { ...call, throws: { name: 'Error', message: { $contains: 'large' } } }, { calls: [{ thrown: error }] }, null],
  [
    'another error',
    { ...call, throws: 'TypeError' },
    { calls: [{ thrown: error }] },
    'f(1, "x") threw RangeError: too large, expected TypeError',
  ],
  [
    'no error',
    { ...call, throws: 'TypeError' },
    { calls: [{ value: { $undefined: true } }] },
    'f(1, "x") returned undefined, expected TypeError',
  ],
  ['no answer', { ...call, returns: 2 }, { calls: [], end: 'exit 0' }, 'f(1, "x") gave no result: its process ended by itself (exit 0)'],
  ['no module', { ...call, returns: 2 }, { load: error }, 'the module does not load: RangeError: too large'],
  ['a command as wanted', command, { commands: [ran] }, null],
  ['another line', command, { commands: [{ ...ran, stdout: 'a\nc\n' }] }, 'a.ts "two words": stdout differs in line 2: "c", expected "b"'],
  [
    'a missing end',
    command,
    { commands: [{ ...ran, stdout: 'a\nb' }] },
    'a.ts "two words": stdout differs in line 3: the end, expected ""',
  ],
  ['another exit code', command, { commands: [{ ...ran, exit: 1 }] }, 'a.ts "two words": exit code 1, expected 0'],
  [
    'a killed command',
    command,
    { commands: [{ ...ran, exit: null, end: 'time' }] },
    'a.ts "two words": it did not come to an end and was stopped',
  ],
  ['an answer as wanted', server, { responses: [{ status: 200, headers: {}, body: '{"a":[1,2]}' }] }, null],
  ['another status', server, { responses: [{ status: 500, headers: {}, body: '' }] }, 'GET /x: status 500, expected 200'],
  ['no JSON', server, { responses: [{ status: 200, headers: {}, body: '<p>' }] }, 'GET /x: the body is no JSON: "<p>"'],
  [
    'a body that would end who walks it',
    server,
    { responses: [{ status: 200, headers: {}, body: '['.repeat(90_000) }] },
    'GET /x: the body is no JSON',
  ],
  ['a refused request', server, { responses: [{ failed: 'socket hang up' }] }, 'GET /x: no answer: socket hang up'],
  ['a silent server', server, { responses: [], end: 'silent' }, 'GET /x: was not asked (the server did not listen on its port)'],
])('%s', (_, one, answer, message) => {
  if (message === null) expect(judged(one, answer)).toBe(null);
  else expect(judged(one, answer)).toContain(message);
});

test('what an earlier answer gave is asked for again, and is no matcher', () => {
  const requests = [
    { path: '/', save: { id: '/a~1b/0' }, expect: { status: 200 } },
    { path: '/', expect: { json: { id: { $ref: 'id' } } } },
  ];
  const answers = (first: object, second: object) => ({
    responses: [first, second].map((body) => ({ status: 200, headers: {}, body: JSON.stringify(body) })),
  });
  const one = { ...server, requests };
  expect(judged(one, answers({ 'a/b': ['k7'] }, { id: 'k7' }))).toBe(null);
  expect(judged(one, answers({ 'a/b': ['k7'] }, { id: 'k8' }))).toContain('.id: "k8", expected "k7"');
  expect(judged(one, answers({ 'a/b': [{ $any: true }] }, { id: 'k8' }))).toContain('.id: "k8"');
  expect(judged(one, answers({}, { id: 'k8' }))).toContain('expected undefined');
});

const inverse = { name: 'back', holds: 'inverse', module: 'a.ts', call: 'f', by: 'g', given: [{ int: [0, 1_000] }] };

test('a property shows its smallest counterexample, and how many there are', () => {
  const oracle = oracleOf([], [inverse]);
  const [asked] = firstJobs(oracle, 5);
  const inputs = asked?.kind === 'calls' ? asked.steps.map((s) => s.args[0] as number) : [];
  const first = readAnswers(report({ id: 'property-0', calls: inputs.map((n) => ({ value: `v${n}` })) }), 'n').byJob;
  const [then] = secondJobs(oracle, 5, first);
  expect(then?.kind === 'calls' && then.steps.map((s) => [s.name, ...s.args])).toEqual(inputs.map((n) => ['g', `v${n}`]));
  const back = (right: (n: number) => boolean) =>
    readAnswers(report({ id: 'property-0', calls: inputs.map((n) => ({ value: right(n) ? n : -1 })) }), 'n').byJob;
  expect(
    judgeOracle(
      oracle,
      5,
      first,
      back(() => true),
    ),
  ).toEqual([{ name: 'back', wrong: null }]);
  const wrong = inputs.filter((n) => n >= 10 && n < 1_000).length;
  const least = inputs.find((n) => n >= 10 && n < 100);
  expect(
    judgeOracle(
      oracle,
      5,
      first,
      back((n) => n < 10 || n === 1_000),
    )[0]?.wrong?.message,
  ).toBe(`"inverse" does not hold: f(${least}) gave "v${least}", g of that gave -1 (${wrong} of ${inputs.length} inputs, seed 5)`);
});

test('a half that is missing is never taken for one that holds', () => {
  const oracle = oracleOf([], [inverse, { ...inverse, name: 'alone', holds: 'returns', by: undefined }]);
  const none = new Map();
  for (const byJob of [none, readAnswers(report({ id: 'property-0', calls: [] }, { id: 'property-1', calls: [{ value: 1 }] }), 'n').byJob])
    expect(judgeOracle(oracle, 5, byJob, none).map((j) => j.wrong === null)).toEqual([false, false]);
});

test('a report of another run, or of nobody, is not believed', () => {
  const good = report({ id: 'case-0', calls: [{ value: 1 }] });
  expect(readAnswers(good, 'm')).toMatchObject({ finished: false, problem: 'stale: the report is not of this run' });
  expect(readAnswers(null, 'n').problem).toBe('the driver wrote no report');
  expect(readAnswers('{"nonce":"n"}\n{"id":"a"}', 'n')).toMatchObject({ finished: false, problem: null });
});

test('whatever is reported, judging it ends and only right answers pass', () => {
  const oracle = oracleOf(
    [
      { name: 'x', ...call, returns: { a: 'right' } },
      { name: 'y', ...command },
      { name: 'z', ...server },
    ],
    [inverse],
  );
  const key = fc.constantFrom(
    'id',
    'calls',
    'value',
    'thrown',
    'error',
    'commands',
    'responses',
    'status',
    'body',
    'end',
    'load',
    '$error',
    '$object',
    '$any',
    '__proto__',
  );
  const leaf = fc.oneof(
    fc.constantFrom('case-0', 'case-1', 'case-2', 'property-0', '{}', 200),
    fc.string(),
    fc.integer(),
    fc.constant(null),
    fc.boolean(),
  );
  const any = fc.letrec<{ v: unknown }>((tie) => ({
    v: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie('v'), { maxLength: 4 }),
      fc
        .array(fc.tuple(key, tie('v')), { maxLength: 4 })
        .map((all) => `{${all.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`)}}`)
        .map((t) => JSON.parse(t) as unknown),
    ),
  })).v;
  fc.assert(
    fc.property(fc.array(any, { maxLength: 6 }), (lines) => {
      const { byJob } = readAnswers(report(...(lines as object[])), 'n');
      for (const { wrong } of judgeOracle(oracle, 1, byJob, byJob)) expect(wrong).not.toBe(null);
    }),
  );
});
