import { expect, test } from 'vitest';
import type { Language } from '../../../../src/core/ports.ts';
import type { Files } from '../../../../src/core/ref.ts';
import { ownDeps } from '../../runners/host.ts';
import { type Said, type Talk, talk } from './talk.ts';

const uses = Object.fromEntries(
  Array.from({ length: 30 }, (_, i) => [`src/use${i}.ts`, `import { add } from './add.ts';\nexport const n${i}: number = add(${i}, 1);\n`]),
);
const FILES: Files = {
  'package.json': '{ "name": "x", "type": "module", "scripts": { "test": "node --test" }, "devDependencies": { "typescript": "*" } }\n',
  'tsconfig.json':
    '{ "compilerOptions": { "strict": true, "noEmit": true, "module": "nodenext", "allowImportingTsExtensions": true, "types": [], "erasableSyntaxOnly": true }, "include": ["src"] }\n',
  'src/add.ts': 'export function add(a: number, b: number): number {\n  return a - b;\n}\n',
  'src/old.ts': 'export const old: number = "wrong since ever";\n',
  ...uses,
};
const GIVEN = {
  'test/add.test.ts':
    "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport * as all from '../src/add.ts';\ntest('adds', () => assert.equal((all.sum ?? all.add)(1, 2), 3));\n",
};
const MEND = ['edit', { path: 'src/add.ts', edits: [{ find: 'a - b', replace: 'a + b' }] }] as const;

function repair(turns: readonly Said[], more: Partial<Talk> = {}) {
  return talk({ files: FILES, task: 'add adds', given: GIVEN, deps: ownDeps, says: (_, n) => turns[n - 1], ...more });
}

test('the type checker of the project says what only the change brings', async () => {
  const spoil = ['edit', { path: 'src/use0.ts', edits: [{ find: 'add(0, 1)', replace: "add('0', 1)" }] }] as const;
  const check = ['type_check', {}] as const;
  const { requests, last, state } = await repair([{ calls: [check] }, { calls: [spoil, check] }, { calls: [MEND] }]);
  expect(requests[0]?.tools.map((t) => t.name)).toContain('type_check');
  expect(last(2)).toBe('no type error that was not there before (1 were)');
  expect(last(3)).toContain("src/use0.ts:2 TS2345: Argument of type 'string' is not assignable to parameter of type 'number'.");
  expect(last(3)).not.toContain('src/old.ts');
  expect(state.last?.verdict.kind).toBe('green');
});

test('without a compiler among the packages there is none to be called', async () => {
  const { requests } = await repair([{ calls: [MEND] }], {
    files: { ...FILES, 'package.json': '{ "type": "module", "scripts": { "test": "node --test" } }\n' },
  });
  expect(requests[0]?.tools.map((t) => t.name)).not.toContain('type_check');
});

/** Renames by text alone: what engines make of code is tested where they are. */
const engine = {
  id: 'typescript',
  async refactor(files, edit) {
    if (edit.op !== 'rename_symbol') return { problem: `no ${edit.op} here` };
    const changed = Object.entries(files).flatMap(([path, text]) =>
      path.startsWith(edit.path.slice(0, 4)) && text.includes(edit.name)
        ? [[path, text.replaceAll(new RegExp(`\\b${edit.name}\\b(?!\\.ts)`, 'g'), edit.to)] as const]
        : [],
    );
    return { changed: Object.fromEntries(changed), removed: [], summary: `renamed in ${changed.length} files` };
  },
  async references(_, path, name) {
    return { references: [{ path, line: 1, text: `function ${name}`, isDefinition: true }] };
  },
} as Partial<Language> as Language;

test('a change by meaning is made by the engine in every file; what it cannot do changes nothing', async () => {
  const op = (args: Record<string, unknown>) =>
    ['refactor', { path: 'src/add.ts', name: 'add', to: 'sum', parameter: '', at: 0, argument: '', ...args }] as const;
  const turns = [
    { calls: [op({ op: 'move_symbol' }), ['references', { path: 'src/add.ts', name: 'add' }] as const] },
    { calls: [op({ op: 'rename_symbol' }), MEND] },
  ];
  const { last, state, text } = await repair(turns, { languages: [engine] });
  expect(last(2)).toBe('nothing was changed: no move_symbol here\n---\nsrc/add.ts\n   1 function add  [declared]');
  expect(await text('src/use7.ts')).toContain("import { sum } from './add.ts'");
  expect([Object.keys(state.sources).length, state.last?.verdict.kind]).toEqual([31, 'green']);
});

test('an engine that would change a locked file changes nothing', async () => {
  const rename = [
    'refactor',
    { op: 'rename_symbol', path: 'test/add.test.ts', name: 'all', to: 'every', parameter: '', at: 0, argument: '' },
  ] as const;
  const { last, state } = await repair([{ calls: [rename] }, { calls: [MEND] }], { languages: [engine] });
  expect(last(2)).toContain('nothing was changed: `test/add.test.ts` may not be written: it is locked');
  expect(Object.keys(state.sources)).toEqual(['src/add.ts']);
});
