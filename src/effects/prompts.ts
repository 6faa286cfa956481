// Prompt templates: found (user, trusted project, built-in), rendered by liquidjs, and put together to requests.
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Liquid } from 'liquidjs';
import { RedgreenError } from '../core/errors.ts';
import type { Message, ModelRequest, Part, Step } from '../core/model.ts';
import type { PromptSource } from '../core/ports.ts';
import type { Piece, PromptSpec } from '../core/prompt.ts';
import { PROJECT_PROMPTS, type Trust } from './trust.ts';

/** Most bytes of one template. */
const MAX_TEMPLATE = 64_000;

export interface PromptOptions {
  /** Folder of the built-in templates. */
  readonly builtIn: string;
  /** The user's folder of templates, or null. */
  readonly user: string | null;
  /** The project whose `.redgreen/prompts` may override, and what is trusted; or null. */
  readonly project: { readonly dir: string; readonly trust: Pick<Trust, 'load'> } | null;
  /** Told once when the project has prompts that are not used because they are not trusted. */
  readonly onIgnored?: (note: string) => void;
}

/**
 * Templates by name: the user's `NAME.md`, else the project's when it is trusted, else the built-in. The project's folder is read once,
 * on first use. Throws `RedgreenError('config')` for an unknown name, a template above 64 KB, or one that does not render.
 */
export function createPrompts(options: PromptOptions): PromptSource {
  const project = once(() => projectFiles(options));
  const engine = once(createEngine);
  return {
    template: async (name) => {
      if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) throw new RedgreenError('config', `"${name}" is not the name of a prompt.`);
      const user = options.user === null ? null : await readTemplate(join(options.user, `${name}.md`));
      if (user !== null) return { text: user, origin: 'user' };
      const own = (await project())[`${name}.md`];
      if (own !== undefined) return { text: capped(own, `${PROJECT_PROMPTS}/${name}.md`), origin: 'project' };
      const builtIn = await readTemplate(join(options.builtIn, `${name}.md`));
      if (builtIn === null) throw new RedgreenError('config', `There is no prompt "${name}" in ${options.builtIn}.`);
      return { text: builtIn, origin: 'built-in' };
    },
    // liquidjs reads a text character by character, which a text without a tag can be spared.
    render: async (text, data) => (/\{[{%]/.test(text) ? (await engine()).parseAndRender(text, data) : text),
  };
}

/** The folder of the built-in templates, beside the sources or beside the bundle. */
export function builtInPrompts(): string {
  const candidates = ['../../prompts', '../prompts', './prompts'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const found = candidates.find((dir) => existsSync(join(dir, 'author-system.md')));
  if (!found) throw new RedgreenError('internal', `The built-in prompts are missing: none of ${candidates.join(', ')}.`);
  return found;
}

/** What identifies a request. */
export type RequestIds = Pick<ModelRequest, 'run' | 'step' | 'subject' | 'attempt'> & { readonly step: Step };

/**
 * Renders a prompt into a request.
 *
 * @param turns the conversation so far; it follows the first message, and the prompt's tail follows it
 */
export async function renderRequest(
  spec: PromptSpec,
  source: PromptSource,
  ids: RequestIds,
  turns: readonly Message[] = [],
): Promise<ModelRequest> {
  const part = async (piece: Piece): Promise<Part> => {
    const text = await renderPiece(piece, source);
    return piece.cache ? { text, cache: true } : { text };
  };
  const system = await renderPiece(spec.system, source);
  const parts = await Promise.all(spec.parts.map(part));
  const tail = await Promise.all(spec.tail.map(part));
  const first: Message = { role: 'user', parts: turns.length === 0 ? [...parts, ...tail] : parts };
  const last: Message[] = turns.length > 0 && tail.length > 0 ? [{ role: 'user', parts: tail }] : [];
  return {
    run: ids.run,
    step: ids.step,
    subject: ids.subject,
    attempt: ids.attempt,
    system,
    messages: [first, ...turns, ...last],
    tools: spec.tools,
    ...(spec.schema ? { schema: spec.schema } : {}),
    maxOutputTokens: spec.maxOutputTokens,
  };
}

async function renderPiece(piece: Piece, source: PromptSource): Promise<string> {
  const { text, origin } = await source.template(piece.template);
  try {
    const rendered = await source.render(withoutFrontMatter(text), piece.data);
    return `${rendered.trim()}\n\n`;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new RedgreenError('config', `The ${origin} prompt ${piece.template}.md does not render: ${reason}`, { cause: error });
  }
}

/** A template's text without the YAML between `---` lines at its start. */
export function withoutFrontMatter(text: string): string {
  return text.replace(/^\ufeff?---[ \t]*\r?\n(?:[\s\S]*?\r?\n)?---[ \t]*(?:\r?\n|$)/, '');
}

/** liquidjs can run no code; here it can read no file either, and unknown variables and filters are errors. */
async function createEngine(): Promise<Liquid> {
  const { Liquid } = await import('liquidjs');
  return new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    relativeReference: false,
    // Includes are looked up here and nowhere else: there are none.
    templates: {},
    parseLimit: 1_000_000,
    renderLimit: 20_000,
    memoryLimit: 50_000_000,
    // Else Intl is asked for one, which takes 15 ms.
    locale: 'en-US',
  });
}

async function projectFiles({ project, onIgnored }: PromptOptions): Promise<Readonly<Record<string, string>>> {
  const loaded = project && (await project.trust.load(project.dir).catch((error: unknown) => ({ error })));
  if (!loaded) return {};
  if ('error' in loaded) {
    onIgnored?.(`The project's prompts are not used: ${loaded.error instanceof Error ? loaded.error.message : String(loaded.error)}`);
    return {};
  }
  if (loaded.trusted) return loaded.folder.files;
  onIgnored?.(
    `The project has prompts of its own in ${PROJECT_PROMPTS}; they are not used, because you have not trusted them as they are now.`,
  );
  return {};
}

async function readTemplate(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) return null;
  if (found.size > MAX_TEMPLATE) throw tooLarge(path);
  return capped(await readFile(path, 'utf8'), path);
}

function capped(text: string, path: string): string {
  if (Buffer.byteLength(text) > MAX_TEMPLATE) throw tooLarge(path);
  return text;
}

function tooLarge(path: string): RedgreenError {
  return new RedgreenError('config', `The prompt ${path} is larger than 64 KB: shorten it.`);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
