// Which projects' own prompts the user trusts: by the contents of the folder, kept on the user's side.
import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdir, open, readdir, readFile, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asError, RedgreenError } from '../core/errors.ts';
import type { Files } from '../core/ref.ts';
import { readPlain } from './anchor.ts';

/** A project's prompts as they were read, once: what is hashed is what is used. */
export interface PromptFolder {
  /** sha256 over every path and content, in hex. */
  readonly digest: string;
  /** Texts by path below the folder. */
  readonly files: Files;
}

export interface Trusted {
  /** Real path of the project's folder. */
  readonly dir: string;
  readonly digest: string;
}

export interface Trust {
  /** True when `dir`'s prompts are, byte for byte, those that were trusted. False when it has none. */
  isTrusted(dir: string): Promise<boolean>;
  /** Trusts the prompts of `dir` as they are now. Throws `RedgreenError('config')` when it has none or they cannot be used. */
  trust(dir: string): Promise<Trusted>;
  /** Forgets `dir`; true when it was trusted. */
  revoke(dir: string): Promise<boolean>;
  list(): Promise<readonly Trusted[]>;
  /** The prompts of `dir` and whether they are trusted; null when it has none. */
  load(dir: string): Promise<{ readonly folder: PromptFolder; readonly trusted: boolean } | null>;
}

/** Where a project keeps its prompts. */
export const PROJECT_PROMPTS = join('.redgreen', 'prompts');

const MAX_FILES = 100;
const MAX_BYTES = 1_000_000;

/** @param options.file the JSON file that keeps what is trusted; its folder is made when needed */
export function createTrust(options: { readonly file: string }): Trust {
  const { file } = options;
  const load: Trust['load'] = async (dir) => {
    const folder = await readPromptFolder(join(dir, PROJECT_PROMPTS));
    if (!folder) return null;
    const known = (await readStore(file))[await realpath(dir)];
    return { folder, trusted: known === folder.digest };
  };
  return {
    load,
    isTrusted: async (dir) => (await load(dir))?.trusted ?? false,
    trust: async (dir) => {
      const folder = await readPromptFolder(join(dir, PROJECT_PROMPTS));
      if (!folder) throw new RedgreenError('config', `${dir} has no prompts of its own: there is no ${PROJECT_PROMPTS} folder to trust.`);
      const entry = { dir: await realpath(dir), digest: folder.digest };
      await writeStore(file, { ...(await readStore(file)), [entry.dir]: entry.digest });
      return entry;
    },
    revoke: async (dir) => {
      const key = await realpath(dir).catch(() => dir);
      const { [key]: known, ...rest } = await readStore(file);
      if (known !== undefined) await writeStore(file, rest);
      return known !== undefined;
    },
    list: async () => Object.entries(await readStore(file)).map(([dir, digest]) => ({ dir, digest })),
  };
}

/**
 * Reads a folder of prompts whole; null when there is none. Throws `RedgreenError('config')` when it holds a symbolic link (whose
 * target could change unseen), something that is neither file nor folder, more than 100 files or more than 1 MB.
 */
export async function readPromptFolder(folder: string): Promise<PromptFolder | null> {
  const root = await kindOf(folder);
  if (!root) return null;
  if (root !== 'folder')
    throw new RedgreenError('config', `${folder} is not a plain folder: project prompts are read from a folder, not from a link or file.`);
  const files: Record<string, string> = {};
  const hash = createHash('sha256');
  let bytes = 0;
  for (const path of await pathsBelow(folder, '')) {
    const content = await readPlain(join(folder, path), MAX_BYTES).catch((thrown: unknown) => {
      throw new RedgreenError('config', `${join(folder, path)} cannot be used: ${asError(thrown).message}.`, { cause: thrown });
    });
    if (content === null) throw new RedgreenError('config', `${join(folder, path)} went away while it was read.`);
    bytes += content.length;
    if (bytes > MAX_BYTES) throw new RedgreenError('config', `${folder} holds more than 1 MB: project prompts are small texts.`);
    files[path] = content.toString('utf8');
    // Lengths first, so that no two folders give the same stream of bytes.
    hash.update(`${Buffer.byteLength(path)}:${path}:${content.length}:`).update(content);
  }
  return { digest: hash.digest('hex'), files };
}

async function kindOf(path: string): Promise<'folder' | 'other' | null> {
  const found = await lstat(path).catch(() => null);
  return found && (found.isDirectory() ? 'folder' : 'other');
}

/** Paths of files below `folder`, with forward slashes, in code-unit order. */
async function pathsBelow(folder: string, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
    const path = prefix ? `${prefix}/${entry.name}` : entry.name;
    if (entry.isDirectory()) found.push(...(await pathsBelow(folder, path)));
    else if (entry.isFile()) found.push(path);
    else throw new RedgreenError('config', `${join(folder, path)} is a link or a special file: project prompts must be plain files.`);
    if (found.length > MAX_FILES)
      throw new RedgreenError('config', `${folder} holds more than ${MAX_FILES} files: project prompts are few.`);
  }
  return prefix ? found : found.sort();
}

type Store = Readonly<Record<string, string>>;

async function readStore(file: string): Promise<Store> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw asError(error, 'config');
  });
  if (text === null) return {};
  const trusted = parsed(text)?.['trusted'];
  if (!isRecord(trusted)) throw new RedgreenError('config', `${file} is not a list of trusted folders: mend or remove it.`);
  return Object.fromEntries(Object.entries(trusted).filter((e): e is [string, string] => typeof e[1] === 'string'));
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Replaces the file in one step; a crash leaves the old one or the new one. */
async function writeStore(file: string, trusted: Store): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    await handle.writeFile(`${JSON.stringify({ v: 1, trusted }, null, 2)}\n`).finally(() => handle.sync().then(() => handle.close()));
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw asError(error, 'config');
  }
}
