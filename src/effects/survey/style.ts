// How code is written here, one line for each tool that says so. Configuration that is code is named, not read.
import { at, record, string } from './formats/data.ts';
import { parseIni } from './formats/ini.ts';
import { parseJson } from './formats/json.ts';
import { literalOf } from './formats/literals.ts';
import { parseToml } from './formats/toml.ts';
import { parseYaml } from './formats/yaml.ts';
import { dependencyNames } from './manifests.ts';
import type { Found } from './packages.ts';
import { nameOf, type Repo } from './source.ts';

/** Lines such as `format: prettier (.prettierrc: single quotes, no semicolons)`, from what lies at the root. */
export async function styleOf(repo: Repo, packages: readonly Found[]): Promise<readonly string[]> {
  const root = packages.find((found) => found.dir === '') ?? null;
  const lines = await Promise.all([
    indent(repo),
    prettier(repo, root?.node),
    biome(repo),
    Promise.resolve(linter(repo, root?.node)),
    compiler(repo),
    Promise.resolve(python(root?.python)),
    ruff(repo),
    Promise.resolve(repo.has('go.mod') ? 'format: gofmt' : null),
    rustfmt(repo, root?.cargo),
    Promise.resolve(modules(root?.node)),
  ]);
  return [...new Set(lines.filter((line) => line !== null && line !== ''))].map((line) => oneLine(line ?? ''));
}

function oneLine(line: string): string {
  return line.replace(/[\u0000-\u001f\u007f]/g, ' ').slice(0, 200);
}

/** `tool (file: fact, fact)`, or without the facts. */
function told(kind: string, tool: string, file: string, facts: readonly (string | null)[]): string {
  const known = facts.filter((fact) => fact !== null);
  return `${kind}: ${tool} (${file}${known.length > 0 ? `: ${known.join(', ')}` : ''})`;
}

function find(repo: Repo, pattern: RegExp): string | null {
  return repo.inFolder('').find((path) => pattern.test(nameOf(path))) ?? null;
}

/** A scalar as a word, when it is one that may be quoted in a line. */
function scalar(value: unknown): string | null {
  return typeof value === 'number' || (typeof value === 'string' && /^[\w.-]{1,40}$/.test(value)) ? String(value) : null;
}

async function indent(repo: Repo): Promise<string | null> {
  const text = repo.has('.editorconfig') ? await repo.read('.editorconfig') : null;
  if (text === null) return null;
  const sections = parseIni(text);
  const all = sections.get('*') ?? [...sections].find(([name]) => /\b(?:js|ts|py|go|rs)\b/.test(name))?.[1];
  const [style, size, width] = ['indent_style', 'indent_size', 'max_line_length'].map((key) => scalar(all?.get(key)));
  if (style === null || style === undefined) return null;
  const said = style === 'tab' ? 'tabs' : `${size ?? ''} spaces`.trim();
  return `indent: ${said} (.editorconfig)${width != null && width !== 'off' ? `, lines of at most ${width}` : ''}`;
}

async function prettier(repo: Repo, manifest: unknown): Promise<string | null> {
  const file = find(repo, /^(?:\.prettierrc(?:\.(?:json5?|ya?ml|toml|[cm]?[jt]s))?|prettier\.config\.[cm]?[jt]s)$/);
  const inManifest = at(manifest, 'prettier');
  if (file === null && inManifest === undefined) return null;
  const text = file === null ? '' : ((await repo.read(file)) ?? '');
  const isCode = /\.[cm]?[jt]s$/.test(file ?? '');
  const keys = ['singleQuote', 'semi', 'useTabs', 'tabWidth', 'printWidth', 'trailingComma'];
  const data =
    file === null ? inManifest : isCode ? Object.fromEntries(keys.map((key) => [key, literalOf(text, key)])) : await parseYaml(text);
  return told('format', 'prettier', file ?? 'package.json', [
    at(data, 'singleQuote') === true ? 'single quotes' : at(data, 'singleQuote') === false ? 'double quotes' : null,
    at(data, 'semi') === false ? 'no semicolons' : null,
    at(data, 'useTabs') === true ? 'tabs' : fact('indent', at(data, 'tabWidth')),
    fact('width', at(data, 'printWidth')),
    fact('trailing commas', at(data, 'trailingComma')),
  ]);
}

function fact(name: string, value: unknown): string | null {
  const said = scalar(value);
  return said === null ? null : `${name} ${said}`;
}

async function biome(repo: Repo): Promise<string | null> {
  const file = find(repo, /^biome\.jsonc?$/);
  if (file === null) return null;
  const data = parseJson((await repo.read(file)) ?? '');
  const quotes = scalar(at(data, 'javascript', 'formatter', 'quoteStyle'));
  return told('format and lint', 'biome', file, [
    fact('indent by', at(data, 'formatter', 'indentStyle')),
    fact('width', at(data, 'formatter', 'lineWidth')),
    quotes === null ? null : `${quotes} quotes`,
    at(data, 'javascript', 'formatter', 'semicolons') === 'asNeeded' ? 'no semicolons' : null,
  ]);
}

/** Linters that are a style of their own, and where the others are configured. */
function linter(repo: Repo, manifest: unknown): string | null {
  const depends = dependencyNames(manifest);
  const whole = ['xo', 'standard', 'neostandard', 'semistandard', 'ts-standard'].find((name) => depends.includes(name));
  const file = find(repo, /^(?:eslint\.config\.[cm]?[jt]s|\.eslintrc(?:\.(?:json|ya?ml|[cm]?js))?|\.oxlintrc\.json|oxlint\.json)$/);
  const styles: Readonly<Record<string, string>> = {
    xo: 'tabs, single quotes, semicolons',
    semistandard: '2 spaces, single quotes, semicolons',
  };
  if (whole !== undefined)
    return `lint: ${whole} (${file === null ? '' : `${file}: `}${styles[whole] ?? '2 spaces, single quotes, no semicolons'})`;
  if (file !== null) return `lint: ${nameOf(file).includes('ox') ? 'oxlint' : 'eslint'} (${file})`;
  return at(manifest, 'eslintConfig') === undefined ? null : 'lint: eslint (package.json)';
}

async function compiler(repo: Repo): Promise<string | null> {
  if (!repo.has('tsconfig.json')) return null;
  const options = at(parseJson((await repo.read('tsconfig.json')) ?? ''), 'compilerOptions');
  return told('types', 'TypeScript', 'tsconfig.json', [
    at(options, 'strict') === true ? 'strict' : at(options, 'strict') === false ? 'not strict' : null,
    at(options, 'noUncheckedIndexedAccess') === true ? 'noUncheckedIndexedAccess' : null,
    at(options, 'exactOptionalPropertyTypes') === true ? 'exactOptionalPropertyTypes' : null,
    fact('module', at(options, 'module')),
    fact('target', at(options, 'target')),
  ]);
}

/** Whether `.js` is an ES module here: nodejs.org/api/packages.html#type. */
function modules(manifest: unknown): string | null {
  if (manifest === null || manifest === undefined) return null;
  return at(manifest, 'type') === 'module'
    ? 'modules: ES modules (package.json type)'
    : 'modules: CommonJS for .js files (package.json has no type "module")';
}

function python(pyproject: unknown): string | null {
  const tool = at(pyproject, 'tool');
  const black = at(tool, 'black');
  const mypy = at(tool, 'mypy');
  const version = string(at(pyproject, 'project', 'requires-python')) ?? string(at(tool, 'poetry', 'dependencies', 'python'));
  const said = [
    black === undefined ? null : `black${fact(' width', at(black, 'line-length')) ?? ''}`,
    at(tool, 'isort') === undefined ? null : 'isort',
    mypy === undefined ? null : `mypy${at(mypy, 'strict') === true ? ' strict' : ''}`,
    version === null ? null : `Python ${version.slice(0, 40)}`,
  ].filter((one) => one !== null);
  const ruffed = at(tool, 'ruff') === undefined ? null : ruffLine('pyproject.toml', at(tool, 'ruff'));
  return [said.length > 0 ? `python: ${said.join(', ')} (pyproject.toml)` : null, ruffed].filter((one) => one !== null).join('; ');
}

async function ruff(repo: Repo): Promise<string | null> {
  const file = find(repo, /^\.?ruff\.toml$/);
  return file === null ? null : ruffLine(file, parseToml((await repo.read(file)) ?? ''));
}

function ruffLine(file: string, data: unknown): string {
  const quotes = scalar(at(data, 'format', 'quote-style'));
  return told('lint and format', 'ruff', file, [fact('width', at(data, 'line-length')), quotes === null ? null : `${quotes} quotes`]);
}

async function rustfmt(repo: Repo, cargo: unknown): Promise<string | null> {
  const file = find(repo, /^\.?rustfmt\.toml$/);
  if (file === null) return cargo === null || cargo === undefined ? null : 'format: rustfmt';
  const data = record(parseToml((await repo.read(file)) ?? ''));
  return told('format', 'rustfmt', file, [fact('width', data['max_width']), fact('indent', data['tab_spaces'])]);
}
