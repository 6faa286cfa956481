// Which files a run has made so far, and where their texts are.
import { draftsOf } from '../../core/reduce-round.ts';
import type { Ref, Tree } from '../../core/ref.ts';
import type { State } from '../../core/state.ts';

export interface Made {
  readonly path: string;
  readonly kind: 'source' | 'test' | 'manifest';
  /** `GONE` for a file that a change removed. */
  readonly ref: Ref;
}

/** The source files as they stand: drafts that came so far, then what checks and repairs made of them; at the end what is on the branch. */
export function sourcesNow(s: State): Tree {
  if (s.checks.done === 0 && s.change === null) return draftsOf(s);
  return s.commits.best && s.best ? s.best.sources : s.sources;
}

/** Every file of the run as it stands, by kind, in the order of the plan. */
export function filesNow(s: State): readonly Made[] {
  const sources = sourcesNow(s);
  const planned = Object.keys(s.files).filter((path) => path in sources);
  const others = Object.keys(sources).filter((path) => !(path in s.files));
  const manifests = Object.entries(s.installs.files);
  const tests = Object.values(s.tests);
  const taken = new Set([...manifests.map(([path]) => path), ...tests.map((t) => t.path)]);
  return [
    ...[...planned, ...others.sort()].flatMap((path): Made[] => {
      const ref = sources[path];
      return ref === undefined || taken.has(path) ? [] : [{ path, kind: 'source', ref }];
    }),
    ...tests.flatMap((t): Made[] => (t.blob === null ? [] : [{ path: t.path, kind: 'test', ref: t.blob }])),
    ...manifests.map(([path, ref]): Made => ({ path, kind: 'manifest', ref })),
  ];
}

/** Planned files that have no text yet. */
export function unwritten(s: State): readonly string[] {
  const made = new Set(filesNow(s).map((one) => one.path));
  return [...Object.keys(s.files), ...Object.keys(s.tests)].filter((path) => !made.has(path));
}
