// A survey in words: what a colleague must know on the first day, and one line for the screen.
import { sanitise } from '../../core/sanitise.ts';
import type { PackageInfo, Survey, TestSetup } from '../../core/survey.ts';
import { HABITS } from './habits.ts';
import { setupFor } from './setups.ts';
import { isIn } from './source.ts';

const MOST = 2_500;
const MOST_PACKAGES = 12;
const NAMES: Readonly<Record<string, string>> = {
  ...{
    typescript: 'TypeScript',
    javascript: 'JavaScript',
    python: 'Python',
    go: 'Go',
    rust: 'Rust',
    java: 'Java',
    ruby: 'Ruby',
    php: 'PHP',
  },
  ...{ c: 'C', 'c++': 'C++', 'c#': 'C#', shell: 'shell', kotlin: 'Kotlin', swift: 'Swift', vue: 'Vue', svelte: 'Svelte' },
};

/** One line for the screen: `TypeScript, npm workspaces (4 packages), vitest`. */
export function surveyLine(survey: Survey): string {
  const [language] = survey.languages;
  const members = survey.packages.filter((one) => one.dir !== '').length;
  const manager =
    survey.manager === null
      ? members > 0
        ? `${members + 1} packages`
        : null
      : members > 0
        ? `${survey.manager} workspace (${members} packages)`
        : survey.manager;
  const runners = [...new Set(survey.packages.flatMap((one) => one.setups.map((setup) => setup.runner)))];
  const parts = [
    language === undefined ? 'no code' : nameOf(language.language),
    manager,
    runners.slice(0, 3).join(' and ') || 'no test runner',
  ];
  return sanitise(parts.filter((part) => part !== null).join(', '));
}

/**
 * The survey for a prompt, at most 2,500 characters: languages, packages that `scopePaths` (files the task is about; none: all) lie in,
 * how tests are run and named, style and commits. The project's own rules are not in it.
 */
export function surveyText(survey: Survey, scopePaths: readonly string[]): string {
  const setups = setupsIn(survey, scopePaths);
  const { commits, style } = survey.conventions;
  const lines = [
    `Languages: ${
      survey.languages
        .slice(0, 4)
        .map(({ language, files }) => `${nameOf(language)} (${files} ${files === 1 ? 'file' : 'files'})`)
        .join(', ') || 'none'
    }.`,
    survey.manager === null ? '' : `Dependencies: ${survey.manager}${survey.lock === null ? ', no lock file' : ` (${survey.lock})`}.`,
    ...packageLines(survey.packages, scopePaths),
    ...setups.slice(0, 4).map(setupLine),
    setups.length === 0 ? 'Tests: no runner that is known here.' : '',
    ...style.map((line) => `${line.slice(0, 1).toUpperCase()}${line.slice(1)}`),
    commits.examples.length === 0
      ? ''
      : `Commits: ${commits.kind === 'conventional' ? 'conventional, ' : ''}e.g. ${commits.examples
          .slice(0, 2)
          .map((one) => `“${one}”`)
          .join(', ')}`,
  ];
  return fit(lines.filter((line) => line !== '').map(sanitise));
}

function nameOf(language: string): string {
  return NAMES[language] ?? language;
}

/** The setups that run tests beside the given files; without files those of the root, or of every package. */
function setupsIn(survey: Survey, scopePaths: readonly string[]): readonly TestSetup[] {
  const near = scopePaths.slice(0, 50).flatMap((path) => setupFor(survey, path) ?? []);
  const all = survey.packages.flatMap((one) => one.setups);
  return [...new Set(near.length > 0 ? near : all)];
}

function packageLines(packages: readonly PackageInfo[], scopePaths: readonly string[]): string[] {
  const members = packages.filter((one) => one.dir !== '');
  if (members.length === 0) return [];
  const touched = members.filter((one) => scopePaths.some((path) => isIn(one.dir, path)));
  const shown = touched.length > 0 ? touched : members.slice(0, MOST_PACKAGES);
  const names = shown.slice(0, MOST_PACKAGES).map((one) => (one.name === one.dir ? one.dir : `${one.dir} (${one.name})`));
  const rest = members.length - names.length;
  return [`Packages${touched.length > 0 ? ' concerned' : ''}: ${names.join(', ')}${rest > 0 ? `, and ${rest} more` : ''}.`];
}

function setupLine(setup: TestSetup): string {
  const globs = setup.include.length > 0 ? setup.include : (HABITS[setup.runner] ?? []);
  const where = setup.dir === '' ? '' : ` in ${setup.dir}`;
  const config = setup.config === null ? '' : `, configured in ${setup.config}`;
  const flags = setup.flags.length === 0 ? '' : `, with ${setup.flags.slice(0, 4).join(' ')}`;
  return `Tests: ${setup.runner}${where}${config}${flags}; files ${globs
    .slice(0, 4)
    .map((glob) => `\`${glob}\``)
    .join(', ')}${globs.length > 4 ? ' …' : ''}.`;
}

/** As many whole lines as fit. */
function fit(lines: readonly string[]): string {
  let text = '';
  for (const line of lines.map((one) => one.slice(0, 500)))
    if (text.length + line.length + 1 <= MOST) text += text === '' ? line : `\n${line}`;
  return text;
}
