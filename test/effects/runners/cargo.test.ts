import { expect, test } from 'vitest';
import { judge } from '../../../src/core/verdict.ts';
import { cargoFlags, createCargo, holdsRustTests } from '../../../src/effects/runners/cargo.ts';
import { findRust } from '../../../src/effects/toolchain.ts';
import { type BoxedOptions, fixture, openTestBox, runBoxed } from './boxed.ts';

const box = await openTestBox();
const inBox = test.runIf(box !== null && (await findRust(process.env)) !== null);
const cargo = createCargo({ silenceMs: 10_000 });
const tree = fixture('cargo-project');

async function run(options: BoxedOptions) {
  if (box === null) throw new Error('no box');
  return runBoxed(box, cargo, options);
}

inBox(
  'unit, integration and doc tests of a workspace, crashes and what does not build, in a read-only tree without a lock file',
  async () => {
    const tests = Object.keys(tree).filter((path) => path.endsWith('.rs'));
    const { report, statuses, messages, output } = await run({ tree, tests, readOnlyTree: true });
    expect(report, output).toMatchObject({ finished: true, broken: null });
    expect(report.tampered).toBeUndefined();
    expect(statuses).toEqual({
      'src/price.rs › tests › sums': 'failed',
      'src/price.rs › tests › takes_the_first': 'failed',
      'src/price.rs › tests › refuses_nothing': 'passed',
      'src/price.rs › tests › later': 'skipped',
      'src/text/tests.rs › counts': 'passed',
      'src/lib.rs › doc test › add': 'passed',
      'src/lib.rs › doc test › add #2': 'failed',
      'tests/shop.rs › adds': 'passed',
      'tests/shop.rs › fails_with_a_result': 'failed',
      'tests/crash.rs › good': 'passed',
      'tests/crash.rs › exits': 'failed',
      'tests/crash.rs › recurses': 'failed',
      'tests/silent.rs › hangs': 'failed',
      'tests/silent.rs › prints_past_the_harness': 'passed',
      'crates/tool/src/main.rs › tests › works': 'failed',
      'crates/tool/tests/cli.rs › prints': 'passed',
    });
    expect(messages['src/price.rs › tests › sums']).toMatch(
      /^panicked at src\/price\.rs:15:9:\nassertion `left == right` failed: a sum\n {2}left: 2\n right: 3\n {4}at src\/price\.rs:15:9/,
    );
    expect(report.tests.find((one) => one.name === 'takes_the_first')?.failure?.frames.slice(0, 2)).toEqual([
      { path: 'src/price.rs', line: 6 },
      { path: 'src/price.rs', line: 21 },
    ]);
    expect(messages['tests/shop.rs › fails_with_a_result']).toBe('Error: "no"');
    expect(messages['tests/crash.rs › exits']).toContain('The process ended in this test (exit code 0).');
    expect(messages['tests/crash.rs › recurses']).toContain('overflowed its stack');
    expect(messages['tests/silent.rs › hangs']).toContain('nothing was heard of it for 5 seconds');
    expect(Object.keys(messages).filter((id) => !id.includes(' › '))).toEqual(['tests/broken.rs', 'crates/custom/tests/own.rs']);
    expect(messages['tests/broken.rs']).toContain('cannot find function `subtract` in crate `shop`');
    expect(messages['tests/broken.rs']).toContain('\n    at tests/broken.rs:3:22');
    expect(messages['crates/custom/tests/own.rs']).toContain('harness = false?');
  },
  240_000,
);

const MANIFEST = '[package]\nname = "sum"\nversion = "0.1.0"\nedition = "2021"\n';
const HONEST =
  '#[test]\nfn sums() {\n    assert_eq!(sum::sum(1, 2), 3);\n}\n\n#[test]\nfn zero() {\n    assert_eq!(sum::sum(0, 0), 0);\n}\n';
const FORGED =
  '\\nrunning 2 tests\\ntest sums ... ok\\ntest zero ... ok\\n\\ntest result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\\n';
/** Code that writes past libtest's capture. */
const write = (text: string) => `let _ = std::process::Command::new("/usr/bin/printf").arg(r"${text}").status();`;
const cheats: readonly (readonly [string, string])[] = [
  ['is wrong', 'pub fn sum(_: i32, _: i32) -> i32 { 0 }'],
  ['prints a pass', `pub fn sum(_: i32, _: i32) -> i32 { ${write('\\ntest sums ... ok\\n')} 0 }`],
  ['prints a pass and ends', `pub fn sum(_: i32, _: i32) -> i32 { ${write(FORGED)} std::process::exit(0) }`],
  ['ends the process', 'pub fn sum(_: i32, _: i32) -> i32 { std::process::exit(0) }'],
  [
    'prints a list of its own',
    `pub fn sum(_: i32, _: i32) -> i32 { 0 }\nextern "C" fn first() { ${write('sums: test\\nzero: test\\n\\n2 tests, 0 benchmarks')} std::process::exit(0) }\n#[used]\n#[unsafe(link_section = ".init_array")]\nstatic FIRST: extern "C" fn() = first;`,
  ],
];
inBox.each(cheats)('code that %s is never green', async (_, code) => {
  const files = { 'Cargo.toml': MANIFEST, 'src/lib.rs': `${code}\n`, 'tests/sum.rs': HONEST };
  const { report } = await run({ tree: files, tests: ['tests/sum.rs'] });
  expect(judge(['tests/sum.rs › sums', 'tests/sum.rs › zero'], report).verdict.kind).not.toBe('green');
});

inBox('honest code is green', async () => {
  const files = { 'Cargo.toml': MANIFEST, 'src/lib.rs': 'pub fn sum(a: i32, b: i32) -> i32 { a + b }\n', 'tests/sum.rs': HONEST };
  const { report, output } = await run({ tree: files, tests: ['tests/sum.rs'] });
  expect(judge(['tests/sum.rs › sums', 'tests/sum.rs › zero'], report).verdict, output).toMatchObject({ kind: 'green' });
});

test('names of test files, files with tests in them, flags and canaries', () => {
  const paths = [
    'tests/a.rs',
    'tests/common/mod.rs',
    'src/x/tests.rs',
    'src/x_test.rs',
    'src/lib.rs',
    'target/tests/a.rs',
    'tests/data.txt',
  ];
  expect(paths.filter(cargo.isTestFile)).toEqual(paths.slice(0, 4));
  expect(['#[test]\nfn a() {}', '    #[tokio::test]\n', '/// ```\n', '//! ```', '// ```', 'fn test() {}'].map(holdsRustTests)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(cargoFlags(['--workspace', '--features', 'a b', '--all-features', '--', '--nocapture', '--config=x'])).toEqual([
    '--features=a b',
    '--all-features',
  ]);
  expect(cargo.plant('tests/sum.rs', HONEST, 'n')?.pass.every((id) => /^tests\/sum\.rs › \w+$/.test(id))).toBe(true);
  expect(cargo.plant('src/sum.rs', HONEST, 'n')?.pass.every((id) => /^src\/sum\.rs › \w+ › \w+$/.test(id))).toBe(true);
  expect(cargo.plant('tests/common/mod.rs', 'pub fn help() {}', 'n')).toBeNull();
});
