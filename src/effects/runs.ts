// Where runs are kept: `<git common dir>/redgreen/runs/<id>/`, beside the store of their attempts.
import { appendFileSync, closeSync, fstatSync, lstatSync, mkdirSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RedgreenError } from '../core/errors.ts';
import { EVENT_VERSION, type OutcomeKind } from '../core/events.ts';
import { isReadable } from './journal.ts';
import { type Lock, lockHolder, takeLock } from './lock.ts';

/** The files of one run. */
export interface RunFiles {
  readonly id: string;
  readonly dir: string;
  readonly journal: string;
  readonly tape: string;
  readonly blobs: string;
  readonly lock: string;
}

/** What a list of runs shows, from the first and last lines of the journal alone. */
export interface RunSummary extends RunFiles {
  readonly title: string;
  /** Folder of the repository that the run works on. */
  readonly target: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** When the last event came; the end of the run when it has ended. */
  readonly lastAt: number;
  /** Null while the run has not ended. */
  readonly outcome: OutcomeKind | null;
  readonly reason: string;
  readonly branch: string | null;
  /** A living process works on it. */
  readonly running: boolean;
  /** The journal cannot be read: why, in words; else null. */
  readonly problem: string | null;
}

const RUN_ID = /^\d{8}-\d{6}-[0-9a-z]{4}$/;
const CHUNK = 64 * 1024;
/** Longest line that is read for a list, in bytes. */
const MAX_LINE = 16 * 1024 * 1024;

/** True for `yyyymmdd-hhmmss-rand4`. */
export function isRunId(id: string): boolean {
  return RUN_ID.test(id);
}

/** A run's id, `yyyymmdd-hhmmss-rand4` in UTC. `now` is in milliseconds, `random` gives numbers from 0 to 1 (1 excluded). */
export function newRunId(now: number, random: () => number): string {
  const stamp = new Date(now).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const tail = Array.from({ length: 4 }, () => Math.floor(random() * 36).toString(36)).join('');
  return `${stamp}-${tail}`;
}

/** The bare repository with every attempt. `stateDir` is `<git common dir>/redgreen`. */
export function storeDir(stateDir: string): string {
  return join(stateDir, 'store.git');
}

/** The files of commits, as boxes get them: one folder for each commit. */
export function treesDir(stateDir: string): string {
  return join(stateDir, 'trees');
}

/** The files of a run. Throws `RedgreenError('usage')` for what is no run id, so that no id reaches outside. */
export function runFiles(stateDir: string, id: string): RunFiles {
  if (!isRunId(id))
    throw new RedgreenError('usage', `\`${id.slice(0, 40).replace(/[^\x20-\x7e]/g, '?')}\` is no run id; \`redgreen runs\` lists them.`);
  const dir = join(stateDir, 'runs', id);
  return {
    id,
    dir,
    journal: join(dir, 'journal.jsonl'),
    tape: join(dir, 'tape.jsonl'),
    blobs: join(dir, 'blobs'),
    lock: join(dir, 'lock'),
  };
}

/** Makes a folder for its owner only. One that is a link is refused: a planted link would send our files elsewhere. */
function ensurePrivate(dir: string): void {
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) {
      throw new RedgreenError('target', `The folder ${dir} for redgreen's runs cannot be made; check that you may write there.`, {
        cause: thrown,
      });
    }
    if (!lstatSync(dir).isDirectory())
      throw new RedgreenError('target', `${dir} is no folder; move it away, redgreen keeps its runs there.`);
  }
}

/** Makes `stateDir` and its `runs` folder, mode 0700. */
export function ensureState(stateDir: string): void {
  ensurePrivate(stateDir);
  ensurePrivate(join(stateDir, 'runs'));
}

/** Makes the folders of a new run under `stateDir`. `now` is in milliseconds. Throws `RedgreenError('target')` when they cannot be made. */
export function createRun(stateDir: string, options: { readonly now: number; readonly random: () => number }): RunFiles {
  ensureState(stateDir);
  for (let attempt = 0; attempt < 20; attempt++) {
    const files = runFiles(stateDir, newRunId(options.now, options.random));
    try {
      mkdirSync(files.dir, { mode: 0o700 });
    } catch (thrown) {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') continue;
      throw new RedgreenError('target', `The run's folder ${files.dir} cannot be made; check that you may write there.`, { cause: thrown });
    }
    ensurePrivate(files.blobs);
    return files;
  }
  throw new RedgreenError('target', `No free run id was found in ${stateDir}.`);
}

/** Takes the lock of a run. Throws `RedgreenError('locked')` while a living process works on it. */
export function lockRun(files: RunFiles): Lock {
  return takeLock(files.lock, `Run ${files.id}`);
}

function firstLine(fd: number): string {
  const parts: Buffer[] = [];
  for (let at = 0; at < MAX_LINE; at += CHUNK) {
    const chunk = Buffer.alloc(CHUNK);
    const length = readSync(fd, chunk, 0, CHUNK, at);
    const end = chunk.subarray(0, length).indexOf(0x0a);
    parts.push(chunk.subarray(0, end === -1 ? length : end));
    if (end !== -1) return Buffer.concat(parts).toString('utf8');
    if (length < CHUNK) break;
  }
  return '';
}

/** The last whole line: what stands after the last newline is torn. */
function lastLine(fd: number): string {
  const { size } = fstatSync(fd);
  for (let length = CHUNK; ; length *= 8) {
    const from = Math.max(0, size - length);
    const tail = Buffer.alloc(size - from);
    readSync(fd, tail, 0, tail.length, from);
    const end = tail.lastIndexOf(0x0a);
    const start = end <= 0 ? -1 : tail.lastIndexOf(0x0a, end - 1);
    if (start !== -1 || from === 0) return end === -1 ? '' : tail.toString('utf8', start + 1, end);
    if (length > MAX_LINE) return '';
  }
}

function fields(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** A run as a list shows it. Never throws: a journal that cannot be read is a `problem`. */
export function summarise(files: RunFiles): RunSummary {
  const base = {
    ...files,
    title: '',
    target: '',
    startedAt: 0,
    lastAt: 0,
    outcome: null,
    reason: '',
    branch: null,
    running: lockHolder(files.lock) !== null,
  };
  let fd: number;
  try {
    fd = openSync(files.journal, 'r');
  } catch {
    return { ...base, problem: 'it has no journal' };
  }
  try {
    const first = fields(firstLine(fd));
    const last = fields(lastLine(fd));
    if (first['type'] !== 'run.created') return { ...base, problem: 'its journal does not begin with a run' };
    if (!isReadable(first['v']))
      return { ...base, problem: `its journal has format ${text(String(first['v']))}, this redgreen reads ${EVENT_VERSION}` };
    const ended = last['type'] === 'ended';
    return {
      ...base,
      title: text(first['title']),
      target: text(first['dir']),
      startedAt: number(first['at']),
      lastAt: number(last['at']),
      outcome: ended ? (text(last['outcome']) as OutcomeKind) : null,
      reason: ended ? text(last['reason']) : '',
      branch: ended && typeof last['branch'] === 'string' ? last['branch'] : null,
      problem: null,
    };
  } finally {
    closeSync(fd);
  }
}

/** The ids under `stateDir`, newest first. */
function runIds(stateDir: string): readonly string[] {
  try {
    return readdirSync(join(stateDir, 'runs')).filter(isRunId).sort().reverse();
  } catch {
    return [];
  }
}

/** The runs under `stateDir`, newest first, reading the first and last line of each journal. */
export function listRuns(stateDir: string): readonly RunSummary[] {
  return runIds(stateDir).map((id) => summarise(runFiles(stateDir, id)));
}

/** The newest run, or null when there is none. */
export function latestRun(stateDir: string): RunSummary | null {
  const [id] = runIds(stateDir);
  return id === undefined ? null : summarise(runFiles(stateDir, id));
}

/** The run of this id, or whose id ends or begins with `part`. Throws `RedgreenError('usage')` when none or several fit. */
export function findRun(stateDir: string, part: string): RunFiles {
  const all = runIds(stateDir);
  const fitting = all.includes(part) ? [part] : all.filter((id) => part !== '' && (id.startsWith(part) || id.endsWith(part)));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return runFiles(stateDir, only);
  const shown = part.slice(0, 40).replace(/[^\x20-\x7e]/g, '?');
  throw new RedgreenError(
    'usage',
    `${fitting.length === 0 ? 'No run fits' : `${fitting.length} runs fit`} \`${shown}\`; \`redgreen runs\` lists them.`,
  );
}

/** A line of the user-wide index: which runs exist, and where. */
export interface IndexEntry {
  readonly stateDir: string;
  readonly id: string;
}

/** Adds a run to the user-wide index (`path`, under the XDG state folder). Never throws: the index is a convenience. */
export function indexRun(path: string, entry: IndexEntry): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    appendFileSync(path, `${JSON.stringify({ stateDir: entry.stateDir, id: entry.id })}\n`, { mode: 0o600 });
  } catch {
    // A read-only home costs the list from anywhere, not the run.
  }
}

/** Whether this user began the run `id` on this machine. By its id alone, so that a repository that was moved keeps its runs. */
export function isIndexed(path: string, id: string): boolean {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .some((line) => fields(line)['id'] === id);
  } catch {
    return false;
  }
}

/** The indexed runs that still exist, newest first, each once; at most `most`. */
export function readIndex(path: string, most = 200): readonly RunSummary[] {
  let lines: string[];
  try {
    lines = readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
  const entries = new Map<string, RunFiles>();
  for (const line of lines) {
    const { stateDir, id } = fields(line);
    if (typeof stateDir === 'string' && typeof id === 'string' && isRunId(id)) entries.set(`${stateDir}\0${id}`, runFiles(stateDir, id));
  }
  const newest = [...entries.values()].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, most);
  return newest.map(summarise).filter((run) => run.problem !== 'it has no journal');
}
