// How the tests of a Go module and of a Rust crate are run: their tools have one way.
import type { TestSetup } from '../../core/survey.ts';
import { at } from './formats/data.ts';
import { isGlob } from './glob.ts';
import { habitOf, testMatcher } from './habits.ts';
import { isIn, join, type Repo } from './source.ts';

/** `go test`, where there are test files. */
export function goSetups(dir: string, files: readonly string[]): readonly TestSetup[] {
  if (!files.some((path) => path.endsWith('_test.go'))) return [];
  return [{ runner: 'go', language: 'go', dir, config: null, flags: [], env: {}, include: [], exclude: [], why: join(dir, 'go.mod') }];
}

/** Source files of one crate that are looked into for tests. */
const MOST_LOOKED_INTO = 200;
const HOLDS_TESTS = /^[ \t]{0,40}#\[(?:\w{1,40}::){0,3}test\b/m;

/**
 * `cargo test`, in a folder whose Cargo.toml is a package (a workspace alone has no tests of its own). Source files that hold unit tests are
 * among what is run. Doc tests are found only where those are.
 */
export async function cargoSetups(repo: Repo, dir: string, cargo: unknown, files: readonly string[]): Promise<readonly TestSetup[]> {
  if (at(cargo, 'package') === undefined) return [];
  const setup: TestSetup = {
    runner: 'cargo',
    language: 'rust',
    dir,
    config: null,
    flags: [],
    env: {},
    include: [],
    exclude: [],
    why: join(dir, 'Cargo.toml'),
  };
  const isTest = testMatcher(setup);
  const sources = files.filter((path) => path.endsWith('.rs') && isIn(dir, path) && !isTest(path)).slice(0, MOST_LOOKED_INTO);
  const texts = await Promise.all(sources.map((path) => repo.read(path)));
  const mixed = sources.filter((path, i) => !isGlob(path) && HOLDS_TESTS.test(texts[i] ?? ''));
  return [{ ...setup, include: mixed.length === 0 ? [] : [...habitOf(setup), ...mixed] }];
}
