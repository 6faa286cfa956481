import { expect, test } from 'vitest';
import { CHECK_PATH } from '../../../src/core/change.ts';
import { judge } from '../../../src/core/verdict.ts';
import { createCheck } from '../../../src/effects/runners/check.ts';
import { splitCommand } from '../../../src/effects/runners/split.ts';
import { openTestBox, runBoxed } from './boxed.ts';

const box = await openTestBox();
const inBox = test.runIf(box !== null);

test.each([
  ['npx vitest run', ['npx', 'vitest', 'run']],
  ['  make\ttest ', ['make', 'test']],
  [`node -e 'console.log("a b; $c")' "it's \\"so\\"" a\\ b ""`, ['node', '-e', 'console.log("a b; $c")', 'it\'s "so"', 'a b', '']],
  ['pytest -k "not slow" --x=y*', ['pytest', '-k', 'not slow', '--x=y*']],
  ['a"b"c\'d\'', ['abcd']],
])('%s', (text, argv) => {
  expect(splitCommand(text)).toEqual(argv);
});

test.each([
  ['a | b', 'a pipe'],
  ['a && b', '"&&"'],
  ['a; b', '";"'],
  ['a > out', 'a redirection'],
  ['echo $HOME', 'a variable'],
  ['echo "$HOME"', 'a variable'],
  ['echo `date`', 'a backtick'],
  ['(a)', 'a subshell'],
  ['a\nb', 'more than one line'],
  ['CI=1 npm test', 'an assignment'],
])('%s needs a script file', (text, what) => {
  expect(() => splitCommand(text)).toThrow(`has ${what}`);
  expect(() => splitCommand(text)).toThrow('put it into a script file');
});

test.each(['', '   ', "''", "a 'b", 'a "b', 'a \\'])('%j is no command', (text) => {
  expect(() => splitCommand(text)).toThrow(/is empty|not closed/);
});

const TREE = {
  'src/sum.js': 'export const sum = (a, b) => a + b;\n',
  'check.mjs':
    "import { sum } from './src/sum.js';\nif (sum(1, 2) !== 3) { console.log('no \\u001b[31m\\nsrc/sum.js:1:14 is wrong'); process.exit(3); }\n",
  'hang.mjs': 'setInterval(() => {}, 1000);\n',
  'kill.mjs': "process.kill(process.pid, 'SIGTERM');\nsetInterval(() => {}, 1000);\n",
};

inBox('an exit code is one test', async () => {
  if (box === null) return;
  const of = async (command: string, tree: Readonly<Record<string, string>> = TREE, silenceMs = 60_000) => {
    const run = await runBoxed(box, createCheck({ argv: splitCommand(command), silenceMs }), {
      tree,
      tests: [CHECK_PATH],
      readOnlyTree: true,
    });
    expect(run.report).toMatchObject({ finished: true, broken: null, fileFailures: [] });
    return { ...run, verdict: judge([`check › ${command}`], run.report).verdict.kind };
  };
  expect(await of('node check.mjs')).toMatchObject({ statuses: { 'check › node check.mjs': 'passed' }, verdict: 'green' });
  const red = await of('node check.mjs', { ...TREE, 'src/sum.js': 'export const sum = () => 0;\n' });
  expect(red.verdict).toBe('red');
  expect(red.messages['check › node check.mjs']).toBe(
    'The command failed: exit code 3.\nno\nsrc/sum.js:1:14 is wrong\n    at src/sum.js:1:14',
  );
  expect(red.report.tests[0]?.failure?.frames).toEqual([{ path: 'src/sum.js', line: 1 }]);
  expect((await of('no-such-program --x')).messages['check › no-such-program --x']).toContain(
    'The program no-such-program was not found in the box.',
  );
  expect((await of('./no-such.sh')).messages['check › ./no-such.sh']).toContain('The program ./no-such.sh was not found in the box.');
  expect((await of('sh -c no-such-program')).messages['check › sh -c no-such-program']).toContain('A program that sh starts was not found');
  expect((await of('node kill.mjs')).messages['check › node kill.mjs']).toContain('SIGTERM');
  expect((await of('node hang.mjs', TREE, 3_000)).messages['check › node hang.mjs']).toContain('nothing was heard of it for 3 seconds');
});

test('what it is for, and what it is worth', () => {
  const check = createCheck({ argv: ['go', 'test', './...'] });
  expect(check).toMatchObject({ id: 'check', toolchain: 'go', weak: expect.stringContaining('no test report') });
  expect(check.isTestFile('test/a.test.ts')).toBe(false);
  expect(check.plant(CHECK_PATH, '', 'n')).toBeNull();
});
