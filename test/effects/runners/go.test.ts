import { expect, test } from 'vitest';
import { judge } from '../../../src/core/verdict.ts';
import { createGo, goFlags } from '../../../src/effects/runners/go.ts';
import { findGo } from '../../../src/effects/toolchain.ts';
import { type BoxedOptions, fixture, openTestBox, runBoxed } from './boxed.ts';

const box = await openTestBox();
const inBox = test.runIf(box !== null && (await findGo(process.env)) !== null);
const go = createGo({ silenceMs: 8_000 });
const tree = fixture('go-project');

async function run(options: BoxedOptions) {
  if (box === null) throw new Error('no box');
  return runBoxed(box, go, options);
}

inBox('tests, subtests, panics and files that are not built, in a read-only tree and another order', async () => {
  const tests = Object.keys(tree).filter(go.isTestFile);
  const { report, statuses, messages } = await run({ tree, tests, readOnlyTree: true, order: { seed: 7, within: true } });
  expect(report).toMatchObject({ finished: true, broken: null });
  expect(report.tampered).toBeUndefined();
  const wrap = 'text/wrap_test.go';
  const crash = 'crash/crash_test.go';
  expect(statuses).toEqual({
    [`${wrap} › TestWords`]: 'failed',
    [`${wrap} › TestWords › none`]: 'passed',
    [`${wrap} › TestWords › two_words`]: 'passed',
    [`${wrap} › TestWords › wrong › on_purpose`]: 'failed',
    [`${wrap} › TestFirst`]: 'passed',
    [`${wrap} › TestPanics`]: 'failed',
    [`${wrap} › TestAfterPanic`]: 'passed',
    [`${wrap} › TestPrints`]: 'passed',
    [`${wrap} › TestPrintsAResult`]: 'passed',
    [`${wrap} › TestLater`]: 'skipped',
    [`${wrap} › TestHome`]: 'passed',
    [`${wrap} › FuzzWords`]: 'passed',
    [`${wrap} › FuzzWords › seed#0`]: 'passed',
    [`${wrap} › ExampleWords`]: 'passed',
    'text/external_test.go › TestFromOutside': 'passed',
    'math/stats/stats_test.go › TestSum': 'passed',
    [`${crash} › TestGood`]: 'passed',
    [`${crash} › TestExit`]: 'failed',
    [`${crash} › TestParallelA`]: 'failed',
    [`${crash} › TestParallelB`]: 'passed',
    [`${crash} › TestSilent`]: 'failed',
  });
  expect(messages[`${wrap} › TestWords`]).toBe('a subtest failed: wrong/on_purpose');
  expect(messages[`${wrap} › TestWords › wrong › on_purpose`]).toBe(
    'wrap_test.go:16: Words("a b") has 2 words, want 3\n    at text/wrap_test.go:16',
  );
  expect(messages[`${wrap} › TestPanics`]).toContain('index out of range [0] with length 0');
  expect(report.tests.find((one) => one.name === 'TestPanics')?.failure?.frames[0]).toEqual({ path: 'text/wrap.go', line: 10 });
  expect(messages[`${crash} › TestExit`]).toContain('unexpected call to os.Exit(0) during test');
  expect(messages[`${crash} › TestParallelA`]).toContain('panic: from a goroutine');
  expect(messages[`${crash} › TestSilent`]).toContain('nothing was heard of it for 8 seconds');
  expect(Object.keys(messages).filter((id) => !id.includes(' › '))).toEqual(['broken/broken_test.go', 'tagged/tagged_test.go']);
  expect(messages['broken/broken_test.go']).toContain('./broken_test.go:6:5: undefined: Missing\n    at broken/broken_test.go:6:5');
  expect(messages['tagged/tagged_test.go']).toContain('build constraints exclude all Go files');
});

inBox('a run is narrowed by file, and flags of the project reach the build', async () => {
  const one = await run({
    tree,
    tests: ['text/external_test.go', 'tagged/tagged_test.go'],
    only: ['text/external_test.go › TestFromOutside'],
  });
  expect(one.statuses).toEqual({ 'text/external_test.go › TestFromOutside': 'passed' });
  expect(goFlags(['-v', '-race', '-tags', 'a,b', '-count=1', '-run=X', '-short', '--parallel=2', './...'])).toEqual({
    build: ['-race', '-tags=a,b'],
    run: ['-test.short', '-test.parallel=2'],
  });
});

const HONEST = `package sum

import "testing"

func TestSums(t *testing.T) {
	if Sum(1, 2) != 3 {
		t.Errorf("Sum = %d", Sum(1, 2))
	}
}

func TestZero(t *testing.T) {
	if Sum(0, 0) != 0 {
		t.Error("not zero")
	}
}
`;
const ALL_PASS = '=== RUN   TestSums\\n--- PASS: TestSums (0.00s)\\n=== RUN   TestZero\\n--- PASS: TestZero (0.00s)\\nPASS\\n';
const cheats: readonly (readonly [string, string])[] = [
  ['is wrong', 'func Sum(a, b int) int { return 0 }'],
  ['prints a pass', `import "fmt"\n\nfunc Sum(a, b int) int { fmt.Print("\\n--- PASS: TestSums (0.00s)\\n"); return 0 }`],
  ['prints a pass and ends', `import ("fmt"; "syscall")\n\nfunc Sum(a, b int) int { fmt.Print("${ALL_PASS}"); syscall.Exit(0); return 0 }`],
  [
    'ends while it loads',
    `import ("fmt"; "os")\n\nfunc init() { fmt.Print("${ALL_PASS}"); os.Exit(0) }\n\nfunc Sum(a, b int) int { return 0 }`,
  ],
  ['closes what it is heard by', 'import "os"\n\nfunc Sum(a, b int) int { os.Stdout.Close(); os.Stderr.Close(); return 0 }'],
  ['never ends', 'func Sum(a, b int) int { for { } }'],
];
inBox.each(cheats)('code that %s is never green', async (_, code) => {
  const files = { 'go.mod': 'module example.com/sum\n\ngo 1.19\n', 'sum.go': `package sum\n\n${code}\n`, 'sum_test.go': HONEST };
  const { report } = await run({ tree: files, tests: ['sum_test.go'] });
  expect(judge(['sum_test.go › TestSums', 'sum_test.go › TestZero'], report).verdict.kind).not.toBe('green');
});

test('names of test files, and canaries', () => {
  expect(
    ['a_test.go', 'x/a_test.go', '_test.go', 'vendor/x/a_test.go', 'x/testdata/a_test.go', '_old/a_test.go', 'a.go'].filter(go.isTestFile),
  ).toEqual(['a_test.go', 'x/a_test.go']);
  const planted = go.plant('sum_test.go', HONEST, 'nonce');
  expect(planted?.text.startsWith(HONEST)).toBe(true);
  expect([planted?.pass.length, Object.keys(planted?.fail ?? {}).length]).toEqual([2, 3]);
  expect(go.plant('sum_test.go', HONEST, 'other')?.pass).not.toEqual(planted?.pass);
  expect(go.plant('helper_test.go', 'package sum\n\nimport "testing"\n\nfunc help(t *testing.T) {}\n', 'nonce')).toBeNull();
});
