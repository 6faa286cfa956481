// What the two commits of a change may hold, and what a reader of them should know.
import { codeGate } from './gate-change.ts';
import { isSteering, looksLikeTest } from './guard.ts';

export interface ChangeShape {
  /** Paths that the tests' commit adds, changes or removes, and the removed ones among them. */
  readonly locked: readonly string[];
  readonly removed: readonly string[];
  /** Paths that the code's commit adds, changes or removes. */
  readonly code: readonly string[];
  /** Every path of the base, and of the tests' commit. */
  readonly base: ReadonlySet<string>;
  readonly before: readonly string[];
  /** Paths that come with either commit and are no plain files. */
  readonly odd: readonly string[];
  /** Files that the code's commit names as its tests. */
  readonly named: readonly string[];
  /** Manifests that name more packages than before and nothing else, with their lock files: a run was asked for these. */
  readonly packages: readonly string[];
  readonly isTest: (path: string) => boolean;
}

/** What is wrong with the commits of a change; sentences, none when all is well. The code's commit may do what its author may in a run. */
export function changeFindings(shape: ChangeShape): readonly string[] {
  const { locked, removed, code, base, before, odd, named, packages, isTest } = shape;
  const added = locked.filter((path) => !removed.includes(path) && !isTest(path) && !packages.includes(path));
  const known = new Set(before);
  const gate = codeGate({ existing: before, locked: [...locked, ...named], isTest });
  const refused = code.flatMap((path) => {
    const answer = gate(path);
    return 'reason' in answer ? [`the code’s commit touches what it may not: ${answer.reason}`] : [];
  });
  return [
    ...(code.length === 0 ? ['the code’s commit changes nothing'] : []),
    ...removed.map((path) => `${path} is removed by the tests’ commit`),
    ...added.filter((path) => isSteering(path) && !looksLikeTest(path)).map((path) => `${path} steers tools, and comes with the tests`),
    ...added
      .filter((path) => !isSteering(path) && !looksLikeTest(path) && (base.has(path) || !named.includes(path)))
      .map((path) => `${path} is neither a test nor does it belong to one, but it comes with the tests`),
    ...refused,
    ...named.filter((path) => !known.has(path)).map((path) => `the commit names ${path} as its test, but there is no such file`),
    ...odd.map((path) => `${path} is a link, a nested repository or an unsafe name`),
  ];
}

/** Files that come with the tests and are none: each has a part in what they show. */
export function companyRemarks({ locked, removed, isTest }: ChangeShape): readonly string[] {
  return locked
    .filter((path) => !removed.includes(path) && !isTest(path))
    .map((path) => `${path} comes with the tests${isSteering(path) ? ' and steers them' : ''}: read it, too`);
}

/** Whether a package.json differs from the one before only by packages that it had not named. */
export function addsOnlyPackages(before: string, after: string): boolean {
  try {
    const [was, is] = [JSON.parse(before), JSON.parse(after)] as [Loose, Loose];
    const [old, now] = [was['dependencies'] ?? {}, is['dependencies'] ?? {}] as [Loose, Loose];
    const rest = (manifest: Loose) =>
      JSON.stringify(Object.entries({ ...manifest, dependencies: null }).sort(([a], [b]) => (a < b ? -1 : 1)));
    return rest(was) === rest(is) && Object.entries(old).every(([name, range]) => now[name] === range);
  } catch {
    return false;
  }
}

type Loose = Readonly<Record<string, unknown>>;

/** How many of the repository's tests a record says passed before the change and after it; null where it does not say. */
export function suiteOf(record: string): number | null {
  try {
    const { predicate } = JSON.parse(record) as {
      readonly predicate: { readonly redgreen: { readonly suite?: { readonly passed: unknown } } };
    };
    const passed = predicate.redgreen.suite?.passed;
    return typeof passed === 'number' ? passed : null;
  } catch {
    return null;
  }
}
