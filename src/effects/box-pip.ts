// Installs packages from the Python index: in a box, wheels only, through the door.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DoorEntry, Rung, RunResult } from '../../sandbox/index.ts';
import { targetOf } from '../../sandbox/index.ts';
import { RedgreenError } from '../core/errors.ts';
import type { BoxInstall, Installed } from '../core/ports.ts';
import { readReport } from './box-files.ts';
import { packagesNote } from './box-npm.ts';
import { versionOfWheel, youngFiles } from './box-pip-age.ts';
import type { Programs } from './box-programs.ts';
import type { InstallSession } from './box-session.ts';
import { openInstallSession } from './box-session.ts';
import type { DepsStore } from './box-store.ts';
import { keyOf } from './box-store.ts';
import type { RegistrySettings } from './toolchain.ts';

export interface PipInstaller {
  readonly rung: Rung;
  readonly programs: Programs;
  readonly store: DepsStore;
  readonly index: PythonIndex;
  readonly ca: () => Promise<string | null>;
  /** Youngest that a chosen version may be, in milliseconds. */
  readonly minAgeMs: number;
}

/** `url` ends in `/simple/`; wheels come from `files` (PyPI serves them from another host). */
export interface PythonIndex extends Pick<RegistrySettings, 'url' | 'allowPrivate'> {
  readonly files: string;
}

export const PYPI: PythonIndex = { url: 'https://pypi.org/simple/', files: 'https://files.pythonhosted.org/' };

/** No configuration file; a dry run may look at the system's packages (PEP 668). What is installed goes to a folder of its own. */
const PIP_ENV = { PIP_CONFIG_FILE: '/dev/null', PIP_BREAK_SYSTEM_PACKAGES: '1' };

const LOCK = 'requirements.lock';
const WANTED = 'wanted.txt';
const ALLOWED = 'only names and versions from the Python index are, with a checksum in the lock file';
const OUT = 'python-packages';
/** Modules that Python loads by itself when it starts, wherever it finds them. */
const STARTERS = ['sitecustomize.py', 'usercustomize.py', 'sitecustomize', 'usercustomize'];
/** How often young versions are ruled out before it is given up. */
const MAX_RESOLVES = 5;
const INSTEAD = 'plan without packages: use the standard library, and unittest for tests';

/** A name with an optional version range and marker (PEP 508): no address, no path, no option. */
const REQUIREMENT = /^[A-Za-z0-9][\w.-]*(?:\[[\w,.-]+\])?\s*(?:[<>=!~]=?[\w.*+!<>=~,\s]+)?(?:;[\w\s.'"<>=!~()-]+)?$/;
const LOCK_LINE = /^[A-Za-z0-9][\w.-]*==[\w.+!]+(?:\s+--hash=sha256:[0-9a-f]{64})+$/;

/**
 * Nothing is installed when the system's Python has all that is wanted. Else resolves with pip's report, pins every wheel by
 * sha256, and installs exactly these. `problems` says in words what is wrong,
 * also when there is no pip or the index cannot be reached: a plan can do without packages.
 */
export async function installPip(installer: PipInstaller, options: BoxInstall): Promise<Installed> {
  const wanted = requirements(options);
  const bad = [...wanted.filter((line) => !REQUIREMENT.test(line)), ...lockLines(options.lock).filter((line) => !LOCK_LINE.test(line))];
  if (bad.length > 0) return refused(bad.map((line) => `"${line}" cannot be installed: ${ALLOWED}`));
  const own = wanted.find((line) => nameOf(line) === projectName(options.manifests));
  if (own !== undefined) return refused([`"${own}" is the name of the project itself: it is not installed from the index`]);
  if (wanted.length === 0 && options.lock === null) return installed(null, null, wanted);
  const key = (lock: string | null) =>
    keyOf([
      'pip',
      installer.rung.mounts,
      installer.rung.image,
      wanted,
      lock,
      installer.index.url,
      installer.minAgeMs,
      process.platform,
      process.arch,
    ]);
  const known = installer.store.find(key(options.lock));
  if (known !== null) return installed(known.deps, known.lock, wanted);
  const session = await openPipSession(installer, wanted, options.lock);
  try {
    const pip = pipIn(session, installer.index.url, options.signal);
    const pins =
      options.lock === null ? await resolve(installer, session, pip, options.signal) : { list: LOCK, lock: options.lock, notes: [] };
    if (typeof pins === 'string') return refused([pins]);
    if (pins === null) return installed(null, null, wanted);
    const result = await pip(['--require-hashes', '--no-deps', '--target', OUT, '--quiet', '-r', pins.list]);
    const problem = explainPip(result, session.doorLog()) ?? startsItself(join(session.work, OUT));
    if (problem !== null) return refused([problem]);
    const stored = await installer.store.adopt(key(pins.lock), key(options.lock), { folder: join(session.work, OUT), lock: pins.lock });
    return installed(stored.deps, stored.lock, wanted, pins.notes);
  } finally {
    await session.close();
  }
}

type Pip = (args: readonly string[]) => Promise<RunResult>;

/** pip as a function of its arguments, in an open session. */
function pipIn(session: InstallSession, index: string, signal: AbortSignal | undefined): Pip {
  const quiet = ['--disable-pip-version-check', '--no-input', '--retries', '1'];
  const source = ['--only-binary', ':all:', '--index-url', index, '--cache-dir', session.paths.cache];
  return (args) => session.run(['python3', '-I', '-m', 'pip', 'install', ...quiet, ...source, ...args], signal);
}

interface Pins {
  /** Name of the list in the work folder. */
  readonly list: string;
  readonly lock: string;
  readonly notes: readonly string[];
}

/** Pins what is wanted, ruling out versions that are too young. Null when the system has it all; a string is a problem. */
async function resolve(
  installer: PipInstaller,
  session: InstallSession,
  pip: Pip,
  signal: AbortSignal | undefined,
): Promise<Pins | string | null> {
  const present = await pip(['--dry-run', '--no-index', '--quiet', '-r', WANTED]);
  if (present.reason === 'ok') return null;
  const cutoff = Date.now() - installer.minAgeMs;
  const ruledOut = new Set<string>();
  for (let attempt = 1; attempt <= MAX_RESOLVES; attempt++) {
    const list = `constraints-${attempt}.txt`;
    const report = `report-${attempt}.json`;
    session.write(list, `${[...ruledOut].join('\n')}\n`);
    const resolved = await pip(['--dry-run', '--ignore-installed', '--quiet', '--report', report, '-c', list, '-r', WANTED]);
    const problem = explainPip(resolved, session.doorLog());
    if (problem !== null)
      return ruledOut.size === 0 ? problem : `${problem} that is old enough (packages.minAge); ask for an older version`;
    const chosen = chosenFrom(readReport(join(session.work, report)));
    const names = chosen.map((one) => nameOf(one.name));
    const young = installer.minAgeMs === 0 ? {} : await youngFiles(session, installer.index.url, names, cutoff, signal);
    const tooYoung = chosen.filter((one) => young[nameOf(one.name)]?.includes(one.file));
    if (tooYoung.length === 0) {
      const lock = lockFrom(chosen);
      session.write('pinned.txt', lock);
      return { list: 'pinned.txt', lock, notes: unknownAges(names.filter((name) => young[name] === null)) };
    }
    for (const { name } of tooYoung) {
      const versions = (young[nameOf(name)] ?? []).map(versionOfWheel);
      for (const version of versions) if (version !== null) ruledOut.add(`${nameOf(name)}!=${version}`);
    }
  }
  return `the newest versions of what is wanted are too young (packages.minAge): ask for older ones`;
}

function unknownAges(names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`The index does not say how old these packages are: ${names.join(', ')}.`];
}

function startsItself(folder: string): string | null {
  const found = STARTERS.find((name) => existsSync(join(folder, name)));
  return found === undefined ? null : `a package brings ${found}, which Python would load by itself: plan without it`;
}

/** The project's own name, where the manifests tell it. */
function projectName(manifests: BoxInstall['manifests']): string | null {
  const name = /^\[project\]\s*\nname\s*=\s*"([^"\n]+)"/m.exec(manifests['pyproject.toml'] ?? '')?.[1];
  return name === undefined ? null : nameOf(name);
}

async function openPipSession(installer: PipInstaller, wanted: readonly string[], lock: string | null): Promise<InstallSession> {
  const { index } = installer;
  return openInstallSession({
    rung: installer.rung,
    programs: installer.programs,
    base: installer.store.path,
    files: { [WANTED]: `${wanted.join('\n')}\n`, ...(lock === null ? {} : { [LOCK]: lock }) },
    tools: null,
    env: PIP_ENV,
    door: {
      targets: [index.url, index.files].map(targetOf).filter((target) => target !== null),
      allowPrivate: index.allowPrivate ?? false,
    },
    registry: { ca: await installer.ca() },
  });
}

/** Requirement lines of the manifests and of the planned packages they do not name. */
function requirements(options: BoxInstall): readonly string[] {
  const lines = Object.entries(options.manifests)
    .filter(([path]) => /^requirements[\w-]*\.txt$/.test(path))
    .flatMap(([, text]) => text.split('\n').map((line) => line.replace(/(?:^|\s)#.*$/, '').trim()))
    .filter((line) => line !== '');
  const named = new Set(lines.map((line) => nameOf(line)));
  return [
    ...lines,
    ...options.packages.filter((wanted) => !named.has(nameOf(wanted.name))).map((wanted) => `${wanted.name}${pinned(wanted.range)}`),
  ];
}

function nameOf(line: string): string {
  return (/^[\w.-]+/.exec(line)?.[0] ?? line).toLowerCase().replaceAll(/[-_.]+/g, '-');
}

function pinned(range: string): string {
  return /^\d/.test(range) ? `==${range}` : range === '*' ? '' : range;
}

function lockLines(lock: string | null): readonly string[] {
  return (lock ?? '')
    .replaceAll(/\\\r?\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

interface Chosen {
  readonly name: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
}

/** What pip would install (pip.pypa.io, "installation report", version 1). */
function chosenFrom(report: string | null): readonly Chosen[] {
  const { install = [] } = JSON.parse(report ?? '{}') as {
    install?: {
      metadata: { name: string; version: string };
      download_info: { url: string; archive_info?: { hashes?: { sha256?: string } } };
    }[];
  };
  return install.map(({ metadata, download_info: from }) => ({
    name: metadata.name,
    version: metadata.version,
    file: decodeURIComponent(basename(new URL(from.url).pathname)),
    sha256: from.archive_info?.hashes?.sha256 ?? '',
  }));
}

/** Lines `name==version --hash=sha256:…`. */
function lockFrom(chosen: readonly Chosen[]): string {
  const lines = chosen.map(({ name, version, sha256 }) => `${name}==${version} --hash=sha256:${sha256}`);
  if (lines.length === 0 || !lines.every((line) => LOCK_LINE.test(line)))
    throw new RedgreenError('install', 'pip did not say what it would install: pip 22.2 or newer is needed');
  return `${lines.toSorted().join('\n')}\n`;
}

function explainPip(result: RunResult, door: readonly DoorEntry[]): string | null {
  if (result.reason === 'ok') return null;
  if (result.stderr.includes('No module named pip')) return `pip is not installed for this Python; ${INSTEAD}`;
  const away = door.findLast((entry) => entry.outcome !== 'open');
  if (away !== undefined) return `the Python package index cannot be reached from here (${away.target}: ${away.why}); ${INSTEAD}`;
  const missing = /No matching distribution found for (\S+)/.exec(result.stderr)?.[1];
  if (missing !== undefined) return `there is no package ${missing} for this Python (as a wheel) in the index`;
  return `pip failed: ${result.stderr.trim().split('\n').slice(-4).join('\n').slice(0, 600) || result.reason}`;
}

function installed(deps: string | null, lock: string | null, wanted: readonly string[], notes: readonly string[] = []): Installed {
  if (lock === null) return { deps, lock: null, problems: [], notes };
  const asked = new Set(wanted.map(nameOf));
  const all = lockLines(lock).map((line) => line.split(' ')[0] ?? line);
  const direct = all.filter((pin) => asked.has(nameOf(pin)));
  const told = packagesNote(
    direct.map((pin) => pin.replace('==', ' ')),
    all.length - direct.length,
  );
  return { deps, lock: { path: LOCK, text: lock }, problems: [], notes: [told, ...notes] };
}

function refused(problems: readonly string[]): Installed {
  return { deps: null, lock: null, problems, notes: [] };
}
