// The programs that say which lines were run, as the box starts them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { codeLines } from '../../../../src/effects/steps/cover/lines.ts';
import { NODE_LINES, PYTHON_LINES } from '../../../../src/effects/steps/cover/lines-scripts.ts';

function folder(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'lines-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return dir;
}

function said(program: string, args: readonly string[], cwd: string): unknown {
  const out = execFileSync(program, args, { cwd, encoding: 'utf8' });
  const line = out.split('\n').find((one) => one.startsWith('#mark '));
  return JSON.parse(line?.slice('#mark '.length) ?? '"nothing was said"');
}

const SCRIPT = `/** Words. */
export function word(n: number): string {
  if (n < 0) {
    const minus = 'minus';
    return minus;
  } else {
    return n === 0 ? 'zero' : 'more';
  }
}

export const never = (): number => {
  return 1;
};
`;
const START = "import { spawnSync } from 'node:child_process';\nspawnSync(process.execPath, ['use.mjs']);\nprocess.exit(0);\n";

test('Node: of every process that loaded the file, with its types left out', () => {
  const dir = folder({
    'a.ts': SCRIPT,
    'use.mjs': "import { word } from './a.ts';\nword(1);\n",
    'start.mjs': START,
    'lines.mjs': NODE_LINES,
  });
  const told = JSON.stringify({ file: join(dir, 'a.ts'), mark: '#mark ' });
  const { lines } = said(process.execPath, ['lines.mjs', told, 'start.mjs'], dir) as { lines: number[] };
  const reached = new Set(lines);
  expect(codeLines(SCRIPT).filter((line) => !reached.has(line))).toEqual([4, 5, 12]);
});

test('Node: a file that no process loaded has no line reached; one that was transformed says nothing', () => {
  const dir = folder({ 'a.ts': SCRIPT, 'b.mjs': 'export const b = 1;\n', 'start.mjs': "import './b.mjs';\n", 'lines.mjs': NODE_LINES });
  const told = (file: string) => JSON.stringify({ file: join(dir, file), mark: '#mark ' });
  expect(said(process.execPath, ['lines.mjs', told('a.ts'), 'start.mjs'], dir)).toEqual({ lines: [] });
  const grow = "import { appendFileSync } from 'node:fs';\nimport './b.mjs';\nappendFileSync('b.mjs', '// more\\n');\n";
  writeFileSync(join(dir, 'start.mjs'), grow);
  expect(said(process.execPath, ['lines.mjs', told('b.mjs'), 'start.mjs'], dir)).toBeNull();
});

test('Python: lines that ran, in threads too, and those that hold code', () => {
  const dir = folder({
    'a.py':
      '"""Words."""\n\n\ndef word(n):\n    """What it is."""\n    if n < 0:\n        return "minus"\n    return "more"\n\n\ndef apart():\n    return 1\n',
    'start.py':
      'import os, sys, threading\nsys.path.insert(0, os.path.dirname(__file__))\nimport a\na.word(1)\nt = threading.Thread(target=a.apart)\nt.start()\nt.join()\nos._exit(0)\n',
    'lines.py': PYTHON_LINES,
  });
  const told = JSON.stringify({ file: join(dir, 'a.py'), mark: '#mark ' });
  const { lines, code } = said('python3', ['-I', '-B', 'lines.py', told, 'start.py'], dir) as { lines: number[]; code: number[] };
  expect(code.filter((line) => !lines.includes(line))).toEqual([7]);
  expect(code).not.toContain(5);
});

test('lines that hold code', () => {
  expect(codeLines('/**\n * Words.\n */\nconst a = 1; // one\n\n// two\n});\n# python\n#secret = 1;\n')).toEqual([4, 9]);
});
