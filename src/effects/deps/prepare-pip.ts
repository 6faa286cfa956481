// What a Python project asks for, made ready for an install of our own: its requirements, and those of its groups for tests and development.
import type { Survey } from '../../core/survey.ts';
import { at, record, string, strings } from '../survey/formats/data.ts';
import { parseToml } from '../survey/formats/toml.ts';
import { lockedPython, normal } from './locks-python.ts';
import type { Prepared } from './prepare-npm.ts';

/** A name with extras, a version range and a marker; no address, no path, no option. */
const REQUIREMENT = /^([A-Za-z0-9][\w.-]*)(\[[\w,\s.-]+\])?\s*(\(?[<>=!~][\w.*+!<>=~,\s]*\)?)?\s*(;[\w\s.'"<>=!~()-]+)?$/;
const LISTS = [
  'requirements.txt',
  'requirements-dev.txt',
  'requirements_dev.txt',
  'requirements-test.txt',
  'requirements/dev.txt',
  'requirements/test.txt',
  'test-requirements.txt',
  'dev-requirements.txt',
];
const GROUPS = ['dev', 'test', 'tests', 'testing'];
const MAX_LISTS = 20;

type Read = (path: string) => Promise<string | null>;

/** One list of requirements, with the versions of uv.lock or poetry.lock where there is one. Never throws. */
export async function preparePip(read: Read, survey: Pick<Survey, 'lock'>): Promise<Prepared> {
  const notes: string[] = [];
  const project = parseToml((await read('pyproject.toml')) ?? '');
  const asked = [...projectLines(project), ...(await listedLines(read))];
  const own = normal(string(at(project, 'project', 'name')) ?? string(at(project, 'tool', 'poetry', 'name')) ?? '');
  const lock = survey.lock === null ? null : await read(survey.lock);
  const versions = lockedPython(lock ?? '');
  const lines = new Map<string, string>();
  for (const line of asked) {
    const [, name = '', extras = '', range = '', marker = ''] = REQUIREMENT.exec(line) ?? [];
    if (name === '') notes.push(`A requirement is not installed, because it is not in the index: ${JSON.stringify(line.slice(0, 80))}.`);
    if (name === '' || normal(name) === own) continue;
    const locked = versions.get(normal(name));
    const version = locked === undefined ? range.replace(/[()\s]/g, '') : `==${locked}`;
    lines.set(`${normal(name)}${marker}`, `${name}${extras.replace(/\s/g, '')}${version}${marker === '' ? '' : ` ${marker}`}`);
  }
  if (lock === null) notes.push('No lock file is committed: versions were chosen from the ranges of the project.');
  return {
    manager: 'pip',
    manifests: lines.size === 0 ? {} : { 'requirements.txt': `${[...lines.values()].join('\n')}\n` },
    lock: null,
    notes,
  };
}

function projectLines(project: unknown): readonly string[] {
  const poetry = at(project, 'tool', 'poetry');
  return [
    ...strings(at(project, 'project', 'dependencies')),
    ...GROUPS.flatMap((group) => strings(at(project, 'project', 'optional-dependencies', group))),
    ...GROUPS.flatMap((group) => groupLines(project, group, 5)),
    ...strings(at(project, 'tool', 'uv', 'dev-dependencies')),
    ...poetryLines(at(poetry, 'dependencies')),
    ...poetryLines(at(poetry, 'dev-dependencies')),
    ...GROUPS.flatMap((group) => poetryLines(at(poetry, 'group', group, 'dependencies'))),
  ];
}

/** PEP 735: a group may include others. */
function groupLines(project: unknown, group: string, depth: number): readonly string[] {
  const entries = at(project, 'dependency-groups', group);
  if (!Array.isArray(entries) || depth === 0) return [];
  return entries.flatMap((entry) =>
    typeof entry === 'string' ? [entry] : groupLines(project, string(at(entry, 'include-group')) ?? '', depth - 1),
  );
}

/** Poetry's own ranges: a caret, a tilde or a bare version (python-poetry.org/docs/dependency-specification). */
function poetryLines(table: unknown): readonly string[] {
  return Object.entries(record(table)).flatMap(([name, value]) => {
    if (name === 'python' || at(value, 'optional') === true) return [];
    const range = string(value) ?? string(at(value, 'version'));
    if (range === null) return [`${name} @ elsewhere`];
    const extras = strings(at(value, 'extras'));
    return [
      `${name}${extras.length === 0 ? '' : `[${extras.join(',')}]`}${range
        .split(',')
        .map((part) => pipRange(part.trim()))
        .filter((part) => part !== '')
        .join(',')}`,
    ];
  });
}

function pipRange(part: string): string {
  const [, op = '', version = ''] = /^([\^~]?)(\d[\w.]*)$/.exec(part) ?? [];
  if (version === '') return part === '*' ? '' : part;
  const numbers = version.split('.').map(Number);
  if (op === '') return `==${version}`;
  const first =
    op === '~'
      ? Math.min(1, numbers.length - 1)
      : Math.max(
          0,
          numbers.findIndex((n) => n > 0),
        );
  const above = numbers.slice(0, first + 1).map((n, i) => (i === first ? n + 1 : n));
  return `>=${version},<${above.join('.')}`;
}

/** Lines of requirements files, and of those that they include. */
async function listedLines(read: Read): Promise<readonly string[]> {
  const pending = [...LISTS];
  const seen = new Set<string>();
  const lines: string[] = [];
  for (let path = pending.shift(); path !== undefined && seen.size < MAX_LISTS; path = pending.shift()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
    for (const line of ((await read(path)) ?? '').replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)) {
      const plain = line
        .replace(/(?:^|\s)#.*$/, '')
        .replace(/\s--hash=\S+/g, '')
        .trim();
      const included = /^(?:-r|--requirement)[ =]?\s*([\w./-]+)$/.exec(plain)?.[1];
      if (included !== undefined) pending.push(`${folder}${included.replace(/^\.\//, '')}`);
      // `-e .` is the project itself, which is in the tree; other options are pip's own.
      else if (plain !== '' && !plain.startsWith('-') && plain !== '.') lines.push(plain);
    }
  }
  return lines;
}
