// Which files a conversation on existing code may write: the code's author no tests, the tests' author nothing else.
import { checkStructure, foldPath, type Gate, isBuildFile, isSteering, looksLikeTest, writeGate } from './guard.ts';
import { quote } from './guard-paths.ts';

export interface ChangeRules {
  /** Every path of the repository as it stands. */
  readonly existing: readonly string[];
  /** The run's own tests, what came with them, and what the installation wrote. */
  readonly locked: Iterable<string>;
  /** True for a path that the project's runners would run. */
  readonly isTest: (path: string) => boolean;
}

const MADE =
  /(?:^|\/)(?:vendor|vendored|third[-_]party|dist|__generated__)\/|\.min\.[a-z]+$|\.(?:js|css)\.map$|\.pb\.go$|_pb2(?:_grpc)?\.pyi?$|\.generated\.\w+$/i;

/** True for a path of what is generated, built or brought from elsewhere. */
export function isMade(path: string): boolean {
  return MADE.test(path);
}

/** The gate of whoever changes the code. */
export function codeGate(rules: ChangeRules): Gate {
  const existing = new Set(rules.existing);
  const locked = new Set(Array.from(rules.locked, foldPath));
  const fresh = once(() => writeGate({ planned: rules.existing, locked: [], isTest: rules.isTest }));
  return (path) => {
    if (locked.has(foldPath(path))) return refuse(path, 'it is locked; tests and what steers them stay as they are');
    if (!existing.has(path)) return MADE.test(path) ? refuse(path, 'the folder holds generated or foreign code') : fresh()(path);
    const unsafe = checkStructure(path);
    if (unsafe !== null) return refuse(path, unsafe);
    if (rules.isTest(path) || isTestMaterial(path)) return refuse(path, 'it is a test or belongs to one, and tests are locked');
    if (isSteering(path) && !isBuildFile(path))
      return refuse(path, 'it steers a tool (manifest, configuration, lock file), and stays as it is');
    return MADE.test(path) ? refuse(path, 'it is generated or foreign code: change what it is made from') : { ok: true };
  };
}

/** The gate of the tests' author. Existing files that are no tests are not changed; what may be done to tests is asked elsewhere. */
export function testsGate(rules: ChangeRules): Gate {
  const existing = new Set(rules.existing);
  const locked = new Set(Array.from(rules.locked, foldPath));
  const fresh = once(() => writeGate({ planned: rules.existing, locked: [] }));
  return (path) => {
    if (locked.has(foldPath(path))) return refuse(path, 'it is locked');
    if (isSteering(path)) return refuse(path, 'it steers a tool, and stays as it is');
    const isTest = rules.isTest(path);
    if (existing.has(path)) return isTest ? { ok: true } : refuse(path, 'it is no test file: you write tests, others change the code');
    if (!isTest && !looksLikeTest(path))
      return refuse(path, 'no runner of the project would find a test there: put it beside the existing tests');
    const answer = fresh()(path);
    // What the general gate has against tests is what is wanted here.
    return 'reason' in answer && !/it is a test file/.test(answer.reason) ? answer : { ok: true };
  };
}

/** Fixtures and helpers of tests. A folder `spec`, `specs` or `fixtures` below the code's own folder may be code. */
function isTestMaterial(path: string): boolean {
  if (!looksLikeTest(path)) return false;
  const parts = path.split('/');
  const inCode = parts.slice(parts.findIndex((part) => part === 'src' || part === 'lib') + 1, -1);
  return (
    looksLikeTest(parts.at(-1) ?? '') || inCode.length === parts.length - 1 || inCode.some((part) => /^(?:tests?|__\w+__)$/i.test(part))
  );
}

function refuse(path: string, reason: string): { readonly reason: string } {
  return { reason: `${quote(path)} may not be written: ${reason}.` };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
