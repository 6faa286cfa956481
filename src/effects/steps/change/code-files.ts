// The files that a compiler has to see for a change by meaning.
import type { Language, Ports } from '../../../core/ports.ts';
import type { Files } from '../../../core/ref.ts';
import type { Desk } from './desk.ts';

const CODE = /\.(?:[cm]?[jt]sx?|json)$/;
const PYTHON = /\.pyi?$/;
const FOREIGN = /(?:^|\/)(?:node_modules|vendor|third[-_]party|dist|coverage)\/|\.min\.js$|package-lock\.json$/;

/** The adapter with an engine for the language that a path is written in. */
export function engineFor(ports: Pick<Ports, 'languages'>, path: string): Language | null {
  const id = PYTHON.test(path) ? 'python' : /\.[cm]?[jt]sx?$/.test(path) ? 'typescript' : null;
  const engine = ports.languages.find((l) => l.id === id);
  return engine?.refactor === undefined && engine?.references === undefined ? null : (engine ?? null);
}

/** How many files of code with an engine a repository has. */
export function countOf(paths: readonly string[]): number {
  return paths.filter(isCode).length;
}

/** Every file of code as it is now; null where there are more than `most`. */
export async function codeFiles(ports: Pick<Ports, 'workspace'>, desk: Desk, most: number): Promise<Files | null> {
  const wanted = desk.paths().filter((path) => isCode(path) || /(?:^|\/)(?:package|[jt]sconfig[^/]*)\.json$/.test(path));
  if (wanted.length > most) return null;
  const { tree } = desk.ground();
  const base = wanted.filter((path) => tree[path] === undefined);
  const texts = await ports.workspace.readMany(base);
  const own = wanted.flatMap((path) => (tree[path] === undefined ? [] : [[path, tree[path]] as const]));
  return Object.fromEntries([...base.flatMap((path, i) => (texts[i] == null ? [] : [[path, texts[i]] as const])), ...own]);
}

function isCode(path: string): boolean {
  return CODE.test(path) && !path.endsWith('.json') && !FOREIGN.test(path);
}
