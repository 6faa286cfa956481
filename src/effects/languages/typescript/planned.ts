// The world of a plan: its contracts as declarations, beside whatever files there are.
import type { Plan } from '../../../core/plan.ts';
import type { Files } from '../../../core/ref.ts';
import { declarationText } from './contract.ts';
import { isCode } from './paths.ts';
import type { Dialect } from './protocol.ts';
import { BASE_OPTIONS, type World } from './world.ts';

const DATA = 'declare const value: any;\nexport default value;\n';
const RUNNERS = ['vitest', '@vitest/runner', '@vitest/expect', '@jest/globals'];

/** Makes the world of a plan; `files` stand before contracts of the same path. */
export function planWorld(plan: Plan, files: Files, depsDir: string | null, options: World['options'] = {}): World {
  const contracts = new Map<string, string>();
  for (const file of plan.files) contracts.set(file.path, isCode(file.path) ? declarationText(file.contract) : DATA);
  return {
    files: new Map(Object.entries(files).filter(([path]) => !path.startsWith('node_modules/'))),
    contracts,
    packages: packagesOf(plan, files),
    depsDir,
    options: { ...BASE_OPTIONS, ...options },
  };
}

/** Options for JavaScript sources, and for tests in either dialect: only plain mistakes are of interest. */
export function lenientOptions(dialect: Dialect): World['options'] {
  return {
    strict: false,
    noImplicitAny: false,
    strictNullChecks: false,
    useUnknownInCatchVariables: false,
    ...(dialect === 'javascript' ? jsOptions() : {}),
  };
}

/** What the compiler needs to read JavaScript. */
export function jsOptions(): World['options'] {
  return { allowJs: true, checkJs: true, maxNodeModuleJsDepth: 0 };
}

/** Names of packages that may be imported: planned, the runner's, and those of a package.json in the tree. */
function packagesOf(plan: Plan, files: Files): string[] {
  const names = new Set([...plan.packages.map((each) => each.name), ...RUNNERS, ...manifestNames(files['package.json'])]);
  return [...names].filter((name) => /^(@[a-z0-9._-]+\/)?[a-z0-9._-]+$/i.test(name)).sort();
}

/** Names of the packages that a package.json asks for; none when it cannot be read. */
export function manifestNames(text: string | undefined): string[] {
  try {
    const manifest = JSON.parse(text ?? '{}') as Record<string, Record<string, string> | undefined>;
    return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap((key) =>
      Object.keys(manifest[key] ?? {}),
    );
  } catch {
    return [];
  }
}
