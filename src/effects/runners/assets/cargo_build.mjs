// Asks cargo for the targets of a package and builds their tests. Runs inside the box.
import { dirname, join, relative } from 'node:path';
import { ending, execute } from './exec.mjs';
import { said } from './report.mjs';

/** The package of a manifest: {dir, name, version, id, root (of its workspace), targets: [{kind, name, path, dir, doctest}]}; an error as a text instead. Paths are from `tree`. */
export async function readPackage(manifest, { tree, env, buildMs }) {
  const argv = ['cargo', 'metadata', '--no-deps', '--offline', '--format-version', '1', '--manifest-path', join(tree, manifest)];
  const asked = await execute(argv, { cwd: tree, env, silenceMs: buildMs });
  if (asked.code !== 0) return `cargo does not understand ${manifest} (${ending(asked, buildMs)}): ${asked.stderr.trim()}`;
  const { packages, workspace_root: root } = JSON.parse(asked.stdout);
  const found = packages.find((one) => relative(tree, one.manifest_path) === manifest);
  if (found === undefined) return `${manifest} describes no package`;
  const targets = found.targets.flatMap(({ kind, name, src_path, test, doctest }) => {
    const path = relative(tree, src_path);
    const known = kind.find((one) => one === 'bin' || one === 'test') ?? (kind.some((one) => /lib|proc-macro/.test(one)) ? 'lib' : null);
    return known === null ? [] : [{ kind: known, name, path, dir: dirname(path), test, doctest }];
  });
  return { dir: dirname(manifest), name: found.name, version: found.version, id: found.id, root: relative(tree, root), targets };
}

/** Those of a package's targets in whose tests `path` takes part. */
export function targetsOf({ targets }, path) {
  const lib = targets.find((target) => target.kind === 'lib');
  const isOwn = ({ path: own, dir }) => path === own || path.startsWith(own.endsWith('/main.rs') ? `${dir}/` : own.replace(/\.rs$/, '/'));
  const tests = targets.filter((target) => target.kind === 'test' && isOwn(target));
  if (tests.length > 0) return tests;
  const bins = targets.filter(
    (target) => target.kind === 'bin' && (target.path === path || (isOwn(target) && (!lib || target.dir !== lib.dir))),
  );
  if (bins.length > 0) return bins.filter(({ test }) => test);
  return lib?.test && path.startsWith(`${lib.dir}/`) ? [lib] : [];
}

/** Builds targets of a package together, and each alone where that fails. Gives {built: Map of target to {executable, env}, failed: Map of target to error}. */
export async function buildTargets(pack, targets, context) {
  const first = await build(pack, targets, context);
  if (first.failed.size === 0 || targets.length === 1) return first;
  const result = { built: first.built, failed: new Map() };
  for (const target of first.failed.keys()) {
    const one = await build(pack, [target], context);
    for (const kind of ['built', 'failed']) for (const [key, value] of one[kind]) result[kind].set(key, value);
  }
  return result;
}

async function build(pack, targets, { tree, env, flags, buildMs }) {
  const chosen = targets.flatMap(({ kind, name }) => (kind === 'lib' ? ['--lib'] : [`--${kind}`, name]));
  const argv = ['cargo', 'test', '--no-run', '--offline', '--message-format=json', ...flags, ...chosen];
  const ran = await execute(argv, { cwd: join(tree, pack.dir), env, silenceMs: buildMs });
  const messages = ran.stdout.split('\n').flatMap(parsed);
  const own = envOf(messages, pack, tree);
  const built = new Map();
  for (const target of targets) {
    const made = messages.find((m) => m.executable && m.profile?.test && relative(tree, m.target.src_path) === target.path);
    if (made !== undefined) built.set(target, { executable: made.executable, env: own });
  }
  const errors = messages.filter((m) => m.reason === 'compiler-message' && m.message?.level === 'error');
  const left = targets.filter((target) => !built.has(target));
  return { built, failed: new Map(left.map((target) => [target, errorOf(errors, ran, { tree, pack, buildMs })])) };
}

function parsed(line) {
  if (!line.startsWith('{')) return [];
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

/** What cargo sets for tests of a package. */
function envOf(messages, pack, tree) {
  const script = messages.find((m) => m.reason === 'build-script-executed' && m.package_id === pack.id);
  const bins = messages.filter((m) => m.executable && !m.profile?.test && m.target?.kind?.includes('bin'));
  return {
    CARGO_MANIFEST_DIR: join(tree, pack.dir),
    CARGO_PKG_NAME: pack.name,
    CARGO_PKG_VERSION: pack.version,
    ...(script ? { OUT_DIR: script.out_dir, ...Object.fromEntries(script.env ?? []) } : {}),
    ...Object.fromEntries(bins.map((m) => [`CARGO_BIN_EXE_${m.target.name}`, m.executable])),
  };
}

/** Most errors of the compiler that are told of one target. */
const MOST = 12;

function errorOf(errors, ran, { tree, pack, buildMs }) {
  const root = join(tree, pack.root);
  const shown = [...new Set(errors.map((m) => m.message.rendered ?? m.message.message))].slice(0, MOST);
  const frames = errors
    .slice(0, MOST)
    .flatMap((m) =>
      m.message.spans
        .filter((span) => span.is_primary)
        .map((span) => `    at <rustc> (${join(root, span.file_name)}:${span.line_start}:${span.column_start})`),
    );
  const text = shown.length > 0 ? shown.join('\n') : ran.stderr.trim();
  const isOffline = /--offline|failed to (?:download|fetch)|no matching package|attempting to make an HTTP request/.test(ran.stderr);
  const hint = isOffline ? '\nThe box has no network: crates must have been downloaded (cargo fetch) or lie in vendor/.' : '';
  return said('', `The tests do not build (${ending(ran, buildMs)}).`, [...new Set(frames)].join('\n'), `${text}${hint}`);
}
