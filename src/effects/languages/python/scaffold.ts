// The files of a new Python project that no model writes.
import type { Plan, PlannedPackage } from '../../../core/plan.ts';
import type { Files } from '../../../core/ref.ts';

/** `pyproject.toml`, `.gitignore` and, when there are packages, `requirements.txt` (what is installed for the tests). */
export function scaffoldPython(plan: Plan, runnerPackages: readonly PlannedPackage[]): Files {
  const all = [...plan.packages, ...runnerPackages].filter((one, i, list) => list.findIndex((other) => sameName(other, one)) === i);
  const requirements: Files = all.length === 0 ? {} : { 'requirements.txt': `${all.map(requirement).join('\n')}\n` };
  return { 'pyproject.toml': pyproject(plan, all), '.gitignore': GITIGNORE, ...requirements };
}

const GITIGNORE = ['__pycache__/', '*.pyc', '.venv/', '.pytest_cache/', 'build/', 'dist/', '*.egg-info/', ''].join('\n');

/**
 * A requirement line (PEP 508) of a planned package: ranges as pip writes them are kept, a bare version is pinned,
 * and npm's `^` and `~` are understood, because models write them.
 */
export function requirement(planned: PlannedPackage): string {
  const range = planned.range.trim();
  const version = /^[\^~]?(\d+(?:\.\d+)*)$/.exec(range)?.[1];
  if (range === '' || range === '*' || range === 'latest') return planned.name;
  if (version === undefined) return `${planned.name}${range.replaceAll(' ', '')}`;
  if (range.startsWith('^')) return `${planned.name}>=${version},<${Number(version.split('.')[0]) + 1}`;
  return range.startsWith('~') && version.includes('.') ? `${planned.name}~=${version}` : `${planned.name}==${version}`;
}

function pyproject(plan: Plan, packages: readonly PlannedPackage[]): string {
  const list = (dev: boolean): string =>
    packages
      .filter((one) => one.dev === dev)
      .map((one) => `\n    ${toml(requirement(one))},`)
      .join('');
  const dev = list(true);
  const usesSrc = plan.files.some((file) => file.path.startsWith('src/'));
  return [
    '[project]',
    `name = ${toml(plan.name)}`,
    'version = "0.1.0"',
    `description = ${toml(plan.summary.replace(/\s+/g, ' ').trim())}`,
    'requires-python = ">=3.11"',
    `dependencies = [${list(false)}${list(false) === '' ? '' : '\n'}]`,
    ...(dev === '' ? [] : ['', '[dependency-groups]', `dev = [${dev}\n]`]),
    '',
    '[tool.pytest.ini_options]',
    `pythonpath = [${usesSrc ? '".", "src"' : '"."'}]`,
    'testpaths = ["tests"]',
    '',
  ].join('\n');
}

function sameName(a: PlannedPackage, b: PlannedPackage): boolean {
  return a.name.toLowerCase().replaceAll('_', '-') === b.name.toLowerCase().replaceAll('_', '-');
}

/** A basic string of TOML; JSON's escapes are a subset of TOML's, but for DEL. */
function toml(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007F');
}
