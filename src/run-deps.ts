// What a repository's tests are run with: what its user has installed, else what the box installs for its manifests.
import { asError } from './core/errors.ts';
import type { Installed, Workspace } from './core/ports.ts';
import type { Files } from './core/ref.ts';
import type { Survey } from './core/survey.ts';
import type { HostBox } from './effects/box.ts';
import { findInstalled } from './effects/deps/installed.ts';
import type { Found, Provide } from './effects/steps/change/install.ts';

interface Means {
  /** Where the user may have packages installed; null: nowhere. */
  readonly root: string | null;
  readonly workspace: Pick<Workspace, 'readBase'>;
  readonly box: () => Promise<HostBox>;
}

const NOTHING: Found = { deps: null, memberDeps: {}, stamp: null, problems: [], notes: [] };

/** Provides dependencies for the base commit of a run on existing code. */
export function createProvide({ root, workspace, box }: Means): Provide {
  const read = (path: string) => workspace.readBase(path);
  return async ({ survey, extra, signal }) => {
    if (survey.manager === null || survey.manager === 'go' || survey.manager === 'cargo') return NOTHING;
    if (!(await wantsPackages(survey, read)) && extra.length === 0) return NOTHING;
    const python = async () => pythonVersion(await box());
    const installed = extra.length > 0 || root === null ? null : await findInstalled({ root, read, survey, python });
    if (installed !== null && installed.deps !== null)
      return { ...NOTHING, deps: installed.deps, memberDeps: installed.memberDeps, stamp: installed.stamp, notes: [installed.why] };
    const { prepareInstall } = await import('./effects/deps/prepare.ts');
    try {
      const prepared = await prepareInstall(read, survey);
      if (prepared === null) return NOTHING;
      const packages = extra.map((name) => ({ name, range: '', dev: false }));
      const made = await (await box()).install({ ...prepared, packages, signal });
      const why = installed === null ? [] : [installed.why];
      const added = await addedTo(read, survey, { extra, made });
      return {
        ...(added.files ? { files: added.files } : {}),
        deps: made.deps,
        memberDeps: made.memberDeps ?? {},
        stamp: null,
        problems: made.problems,
        notes: [...why, ...prepared.notes, ...made.notes, ...added.notes],
      };
    } catch (thrown) {
      const error = asError(thrown);
      if (error.code !== 'install' || error.retryable) throw error;
      return { ...NOTHING, problems: [error.message] };
    }
  };
}

/** The manifest with the packages that were asked for since. */
async function addedTo(
  read: (path: string) => Promise<string | null>,
  survey: Survey,
  { extra, made }: { readonly extra: readonly string[]; readonly made: Installed },
): Promise<{ readonly files?: Files; readonly notes: readonly string[] }> {
  const manifest = extra.length === 0 || made.deps === null ? null : await read('package.json');
  if (manifest === null || made.deps === null || made.problems.length > 0) return { notes: [] };
  const { manifestFiles } = await import('./effects/deps/manifest-of.ts');
  const own = survey.lock === 'package-lock.json' ? made.lock : null;
  const { files, stale } = manifestFiles({ names: extra, deps: made.deps, manifest, lock: own });
  const isLeft = stale || (survey.lock !== null && own === null);
  return {
    files,
    notes: isLeft ? [`${survey.lock} has to be brought up to date by hand: ${extra.join(', ')} is new in package.json.`] : [],
  };
}

/** Whether any manifest asks for a package. */
async function wantsPackages(survey: Survey, read: (path: string) => Promise<string | null>): Promise<boolean> {
  const isNode = ['npm', 'pnpm', 'yarn', 'bun'].includes(survey.manager ?? '');
  if (!isNode) return true;
  const paths = new Set(['package.json', ...survey.packages.map((p) => (p.dir === '' ? 'package.json' : `${p.dir}/package.json`))]);
  const texts = await Promise.all([...paths].map(read));
  return texts.some((text) => text !== null && /"(?:dev|optional|peer)?[dD]ependencies"\s*:\s*\{\s*"/.test(text));
}

/** `3.11` of the Python in boxes; null when there is none. */
async function pythonVersion(box: HostBox): Promise<string | null> {
  const script = 'import sys; print("%d.%d" % sys.version_info[:2])';
  const { stdout } = await box
    .run({ argv: ['python3', '-I', '-B', '-c', script], tree: {}, timeoutMs: 20_000 })
    .catch(() => ({ stdout: '' }));
  return /^\d+\.\d+$/.exec(stdout.trim())?.[0] ?? null;
}
