// Honest projects pass, of each language and on each surface.
import { expect } from 'vitest';
import { ask, inBox, passed } from './boxed.ts';

const ROMAN = `
const TABLE: readonly (readonly [string, number])[] = [['M', 1000], ['CM', 900], ['D', 500], ['CD', 400], ['C', 100], ['XC', 90],
  ['L', 50], ['XL', 40], ['X', 10], ['IX', 9], ['V', 5], ['IV', 4], ['I', 1]];
export function toRoman(value: number): string {
  if (!Number.isInteger(value) || value < 1 || value > 3999) throw new RangeError(\`\${value} is not from 1 to 3999\`);
  let text = '';
  for (const [numeral, worth] of TABLE) for (; value >= worth; value -= worth) text += numeral;
  return text;
}
export function fromRoman(text: string): number {
  let at = 0;
  let value = 0;
  for (const [numeral, worth] of TABLE) for (; text.startsWith(numeral, at); at += numeral.length) value += worth;
  if (value === 0 || toRoman(value) !== text) throw new RangeError('no numeral');
  return value;
}
export const LIMIT = 3999;
`;

inBox('functions of a TypeScript module', async () => {
  const cases = [
    { name: 'four', module: 'src/roman.ts', call: 'toRoman', args: [4], returns: 'IV' },
    {
      name: 'too large',
      module: 'src/roman.ts',
      call: 'toRoman',
      args: [4000],
      throws: { name: 'RangeError', message: { $contains: '3999' } },
    },
    { name: 'any error', module: 'src/roman.ts', call: 'fromRoman', args: ['IIII'], throws: 'Error' },
    { name: 'a constant', module: 'src/roman.ts', get: 'LIMIT', returns: 3999 },
  ];
  const properties = [
    { name: 'back again', holds: 'inverse', module: 'src/roman.ts', call: 'toRoman', by: 'fromRoman', given: [{ int: [1, 3999] }] },
    { name: 'letters', holds: 'matches', module: 'src/roman.ts', call: 'toRoman', pattern: '^[IVXLCDM]+$', given: [{ int: [1, 3999] }] },
    { name: 'outside', holds: 'throws', module: 'src/roman.ts', call: 'toRoman', error: 'RangeError', given: [{ int: [4000, 99999] }] },
  ];
  expect(await ask({ 'src/roman.ts': ROMAN }, { cases, properties })).toEqual(passed([...cases, ...properties]));
  const spoilt = ROMAN.replace(", ['IV', 4]", '');
  const found = await ask({ 'src/roman.ts': spoilt }, { cases, properties });
  expect(found['four']).toMatch(/^toRoman\(4\) returned "IIII", expected "IV"/);
  expect(found['back again']).toBe('passed');
  expect(found['too large']).toBe('passed');
});

inBox('values that JSON has no word for, both ways', async () => {
  const echo =
    'export const echo = (v) => v;\nexport const kinds = () => ({ a: undefined, b: NaN, c: 5n, d: new Date(0), e: new Map([[1, new Set([2])]]), f: new Uint8Array([1, 2]), g: -0, h: [, 1] });\nexport async function* letters() { yield "a"; yield "b"; }\nexport const now = (clock) => clock() + 1;\nexport class Point { #hidden = 1; constructor(x) { this.x = x; } get double() { return this.x * 2; } }\nexport const fails = () => Promise.reject(new TypeError("no"));';
  const kinds = {
    a: { $undefined: true },
    b: { $number: 'NaN' },
    c: { $bigint: '5' },
    d: { $date: '1970-01-01T00:00:00Z' },
    e: { $map: [[1, { $set: [2] }]] },
    f: { $bytes: 'AQI=' },
    g: 0,
    h: [{ $undefined: true }, 1],
  };
  const each = {
    a: { $undefined: true },
    b: { $number: '-Infinity' },
    c: { $bigint: '99999999999999999999' },
    d: { $date: '2020-01-02T03:04:05.678Z' },
    e: { $map: [['k', [1]]] },
  };
  const cases = [
    { name: 'kinds', module: 'a.js', call: 'kinds', returns: kinds },
    { name: 'echo', module: 'a.js', call: 'echo', args: [each], returns: each },
    { name: 'a generator', module: 'a.js', call: 'letters', returns: ['a', 'b'] },
    { name: 'a clock', module: 'a.js', call: 'now', args: [{ $fn: 41 }], returns: 42 },
    { name: 'a rejection', module: 'a.js', call: 'fails', throws: { name: 'TypeError', message: 'no' } },
    {
      name: 'an instance',
      module: 'a.js',
      steps: [
        { new: 'Point', args: [3], as: 'p', returns: { x: 3 } },
        { on: 'p', get: 'double', returns: 6 },
        { call: 'echo', args: [{ $ref: 'p' }], returns: { $ref: 'p' } },
      ],
    },
  ];
  expect(await ask({ 'a.js': echo }, { cases })).toEqual(passed(cases));
});

inBox('a command line of TypeScript with files, input and several runs', async () => {
  const todo = `import { appendFileSync, existsSync, readFileSync } from 'node:fs';
export function main(argv: readonly string[]): number {
  const [verb, ...words] = argv;
  if (verb === 'add') appendFileSync('todo.txt', words.join(' ') + '\\n');
  else if (verb === 'list') process.stdout.write(existsSync('todo.txt') ? readFileSync('todo.txt', 'utf8') : '');
  else if (verb === 'upper') process.stdout.write(readFileSync(0, 'utf8').toUpperCase());
  else { console.error('usage: todo add|list'); return 2; }
  return 0;
}
if (import.meta.main) process.exitCode = main(process.argv.slice(2));
`;
  const cases = [
    {
      name: 'adds and lists',
      files: { 'todo.txt': 'first\n' },
      runs: [
        { argv: ['src/todo.ts', 'add', 'milk', 'now'], stdout: '', after: { 'todo.txt': 'first\nmilk now\n', 'other.txt': null } },
        { argv: ['src/todo.ts', 'list'], stdout: 'first\nmilk now\n', stderr: '' },
      ],
    },
    { name: 'reads its input', argv: ['src/todo.ts', 'upper'], stdin: 'äb', stdout: 'ÄB' },
    { name: 'usage', argv: ['src/todo.ts'], exit: 2, stdout: '', stderr: { $contains: 'usage' } },
  ];
  expect(await ask({ 'src/todo.ts': todo }, { cases })).toEqual(passed(cases));
  const found = await ask({ 'src/todo.ts': todo.replace("+ '\\n'", "+ '\\r\\n'") }, { cases });
  expect(found['adds and lists']).toContain(
    'src/todo.ts add milk now: the file todo.txt differs in line 2: "milk now\\r", expected "milk now"',
  );
  expect(found['usage']).toBe('passed');
});

inBox('a server, asked over HTTP', async () => {
  const server = `import { createServer } from 'node:http';
export function make() {
  const items = new Map();
  return createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const send = (status, body) => response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
    if (request.method === 'POST') {
      const id = 'id ' + (items.size + 1);
      items.set(id, JSON.parse(text));
      return send(201, { id, at: Date.now() });
    }
    const id = decodeURIComponent(request.url.slice('/items/'.length));
    return items.has(id) ? send(200, { id, ...items.get(id) }) : send(404, { error: 'unknown' });
  });
}
if (import.meta.main) make().listen(Number(process.env.PORT), 'localhost');
`;
  const cases = [
    {
      name: 'makes and finds',
      serve: ['src/server.js'],
      env: { PORT: '{port}' },
      requests: [
        {
          method: 'POST',
          path: '/items',
          body: { name: 'a' },
          save: { item: '/id' },
          expect: { status: 201, json: { id: { $any: true }, at: { $any: true } } },
        },
        {
          path: '/items/{item}',
          expect: { status: 200, headers: { 'Content-Type': { $contains: 'json' } }, json: { id: { $ref: 'item' }, name: 'a' } },
        },
        { path: '/items/none', expect: { status: 404, text: '{"error":"unknown"}' } },
      ],
    },
  ];
  expect(await ask({ 'src/server.js': server }, { cases })).toEqual(passed(cases));
  const found = await ask({ 'src/server.js': server.replace('...items.get(id)', 'name: 1') }, { cases });
  expect(found['makes and finds']).toMatch(/^GET \/items\/\{item\}: the body has something else at \.name: 1, expected "a"/);
  const silent = await ask({ 'src/server.js': server.replace('make().listen', 'make().toString') }, { cases });
  expect(silent['makes and finds']).toMatch(/^POST \/items: was not asked \(its process ended by itself \(exit 0\)\)/);
});

inBox('Python: functions, classes, a module that is run, a server', async () => {
  const tree = {
    'words/__init__.py': '',
    'words/count.py': `import asyncio
from dataclasses import dataclass
from decimal import Decimal

@dataclass
class Count:
    word: str
    n: int

def count(text, *, top=10):
    if top < 1:
        raise ValueError("top must be positive")
    words = text.split()
    return [Count(w, words.count(w)) for w in sorted(set(words), key=lambda w: (-words.count(w), w))][:top]

def kinds():
    return {"a": (1, 2.0), "b": {3}, "c": None, "d": b"\\x01", "e": 2**70, "f": Decimal("1.10"), "g": {1: "x"}, "h": float("nan")}

async def later(x):
    await asyncio.sleep(0)
    return x

class Stack:
    def __init__(self): self._items = []
    def push(self, x): self._items.append(x)
    def pop(self): return self._items.pop()
    @property
    def size(self): return len(self._items)

def chunks(xs, n):
    for i in range(0, len(xs), n):
        yield xs[i:i + n]
`,
    'words/__main__.py': 'import sys\nfrom words.count import count\nprint(len(count(open(sys.argv[1]).read())))\n',
    'tool.py': 'import sys\nprint(sys.stdin.read().strip()[::-1])\nsys.exit(3)\n',
    'serve.py': `import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class H(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"hello " + self.path.encode())
if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), H).serve_forever()
`,
  };
  const module = 'words/count.py';
  const cases = [
    { name: 'counts', module, call: 'count', args: ['b a b'], kwargs: { top: 1 }, returns: [{ word: 'b', n: 2 }] },
    {
      name: 'refuses',
      module,
      call: 'count',
      args: ['a'],
      kwargs: { top: 0 },
      throws: { name: 'ValueError', message: 'top must be positive' },
    },
    {
      name: 'kinds',
      module,
      call: 'kinds',
      returns: {
        a: [1, 2],
        b: { $set: [3] },
        c: null,
        d: { $bytes: 'AQ==' },
        e: { $bigint: '1180591620717411303424' },
        f: '1.10',
        g: { $map: [[1, 'x']] },
        h: { $number: 'NaN' },
      },
    },
    { name: 'later', module, call: 'later', args: [[1]], returns: [1] },
    {
      name: 'a stack',
      module,
      steps: [
        { new: 'Stack', as: 's' },
        { on: 's', call: 'push', args: [1] },
        { on: 's', get: 'size', returns: 1 },
        { on: 's', call: 'pop', returns: 1 },
        { on: 's', call: 'pop', throws: 'IndexError' },
      ],
    },
    { name: 'as a module', argv: ['-m', 'words', 'a.txt'], files: { 'a.txt': 'x y x' }, stdout: '2\n' },
    { name: 'as a file', argv: ['tool.py'], stdin: 'abc\n', stdout: 'cba\n', exit: 3 },
    { name: 'as a server', serve: ['serve.py', '{port}'], requests: [{ path: '/there', expect: { status: 200, text: 'hello /there' } }] },
  ];
  const properties = [
    { name: 'puts together', holds: 'concatenates', module, call: 'chunks', given: [{ list: { int: [0, 9] } }, { int: [1, 4] }] },
    { name: 'the same later', holds: 'same', module, call: 'later', by: 'later', given: [{ text: 'unicode', length: [0, 8] }] },
  ];
  expect(await ask(tree, { cases, properties })).toEqual(passed([...cases, ...properties]));
});
