// Lays out a test run: where the tree, the runner's files, the dependencies and the report are.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Mount, Policy, Rung } from '../../sandbox/index.ts';
import { giveAway } from '../../sandbox/index.ts';
import type { BoxTest } from '../core/ports.ts';
import type { Bases } from './box-base.ts';
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

/** Writes everything for `test` to fresh host folders and says how they are mounted. Throws `RedgreenError('box.failed')`. */
export async function layTest(rung: Rung, programs: Programs, bases: Bases, test: BoxTest): Promise<LaidTest> {
  const { staging } = rung;
  const name = randomBytes(6).toString('hex');
  const tree: Mount = { source: staging.folder('tree'), target: '/work' };
  const harness: Mount = { source: staging.folder('harness'), target: `/redgreen/harness-${name}` };
  const out: Mount = { source: makeReport(rung), target: `/redgreen/report-${name}/report` };
  await bases.lay(tree.source, test);
  writeFiles(staging, harness.source, test.runner.harness);
  // Our own runners keep vite from writing there; a command of the user's (`--check`) does not.
  const needs = rung.mounts && test.base !== undefined && test.project === undefined ? cachesOf(test) : [];
  const near = (folder: string) => bases.near(folder, needs);
  const deps = test.deps === null ? null : dependencies(await near(test.deps));
  const members = await memberMounts(near, test.memberDeps ?? {});
  const inTree = [...(deps?.isNode ? [deps] : []), ...members];
  for (const mount of inTree) await makeMountPoint(rung, bases, tree.source, mount, test.base !== undefined);
  if (deps?.isNode && !rung.mounts) symlinkSync(join(tree.source, 'node_modules'), join(harness.source, 'node_modules'));

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
    project: test.project ?? null,
    nonce: test.nonce,
  });
  const python = deps === null || deps.isNode || depsDir === null ? {} : { PYTHONPATH: depsDir };
  const work = test.readOnlyTree ? { read: [tree] } : { read: [], copy: { ...tree, bytes: 1024 * MiB } };
  const policy: Policy = {
    ...work,
    read: [...work.read, harness, ...programs.mounts, ...[...(deps === null ? [] : [deps]), ...members].map(toMount)],
    write: [out],
    scratch: inTree.flatMap((mount) => needs.map((name) => `${mount.target}/${name}`)),
    links: deps?.isNode ? [{ target: '/redgreen/node_modules', to: deps.target }] : [],
    env: { ...programs.env, ...python, ...command.env },
    network: 'none',
    ...(programs.limits === undefined ? {} : { limits: programs.limits }),
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

/** Folders of the members of a workspace, which go where they are in the repository. */
async function memberMounts(
  near: (folder: string) => Promise<string>,
  members: Readonly<Record<string, string>>,
): Promise<readonly Mount[]> {
  return Promise.all(Object.entries(members).map(async ([path, source]) => ({ source: await near(source), target: `/work/${path}` })));
}

/** Folders in node_modules that tools write to: vite's is the one that it cannot do without (it puts a configuration there to import it). */
function cachesOf({ deps, memberDeps = {} }: BoxTest): readonly string[] {
  const hasVite = [deps ?? '', ...Object.values(memberDeps)].some((folder) =>
    ['vite', 'vitest'].some((name) => existsSync(join(folder, name))),
  );
  return hasVite ? ['.vite-temp'] : [];
}

function toMount({ source, target }: Mount): Mount {
  return { source, target };
}

/**
 * A mount on a read-only tree needs a folder to cover. Without a box a link stands in for it; in a repository a copy, because there links between
 * the members of a workspace must lead to the tree, and what the user has installed must not be written to.
 */
async function makeMountPoint(rung: Rung, bases: Bases, tree: string, mount: Mount, isRepository: boolean): Promise<void> {
  const point = join(tree, mount.target.slice('/work/'.length));
  rmSync(point, { recursive: true, force: true });
  if (!rung.mounts) return isRepository ? bases.copy(mount.source, point) : symlinkSync(mount.source, point);
  mkdirSync(point, { recursive: true });
  chmodSync(point, 0o755);
}
