// Every prompt as it ships: its front matter, its variables, and how it reads with real data.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Liquid } from 'liquidjs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { PLAN_CHANGED } from '../../src/core/amend.ts';
import { checkPlan } from '../../src/core/plan-rules.ts';
import { draftPrompt, type PromptSpec, planPrompt, repairPrompt, testsPrompt } from '../../src/core/prompt.ts';
import { changePrompt, reproducePrompt } from '../../src/core/prompt-change.ts';
import { coverPrompt } from '../../src/core/prompt-cover.ts';
import { slicesPrompt } from '../../src/core/prompt-slices.ts';
import { parsePlanReply } from '../../src/core/replies.ts';
import { NOTHING_USED } from '../../src/core/slices.ts';
import { builtInPrompts, createPrompts, renderRequest, withoutFrontMatter } from '../../src/effects/prompts.ts';
import { CHANGE, COVER, REPRODUCE } from '../core/prompt-change-fixtures.ts';
import { AUTHOR, PLAN, PLAN_INPUT, REPAIR } from '../core/prompt-fixtures.ts';

const DIR = builtInPrompts();
const NAMES = readdirSync(DIR)
  .filter((f) => f.endsWith('.md'))
  .map((f) => f.slice(0, -3));
const source = createPrompts({ builtIn: DIR, user: null, project: null });
const [FILE] = PLAN.files;
const [TEST] = PLAN.tests;
if (!FILE || !TEST) throw new Error('the fixture is empty');
const problems = [{ where: 'test/split.test.ts', message: 'line 2: no such name' }];
const asTest = { ...AUTHOR, test: TEST, problems: [], previous: null, partial: null, current: null, strength: false, dispute: null };
const asDraft = { ...AUTHOR, file: FILE, current: null, problems: [], previous: null, partial: null };

const SLICES = {
  task: PLAN_INPUT.task,
  series: { first: 'r1', n: 2, done: ['Keep notes'], expected: [{ title: 'Find notes', task: 'By word.' }], used: NOTHING_USED },
  subjects: ['Add notes'],
  files: ['src/notes.ts'],
  problems,
};

const SPECS: Record<string, PromptSpec> = {
  plan: planPrompt(PLAN_INPUT),
  'plan, all given': planPrompt({
    ...PLAN_INPUT,
    language: 'python',
    runner: 'unittest',
    baseFiles: ['src/a.py'],
    excerpts: { 'src/a.py': 'x = 1' },
    givenTests: { 'tests/test_a.py': 'assert 1' },
  }),
  'plan on a branch': planPrompt({
    ...PLAN_INPUT,
    baseFiles: ['src/a.ts', 'test/a.test.ts'],
    excerpts: { 'src/a.ts': 'export const x = 1;' },
    onto: { name: 'word-count', kept: ['test/a.test.ts'] },
  }),
  'plan on a branch without tests': planPrompt({ ...PLAN_INPUT, baseFiles: ['a.txt'], onto: { name: 'word-count', kept: [] } }),
  'plan again': planPrompt({ ...PLAN_INPUT, previous: { plan: '{"name": "x"}', violations: problems }, remarks: ['Use tabs.'] }),
  'plan amended': planPrompt({ ...PLAN_INPUT, previous: { plan: '{"name": "x"}', violations: [] }, remarks: ['Use tabs.'], amends: true }),
  tests: testsPrompt(asTest),
  'tests written anew': testsPrompt({ ...asTest, current: 'earlier test' }),
  'tests again': testsPrompt({ ...asTest, problems, previous: 'old test' }),
  'tests continued': testsPrompt({ ...asTest, partial: 'const half = 1;\n' }),
  dispute: testsPrompt({ ...asTest, previous: 'old test', dispute: 'it is wrong' }),
  strength: testsPrompt({
    ...asTest,
    strength: true,
    test: { ...TEST, checks: ['`splitCents` of src/split.ts: when `parts` is exactly 1, it is treated like below it'] },
  }),
  'tests as data': testsPrompt({ ...asTest, test: { ...TEST, path: 'test/oracle.json' } }),
  slices: slicesPrompt(SLICES),
  'slices, the first': slicesPrompt({
    ...SLICES,
    series: { ...SLICES.series, done: [], expected: [] },
    subjects: [],
    files: [],
    problems: [],
  }),
  draft: draftPrompt(asDraft),
  'draft after a remark': draftPrompt({ ...asDraft, remarks: ['Round half up.'] }),
  'repair because of a remark': repairPrompt({ ...REPAIR, failures: [], diagnostics: [], remarks: ['Round half up.'] }),
  'draft of an existing file': draftPrompt({ ...asDraft, current: 'export const before = 1;' }),
  'draft with given tests': draftPrompt({ ...asDraft, givenTests: { 'test/given.test.ts': 'given()' } }),
  'draft amended': draftPrompt({ ...asDraft, problems: [{ where: 'src/split.ts', message: PLAN_CHANGED }], previous: 'old draft' }),
  'draft again': draftPrompt({ ...asDraft, problems, previous: 'old draft' }),
  repair: repairPrompt({ ...REPAIR, languageRules: '- ES modules only.' }),
  'repair, first strategy change': repairPrompt({ ...REPAIR, strategy: 1, givenTests: ['test/split.test.ts'] }),
  'repair of what was there': repairPrompt({ ...REPAIR, kept: ['test/split.test.ts'] }),
  'repair, second': repairPrompt({ ...REPAIR, strategy: 2, failures: [], bad: problems }),
  change: changePrompt(CHANGE),
  'change, little known': changePrompt({
    ...CHANGE,
    rules: [],
    files: [],
    map: '',
    tests: [],
    tried: [],
    diagnostics: [],
    given: false,
    round: 0,
  }),
  'change, first strategy change': changePrompt({ ...CHANGE, strategy: 1, bad: problems, remarks: ['Use tabs.'] }),
  'change, second': changePrompt({ ...CHANGE, strategy: 2, turnsLeft: 1 }),
  'change that no test shows': changePrompt({ ...CHANGE, failures: [], tests: [], untestable: 'it is a comment', turnsLeft: 3 }),
  'change because of a remark': changePrompt({ ...CHANGE, failures: [], tests: [], remarks: ['Round half up.'] }),
  reproduce: reproducePrompt(REPRODUCE),
  'reproduce, little known': reproducePrompt({ ...REPRODUCE, example: null, files: [], map: '', rules: [] }),
  'reproduce again': reproducePrompt({ ...REPRODUCE, tests: CHANGE.tests, problems }),
  cover: coverPrompt(COVER),
  'cover, nothing tested': coverPrompt({ ...COVER, example: null, before: { ...COVER.before, lines: null } }),
  'cover again': coverPrompt({ ...COVER, before: { ...COVER.before, survivors: [] }, tests: CHANGE.tests, problems }),
};

const render = async (name: string) => {
  const request = await renderRequest(SPECS[name] as PromptSpec, source, { run: 'r', step: 'plan', subject: 's', attempt: 1 });
  const [first] = request.messages;
  const parts = first?.role === 'user' ? first.parts : [];
  return { system: request.system, parts, text: parts.map((p) => p.text).join('') };
};

describe('front matter', () => {
  test.each(NAMES)('%s', async (name) => {
    const text = readFileSync(join(DIR, `${name}.md`), 'utf8');
    const head = parse(/^---\n([\s\S]*?)\n---\n/.exec(text)?.[1] ?? '') as Record<string, unknown>;
    expect(head).toEqual({
      name,
      description: expect.stringMatching(/\.$/),
      step: expect.stringMatching(/^(slices|plan|tests|draft|repair|reproduce)(, (tests|draft|repair|reproduce))*$/),
      variables: expect.any(Array),
    });
    const used = await new Liquid().globalVariables(withoutFrontMatter(text));
    expect([...(head['variables'] as string[])].sort()).toEqual(used.filter((v) => v !== 'forloop').sort());
  });
});

test('every template is used, and its variables are exactly those that it is given', async () => {
  const pieces = Object.values(SPECS).flatMap((s) => [s.system, ...s.parts, ...s.tail]);
  expect([...new Set(pieces.map((p) => p.template))].sort()).toEqual([...NAMES].sort());
  for (const { template, data } of pieces) {
    const used = await new Liquid().globalVariables(withoutFrontMatter((await source.template(template)).text));
    expect({ template, data: Object.keys(data).sort() }).toEqual({ template, data: used.filter((v) => v !== 'forloop').sort() });
  }
});

test.each(Object.keys(SPECS))('%s renders cleanly', async (name) => {
  const { system, text } = await render(name);
  const own = `${system}${text}`.replaceAll('{{ braces }}', '').replaceAll('"$undefined"', '');
  expect(own).not.toMatch(/\{\{|\}\}(?!\n?[\])}])|\{%|%\}|undefined|\[object|forloop/);
  expect(own).not.toMatch(/\n{4,}/);
  expect(own).not.toMatch(/[ \t]+\n/);
  expect(text).toContain('It reads a CSV with {{ braces }} and ``` fences.');
});

describe('what each prompt holds', () => {
  test.each([
    ['plan', ['Choose `language` as the task asks', '## Rules of typescript', '## Rules of the runner unittest', '"runner": "node:test"']],
    [
      'plan, all given',
      ['The language is `python`', 'src/a.py', 'x = 1', "# The user's own tests", 'assert 1', '"path": "word_count/cli.py"'],
    ],
    ['plan on a branch', ['export const x = 1;', '`name` stays `word-count`', 'leave them out of `tests`', 'test/a.test.ts']],
    ['plan on a branch without tests', ['`name` stays `word-count`', 'Plan only files that change']],
    ['tests written anew', ['The file exists, and the task makes some of it wrong', 'earlier test']],
    ['repair of what was there', ['From before this change, and not to be disputed: `test/split.test.ts`.']],
    ['plan again', ['{"name": "x"}', 'test/split.test.ts: line 2: no such name', '- Use tabs.']],
    [
      'tests',
      [
        '# Your file: the test file `test/split.test.ts`',
        '- 1000 by 3 is 334, 333, 333.',
        '<file path="test/split.test.ts">',
        '- Files end in `.test.ts`.',
      ],
    ],
    ['tests again', ['# Your last version was not accepted', 'old test', 'line 2: no such name']],
    ['tests continued', ['# Your reply was cut off', 'const half = 1;', 'Reply with the rest only']],
    ['strength', ['one more test file, `test/split.test.ts`', '- `splitCents` of src/split.ts: when `parts` is exactly 1', '<none>']],
    ['dispute', ['You are the judge', 'it is wrong', 'old test']],
    [
      'draft',
      [
        '# Your file: `src/money.ts`',
        'It exports exactly this:',
        'export function formatCents(cents: number): string;',
        '- ES modules only.',
      ],
    ],
    ['draft of an existing file', ['The file exists.', 'export const before = 1;']],
    ['draft with given tests', ["# The user's tests", 'given()']],
    ['draft again', ['old draft', 'line 2: no such name']],
    [
      'repair',
      [
        '# Round 2: 3 failing tests',
        'Expected 334\nReceived 333',
        'src/split.ts:1  export const wrong = 1;',
        'TS2322',
        'round 1 changed src/split.ts',
        '- ES modules only.',
      ],
    ],
    ['repair, first strategy change', ['brought no progress', 'cannot be disputed']],
    ['repair, second', ['no test fails', 'write it anew', 'Your last reply could not be used']],
    [
      'change',
      [
        '# 5 failing tests after round 1',
        '- test/pages.test.js › short',
        '2 !== 3',
        "The failing tests (locked; the user's own, and right)",
        '`src/pages.js`, in part, with line numbers',
        'TS2322',
        'Two spaces.',
        'round 0 changed src/pages.js',
      ],
    ],
    ['slices', ['- Keep notes', '- Add notes', '- Find notes: By word.', 'src/notes.ts', 'at most 7 milestones', 'line 2: no such name']],
    ['slices, the first', ['# The task', 'at most 8 milestones']],
    ['change, first strategy change', ['brought no progress', 'Your last reply could not be used', 'Use tabs.']],
    ['change, second', ['write it anew', 'This is the last turn']],
    ['change that no test shows', ['# No test shows this task', 'it is a comment.', '3 turns are left']],
    ['change because of a remark', ['# No test fails', 'Round half up.']],
    ['reproduce', ['# How tests are written here', 'whole pages', 'Two spaces.', '# Other places']],
    ['reproduce again', ['# Your tests so far', '# They were not accepted', 'line 2: no such name']],
  ])('%s', async (name, wanted) => {
    const { text } = await render(name);
    for (const part of wanted) expect(text).toContain(part);
  });
});

test('the system prompt and the project are the same bytes for every author', async () => {
  const authors = Object.keys(SPECS).filter((n) => /^(tests|draft|dispute|strength)/.test(n));
  const prefixes = await Promise.all(
    authors.map(async (name) => {
      const { system, parts } = await render(name);
      expect(parts[0]?.cache).toBe(true);
      return `${system}\u0000${parts[0]?.text}`;
    }),
  );
  expect(authors.length).toBeGreaterThan(6);
  expect(new Set(prefixes).size).toBe(1);
});

describe('the examples of a plan are plans', () => {
  const runners = [
    { id: 'node:test', languages: ['typescript', 'javascript'], packages: [], isTestFile: (p: string) => /\.test\.[tj]s$/.test(p) },
    { id: 'unittest', languages: ['python'], packages: [], isTestFile: (p: string) => /(^|\/)test_[^/]*\.py$/.test(p) },
  ] as const;
  const languages = ['typescript', 'javascript', 'python'] as const;

  test.each(languages)('%s', async (language) => {
    const runner = language === 'python' ? 'unittest' : 'node:test';
    const spec = planPrompt({ ...PLAN_INPUT, language, runner });
    const piece = spec.parts[0];
    if (!piece) throw new Error('no example');
    const text = await source.render(withoutFrontMatter((await source.template(piece.template)).text), piece.data);
    const reply = parsePlanReply(text);
    expect(reply).toMatchObject({ plan: { language, runner } });
    if ('plan' in reply) expect(checkPlan(reply.plan, { runners, languages, baseFiles: [] })).toEqual([]);
    const json = JSON.parse(/```json\n([\s\S]*?)\n```/.exec(text)?.[1] ?? '') as Record<string, unknown>;
    expect(Object.keys(json)).toEqual(spec.schema?.schema['required']);
  });
});

test('what is told of a repository is the same for the tests’ author and the code’s', async () => {
  const [change, reproduce] = await Promise.all([render('change'), render('reproduce')]);
  expect(reproduce.parts[0]).toEqual(change.parts[0]);
  expect(change.parts.map((p) => p.cache)).toEqual([true, true]);
});

test('the prompts for existing code take at most 2,200 characters before anything is known', async () => {
  for (const name of ['change', 'reproduce']) {
    const { system } = await render(name);
    expect({ name, small: system.length <= 2_200 }).toEqual({ name, small: true });
    const { text } = await render(`${name}, little known`);
    expect({ name, small: text.length <= 1_200 }).toEqual({ name, small: true });
  }
});

test('prompts stay small', () => {
  for (const name of NAMES) expect({ name, small: readFileSync(join(DIR, `${name}.md`)).length < 8_000 }).toEqual({ name, small: true });
});
