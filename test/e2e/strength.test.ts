// Mutants of the code, from the command to the branch: what the tests let pass is asked for, proven red and shipped with them.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { redgreen, workbench } from './redgreen.ts';
import { romanModel, TASK } from './roman.ts';
import { type Asked, type Reply, scripted } from './scripted.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const ADDED = 'test/strength.test.ts';
const STRENGTH = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { main } from '../src/cli.ts';
import { fromRoman, toRoman } from '../src/roman.ts';

test('one and a half is refused, one is not', () => {
  assert.throws(() => toRoman(1.5), RangeError);
  assert.equal(toRoman(1), 'I');
});

test('only canonical numerals are read', () => {
  for (const text of ['', 'IIII', 'VX', 'Xx', 'X ']) assert.throws(() => fromRoman(text), RangeError);
  assert.equal(fromRoman('II'), 2);
});

test('what follows nonsense is converted', () => {
  const lines: string[] = [];
  assert.equal(main(['0', '12x', 'II'], (line) => lines.push(line)), 1);
  assert.deepEqual(lines, ['?', '?', '2']);
});
`;

/** The model's tests, of which one only checks a single numeral: the limits are left to the added file. */
function weakModel(asked: Asked): Reply | undefined {
  const reply = romanModel(asked);
  if (asked.subject !== 'test/roman.test.ts' || !reply?.text) return reply;
  return { text: reply.text.replace(/\ntest\('0 and 4000[\s\S]*?\n}\);\n/, '') };
}

async function run(strength: (asked: Asked) => Reply | undefined) {
  const server = await scripted((asked) => (asked.subject === ADDED ? strength(asked) : weakModel(asked)));
  const { dir, home, remove } = workbench();
  closing.push(() => server.close(), remove);
  const env = { OPENAI_BASE_URL: server.url, REDGREEN_MUTANTS: '12', REDGREEN_MUTATION_TIME: '5m' };
  const ran = await redgreen(['--json', '--dir', 'roman', TASK], { cwd: dir, home, env });
  const events = ran.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const git = (...args: string[]) => execFileSync('git', ['-C', join(dir, 'roman'), ...args], { encoding: 'utf8' }).trim();
  return { ran, events, git, asked: server.asked.filter((a) => a.subject === ADDED), result: events.at(-1) };
}

test('survivors bring tests, which are shipped with the others', { timeout: 600_000 }, async () => {
  const { events, git, asked, result } = await run(() => ({ text: `<file path="${ADDED}">\n${STRENGTH}</file>` }));
  expect(result).toMatchObject({ outcome: 'green' });
  const [first, second] = events.filter((e) => e['type'] === 'mutated') as {
    mutants: number;
    killed: number;
    survivors: { behaviour: string }[];
  }[];
  expect(first?.killed).toBeGreaterThan(5);
  expect(first?.survivors.length).toBeGreaterThan(0);
  expect(second?.killed).toBeGreaterThan(0);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.text).toContain(first?.survivors[0]?.behaviour);
  expect(asked[0]?.text).not.toContain('NUMERALS');
  expect(git('ls-tree', '-r', '--name-only', 'HEAD~1')).toContain(ADDED);
  expect(git('show', `HEAD:${ADDED}`)).toBe(STRENGTH.trim());
});

test('an author who finds nothing to test ends in the same green branch', { timeout: 600_000 }, async () => {
  const { git, asked, result } = await run(() => ({ text: '<none>The task settles none of these.</none>' }));
  expect(result).toMatchObject({ outcome: 'green' });
  expect(asked).toHaveLength(1);
  expect(git('ls-tree', '-r', '--name-only', 'HEAD')).not.toContain(ADDED);
});
