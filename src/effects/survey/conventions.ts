// What the project asks of those who work on it: read as data, cut to a size. Nothing of it is an instruction to redgreen.
import type { Conventions } from '../../core/survey.ts';
import { isForeign, isSample } from './kinds.ts';
import type { Found } from './packages.ts';
import { folderOf, nameOf, type Repo } from './source.ts';
import { styleOf } from './style.ts';

type Rule = Conventions['rules'][number];

/** Characters of all rules together, and of one file. */
const MOST_RULES = 12_000;
const MOST_RULE = 6_000;
const MOST_FILES = 20;
const MOST_README = 1_500;
const SHORT_GUIDE = 3_000;

/** Files that say how to work in a folder, with or without a name in lower case. */
const NESTED = /^(?:agents|claude|gemini)\.md$/i;
const ROOT = /^(?:\.github\/copilot-instructions\.md|\.cursorrules|\.cursor\/rules(?:\/[^/]+\.mdc?)?|\.windsurfrules|\.clinerules)$/;
const GUIDE = /^(?:\.github\/|docs\/)?contributing\.(?:md|rst|txt)$/i;
const ORDER = [/(?:^|\/)agents\.md$/i, /(?:^|\/)claude\.md$/i, /(?:^|\/)gemini\.md$/i, ROOT, GUIDE];

/** Rules, style, README and the habit of commit subjects. */
export async function conventionsOf(repo: Repo, packages: readonly Found[], subjects: readonly string[]): Promise<Conventions> {
  const [rules, style, readme] = await Promise.all([rulesOf(repo), styleOf(repo, packages), readmeOf(repo)]);
  return { rules, style, readme, commits: commitsOf(subjects) };
}

async function rulesOf(repo: Repo): Promise<readonly Rule[]> {
  const isRule = (path: string) =>
    ROOT.test(path) || GUIDE.test(path) || (NESTED.test(nameOf(path)) && !isForeign(path) && !isSample(folderOf(path)));
  const depth = (path: string) =>
    scopeOf(path)
      .split('/')
      .filter((part) => part !== '').length;
  const rank = (path: string) => ORDER.findIndex((pattern) => pattern.test(path));
  const paths = repo.files.filter(isRule).sort((a, b) => depth(a) - depth(b) || rank(a) - rank(b) || (a < b ? -1 : 1));
  const texts = await Promise.all(paths.slice(0, MOST_FILES).map(async (path) => ({ path, text: (await repo.read(path)) ?? '' })));
  const rules: Rule[] = [];
  let left = MOST_RULES;
  for (const { path, text } of texts) {
    const said = (GUIDE.test(path) ? guideOn(text) : withoutHeader(text)).trim();
    if (
      said === '' ||
      left < 200 ||
      pointsElsewhere(repo, path, said) ||
      rules.some((rule) => rule.text === shorten(said, rule.text.length))
    )
      continue;
    const cut = shorten(said, Math.min(MOST_RULE, left));
    left -= cut.length;
    rules.push({ path, scope: scopeOf(path), text: cut });
  }
  return rules;
}

/** The folder that a file speaks for: its own, unless it lies where tools keep such files for the whole repository. */
function scopeOf(path: string): string {
  return ROOT.test(path) || GUIDE.test(path) ? '' : folderOf(path);
}

/** A link, or a file that only imports another: `AGENTS.md`, `@AGENTS.md`, `See AGENTS.md`. */
function pointsElsewhere(repo: Repo, path: string, text: string): boolean {
  if (text.length > 200) return false;
  return (
    /[\w./-]+\.md\b/.test(text) &&
    (text.match(/[\w./-]+\.md\b/g) ?? []).some((other) => other !== path && repo.has(other.replace(/^\.\//, '')))
  );
}

/** YAML between `---` lines at the top of a rule of Cursor is for the tool. */
function withoutHeader(text: string): string {
  const end = text.startsWith('---\n') ? text.indexOf('\n---', 4) : -1;
  return end === -1 ? text : text.slice(end + 4);
}

const ON_CODE = /^#{1,6} .{0,80}\b(?:tests?|testing|code|coding|style|conventions?|lint\w*|format\w*|commits?)\b/i;

/** A short guide whole; of a long one the sections on code and tests. */
function guideOn(text: string): string {
  if (text.length <= SHORT_GUIDE) return text;
  let within = 0;
  const kept = text
    .slice(0, 100_000)
    .split(/^(?=#{1,6} )/m)
    .filter((section) => {
      const level = /^#{1,6}(?= )/.exec(section)?.[0].length ?? 0;
      if (within > 0 && level > within) return true;
      within = ON_CODE.test(section) ? level : 0;
      return within > 0;
    });
  return shorten(kept.join(''), SHORT_GUIDE);
}

function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 2);
  const line = cut.lastIndexOf('\n');
  return `${(line > most / 2 ? cut.slice(0, line) : cut).trimEnd()}\n…`;
}

/** A picture, with or without a link around it. */
const BADGE = /\[!\[[^\]]{0,200}\]\([^)]{0,400}\)\s{0,5}\]\([^)]{0,400}\)|!\[[^\]]{0,200}\]\([^)]{0,400}\)/g;

/** The first lines of prose: badges, pictures, HTML and tables of contents are passed over. */
async function readmeOf(repo: Repo): Promise<string> {
  const path = repo.inFolder('').find((name) => /^readme(?:\.(?:md|markdown|rst|txt))?$/i.test(name));
  const text = ((path === undefined ? null : await repo.read(path)) ?? '').slice(0, 20_000);
  const plain = text.replace(/<!--[\s\S]*?(?:-->|$)|<[a-zA-Z/][^<>]{0,1000}>/g, '').replace(BADGE, '');
  const lines = plain.split(/\r?\n/).filter((line) => !/^\s*(?:\[[^\]]*\]:|\||[-*]\s*\[[^\]]*\]\(#[^)]*\)\s*$)/.test(line));
  const prose = lines
    .join('\n')
    .replace(/\n\s*\n\s*\n/g, '\n\n')
    .trim();
  return prose.length <= MOST_README ? prose : shorten(prose, MOST_README);
}

/** `type(scope)!: subject`, by conventionalcommits.org. */
const CONVENTIONAL =
  /^(?:feat|fix|docs?|style|refactor|perf|tests?|build|ci|chore|revert|types?|release|wip|deps?)(?:\([^)]{1,60}\))?!?: \S/i;
const NO_EXAMPLE =
  /^(?:Merge |Revert "|v?\d+\.\d+|[Rr]elease|[Bb]ump |Bumped |chore\(release\)|chore: release|build\(deps|chore\(deps|Update dependenc)/;

/** Conventional when most of the subjects that a person wrote are. */
function commitsOf(subjects: readonly string[]): Conventions['commits'] {
  const lines = subjects.slice(0, 100).map((subject) =>
    subject
      .replace(/[\u0000-\u001f\u007f]/g, ' ')
      .trim()
      .slice(0, 120),
  );
  const own = lines.filter((line) => line !== '' && !NO_EXAMPLE.test(line));
  const conventional = own.filter((line) => CONVENTIONAL.test(line));
  const isConventional = conventional.length >= 2 && conventional.length >= own.length * 0.6;
  return { kind: isConventional ? 'conventional' : 'plain', examples: (isConventional ? conventional : own).slice(0, 4) };
}
