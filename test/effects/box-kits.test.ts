// Compilers in boxes, with what their user has downloaded.
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createBox, type HostBox } from '../../src/effects/box.ts';
import { cargoNote, missingCrates } from '../../src/effects/box-cargo.ts';
import { goNote, missingModules } from '../../src/effects/box-go.ts';
import { createCargo } from '../../src/effects/runners/cargo.ts';
import { createGo } from '../../src/effects/runners/go.ts';
import { findGo, findRust } from '../../src/effects/toolchain.ts';
import { runBoxed } from './runners/boxed.ts';

const made = mkdtempSync(join(tmpdir(), 'redgreen-kits-'));
chmodSync(made, 0o755);
const opened: HostBox[] = [];
afterAll(() => {
  for (const box of opened) box.close();
  rmSync(made, { recursive: true, force: true });
});

async function boxWith(env: Readonly<Record<string, string>>): Promise<HostBox> {
  const box = await createBox({ stateDir: join(made, 'state'), env: { ...process.env, ...env } });
  opened.push(box);
  return box;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(made, path)), { recursive: true });
  writeFileSync(join(made, path), text);
}

const hasBox = await createBox({ stateDir: join(made, 'state'), env: {} }).then(
  (box) => opened.push(box) > 0,
  () => false,
);
const hasGo = (await findGo(process.env)) !== null;
const hasRust = (await findRust(process.env)) !== null;

/** The `h1:` hash of the go command over one file. */
function h1(name: string, text: string): string {
  const inner = createHash('sha256').update(text).digest('hex');
  return `h1:${createHash('sha256').update(`${inner}  ${name}\n`).digest('base64')}`;
}

const MODULE = 'example.com/Dep';
const GO_MOD = `module ${MODULE}\n\ngo 1.19\n`;

test.runIf(hasBox && hasGo)('modules come from the user’s module cache, which cannot be written', async () => {
  const sum = `h1:${createHash('sha256').update('zip').digest('base64')}`;
  write('mod/example.com/!dep@v1.2.3/dep.go', 'package dep\n\nfunc Three() int { return 3 }\n');
  write('mod/example.com/!dep@v1.2.3/go.mod', GO_MOD);
  const download = 'mod/cache/download/example.com/!dep/@v';
  write(`${download}/v1.2.3.mod`, GO_MOD);
  write(`${download}/v1.2.3.info`, '{"Version":"v1.2.3","Time":"2026-01-01T00:00:00Z"}');
  write(`${download}/v1.2.3.zip`, 'zip');
  write(`${download}/v1.2.3.ziphash`, sum);
  const own = `module example.com/shop\n\ngo 1.19\n\nrequire ${MODULE} v1.2.3\n`;
  const tree = {
    'go.mod': own,
    'go.sum': `${MODULE} v1.2.3 ${sum}\n${MODULE} v1.2.3/go.mod ${h1('go.mod', GO_MOD)}\n`,
    'a_test.go': `package shop

import (
	"os"
	"testing"

	dep "${MODULE}"
)

func TestDep(t *testing.T) {
	if dep.Three() != 3 {
		t.Fail()
	}
	if os.WriteFile(os.Getenv("GOMODCACHE")+"/x", nil, 0o644) == nil {
		t.Error("the module cache can be written")
	}
}
`,
  };
  const box = await boxWith({ GOMODCACHE: join(made, 'mod') });
  const run = await runBoxed(box, createGo(), { tree, tests: ['a_test.go'] });
  expect(run.statuses, JSON.stringify(run.messages)).toEqual({ 'a_test.go › TestDep': 'passed' });
  expect(missingModules(own, join(made, 'mod'))).toEqual([]);
  const lacking = await runBoxed(box, createGo(), { tree: { ...tree, 'go.mod': own.replace('1.2.3', '1.2.4') }, tests: ['a_test.go'] });
  expect(lacking.messages['a_test.go']).toMatch(/The package does not build[\s\S]*go mod download/);
});

test('what the module cache lacks is said', () => {
  write('cache/github.com/!burnt!sushi/toml@v1.0.0/go.mod', '');
  const goMod = `module x

require github.com/BurntSushi/toml v1.0.0 // why

require (
	github.com/a/b v0.1.0
	github.com/c/d v2.0.0+incompatible
	github.com/e/f v0.0.0-20260101000000-abcdefabcdef // indirect
	github.com/g/h v1.0.0
	github.com/i/j v1.0.0
)

replace github.com/g/h => ../h

replace github.com/i/j v1.0.0 => github.com/k/l v1.1.0
`;
  const missing = missingModules(goMod, join(made, 'cache'));
  expect(missing).toEqual(['github.com/a/b@v0.1.0', 'github.com/c/d@v2.0.0+incompatible', 'github.com/k/l@v1.1.0']);
  expect(goNote(missing, false)).toBe(
    'The Go module cache does not hold github.com/a/b@v0.1.0 (and 2 more), and boxes have no network: run "go mod download" in the repository, then run again.',
  );
  expect([goNote([], false), goNote(missing, true)]).toEqual([null, null]);
});

test.runIf(hasBox && hasRust)('of cargo’s home only crates are in the box', async () => {
  write('cargo/registry/index/x', '');
  write('cargo/credentials.toml', 'token = "secret"');
  const tree = {
    'Cargo.toml': '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n',
    'src/lib.rs': '',
    'tests/a.rs': `#[test]
fn sees_no_token() {
    let home = std::env::var("CARGO_HOME").unwrap();
    assert!(std::fs::read_dir(&home).unwrap().any(|one| one.unwrap().file_name() == "registry"));
    assert!(!std::path::Path::new(&home).join("credentials.toml").exists());
    assert!(std::fs::write(std::path::Path::new(&home).join("registry/y"), "").is_err());
}
`,
  };
  const { HOME = '' } = process.env;
  const rustup = process.env['RUSTUP_HOME'] ?? join(HOME, '.rustup');
  const run = await runBoxed(await boxWith({ CARGO_HOME: join(made, 'cargo'), RUSTUP_HOME: rustup }), createCargo(), {
    tree,
    tests: ['tests/a.rs'],
  });
  expect(run.statuses, JSON.stringify(run.messages)).toEqual({ 'tests/a.rs › sees_no_token': 'passed' });
});

test('crates that are not downloaded are said', () => {
  const entry = (name: string, version: string, more: string) => `\n[[package]]\nname = "${name}"\nversion = "${version}"\n${more}`;
  const registry = 'source = "registry+https://github.com/rust-lang/crates.io-index"\n';
  write('home/registry/cache/index.crates.io-1/serde-1.0.0.crate', '');
  write('home/registry/src/index.crates.io-1/log-0.4.0/Cargo.toml', '');
  const lock = `version = 4\n${entry('own', '0.1.0', 'dependencies = [\n "log",\n "rand 0.9.0",\n "serde",\n]\n')}${entry('log', '0.4.0', registry)}${entry('rand', '0.9.0', registry)}${entry('rand', '0.8.0', registry)}${entry('serde', '1.0.0', registry)}${entry('windows-sys', '0.60.0', registry)}`;
  expect(missingCrates(lock, join(made, 'home'))).toEqual(['rand 0.9.0']);
  expect(missingCrates('garbage [[package]]\n[[package]]\n', join(made, 'nowhere'))).toEqual([]);
  expect(cargoNote(['rand 0.9.0'], false)).toContain('run "cargo fetch"');
  expect(cargoNote(['rand 0.9.0'], true)).toBeNull();
});

test.runIf(hasBox)('without a compiler there is one sentence', async () => {
  const box = await boxWith({ PATH: '', HOME: '/nonexistent', CARGO_HOME: '/nonexistent' });
  const run = runBoxed(box, createCargo(), { tree: { 'Cargo.toml': '' }, tests: ['tests/a.rs'] });
  await expect(run).rejects.toThrow('Rust was not found: install it with cargo (https://rustup.rs)');
});
