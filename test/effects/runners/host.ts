// Runs our own fixture code directly on this machine, the way a box would. Only for tests of runners: a fixture is code of ours.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { Box, BoxResult, BoxTest, Order, Runner } from '../../../src/core/ports.ts';
import type { Files } from '../../../src/core/ref.ts';
import type { TestId, TestReport } from '../../../src/core/report.ts';
import { runTests as runInBox } from '../../../src/effects/steps/testing.ts';

/** This repository's own dependencies, which stand for a project's. */
export const ownDeps = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/** The tools that a box resolves: this Node and the system's Python. */
const TOOLS: Readonly<Record<string, string>> = {
  node: process.execPath,
  python3: existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3',
};

const made: string[] = [];
afterAll(() => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

/** Writes files into a fresh folder, which is removed after the tests of the file. */
export function writeTree(files: Files): string {
  const dir = mkdtempSync(join(tmpdir(), 'redgreen-fixture-'));
  made.push(dir);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

export interface Run {
  readonly report: TestReport;
  /** Status by id. */
  readonly statuses: Readonly<Record<string, string>>;
  readonly failed: Readonly<Record<string, string>>;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

export interface RunOptions {
  readonly tests?: readonly string[];
  readonly only?: readonly TestId[];
  readonly deps?: string;
  readonly order?: Order;
  /** Folder for temporary files, where tests may leave something to look at. */
  readonly tmp?: string;
  readonly timeoutMs?: number;
}

/** Runs the tests of a tree the way a step does, with canaries, and reads the report. */
export async function runTests(runner: Runner, files: Files, options: RunOptions = {}): Promise<Run> {
  let said: Pick<BoxResult, 'stdout' | 'stderr' | 'exitCode'> = { stdout: '', stderr: '', exitCode: null };
  const box = { test: async (test: BoxTest) => testHost(test, options.tmp ?? writeTree({}), (result) => (said = result)) } as Box;
  const { report } = await runInBox(
    { box: async () => box },
    {
      tree: files,
      runner,
      tests: options.tests ?? Object.keys(files).filter(runner.isTestFile),
      ...(options.only === undefined ? {} : { only: options.only }),
      deps: options.deps ?? null,
      order: options.order ?? null,
      timeoutMs: options.timeoutMs ?? 50_000,
      signal: new AbortController().signal,
    },
  );
  return {
    report,
    statuses: Object.fromEntries(report.tests.map((test) => [test.id, test.status])),
    failed: Object.fromEntries(report.fileFailures.map((file) => [file.path, file.failure.message])),
    ...said,
  };
}

/** `Box.test` without a box. */
async function testHost(test: BoxTest, tmp: string, tell: (result: BoxResult) => void): ReturnType<Box['test']> {
  const { runner, tests, only, order, nonce } = test;
  const treeDir = writeTree(test.tree);
  const harnessDir = writeTree(runner.harness);
  const reportPath = join(writeTree({}), 'report.jsonl');
  const isNode = test.deps !== null && basename(test.deps) === 'node_modules';
  if (test.deps !== null && isNode) {
    symlinkSync(test.deps, join(treeDir, 'node_modules'));
    symlinkSync(test.deps, join(harnessDir, 'node_modules'));
  }
  const depsDir = test.deps !== null && isNode ? join(treeDir, 'node_modules') : test.deps;
  const command = runner.command({ treeDir, harnessDir, reportPath, tests, only, depsDir, order, nonce, project: test.project ?? null });
  const { argv, env, stdin = '' } = command;
  const result = await runHost({ argv, env: { ...env, TMPDIR: tmp }, stdin, cwd: treeDir, timeoutMs: test.timeoutMs });
  tell(result);
  return { result, report: existsSync(reportPath) ? readFileSync(reportPath, 'utf8') : null, treeDir };
}

/** `Box.run` without a box; the other methods are not there. */
export const hostBox: Pick<Box, 'run'> = {
  run: async ({ argv, tree, stdin, timeoutMs }) =>
    runHost({ argv, cwd: writeTree(tree), timeoutMs, ...(stdin === undefined ? {} : { stdin }) }),
};

interface HostRun {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly timeoutMs: number;
}

async function runHost(run: HostRun): Promise<BoxResult> {
  const [tool = '', ...args] = run.argv;
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: tmpdir(),
    TMPDIR: writeTree({}),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    CI: '1',
    NO_COLOR: '1',
    ...run.env,
  };
  const child = spawn(TOOLS[tool] ?? tool, args, { cwd: run.cwd, env, stdio: 'pipe' });
  const timer = setTimeout(() => child.kill('SIGKILL'), run.timeoutMs);
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    out.stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    out.stderr += chunk;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(run.stdin ?? '');
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  return { reason: exitCode === 0 ? 'ok' : exitCode === null ? 'time' : 'exit', exitCode, ...out, ms: 0 };
}
