// The map of a repository (port `RepoMap`): which files a task is likely about, and where a name is used. Nothing of it is executed.
import type { Files } from '../../core/ref.ts';
import type { MapQuery, RepoMap } from '../../core/repomap.ts';
import type { Reference } from '../../core/semantic.ts';
import { createRecordCache } from './cache.ts';
import { dependentsOf } from './dependents.ts';
import { detailsOf } from './details.ts';
import { historyScores, type PastCommit } from './history.ts';
import { createResolver } from './imports.ts';
import { readTask } from './query.ts';
import { score } from './rank.ts';
import { type Blob, READER_DEFAULTS, type ReaderOptions, type ReadTexts, readRecords } from './reader.ts';
import { type RecordView, recordOid, splitRecords } from './record.ts';
import { filesNaming, plainName, referencesIn } from './references.ts';
import { renderMap } from './render.ts';
import { isTestPath, languageOf } from './sources.ts';
import { createTable, type Table, withOverlay } from './table.ts';

export interface RepoMapOptions {
  /** The blobs of the base commit (links and submodules left out): path from the root, blob's id, size in bytes. */
  readonly files: readonly Blob[];
  readonly read: ReadTexts;
  /** Folder for what was read of this repository, or null to keep nothing. */
  readonly cacheDir: string | null;
  /** The last few hundred commits before the base, the newest first; left out: the past says nothing. */
  readonly history?: () => Promise<readonly PastCommit[]>;
  readonly limits?: Partial<ReaderOptions>;
}

/** Files of which a text map can show definitions. */
const MAX_SHOWN = 60;
const MAX_PACKAGES = 200;

/** Makes the map; nothing is read before it is first asked. */
export function createRepoMap(options: RepoMapOptions): RepoMap {
  const base = once(() => readBase(options));
  const past = once(async () => (await options.history?.().catch(() => [])) ?? []);
  const laid = latest(withOverlay);

  const ranked = async (query: MapQuery, tests: boolean, overlay: Files | undefined) => {
    const table = laid(await base(), overlay);
    const task = readTask(query.task);
    const seeds = query.seeds.flatMap((path) => table.numberOf(path) ?? []);
    const scores = score(table, task, { frames: query.frames, seeds, history: historyScores(query.task, await past(), table.paths) });
    const order = table.paths.flatMap((path, i) => ((scores[i] ?? 0) > 0 && (tests || !isTestPath(path)) ? [i] : []));
    return { table, task, scores, order: order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b) };
  };

  const shown = async (query: MapQuery, count: number, tests: boolean, overlay: Files | undefined) => {
    const { table, task, scores, order } = await ranked(query, tests, overlay);
    const best = order.slice(0, count);
    const texts = await textsOf(options.read, table, best, overlay);
    return best.map((i, n) => {
      const path = table.paths[i] ?? '';
      const frames = query.frames.filter((frame) => frame.path === path);
      return { path, score: scores[i] ?? 0, details: detailsOf(table.views[i] as RecordView, texts[n] ?? '', task, frames) };
    });
  };

  return {
    async rank(query, { count, tests = false, overlay }) {
      const files = await shown(query, count, tests, overlay);
      return files.map(({ path, score, details }) => ({ path, score, lines: details.slice(0, 5).map(({ line }) => line) }));
    },
    async render(query, { characters, overlay }) {
      return renderMap(await shown(query, MAX_SHOWN, false, overlay), characters);
    },
    async dependents(wanted, { overlay }) {
      const table = laid(await base(), overlay);
      const start = wanted.flatMap((path) => table.numberOf(path) ?? []);
      const found = dependentsOf(table.paths, table.views, createResolver(table.paths, table.packages), start);
      return found.map((i) => table.paths[i] ?? '');
    },
    async references(name, { count, overlay }) {
      const plain = plainName(name);
      if (plain === '') return [];
      const table = laid(await base(), overlay);
      const numbers = filesNaming(table, plain);
      const texts = await textsOf(options.read, table, numbers, overlay);
      const found: Reference[] = numbers.flatMap((i, n) =>
        referencesIn(table.paths[i] ?? '', texts[n] ?? '', table.views[i] as RecordView, plain),
      );
      return [...found.filter((place) => place.isDefinition), ...found.filter((place) => !place.isDefinition)].slice(0, count);
    },
  };
}

/** Reads what the cache does not know and makes the table of the base. */
async function readBase({ files, read, cacheDir, limits }: RepoMapOptions): Promise<Table> {
  const cache = createRecordCache(cacheDir);
  const code = files.filter(({ path, size }) => languageOf(path, size) !== null);
  const known = await cache.load();
  const missing = [...new Map(code.filter(({ oid }) => !known.has(oid.slice(0, 40))).map((blob) => [blob.oid, blob])).values()];
  await readRecords(missing, read, { ...READER_DEFAULTS, ...limits }, async (records, sound) => {
    for (const view of splitRecords(records).views) known.set(recordOid(view), view);
    if (sound) await cache.add(records);
  });
  const views = code.flatMap(({ oid }) => known.get(oid.slice(0, 40)) ?? []);
  await cache.prune(views);
  return createTable(
    code.map(({ path }) => path),
    views,
    await packagesOf(files, read),
  );
}

/** Names of workspace members to their folders, from the package.json files. */
async function packagesOf(files: readonly Blob[], read: ReadTexts): Promise<ReadonlyMap<string, string>> {
  const manifests = files.map(({ path }) => path).filter((path) => /(?:^|\/)package\.json$/.test(path) && !path.includes('node_modules/'));
  const asked = manifests.slice(0, MAX_PACKAGES);
  const texts = asked.length === 0 ? [] : await read(asked);
  const named = asked.flatMap((path, i) => {
    const name = /"name"\s*:\s*"([^"\\]+)"/.exec(texts[i] ?? '')?.[1];
    return name === undefined ? [] : [[name, path.slice(0, -'/package.json'.length)] as const];
  });
  return new Map(named);
}

async function textsOf(read: ReadTexts, table: Table, numbers: readonly number[], overlay: Files | undefined): Promise<readonly string[]> {
  const paths = numbers.map((i) => table.paths[i] ?? '');
  const asked = paths.filter((path) => overlay?.[path] === undefined);
  const texts = asked.length === 0 ? [] : await read(asked);
  const byPath = new Map(asked.map((path, i) => [path, texts[i] ?? '']));
  return paths.map((path) => overlay?.[path] ?? byPath.get(path) ?? '');
}

/** Makes a value when it is first asked; a failure is not kept. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make().catch((thrown: unknown) => {
      made = null;
      throw thrown;
    });
    return made;
  };
}

/** Keeps the last overlaid table: a conversation asks many times between two edits. */
function latest(lay: typeof withOverlay): typeof withOverlay {
  let last: { readonly base: Table; readonly key: string; readonly table: Table } | null = null;
  return (base, overlay) => {
    const key = JSON.stringify(overlay ?? {});
    if (last?.base !== base || last.key !== key) last = { base, key, table: lay(base, overlay) };
    return last.table;
  };
}
