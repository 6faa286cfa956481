// A virtual environment in the repository: whether it is what the project's lock file or requirements say, and fits the Python of boxes.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, record, strings } from '../survey/formats/data.ts';
import { parseToml } from '../survey/formats/toml.ts';
import { type Folders, type InstalledQuery, isFolder, isSameText } from './folders.ts';
import { lockedPython, normal } from './locks-python.ts';

const PLACES = ['.venv', 'venv'];
/** Files that say what a project needs; those that are committed must be here as they are there. */
const MANIFESTS = [
  'pyproject.toml',
  'setup.cfg',
  'setup.py',
  'requirements.txt',
  'requirements-dev.txt',
  'requirements_dev.txt',
  'requirements-test.txt',
];

/** The folder of the environment's packages; or why there is none to use, to be read after "because". */
export async function findPythonDeps({ root, read, survey, python }: InstalledQuery): Promise<Folders | string> {
  const venv = PLACES.find((name) => existsSync(join(root, name, 'pyvenv.cfg')));
  if (venv === undefined) return 'there is no virtual environment (.venv) in the repository';
  if (!isFolder(join(root, venv))) return `${venv} is a link`;
  const made = /^version(?:_info)?\s*=\s*(\d+\.\d+)/m.exec(readFileSync(join(root, venv, 'pyvenv.cfg'), 'utf8'))?.[1] ?? 'unknown';
  const boxed = await python();
  if (made !== boxed) return `${venv} is of Python ${made}, and boxes have ${boxed ?? 'none'}`;
  const deps = join(root, venv, 'lib', `python${made}`, 'site-packages');
  if (!isFolder(deps)) return `${venv} has no folder of packages`;
  const texts = new Map<string, string>();
  for (const path of MANIFESTS) {
    const text = await read(path);
    if (text === null) continue;
    if (!isSameText(join(root, path), text)) return `${path} here is not the committed one`;
    texts.set(path, text);
  }
  const lock = survey.lock === null ? null : await read(survey.lock);
  const why = pythonDisagrees(installedIn(deps), texts, lock === null ? null : { path: survey.lock ?? '', text: lock });
  if (why !== null) return why;
  return { deps, memberDeps: {}, because: lock === null ? 'they have what the project asks for' : `they are what ${survey.lock} says` };
}

/** Names to versions, by the folders that installers leave (packaging.python.org, "Recording installed projects"). */
function installedIn(folder: string): ReadonlyMap<string, string> {
  const found = readdirSync(folder).flatMap((name) => {
    const match = /^(.+)-([^-]+)\.dist-info$/.exec(name);
    return match === null ? [] : [[normal(match[1] ?? ''), match[2] ?? ''] as const];
  });
  return new Map(found);
}

function pythonDisagrees(
  installed: ReadonlyMap<string, string>,
  manifests: ReadonlyMap<string, string>,
  lock: { readonly path: string; readonly text: string } | null,
): string | null {
  for (const [name, version] of lock === null ? [] : lockedPython(lock.text)) {
    const there = installed.get(name);
    if (there !== undefined && there !== version) return `${name} ${there} is installed, and ${lock?.path} says ${version}`;
  }
  for (const requirement of requirementsIn(manifests)) {
    const [, name = '', pin] = /^([\w.-]+)(?:\[[^\]]*\])?\s*(?:===?\s*([\w.!+]+)\s*$)?/.exec(requirement) ?? [];
    const there = installed.get(normal(name));
    if (there === undefined) return `${name} is not installed`;
    if (pin !== undefined && pin !== there) return `${name} ${there} is installed, and ${pin} is asked for`;
  }
  return null;
}

/** What the project needs always (no marker), and its groups for tests and development. */
function requirementsIn(manifests: ReadonlyMap<string, string>): readonly string[] {
  const project = parseToml(manifests.get('pyproject.toml') ?? '');
  const groups = ['dev', 'test', 'tests', 'testing'];
  const listed = [
    ...strings(at(project, 'project', 'dependencies')),
    ...groups.flatMap((group) => strings(at(project, 'dependency-groups', group))),
    ...poetryNames(at(project, 'tool', 'poetry', 'dependencies')),
    ...groups.flatMap((group) => poetryNames(at(project, 'tool', 'poetry', 'group', group, 'dependencies'))),
    ...[...manifests].filter(([path]) => path.endsWith('.txt')).flatMap(([, text]) => text.split(/\r?\n/)),
  ];
  return listed
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .filter((line) => /^[A-Za-z0-9]/.test(line) && !line.includes(';') && !line.includes('://'));
}

function poetryNames(table: unknown): readonly string[] {
  return Object.entries(record(table)).flatMap(([name, value]) => (name === 'python' || at(value, 'optional') === true ? [] : [name]));
}
