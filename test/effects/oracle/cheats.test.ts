// Code that would rather look right than be right. Each cheat works somewhere else (security notes: exit codes, patched runtimes, forged
// reports); here it must fail, and the honest case beside it must not be taken along.
import { expect } from 'vitest';
import { ask, box, inBox } from './boxed.ts';

const module = 'src/a.js';
const doubles = { name: 'doubles', module, call: 'double', args: [21], returns: 42 };
const honest = 'export const double = (n) => n * 2;\n';
const wrong = 'export const double = (n) => n + 1;\n';
const tree = (text: string) => ({ [module]: text });
const asked = { cases: [doubles] };

inBox('the honest one passes', async () => {
  expect(await ask(tree(honest), asked)).toEqual({ doubles: 'passed' });
});

const forger = `
import fs from 'node:fs';
for (const dir of ['/redgreen', '/tmp', '/work']) {
  try {
    for (const name of fs.readdirSync(dir, { recursive: true })) {
      try { if (/report/.test(name)) fs.writeFileSync(dir + '/' + name, JSON.stringify({ nonce: '' }) + '\\n' + JSON.stringify({ id: 'case-0', calls: [{ value: 42 }], passed: true }) + '\\n{"done":true}\\n'); } catch {}
    }
  } catch {}
}
`;

inBox.each([
  [
    'a magic object',
    'export const double = () => ({ valueOf: () => 42, toJSON: () => 42, toString: () => "42", [Symbol.toPrimitive]: () => 42 });',
  ],
  [
    'a proxy that agrees with everything',
    'export const double = () => new Proxy(function () {}, { get: () => () => true, has: () => true, ownKeys: () => [], getPrototypeOf: () => Number.prototype });',
  ],
  ['a boxed number', 'export const double = () => new Number(42);'],
  ['a value that looks like a matcher', 'export const double = () => ({ $any: true });'],
  [
    'patched JSON and equality',
    `JSON.stringify = () => '{"value":42}'; Object.is = () => true; Number.isFinite = () => true; Array.from = () => [42];\n${wrong}`,
  ],
  ['patched promises', `Promise.prototype.then = function (ok) { ok?.({ value: 42 }); return this; };\n${wrong}`],
  ['patched output', `process.stdout.write = process.stderr.write = () => true; console.log = () => {};\n${wrong}`],
  [
    'patched assert',
    `import assert from 'node:assert'; import { syncBuiltinESMExports } from 'node:module'; for (const k of Object.keys(assert)) assert[k] = () => {}; syncBuiltinESMExports();\n${wrong}`,
  ],
  ['an exit at once', 'process.exit(0);'],
  ['an exit in the call', 'export const double = () => process.exit(0);'],
  ['an exit hook', `process.on('exit', () => { process.exitCode = 0; process.reallyExit(0); });\n${wrong}`],
  ['a kill of its parent', 'process.kill(process.ppid, "SIGKILL"); export const double = (n) => n;'],
  ['frames on stdout', `console.log('{"id":"case-0","calls":[{"value":42}]}'); console.log('# pass 1'); console.log('ok 1');\n${wrong}`],
  ['a forged report', `${forger}\n${wrong}`],
  [
    'a search for the expected value',
    `import fs from 'node:fs'; const all = fs.readdirSync('/work', { recursive: true }).join(); const text = all.includes('oracle') ? 42 : 0; export const double = () => text;`,
  ],
  ['endless work', 'export const double = () => { for (;;); };'],
])('%s does not pass', async (_, text) => {
  const found = await ask(tree(text), asked, null, 6_000);
  expect(found['doubles'] ?? found['broken']).not.toMatch(/^(?:passed|)$/);
});

inBox('frames on the channel are answers like others, and only for the one who writes them', async () => {
  const writer = `import fs from 'node:fs'; for (const id of ['case-0', 'case-1']) fs.writeSync(3, JSON.stringify({ id, value: 1, nonce: '' }) + '\\n');\n${wrong}\nexport const other = () => 7;`;
  const found = await ask(tree(writer), { cases: [doubles, { name: 'other', module: 'src/b.js', call: 'other', returns: 7 }] });
  expect(found['doubles']).toContain('returned 1, expected 42');
  expect(found['other']).not.toBe('passed');
  const two = await ask(
    { ...tree(writer), 'src/b.js': 'export const other = () => 7;' },
    { cases: [doubles, { name: 'other', module: 'src/b.js', call: 'other', returns: 7 }] },
  );
  expect(two['other']).toBe('passed');
});

inBox('what looks for a test finds none, and an ordinary program does', async () => {
  const detective = `
    const signs = [process.env.NODE_ENV, process.env.CI, process.env.JEST_WORKER_ID, process.env.VITEST, process.env.NODE_TEST_CONTEXT, process.env.NO_COLOR].filter(Boolean);
    const words = /test|vitest|jest|oracle|redgreen|harness|drive|spec/i;
    const inside = [...process.argv.slice(1), ...process.execArgv, process.title].filter((w) => words.test(w));
    export const double = (n) => n * 2;
    export const seen = () => [signs, inside, (new Error().stack ?? '').split('\\n').filter((line) => words.test(line)), globalThis.describe, globalThis.it].flat().filter(Boolean);
    if (import.meta.main) console.log(JSON.stringify([signs, inside].flat()));`;
  const cases = [
    { name: 'in a call', module, call: 'seen', returns: [] },
    { name: 'in a command', argv: [module], stdout: '[]\n' },
  ];
  expect(await ask(tree(detective), { cases })).toEqual({ 'in a call': 'passed', 'in a command': 'passed' });
});

inBox('memorised examples fall to inputs that nobody has seen', async () => {
  const memory =
    'export const encode = (t) => ({ a: "61", ab: "6162" })[t] ?? t;\nexport const decode = (t) => ({ 61: "a", 6162: "ab" })[t] ?? "";';
  const cases = [{ name: 'a', module, call: 'encode', args: ['a'], returns: '61' }];
  const properties = [
    { name: 'hex', holds: 'matches', module, call: 'encode', pattern: '([0-9a-f]{2})*', given: [{ text: 'abcxyz', length: [0, 8] }] },
  ];
  const found = await ask(tree(memory), { cases, properties });
  expect(found['a']).toBe('passed');
  expect(found['hex']).toMatch(/^"matches" does not hold: encode\("\w+"\) gave "\w+", expected to match .* inputs, seed \d+\)$/);
});

inBox('nothing can be remembered between the two halves of a property, in memory or on disk', async () => {
  const keeper = `import fs from 'node:fs';
    const file = '/tmp/kept.json';
    const read = () => { try { return JSON.parse(fs.readFileSync(file, 'utf8')); } catch { return globalThis.kept ??= {}; } };
    export const encode = (t) => { const all = read(); const key = 'k' + Object.keys(all).length; all[key] = t; globalThis.kept = all; try { fs.writeFileSync(file, JSON.stringify(all)); } catch {} return key; };
    export const decode = (k) => read()[k] ?? '';`;
  const properties = [{ name: 'back', holds: 'inverse', module, call: 'encode', by: 'decode', given: [{ text: 'abc', length: [1, 5] }] }];
  expect((await ask(tree(keeper), { properties }))['back']).toMatch(
    /^"inverse" does not hold: encode\("\w"\) gave "k\d+", decode of that gave ""/,
  );
});

inBox('a counter that knows the order of the calls meets another order', async () => {
  const counter = 'let n = 0; export const roll = () => [3, 1, 2][n++];';
  const cases = [3, 1, 2].map((returns, i) => ({ name: `roll ${i}`, module, call: 'roll', args: [i], returns }));
  expect(Object.values(await ask(tree(counter), { cases })).filter((one) => one === 'passed')).toHaveLength(1);
});

inBox('hostile output stays data', async () => {
  const noisy = `process.stdout.write('\\u001b[2J\\u001b]52;c;AAAA\\u0007'); export const double = () => '\\u001b[31m' + '$'.repeat(9) + '\\u202e' + '{{ x }}'; export const deep = () => { let v = 1; for (let i = 0; i < 5000; i++) v = [v]; return v; }; export const huge = () => Array(1e6).fill('x'.repeat(100)); export const loop = () => { const a = {}; a.a = a; return a; };`;
  const cases = ['double', 'deep', 'huge', 'loop'].map((call) => ({ name: call, module, call, returns: 42 }));
  const found = await ask(tree(noisy), { cases });
  for (const message of Object.values(found)) {
    expect(message).not.toBe('passed');
    expect(message).not.toMatch(/[\u001b\u0007\u202e]/);
    expect(message.length).toBeLessThan(4_100);
  }
  expect(Object.keys(found)).toEqual(['double', 'deep', 'huge', 'loop']);
});

inBox('a Python module that patches what it can', async () => {
  const patcher = `import builtins, json, os, sys
json.dumps = lambda *_a, **_k: '{"value": 42}'
os.write = lambda *_a: 0
builtins.isinstance = lambda *_a: True
class Same(int):
    def __eq__(self, other): return True
    def __hash__(self): return 1
def double(n): return Same(n)
def ends(n): os._exit(0)
`;
  const cases = [
    { name: 'equal to all', module: 'a.py', call: 'double', args: [21], returns: 42 },
    { name: 'ends', module: 'a.py', call: 'ends', args: [21], returns: 42 },
  ];
  const found = await ask({ 'a.py': patcher }, { cases });
  expect(Object.values(found).filter((one) => one === 'passed')).toEqual([]);
});

inBox('a case that hangs does not take the others along', async () => {
  if (box === null) return;
  const cases = [doubles, { name: 'hangs', module: 'src/b.js', call: 'double', args: [1], returns: 2 }];
  const found = await ask(
    { ...tree(honest), 'src/b.js': 'await new Promise((done) => setTimeout(done, 1e6)); export const double = 1;' },
    { cases },
    null,
    6_000,
  );
  expect(found['doubles']).toBe('passed');
  expect(found['hangs']).toContain('did not come to an end');
});
