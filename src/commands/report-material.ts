// Reads what a report shows of a run: its journal as a stream, and of its blobs and its tape only what is shown.
import { dirname } from 'node:path';
import { clip } from '../core/prompt-text.ts';
import { initialState, reduce } from '../core/reduce.ts';
import { GONE, type Ref, type Tree } from '../core/ref.ts';
import type { State } from '../core/state.ts';
import type { Survey } from '../core/survey.ts';
import { createBlobs } from '../effects/blobs.ts';
import { hardened } from '../effects/git.ts';
import { eachEvent } from '../effects/journal-stream.ts';
import type { RunSummary } from '../effects/runs.ts';
import { asText, readBlobs } from '../effects/store.ts';
import type { Material, ToldDispute, ToldFile } from '../surfaces/report/material.ts';
import { createTeller, type Story } from '../surfaces/report/story.ts';
import { plural } from '../surfaces/words.ts';
import type { Context } from './context.ts';
import { requestsOf, tellAuthor, tellRounds, tellTroubles } from './report-rounds.ts';

/** Takes secrets and what cannot be seen out of plain data. Done before a text is cut: half a secret has no shape any more. */
export type Clean = <T>(value: T) => T;

/** Reads blobs, cleaned; one that is missing is null, and noted. */
export interface Reader {
  readonly clean: Clean;
  /** Text beyond `most` characters is cut in the middle. */
  text(ref: Ref | null, most: number): Promise<string | null>;
  /** A JSON value of ours; null when it is none. */
  json<T>(ref: Ref | null): Promise<T | null>;
}

/** Longest file that is shown, and the most of all files, in characters. */
const MOST_FILE = 200_000;
const MOST_FILES = 5_000_000;
const MOST_COUNT = 400;
const MOST_TASK = 100_000;
const MOST_STATEMENT = 8_000_000;

export interface GatherOptions {
  readonly now: number;
  readonly version: string;
  /** For git: `PATH` and `HOME`. */
  readonly env: Context['env'];
  readonly clean: Clean;
}

/** Everything that the page of `run` is made from. Throws `RedgreenError('journal')` when its journal cannot be read. */
export async function gather(run: RunSummary, { now, version, env, clean }: GatherOptions): Promise<Material> {
  const teller = createTeller();
  let state = initialState;
  eachEvent(run.journal, (event) => {
    state = reduce(state, event);
    teller.event(event, state);
  });
  const story = teller.done(run.running ? now : state.lastAt, run.running);
  const left = new Set<string>();
  const read = readerOf(run.blobs, clean, left);
  const requests = requestsOf(run.tape, state, story, read, left);
  return {
    story,
    state,
    running: run.running,
    now,
    version,
    task: (await read.text(state.run?.prompt ?? null, MOST_TASK)) ?? state.run?.title ?? '',
    survey: await read.json<Survey>(state.change?.survey ?? null),
    author: await tellAuthor(story, read, left),
    rounds: await tellRounds(story, requests, read, left),
    troubles: await tellTroubles(story, requests, read),
    files: await tellFiles(state, story, read, baseReader(run, state, env, clean, left), left),
    disputes: await tellDisputes(state, read),
    statement: await read.text(state.proof?.statement?.blob ?? null, MOST_STATEMENT),
    left: [...left],
  };
}

function readerOf(dir: string, clean: Clean, left: Set<string>): Reader {
  const blobs = createBlobs(dir);
  const load = async (ref: Ref | null) => {
    if (ref === null) return null;
    try {
      return await blobs.get(ref);
    } catch {
      left.add('Some contents of the run are missing or damaged on disk, and with them what is shown from them.');
      return null;
    }
  };
  return {
    clean,
    async text(ref, most) {
      const text = await load(ref);
      if (text !== null && text.length > most) left.add('Long texts are cut in the middle; what is missing is said in place.');
      return text === null ? null : clip(clean(text), most);
    },
    async json<T>(ref: Ref | null) {
      const text = await load(ref);
      try {
        return text === null ? null : clean(JSON.parse(text) as T);
      } catch {
        return null;
      }
    },
  };
}

/** The tree that the run made: the one on its branch, or as far as it came. */
function treeOf(s: State): Tree {
  if (s.commits.best && !s.commits.final && s.best) return s.best.sources;
  if (s.checks.done > 0 || s.change !== null) return s.sources;
  return Object.fromEntries(Object.values(s.files).flatMap((f) => (f.blob ? [[f.path, f.blob]] : [])));
}

type BaseReader = (paths: readonly string[]) => Promise<ReadonlyMap<string, string>>;

async function tellFiles(s: State, story: Story, read: Reader, base: BaseReader, left: Set<string>): Promise<readonly ToldFile[]> {
  const tests = Object.fromEntries(Object.values(s.tests).flatMap((t) => (t.blob ? [[t.path, t.blob]] : [])));
  const code = treeOf(s);
  const all = [
    ...Object.entries(code).map(([path, ref]) => ({ path, ref, part: 'code' as const })),
    ...Object.entries(tests).map(([path, ref]) => ({ path, ref, part: 'tests' as const })),
    ...Object.entries(s.installs.files).map(([path, ref]) => ({ path, ref, part: 'manifests' as const })),
  ];
  const shown = all.slice(0, MOST_COUNT);
  if (shown.length < all.length) left.add(`${plural(all.length - shown.length, 'file')} of the branch: only ${MOST_COUNT} are shown.`);
  const before = await base(shown.map(({ path }) => path));
  const files: ToldFile[] = [];
  let room = MOST_FILES;
  for (const { path, ref, part } of shown) {
    if (room <= 0) {
      left.add('The last files of the branch: together they are too large for one page.');
      break;
    }
    const after = ref === GONE ? null : await read.text(ref, MOST_FILE);
    const first = story.drafts[path];
    const draft = part === 'code' && first !== undefined && first !== ref ? await read.text(first, MOST_FILE) : null;
    room -= (after?.length ?? 0) + (draft?.length ?? 0);
    files.push({ path, part, before: before.get(path) ?? null, after, draft });
  }
  return files;
}

/** Texts of the base commit, from the repository whose git folder holds the run. */
function baseReader(run: RunSummary, s: State, env: Context['env'], clean: Clean, left: Set<string>): BaseReader {
  return async (paths) => {
    const { commit, files } = s.run?.base ?? { commit: null, files: [] };
    const known = new Set(files);
    const wanted = paths.filter((one) => known.has(one) && !one.includes('\n'));
    if (commit === null || !/^[0-9a-f]{40,64}$/.test(commit) || wanted.length === 0) return new Map();
    const gitDir = dirname(dirname(dirname(run.dir)));
    try {
      const path = env['PATH'] === undefined ? {} : { path: env['PATH'] };
      const home = env['HOME'] === undefined ? {} : { home: { dir: env['HOME'], xdgConfig: env['XDG_CONFIG_HOME'] } };
      const git = hardened({ gitDir, ...path, ...home });
      const blobs = await readBlobs(
        git,
        wanted.map((one) => `${commit}:${one}`),
      );
      const texts = wanted.flatMap((one, i) => {
        const text = blobs[i] && asText(blobs[i]);
        return typeof text === 'string' ? [[one, clip(clean(text), MOST_FILE)] as const] : [];
      });
      return new Map(texts);
    } catch {
      left.add('The commit that the run began with cannot be read here, so changed files are shown as if they were new.');
      return new Map();
    }
  };
}

async function tellDisputes(s: State, read: Reader): Promise<readonly ToldDispute[]> {
  const told: ToldDispute[] = [];
  for (const { path, disputed, before, blob } of Object.values(s.tests)) {
    if (disputed === null) continue;
    told.push({ path, reason: disputed, before: await read.text(before, MOST_FILE), after: await read.text(blob, MOST_FILE) });
  }
  return told;
}
