// Dependencies that the user has installed already: whether a run may use them, read-only, in place of an install of its own.
import { existsSync, lstatSync } from 'node:fs';
import { join, relative } from 'node:path';
import { asError } from '../../core/errors.ts';
import { npmDisagrees } from './agree-npm.ts';
import { pnpmDisagrees } from './agree-pnpm.ts';
import { rangesDisagree } from './agree-ranges.ts';
import { yarnDisagrees } from './agree-yarn.ts';
import { type Folders, type InstalledQuery, isFolder, isSameText } from './folders.ts';
import { findPythonDeps } from './python.ts';
import { type Stamped, stampOf } from './stamp.ts';

export type { InstalledQuery } from './folders.ts';

export interface InstalledDeps {
  /** Host folder, for `BoxTest.deps`. */
  readonly deps: string;
  /** For `BoxTest.memberDeps`. */
  readonly memberDeps: Readonly<Record<string, string>>;
  /** What the folders looked like, for `isUnchanged`. */
  readonly stamp: string;
  /** A sentence for people. */
  readonly why: string;
}

export interface NotInstalled {
  readonly deps: null;
  /** A sentence for people: what is in the way. */
  readonly why: string;
}

/** Most members whose own folders are mounted. */
const MAX_MEMBERS = 200;

/**
 * Finds what the user has installed for the commit: it must be what the commit's lock file says (without one, be in the ranges of its
 * manifests), and no link in it may lead out of the repository. Only reads; never throws: what cannot be read is not used.
 */
export async function findInstalled(query: InstalledQuery): Promise<InstalledDeps | NotInstalled> {
  try {
    const { manager } = query.survey;
    const find = isNode(query.survey) ? nodeFolders : isPython(query.survey) ? findPythonDeps : null;
    if (find === null) return unused(`it is not known how ${manager ?? 'this project'} keeps it`);
    const found = await find(query);
    if (typeof found === 'string') return unused(found);
    const { deps, memberDeps, because } = found;
    const { stamp, leaving } = await stampAll([deps, ...Object.values(memberDeps)], query.root);
    if (leaving !== null) return unused(`the link ${leaving} leads out of the repository`);
    return { deps, memberDeps, stamp, why: `The packages installed in ${relative(query.root, deps)} are used, read-only: ${because}.` };
  } catch (thrown) {
    return unused(`it cannot be read: ${asError(thrown).message}`);
  }
}

function unused(because: string): NotInstalled {
  return { deps: null, why: `What is installed here is not used, because ${because}.` };
}

/** Whether the folders are as they were when they were found. Takes some 10 µs a file. */
export async function isUnchanged(found: Pick<InstalledDeps, 'deps' | 'memberDeps' | 'stamp'>): Promise<boolean> {
  const now = await stampAll([found.deps, ...Object.values(found.memberDeps)], null).catch(() => null);
  return found.stamp === now?.stamp;
}

/** What tools write there while they run: `.vite` and `.cache` in node_modules, compiled Python. */
function isCache(path: string): boolean {
  return /^\.(?!bin(?:\/|$)|pnpm(?:\/|$))[^/]*$/.test(path) || /(?:^|\/)__pycache__$/.test(path);
}

async function stampAll(folders: readonly string[], within: string | null): Promise<Stamped> {
  const all: Stamped[] = [];
  for (const folder of folders) all.push(await stampOf(folder, { within, isPassing: isCache }));
  return { stamp: all.map((one) => one.stamp).join(' '), leaving: all.find((one) => one.leaving !== null)?.leaving ?? null };
}

function isNode({ manager }: InstalledQuery['survey']): boolean {
  return manager === 'npm' || manager === 'pnpm' || manager === 'yarn' || manager === 'bun';
}

function isPython({ manager }: InstalledQuery['survey']): boolean {
  return manager === 'pip' || manager === 'poetry' || manager === 'uv';
}

async function nodeFolders({ root, read, survey }: InstalledQuery): Promise<Folders | string> {
  const deps = join(root, 'node_modules');
  if (existsSync(join(root, '.pnp.cjs'))) return "yarn's Plug'n'Play keeps no node_modules";
  const stat = lstatSync(deps, { throwIfNoEntry: false });
  if (stat === undefined) return 'there is no node_modules';
  if (!stat.isDirectory()) return 'node_modules is a link';
  const manifests = new Map<string, string>();
  for (const { dir } of survey.packages) {
    const path = dir === '' ? 'package.json' : `${dir}/package.json`;
    const text = await read(path);
    if (text === null) continue;
    if (!isSameText(join(root, path), text)) return `${path} here is not the committed one`;
    manifests.set(dir, text);
  }
  const lock = survey.lock === null ? null : await read(survey.lock);
  const because = lock === null ? rangesDisagree(root, manifests) : disagrees(root, survey.lock ?? '', lock);
  if (because !== null) return because;
  const members = survey.packages.map(({ dir }) => dir).filter((dir) => dir !== '' && isFolder(join(root, dir, 'node_modules')));
  if (members.length > MAX_MEMBERS) return `more than ${MAX_MEMBERS} members of the workspace have a node_modules of their own`;
  return {
    deps,
    memberDeps: Object.fromEntries(members.map((dir) => [`${dir}/node_modules`, join(root, dir, 'node_modules')])),
    because: lock === null ? 'they are in the ranges of package.json' : `they are what ${survey.lock} says`,
  };
}

function disagrees(root: string, path: string, lock: string): string | null {
  if (path === 'package-lock.json' || path === 'npm-shrinkwrap.json') return npmDisagrees(root, lock);
  if (path === 'pnpm-lock.yaml') return pnpmDisagrees(root, lock);
  if (path === 'yarn.lock') return yarnDisagrees(root, lock);
  return `${path} cannot be compared with what is installed`;
}
