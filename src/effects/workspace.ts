// The git side of a run: every attempt is a commit in a store of our own, and one branch goes to the user.
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asError, RedgreenError } from '../core/errors.ts';
import { checkPath, checkStructure, findCollisions, MAX_FILES } from '../core/guard.ts';
import type { CommitOptions, Earlier, ShipWanted, Workspace } from '../core/ports.ts';
import type { Files } from '../core/ref.ts';
import { MAX_STATEMENT } from '../core/statement.ts';
import { commitMessage } from './commit-message.ts';
import { type Git, hardened, type Identity, REDGREEN_IDENTITY } from './git.ts';
import { notesGit, readNote, writeNote } from './notes.ts';
import { advance } from './onto.ts';
import { isRunId, storeDir, treesDir } from './runs.ts';
import { gitOf, type ShipOptions, ship } from './ship.ts';
import { type Signer, signCommit } from './signing.ts';
import { type Entry, listTree, openStore, writeCommit } from './store.ts';
import type { Target } from './target.ts';
import { findEarlier } from './verify/earlier.ts';
import { firstParents, objectsOf } from './verify/history.ts';
import { createReader, MAX_FILE, MAX_TREE, requireCommit } from './workspace-read.ts';

const REF_NAME = /^[a-z0-9][a-z0-9.-]{0,80}$/;

export interface WorkspaceOptions {
  readonly target: Target;
  readonly runId: string;
  /** The commit that the run starts from; null for a new repository. On resume that of the journal, not today's HEAD. */
  readonly base: string | null;
  /** Redgreen made the repository for this run, now or before a resume. */
  readonly created: boolean;
  /** Whether redgreen made the repository for an earlier run: the one that made the first commit, by that commit's own word. */
  readonly isOurs?: (root: string | null) => boolean;
  /** Who commits: `readIdentity`, asked at the first commit; left out, redgreen itself. */
  readonly identity?: () => Promise<Identity>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** `PATH` for finding git. */
  readonly path?: string;
  /** The user's key signs commits that ask for it; left out, none is signed. */
  readonly signer?: Signer;
  /** Told what the user should know, each thing once. */
  readonly onNote?: (text: string) => void;
}

/** Says each thing once. */
function createNotes(tell: ((text: string) => void) | undefined): (text: string) => void {
  const said = new Set<string>();
  return (text) => {
    if (said.has(text)) return;
    said.add(text);
    tell?.(text);
  };
}

/** New names must be safe everywhere; names that the parent has already must only stay inside the tree. */
function checkFiles(files: Files, deleted: readonly string[], parent: ReadonlyMap<string, Entry>): void {
  const paths = Object.keys(files);
  if (paths.length > MAX_FILES)
    throw new RedgreenError('git', `A commit of ${paths.length} files is refused; at most ${MAX_FILES} are allowed.`);
  let sum = 0;
  for (const path of paths) {
    const reason = parent.has(path) ? checkStructure(path) : checkPath(path);
    if (reason !== null) throw new RedgreenError('git', `A file of the commit has an unsafe path: ${reason}.`);
    const size = Buffer.byteLength(files[path] ?? '', 'utf8');
    if (size > MAX_FILE) throw new RedgreenError('git', `${path} is larger than ${MAX_FILE / 1e6} MB and is not committed.`);
    sum += size;
  }
  if (sum > MAX_TREE) throw new RedgreenError('git', `The files of the commit are larger than ${MAX_TREE / 1e6} MB together.`);
  const gone = new Set(deleted);
  const before = [...parent.keys()].filter((path) => !gone.has(path));
  const known = new Set(findCollisions(before));
  const problem = findCollisions(new Set([...before, ...paths])).find((text) => !known.has(text));
  if (problem !== undefined) throw new RedgreenError('git', `The commit is refused: ${problem}`);
}

/**
 * The port `Workspace` over the user's repository `target`. Nothing is made before the first call.
 * Commits go to `<state>/store.git` on `refs/redgreen/<run>/<name>`, moved by compare-and-swap; the user's repository is only read, until `ship`.
 * Throws `RedgreenError('git')`.
 */
export function createWorkspace(options: WorkspaceOptions): Workspace {
  if (!isRunId(options.runId)) throw new RedgreenError('internal', 'A workspace needs a run id.');
  const { target, base, runId } = options;
  let asked: Promise<Identity> | null = null;
  const whoCommits = (): Promise<Identity> => {
    asked ??= options.identity?.() ?? Promise.resolve(REDGREEN_IDENTITY);
    return asked;
  };
  const path = options.path === undefined ? {} : { path: options.path };
  const dir = storeDir(target.stateDir);
  const note = createNotes(options.onNote);
  const trees = new Map<string, Promise<ReadonlyMap<string, Entry>>>();
  const refs = new Map<string, string>();
  const made = new Set<string>();
  let opened: Promise<Git> | null = null;
  let before: Promise<Earlier> | null = null;

  async function open(): Promise<Git> {
    const store = await openStore({ storeDir: dir, commonDir: target.commonDir, objectFormat: target.objectFormat, ...path });
    const text = await store.raw(['for-each-ref', '--format=%(objectname) %(refname)', `refs/redgreen/${runId}/`]);
    for (const line of text.split('\n').filter((entry) => entry !== ''))
      refs.set(line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' ')));
    return store;
  }

  function store(): Promise<Git> {
    opened ??= open();
    return opened;
  }

  /** The entries of a commit by path; those of a commit made here are remembered. */
  async function entries(commit: string | null): Promise<ReadonlyMap<string, Entry>> {
    if (commit === null) return new Map();
    const known =
      trees.get(commit) ?? store().then(async (git) => new Map((await listTree(git, commit)).map((entry) => [entry.path, entry])));
    trees.set(commit, known);
    known.catch(() => trees.delete(commit));
    return known;
  }

  /** Git's own check of new names, as a second layer behind the path gate. */
  async function checkByGit(names: readonly string[], blob: string): Promise<void> {
    if (names.length === 0) return;
    await store();
    const index = join(dir, `index.${randomBytes(6).toString('hex')}`);
    const git = hardened({ gitDir: dir, env: { GIT_INDEX_FILE: index }, ...path });
    try {
      await git.pipe(['update-index', '-z', '--index-info'], names.map((name) => `100644 ${blob}\t${name}\0`).join(''));
    } finally {
      await rm(index, { force: true });
    }
  }

  async function commit(wanted: CommitOptions): Promise<{ readonly commit: string; readonly tree: string }> {
    if (!REF_NAME.test(wanted.ref) || wanted.ref.includes('..') || /\.(?:lock)?$/.test(wanted.ref))
      throw new RedgreenError('git', 'An attempt needs a plain name: small letters, digits, dots and dashes.');
    const parent = wanted.parent ?? base;
    if (parent !== null) requireCommit(parent);
    const before = await entries(parent);
    const deleted = wanted.deleted.filter((name) => before.has(name) && !Object.hasOwn(wanted.tree, name));
    checkFiles(wanted.tree, deleted, before);
    const git = await store();
    const modes = new Map(
      Object.keys(wanted.tree).map((name) => [name, before.get(name)?.mode === '100755' ? '100755' : '100644'] as const),
    );
    const ref = `refs/redgreen/${runId}/${wanted.ref}`;
    const scratchRef = `refs/scratch/${runId}-${randomBytes(6).toString('hex')}`;
    const message = commitMessage(wanted.subject, wanted.body, wanted.trailers);
    const fresh = Object.keys(wanted.tree).filter((name) => !before.has(name));
    await checkByGit(fresh, '1'.repeat(target.objectFormat === 'sha256' ? 64 : 40));
    const identity = await whoCommits();
    const write = (seconds: number) =>
      writeCommit(git, { files: wanted.tree, modes, deleted, parent, message, identity, seconds, scratchRef });
    // The same content in the same second would be the same commit; an attempt is a commit of its own.
    let seconds = Math.floor(options.now() / 1000);
    let result = await write(seconds);
    while (made.has(result.commit)) result = await write(++seconds);
    made.add(result.commit);
    if (wanted.sign) result = { ...result, commit: await signed(result.commit) };
    const old = refs.get(ref) ?? '0'.repeat(result.commit.length);
    await git.pipe(['update-ref', '--stdin'], `start\nupdate ${ref} ${result.commit} ${old}\ndelete ${scratchRef}\nprepare\ncommit\n`);
    refs.set(ref, result.commit);
    return result;
  }

  /** The signed copy of a commit; the commit itself, with a word to the user, when it cannot be signed. */
  async function signed(commit: string): Promise<string> {
    if (options.signer === undefined) return commit;
    return signCommit(dir, commit, options.signer).catch((thrown: unknown) => {
      note(`The commit is not signed: ${asError(thrown).message}`);
      return commit;
    });
  }

  /** On the branch that the run goes on with, or on one of its own. */
  async function put(wanted: ShipOptions & ShipWanted): Promise<{ readonly branch: string; readonly checkedOut: boolean }> {
    const onto = wanted.onto ?? null;
    const own = await ownBranch(wanted);
    if (own !== null) {
      const advanced = await advance({ ...wanted, onto: own.branch, base: own.at, isOurs: async () => options.created });
      if ('branch' in advanced) return advanced;
    }
    if (onto === null || base === null) return ship(wanted);
    const isOurs = async () => options.isOurs?.((await earlier()).root) ?? false;
    const advanced = await advance({ ...wanted, onto, base, isOurs });
    if ('branch' in advanced) return advanced;
    const shipped = await ship({ ...wanted, created: false });
    note(`${advanced.why}: what came of it is on ${shipped.branch}.`);
    return shipped;
  }

  /** The branch that stands at an earlier commit of this run, which was cut off or has gone on since. */
  async function ownBranch({ replaces = [], commit, ...rest }: ShipOptions & ShipWanted): Promise<{ branch: string; at: string } | null> {
    const before = replaces.filter((one) => one !== commit);
    if (before.length === 0) return null;
    const tips = await gitOf({ ...rest, commit }).raw(['for-each-ref', '--format=%(objectname) %(refname:lstrip=2)', 'refs/heads/']);
    const found = tips.split('\n').find((line) => before.includes(line.slice(0, line.indexOf(' '))));
    if (found === undefined) return null;
    const space = found.indexOf(' ');
    return { at: found.slice(0, space), branch: found.slice(space + 1) };
  }

  function earlier(): Promise<Earlier> {
    before ??= readEarlier();
    return before;
  }

  async function readEarlier(): Promise<Earlier> {
    if (base === null) return { run: null, runner: null, root: null, paths: [] };
    const objects = await objectsOf(await store());
    return findEarlier(objects, await firstParents(await store(), objects, base));
  }

  return {
    ...createReader({ store, entries, base, treesDir: treesDir(target.stateDir), now: options.now, onNote: note }),
    earlier,
    commit,

    async attach(commit, text) {
      requireCommit(commit);
      await store();
      await writeNote(notesGit(dir, REDGREEN_IDENTITY, options.path), commit, text);
    },

    async ship(wanted) {
      requireCommit(wanted.commit);
      const identity = await whoCommits();
      if (!identity.own) note('Git knows no name for you (user.name, user.email), so commits are by redgreen.');
      const shipped = await put({ target, store: await store(), base, created: options.created, identity, ...path, ...wanted });
      const statement = await readNote(await store(), wanted.commit, MAX_STATEMENT);
      // The branch is there, and its proof can be derived anew: a note that cannot be kept is told, no more.
      if (statement !== null)
        await writeNote(notesGit(target.commonDir, identity, options.path), wanted.commit, statement).catch((thrown: unknown) =>
          note(`The proof's note could not be kept: ${asError(thrown).message}`),
        );
      return shipped;
    },
  };
}
