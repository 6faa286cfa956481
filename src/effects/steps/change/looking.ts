// Tool calls that only look: read, search, map, references.
import { asError } from '../../../core/errors.ts';
import { numbered } from '../../../core/excerpt.ts';
import { checkStructure } from '../../../core/guard.ts';
import type { Ports } from '../../../core/ports.ts';
import { oneLine } from '../../../core/prompt-text.ts';
import { reveal } from '../../../core/reveal.ts';
import type { Reference } from '../../../core/semantic.ts';
import type { ChangeCall } from '../../../core/tools-change.ts';
import { codeFiles, engineFor } from './code-files.ts';
import type { Desk } from './desk.ts';
import { noFile, type Said, wrong } from './said.ts';
import { type Hit, search as searchAll } from './search.ts';

/** Most lines and characters of a file in one answer. */
const READ = { lines: 400, characters: 12_000 } as const;
/** Hits on a page, and characters of it. */
const PAGE = { hits: 60, characters: 6_000 } as const;
const MAP = 6_000;

type Call<T extends ChangeCall['tool']> = Extract<ChangeCall, { tool: T }>;

/** Lines of a file with their numbers, and how to go on where there are more. */
export async function read(desk: Desk, { path, from, to }: Call<'read'>): Promise<Said> {
  const text = await desk.read(path);
  if (text === null) return wrong(noFile(path, desk));
  const lines = reveal(text).replace(/\n$/, '').split('\n');
  if (from > lines.length) return wrong(`${path} has ${lines.length} lines`);
  const wanted = lines.slice(from - 1, Math.min(to === 0 ? lines.length : to, from - 1 + READ.lines));
  let [count, size] = [0, 0];
  while (count < wanted.length && (count === 0 || size + (wanted[count]?.length ?? 0) < READ.characters))
    size += (wanted[count++]?.length ?? 0) + 6;
  const last = from - 1 + count;
  const more =
    last < (to === 0 ? lines.length : Math.min(to, lines.length)) ? `\n[${lines.length} lines in all; go on from ${last + 1}]` : '';
  return { text: `${numbered(wanted.slice(0, count).map(cut), from)}${more}` };
}

function cut(line: string): string {
  return line.length > READ.characters ? `${line.slice(0, READ.characters)} [… the line has ${line.length} characters]` : line;
}

/** Lines that hold a text, by file; where nothing does, also in another case. */
export async function search(desk: Desk, { pattern, under, regex, page }: Call<'search'>): Promise<Said> {
  const unsafe = under === '' ? null : checkStructure(under.replace(/\/$/, ''));
  if (unsafe !== null) return wrong(`\`under\` "${oneLine(under, 100)}": ${unsafe}`);
  const ground = desk.ground();
  const find = (ignoreCase: boolean) => searchAll(ground, { pattern, isRegex: regex, ignoreCase, under });
  try {
    const exact = await find(false);
    const hits = exact.length > 0 ? exact : await find(true);
    if (hits.length === 0) return { text: `found nowhere${under === '' ? '' : ` under ${oneLine(under, 100)}`}` };
    return { text: `${exact.length === 0 ? 'found in another case only:\n' : ''}${hitsText(hits, page)}` };
  } catch (thrown) {
    return wrong(asError(thrown).message);
  }
}

function hitsText(hits: readonly Hit[], page: number): string {
  const pages = paged(hits);
  const shown = pages[Math.min(page, pages.length) - 1] ?? [];
  const lines = shown.flatMap((hit, i) => {
    const line = `${String(hit.line).padStart(4)} ${reveal(hit.text)}`;
    return shown[i - 1]?.path === hit.path ? [line] : [oneLine(hit.path), line];
  });
  const more = pages.length > 1 ? `\n[page ${Math.min(page, pages.length)} of ${pages.length}; ${hits.length} lines in all]` : '';
  return `${lines.join('\n')}${more}`;
}

function paged(hits: readonly Hit[]): readonly (readonly Hit[])[] {
  const pages: Hit[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const hit of hits) {
    const own = hit.text.length + hit.path.length / 4 + 8;
    const last = pages.at(-1);
    if (last !== undefined && last.length < PAGE.hits && size + own <= PAGE.characters) {
      last.push(hit);
      size += own;
    } else {
      pages.push([hit]);
      size = own;
    }
  }
  return pages;
}

/** The likely files with their definitions. */
export async function map(ports: Ports, desk: Desk, { query }: Call<'map'>): Promise<Said> {
  try {
    const seeds = Object.keys(desk.ground().tree);
    const text = await (await ports.map()).render({ task: query, frames: [], seeds }, { characters: MAP, overlay: desk.ground().tree });
    return { text: text.trim() === '' ? 'nothing fits these words: search for one of them' : text };
  } catch (thrown) {
    return wrong(`there is no map: ${asError(thrown).message}; search instead`);
  }
}

const MOST_REFERENCES = 80;

/** Where a symbol is used: by the compiler's binding where there is one for the language and the repository is not too large, else by syntax. */
export async function references(ports: Ports, desk: Desk, { path, name }: Call<'references'>): Promise<Said> {
  try {
    const bound = await boundReferences(ports, desk, path, name);
    const found =
      bound ??
      (await (await ports.map()).references(name.split('.').at(-1) ?? name, { count: MOST_REFERENCES, overlay: desk.ground().tree }));
    if (found.length === 0) return { text: `no use of \`${oneLine(name, 80)}\` was found` };
    const hits = found.map(({ path: where, line, text, isDefinition }) => ({
      path: where,
      line,
      text: isDefinition ? `${text}  [declared]` : text,
    }));
    return { text: `${bound === null ? 'by name alone, so others of that name may be among them:\n' : ''}${hitsText(hits, 1)}` };
  } catch (thrown) {
    return wrong(`${asError(thrown).message}; search for the name instead`);
  }
}

async function boundReferences(ports: Ports, desk: Desk, path: string, name: string): Promise<readonly Reference[] | null> {
  const engine = engineFor(ports, path);
  if (engine?.references === undefined) return null;
  const files = await codeFiles(ports, desk, BOUND_FILES);
  const result = files === null ? null : await engine.references(files, path, name);
  return result === null || 'problem' in result ? null : result.references;
}

/** Above so many files of code the compiler takes too long for a look. */
const BOUND_FILES = 600;
