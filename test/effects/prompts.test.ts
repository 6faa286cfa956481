import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RedgreenError } from '../../src/core/errors.ts';
import type { Message } from '../../src/core/model.ts';
import type { PromptSpec } from '../../src/core/prompt.ts';
import { builtInPrompts, createPrompts, renderRequest, withoutFrontMatter } from '../../src/effects/prompts.ts';
import { createTrust } from '../../src/effects/trust.ts';

let dir: string;
let notes: string[];
const ids = { run: 'r1', step: 'draft', subject: 'a.ts', attempt: 1 } as const;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'prompts-'));
  notes = [];
  await mkdir(join(dir, 'project/.redgreen/prompts'), { recursive: true });
  await mkdir(join(dir, 'user'));
  await mkdir(join(dir, 'built-in'));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

const write = (path: string, text: string) => writeFile(join(dir, path), text);
const trust = () => createTrust({ file: join(dir, 'state/trusted.json') });
const source = () =>
  createPrompts({
    builtIn: join(dir, 'built-in'),
    user: join(dir, 'user'),
    project: { dir: join(dir, 'project'), trust: trust() },
    onIgnored: (note) => notes.push(note),
  });
const spec = (template: string, data: Record<string, unknown> = {}): PromptSpec => ({
  system: { template, data },
  parts: [{ template, data, cache: true }],
  tail: [],
  tools: [],
  maxOutputTokens: 5,
});

describe('template', () => {
  test('comes from the user, else from the trusted project, else it is built in', async () => {
    await write('built-in/a.md', 'built-in a');
    await write('built-in/b.md', 'built-in b');
    await write('built-in/c.md', 'built-in c');
    await write('project/.redgreen/prompts/a.md', 'project a');
    await write('project/.redgreen/prompts/b.md', 'project b');
    await write('user/a.md', 'user a');
    await trust().trust(join(dir, 'project'));
    const s = source();
    expect(await Promise.all(['a', 'b', 'c'].map((n) => s.template(n)))).toEqual([
      { text: 'user a', origin: 'user' },
      { text: 'project b', origin: 'project' },
      { text: 'built-in c', origin: 'built-in' },
    ]);
    expect(notes).toEqual([]);
  });

  test('of a project that is not trusted is not used, which is said once', async () => {
    await write('built-in/b.md', 'built-in b');
    await write('project/.redgreen/prompts/b.md', 'project b');
    const s = source();
    expect((await s.template('b')).origin).toBe('built-in');
    expect((await s.template('b')).origin).toBe('built-in');
    expect(notes).toEqual([expect.stringContaining('not used')]);
  });

  test('of a project that changed since it was trusted is not used', async () => {
    await write('built-in/b.md', 'built-in b');
    await write('project/.redgreen/prompts/b.md', 'project b');
    await trust().trust(join(dir, 'project'));
    await write('project/.redgreen/prompts/other.md', 'new');
    expect((await source().template('b')).text).toBe('built-in b');
  });

  test('is read once of a project: what was checked is what is used', async () => {
    await write('project/.redgreen/prompts/b.md', 'checked');
    await trust().trust(join(dir, 'project'));
    const s = source();
    await s.template('b');
    await write('project/.redgreen/prompts/b.md', 'swapped');
    expect((await s.template('b')).text).toBe('checked');
  });

  test.each(['nothing', '../user/a', 'A', 'a.md', ''])('%j is refused', async (name) => {
    await expect(source().template(name)).rejects.toMatchObject({ code: 'config' });
  });

  test('above 64 KB is refused', async () => {
    await write('user/a.md', 'x'.repeat(64_001));
    await expect(source().template('a')).rejects.toThrow('larger than 64 KB');
  });
});

describe('render', () => {
  test('escapes nothing and renders data once only', async () => {
    expect(await source().render('{{ a }}', { a: '<b> & {{ c }} {% x %}' })).toBe('<b> & {{ c }} {% x %}');
  });

  test.each([
    ['an unknown variable', '{{ b }}'],
    ['an unknown property', '{{ o.constructor }}'],
    ['an unknown filter', '{{ a | shout }}'],
    ['an include', '{% include "/etc/hostname" %}'],
    ['a partial', '{% render "../package.json" %}'],
    ['a layout', '{% layout "x" %}'],
    ['a loop without end', '{% for i in (1..900000000) %}x{% endfor %}'],
  ])('refuses %s', async (_, text) => {
    await expect(source().render(text, { a: 'x', o: {} })).rejects.toThrow();
  });
});

describe('renderRequest', () => {
  test('puts system, parts, turns and tail in their places', async () => {
    await write('built-in/a.md', '---\nname: a\n---\nHello {{ who }}\n');
    const turns: Message[] = [
      { role: 'assistant', text: 'x', calls: [] },
      { role: 'tool', results: [] },
    ];
    const s = { ...spec('a', { who: 'you' }), tail: [{ template: 'a', data: { who: 'again' } }] };
    const request = { ...ids, system: 'Hello you\n\n', tools: [], maxOutputTokens: 5 };
    const [first, last] = [{ text: 'Hello you\n\n', cache: true }, { text: 'Hello again\n\n' }];
    expect(await renderRequest(s, source(), ids)).toEqual({ ...request, messages: [{ role: 'user', parts: [first, last] }] });
    expect(await renderRequest(s, source(), ids, turns)).toEqual({
      ...request,
      messages: [{ role: 'user', parts: [first] }, ...turns, { role: 'user', parts: [last] }],
    });
  });

  test('says whose prompt does not render', async () => {
    await write('user/a.md', 'Hello {{ whom }}');
    const failed = renderRequest(spec('a', { who: 'you' }), source(), ids);
    await expect(failed).rejects.toThrow(/^The user prompt a\.md does not render: undefined variable: whom/);
    await expect(failed).rejects.toBeInstanceOf(RedgreenError);
  });
});

test('front matter is taken off only where it is', () => {
  expect(withoutFrontMatter('---\na: 1\n---\ntext\n---\n')).toBe('text\n---\n');
  expect(withoutFrontMatter('\ufeff---\r\na: 1\r\n---\r\ntext')).toBe('text');
  expect(withoutFrontMatter('---\n---\ntext')).toBe('text');
  expect(withoutFrontMatter('text\n---\na\n---\n')).toBe('text\n---\na\n---\n');
  expect(withoutFrontMatter('--- a line\ntext')).toBe('--- a line\ntext');
});

test('the built-in prompts are found', async () => {
  const s = createPrompts({ builtIn: builtInPrompts(), user: null, project: null });
  expect((await s.template('author-system')).origin).toBe('built-in');
});
