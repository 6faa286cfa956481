// The outline of a file by patterns alone: no parser to load, a few milliseconds for a hundred files, in any language.
import type { MapLanguage } from './sources.ts';
import type { Definition, DefinitionKind, Outline } from './tags.ts';

interface Rule {
  readonly kind: DefinitionKind;
  readonly pattern: RegExp;
}

// Letters beyond ASCII as one range: `\p{L}` takes milliseconds to compile in each pattern.
const NAME = String.raw`#?(?<name>[A-Za-z_$\x80-\uffff][\w$\x80-\uffff]*)`;
const rule = (kind: DefinitionKind, source: string): Rule => ({ kind, pattern: new RegExp(source.replaceAll('NAME', NAME), 'gm') });

const DECLARED = String.raw`^[ \t]*(?<export>export[ \t]+)?(?:default[ \t]+)?(?:declare[ \t]+)?(?:abstract[ \t]+)?(?:async[ \t]+)?`;
const MODIFIERS = String.raw`(?:(?:public|private|protected|internal|static|override|readonly|async|get|set|abstract|final|virtual)[ \t]+)*`;
const PARAMETERS = String.raw`\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*\)`;
const FUNCTION = String.raw`(?:async[ \t]+)?(?:function\b|(?:<[^\n=]*>)?\([^\n]*=>|\w+[ \t]*=>|\([ \t]*$)`;

const SCRIPT: readonly Rule[] = [
  rule('function', String.raw`${DECLARED}function[ \t]*\*?[ \t]*NAME`),
  rule('class', String.raw`${DECLARED}(?:class|namespace|module)[ \t]+NAME`),
  rule('type', String.raw`${DECLARED}(?:const[ \t]+)?(?:interface|type|enum)[ \t]+NAME[ \t]*(?:[={<]|$|extends)`),
  rule('value', String.raw`^(?<export>export[ \t]+)?(?:declare[ \t]+)?(?:const|let|var)[ \t]+NAME(?![^\n]*=[ \t]*require[ \t]*\()`),
  rule('function', String.raw`^[ \t]+(?:const|let|var)[ \t]+NAME[^=\n]*=[ \t]*${FUNCTION}`),
  rule(
    'method',
    String.raw`^[ \t]+${MODIFIERS}\*?[ \t]*NAME\??[ \t]*(?:<[^()\n]*>)?${PARAMETERS}[ \t]*(?::[^;{}\n]+)?\{[ \t]*(?:$|\}|return)`,
  ),
  rule('method', String.raw`^[ \t]+${MODIFIERS}NAME[ \t]*(?:<[^()\n]*>)?\(\n(?:[^\n;{}]*\n){1,12}?[ \t]*\)[ \t]*(?::[^;{}\n]+)?\{[ \t]*$`),
  rule('method', String.raw`^[ \t]+${MODIFIERS}NAME[ \t]*(?::[^=\n]*)?[=:][ \t]*${FUNCTION}`),
  rule('function', String.raw`^[ \t]*(?:[\w$]+\.)*prototype\.NAME[ \t]*=`),
  rule('function', String.raw`^[ \t]*(?<export>(?:module\.)?exports\.)NAME[ \t]*=`),
  rule('function', String.raw`^[ \t]*(?:[\w$]+\.)+NAME[ \t]*=[ \t]*${FUNCTION}`),
];

const PYTHON: readonly Rule[] = [
  rule('function', String.raw`^(?:async[ \t]+)?def[ \t]+NAME`),
  rule('method', String.raw`^[ \t]+(?:async[ \t]+)?def[ \t]+NAME`),
  rule('class', String.raw`^[ \t]*class[ \t]+NAME`),
  rule('value', String.raw`^NAME[ \t]*(?::[^=\n]+)?=(?!=)`),
];

const GO: readonly Rule[] = [
  rule('method', String.raw`^func[ \t]*\([^)\n]*\)[ \t]*NAME`),
  rule('function', String.raw`^func[ \t]+NAME`),
  rule('type', String.raw`^type[ \t]+NAME`),
  rule('value', String.raw`^(?:var|const)[ \t]+NAME`),
];

const PUB = String.raw`(?<export>pub(?:\([^)\n]*\))?[ \t]+)?`;
const RUST: readonly Rule[] = [
  rule('function', String.raw`^[ \t]*${PUB}(?:(?:default|const|async|unsafe|extern|"")[ \t]+)*fn[ \t]+NAME`),
  rule('type', String.raw`^[ \t]*${PUB}(?:unsafe[ \t]+)?(?:struct|enum|trait|type|union|mod)[ \t]+NAME`),
  rule('value', String.raw`^[ \t]*${PUB}(?:static|const)[ \t]+(?:mut[ \t]+)?NAME[ \t]*:`),
  rule('function', String.raw`^[ \t]*macro_rules![ \t]*NAME`),
];

const ANY: readonly Rule[] = [
  rule(
    'class',
    String.raw`^[ \t]*(?:[a-z@]+[ \t]+)*(?:class|interface|trait|enum|struct|record|object|module|protocol|extension|namespace|defmodule)[ \t]+NAME`,
  ),
  rule('function', String.raw`^[ \t]*(?:[a-z@]+[ \t]+)*(?:def|defp|fun|func|function|fn|sub)[ \t]+(?:self\.)?NAME`),
  rule('method', String.raw`^[ \t]*(?:[\w<>[\],.&*:?@]+[ \t]+)+[*&]*(?:\w+::)*NAME[ \t]*\([^;{}()]*\)[^;{}()\n]*\{?[ \t]*$`),
];

const RULES: Partial<Record<MapLanguage, readonly Rule[]>> = {
  typescript: SCRIPT,
  tsx: SCRIPT,
  javascript: SCRIPT,
  python: PYTHON,
  go: GO,
  rust: RUST,
};

const KEYWORDS = new Set(
  'if for while switch catch function return else do with new typeof await yield enum throw delete in of case super import export default try finally using lock elif unless match loop'.split(
    ' ',
  ),
);

const SCRIPT_IMPORT = /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*(['"])([^'"\n]+)\1/g;
const IMPORTS: Partial<Record<MapLanguage, RegExp>> = {
  go: /^[ \t]*(?:import[ \t]+)?(?:[\w.]+[ \t]+)?"([^"\n]+)"[ \t]*$/gm,
  rust: /^[ \t]*(?:pub(?:\([^)]*\))?[ \t]+)?(?:use[ \t]+([\w:]+)|mod[ \t]+(\w+)[ \t]*;)/gm,
  java: /^import[ \t]+(?:static[ \t]+)?([\w.]+)/gm,
  ruby: /^[ \t]*require(?:_relative)?[ \t]+['"]([^'"\n]+)['"]/gm,
  php: /^[ \t]*use[ \t]+([\w\\]+)|(?:require|include)(?:_once)?[^'"\n]*['"]([^'"\n]+)['"]/gm,
  'c-sharp': /^[ \t]*using[ \t]+(?:static[ \t]+)?([\w.]+)[ \t]*;/gm,
  cpp: /^[ \t]*#[ \t]*include[ \t]*["<]([^">\n]+)[">]/gm,
};

/** Definitions and imports of a file. `code` is the text without comments and strings (`scan`), line for line. */
export function quickOutline(text: string, code: string, language: MapLanguage): Outline {
  return { definitions: definitionsOf(shortLines(code), language), imports: importsOf(text, language) };
}

/** Characters of a line that are looked at: some patterns take the square of a line's length, and no definition begins so late. */
const MAX_LINE = 300;

function shortLines(code: string): string {
  return code.replace(new RegExp(`^(.{${MAX_LINE}}).+$`, 'gm'), '$1');
}

function definitionsOf(code: string, language: MapLanguage): readonly Definition[] {
  const lineAt = lineFinder(code);
  const found = new Map<string, Definition>();
  for (const { kind, pattern } of RULES[language] ?? ANY) {
    for (const match of code.matchAll(pattern)) {
      const name = match.groups?.['name'] ?? '';
      if (name.length < 2 || KEYWORDS.has(name)) continue;
      const at = match.index + match[0].length - match[0].trimStart().length;
      const line = lineAt(at);
      if (found.has(`${name} ${line}`)) continue;
      found.set(`${name} ${line}`, { name, line, kind, exported: isExported(match, name, language) });
    }
  }
  return [...found.values()].sort((a, b) => a.line - b.line);
}

function isExported(match: RegExpExecArray, name: string, language: MapLanguage): boolean {
  if (language === 'go') return /^\p{Lu}/u.test(name);
  if (language === 'python') return !name.startsWith('_');
  return match.groups?.['export'] !== undefined || /^[ \t]*public\b/.test(match[0]);
}

/** Gives the line (from 1) of a place; places may come in any order. */
export function lineFinder(text: string): (at: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (at) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** What a file imports, as written; of Python's `from a import b` also `a.b`, which may be a module. */
export function importsOf(text: string, language: MapLanguage): readonly string[] {
  if (language === 'python') return pythonImports(text);
  const pattern = IMPORTS[language];
  const found = pattern
    ? [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? '')
    : [...text.matchAll(SCRIPT_IMPORT)].map((match) => match[2] ?? '');
  return [...new Set(found)].filter((name) => name !== '');
}

function pythonImports(text: string): readonly string[] {
  const found: string[] = [];
  for (const match of text.matchAll(
    /^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]{0,4000}\)|[^\n#]+)|import[ \t]+([\w., \t]+))/gm,
  )) {
    const [, from, names, modules] = match;
    const list = (names ?? modules ?? '').replace(/[()]/g, '').split(',');
    const plain = list.map((entry) => entry.trim().split(/\s+/)[0] ?? '').filter((name) => /^[\w.]+$/.test(name));
    if (from === undefined) found.push(...plain);
    else found.push(from, ...plain.map((name) => (from.endsWith('.') ? from + name : `${from}.${name}`)));
  }
  return [...new Set(found)];
}
