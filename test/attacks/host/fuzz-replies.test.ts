// Properties of the parsers that read what a model says.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPath } from '../../../src/core/guard.ts';
import { fence } from '../../../src/core/prompt-text.ts';
import { parseFileReply, parsePlanReply } from '../../../src/core/replies.ts';
import { findJson, mendJson } from '../../../src/core/replies-json.ts';
import { reveal, unreveal } from '../../../src/core/reveal.ts';
import { sanitise } from '../../../src/core/sanitise.ts';
import { slugOf } from '../../../src/core/slug.ts';
import { REPAIR_TOOLS, validateCall } from '../../../src/core/tools.ts';
import { commitMessage } from '../../../src/effects/commit-message.ts';
import { hostileText, RUNS } from './arbitraries.ts';

describe('F4 replies of a model', () => {
  const understood = (text: string, stop: 'end' | 'length' | 'refusal') => {
    const plan = parsePlanReply(text);
    expect('plan' in plan || 'blocked' in plan || 'violations' in plan).toBe(true);
    const file = parseFileReply(text, 'src/a.ts', stop);
    expect('text' in file || 'cut' in file || 'violations' in file).toBe(true);
    findJson(text);
    mendJson(text);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  };

  it('give a plan, a reason or violations, and never an exception or a changed prototype', () => {
    const small = fc.constantFrom('{"__proto__":{"polluted":1},"name":"x"}', '{"constructor":{"prototype":{"polluted":1}}}');
    fc.assert(
      fc.property(fc.oneof(fc.json({ maxDepth: 5 }), small, hostileText), fc.constantFrom('end', 'length', 'refusal'), understood),
      RUNS,
    );
  });

  const n = 100_000;
  const floods: readonly [string, string][] = [
    ['deep objects', `${'{"a":'.repeat(n)}1${'}'.repeat(n)}`],
    ['deep arrays', `{"files":${'['.repeat(n)}`],
    ['a path of many folders', `{"files":[{"path":"${'a/'.repeat(n)}","purpose":"p","uses":["${'../'.repeat(n)}"]}]}`],
    ['escaped quotes', `{${'"\\"'.repeat(n)}`],
    ['comments that do not end', `{${'/*'.repeat(n)}`],
    ['a tag of white space', `<file ${' '.repeat(n)}`],
    ['a fence of white space', `\`\`\`${' '.repeat(n)}\``],
    ['fences', '```\n'.repeat(n)],
    ['opening tags', '<file path="a">\n'.repeat(n)],
    ['line breaks', `${'\n'.repeat(n)}x`],
    ['escape sequences', '\u001b]'.repeat(n)],
  ];
  // Quadratic time would take minutes here, and fail by the time a test may take.
  it.each(floods)('%s cost no more than their length', (_, text) => {
    understood(text, 'end');
    expect(fence(sanitise(text)).length).toBeGreaterThan(0);
    expect(unreveal(reveal(text)).length).toBeGreaterThan(0);
  });

  it('mending leaves sound JSON as it is', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        expect(JSON.parse(mendJson(text))).toEqual(JSON.parse(text));
      }),
      RUNS,
    );
  });

  it('calls with any arguments are checked, never thrown on', () => {
    const name = fc.constantFrom(...REPAIR_TOOLS.map((tool) => tool.name), 'x');
    fc.assert(
      fc.property(
        name,
        fc.dictionary(fc.constantFrom('path', 'find', 'replace', 'content', 'from', 'to', 'tests', 'why', '__proto__'), fc.anything()),
        (tool, args) => {
          const checked = validateCall({ id: '1', name: tool, args, raw: '' });
          if ('call' in checked && 'path' in checked.call) expect(checkPath(checked.call.path)).toBeNull();
        },
      ),
      RUNS,
    );
  });

  it('names become slugs that git takes', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(slugOf(text)).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/);
      }),
      RUNS,
    );
  });

  it('messages end in our trailers and in nothing else', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (subject, body) => {
        const message = commitMessage(subject, `${body}\n\nRedgreen-Outcome: green`, [['Redgreen-Run', 'r']]);
        expect(message.split('\n').filter((line) => /^redgreen-/i.test(line))).toEqual(['Redgreen-Run: r']);
        expect(message.endsWith('\n\nRedgreen-Run: r\n')).toBe(true);
      }),
      RUNS,
    );
  });
});
