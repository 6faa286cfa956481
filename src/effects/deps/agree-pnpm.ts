// Whether node_modules holds what pnpm-lock.yaml lists, by the copy of the lock file that pnpm keeps of what it installed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Sections of a lock file to their entries; pnpm writes all of them alike, so texts can be compared. */
type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Null when it does; else why not, to be read after "because". */
export function pnpmDisagrees(root: string, lock: string): string | null {
  const kept = join(root, 'node_modules/.pnpm/lock.yaml');
  const modules = join(root, 'node_modules/.modules.yaml');
  if (!existsSync(kept) || !existsSync(modules)) return 'pnpm left no record of what it installed there (node_modules/.pnpm/lock.yaml)';
  const [wanted, have] = [sectionsOf(lock), sectionsOf(readFileSync(kept, 'utf8'))];
  const skipped = readFileSync(modules, 'utf8');
  for (const section of ['lockfileVersion', 'overrides', 'patchedDependencies', 'importers'])
    if (!isSame(wanted.get(section), have.get(section))) return `what was installed is of another pnpm-lock.yaml (${section})`;
  for (const section of ['packages', 'snapshots']) {
    const [expected, found] = [wanted.get(section) ?? new Map<string, string>(), have.get(section) ?? new Map<string, string>()];
    for (const [name, text] of found) if (expected.get(name) !== text) return `${name} was installed from another pnpm-lock.yaml`;
    for (const [name, text] of expected) {
      const isOptional = /\n {4}optional: true\n/.test(`\n${text}\n`) || skipped.includes(name) || isOnlyOptional(name, wanted);
      if (!found.has(name) && !isOptional) return `${name} is not installed`;
    }
  }
  return null;
}

/** From version 9 on, what is optional is said in the snapshots alone; one package can have several. */
function isOnlyOptional(name: string, wanted: Sections): boolean {
  const snapshots = [...(wanted.get('snapshots') ?? [])].filter(([key]) => key === name || key.startsWith(`${name}(`));
  return snapshots.length > 0 && snapshots.every(([, text]) => /\n {4}optional: true\n/.test(`\n${text}\n`));
}

function isSame(a: ReadonlyMap<string, string> | undefined, b: ReadonlyMap<string, string> | undefined): boolean {
  const [one, other] = [a ?? new Map<string, string>(), b ?? new Map<string, string>()];
  return one.size === other.size && [...one].every(([key, text]) => other.get(key) === text);
}

function sectionsOf(text: string): Sections {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  let entry = '';
  for (const line of text.split(/\r?\n/)) {
    const top = /^(\w+):(.*)$/.exec(line);
    if (top !== null) {
      section = new Map([['', top[2] ?? '']]);
      sections.set(top[1] ?? '', section);
      entry = '';
    } else if (/^ {2}\S/.test(line)) {
      entry = line
        .trim()
        .replace(/:(?: \{\})?$/, '')
        .replace(/^'(.*)'$/, '$1');
      section.set(entry, '');
    } else if (line.trim() !== '') section.set(entry, `${section.get(entry) ?? ''}\n${line}`);
  }
  return sections;
}
