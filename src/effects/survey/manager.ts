// Which tool installs the dependencies, and its lock file.
import type { CodeLanguage } from '../../core/plan.ts';
import type { Manager } from '../../core/survey.ts';
import { at, string } from './formats/data.ts';
import type { Found } from './packages.ts';
import type { Repo } from './source.ts';

/** Lock files at the root, the surest first. */
const LOCKS: readonly (readonly [string, Manager, 'node' | 'python' | 'go' | 'rust'])[] = [
  ['pnpm-lock.yaml', 'pnpm', 'node'],
  ['yarn.lock', 'yarn', 'node'],
  ['bun.lock', 'bun', 'node'],
  ['bun.lockb', 'bun', 'node'],
  ['package-lock.json', 'npm', 'node'],
  ['npm-shrinkwrap.json', 'npm', 'node'],
  ['uv.lock', 'uv', 'python'],
  ['poetry.lock', 'poetry', 'python'],
  ['go.sum', 'go', 'go'],
  ['Cargo.lock', 'cargo', 'rust'],
];

/** For the repository's main language (`main`), else for any that has a manifest at the root. */
export function managerOf(
  repo: Repo,
  root: Found,
  main: CodeLanguage | null,
): { readonly manager: Manager | null; readonly lock: string | null } {
  const family = main === 'typescript' || main === 'javascript' ? 'node' : main;
  const order = [family, 'node', 'python', 'go', 'rust'] as const;
  for (const one of order) {
    const manager = one === null ? null : managerFor(repo, root, one);
    if (manager !== null) {
      const locks = LOCKS.filter(([, , kind]) => kind === one).filter(([path]) => repo.has(path));
      return { manager, lock: locks.find(([, owner]) => owner === manager)?.[0] ?? null };
    }
  }
  return { manager: null, lock: null };
}

function managerFor(repo: Repo, root: Found, family: 'node' | 'python' | 'go' | 'rust'): Manager | null {
  const byLock = LOCKS.find(([path, , kind]) => kind === family && repo.has(path))?.[1] ?? null;
  if (family === 'go') return root.go !== null || repo.has('go.work') ? 'go' : null;
  if (family === 'rust') return root.cargo === null ? null : 'cargo';
  if (family === 'node') {
    if (root.node === null) return null;
    // Corepack's field: nodejs.org/api/packages.html#packagemanager.
    const said = /^(npm|pnpm|yarn|bun)@/.exec(string(at(root.node, 'packageManager')) ?? '')?.[1];
    return (said as Manager | undefined) ?? byLock ?? (repo.has('pnpm-workspace.yaml') ? 'pnpm' : 'npm');
  }
  if (byLock !== null) return byLock;
  if (at(root.python, 'tool', 'uv') !== undefined) return 'uv';
  if (at(root.python, 'tool', 'poetry') !== undefined) return 'poetry';
  const hasRequirements = repo.inFolder('').some((path) => /^requirements[\w.-]*\.txt$/.test(path));
  return root.python !== null || hasRequirements ? 'pip' : null;
}
