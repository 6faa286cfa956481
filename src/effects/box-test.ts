// Lays out a test run: where the tree, the runner's files, the dependencies and the report are.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Mount, Policy, Rung } from '../../sandbox/index.ts';
import { giveAway } from '../../sandbox/index.ts';
import type { BoxTest } from '../core/ports.ts';
import { writeFiles } from './box-files.ts';
import type { Programs } from './box-programs.ts';
import { seen } from './box-programs.ts';

export interface LaidTest {
  readonly policy: Policy;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly stdin: string | undefined;
  /** Host path of the report. */
  readonly reportFile: string;
  remove(): void;
}

const MiB = 1024 * 1024;

/** Writes everything for `test` to fresh host folders and says how they are mounted. */
export function layTest(rung: Rung, programs: Programs, test: BoxTest): LaidTest {
  const { staging } = rung;
  const name = randomBytes(6).toString('hex');
  const tree: Mount = { source: staging.folder('tree'), target: '/work' };
  const harness: Mount = { source: staging.folder('harness'), target: `/redgreen/harness-${name}` };
  const out: Mount = { source: makeReport(rung), target: `/redgreen/report-${name}/report` };
  writeFiles(staging, tree.source, test.tree);
  writeFiles(staging, harness.source, test.runner.harness);
  const deps = test.deps === null ? null : dependencies(test.deps);
  if (deps?.isNode) makeMountPoint(rung, tree.source, harness.source, deps.source);

  const treeDir = seen(rung, tree);
  const reportPath = seen(rung, out);
  const depsDir = deps === null ? null : rung.mounts ? deps.target : deps.isNode ? join(treeDir, 'node_modules') : deps.source;
  const command = test.runner.command({
    treeDir,
    harnessDir: seen(rung, harness),
    reportPath,
    tests: test.tests,
    only: test.only,
    depsDir,
    order: test.order,
    nonce: test.nonce,
  });
  const python = deps === null || deps.isNode || depsDir === null ? {} : { PYTHONPATH: depsDir };
  const work = test.readOnlyTree ? { read: [tree] } : { read: [], copy: { ...tree, bytes: 1024 * MiB } };
  const policy: Policy = {
    ...work,
    read: [...work.read, harness, ...programs.mounts, ...(deps === null ? [] : [{ source: deps.source, target: deps.target }])],
    write: [out],
    links: deps?.isNode ? [{ target: '/redgreen/node_modules', to: deps.target }] : [],
    env: { ...programs.env, ...python, ...command.env },
    network: 'none',
  };
  return {
    policy,
    argv: command.argv,
    stdin: command.stdin,
    cwd: treeDir,
    reportFile: out.source,
    remove: () => {
      for (const path of [tree.source, harness.source, dirname(out.source)]) staging.remove(path);
    },
  };
}

/**
 * An empty file, mounted alone: the only thing on the host's disk that a test can write to. In a folder it could leave files that are
 * deleted but open, which nobody can count, or put something else in the report's place.
 */
function makeReport({ staging }: Rung): string {
  const file = join(staging.folder('report'), 'report');
  staging.write(file, '');
  giveAway(file, staging.identity);
  return file;
}

interface Dependencies extends Mount {
  readonly isNode: boolean;
}

/** npm's folder goes into the tree, where Node looks for it; pip's beside it, named by PYTHONPATH. */
function dependencies(source: string): Dependencies {
  const isNode = basename(source) === 'node_modules';
  return { source, isNode, target: isNode ? '/work/node_modules' : '/redgreen/python-packages' };
}

/** A mount on a read-only tree needs a folder to cover; without a box, links stand in for mounts. */
function makeMountPoint(rung: Rung, tree: string, harness: string, deps: string): void {
  const point = join(tree, 'node_modules');
  if (rung.mounts) {
    mkdirSync(point, { recursive: true });
    chmodSync(point, 0o755);
    return;
  }
  symlinkSync(deps, point);
  symlinkSync(deps, join(harness, 'node_modules'));
}
