// Files that steer a runner, compiler, linter or package manager. Whoever writes them can make tests pass without passing them.
import { foldPath } from './guard-paths.ts';

/** Names that steer wherever they stand. */
const NAMES = new Set(
  (
    'package.json package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml pnpm-workspace.yaml bun.lock bun.lockb bunfig.toml deno.json ' +
    'deno.jsonc deno.lock import_map.json lerna.json nx.json turbo.json rush.json jsconfig.json binding.gyp biome.json biome.jsonc ' +
    'conftest.py pytest.ini pytest.toml pyproject.toml setup.cfg setup.py tox.ini noxfile.py sitecustomize.py usercustomize.py pipfile pipfile.lock ' +
    'poetry.lock uv.lock uv.toml pdm.lock constraints.txt environment.yml environment.yaml mypy.ini ruff.toml pyrightconfig.json ' +
    'pip.conf pip.ini poetry.toml pdm.toml hatch.toml pixi.toml package.yaml package.json5 ' +
    'rakefile cmakelists.txt cargo.toml cargo.lock build.rs go.mod go.sum go.work ' +
    'gemfile gemfile.lock composer.json composer.lock pom.xml build.gradle settings.gradle agents.md claude.md'
  ).split(' '),
);

/** Folders in which everything steers. */
const FOLDERS = new Set([
  'node_modules',
  'site-packages',
  'dist-packages',
  '__pycache__',
  'bower_components',
  'jspm_packages',
  // Expected values and stand-ins that runners take from files.
  '__snapshots__',
  '__mocks__',
  'venv',
  'virtualenv',
]);

/** Hidden names that steer nothing. */
const HARMLESS_HIDDEN = new Set(['.gitignore', '.gitkeep', '.keep', '.well-known']);

/** `vitest.config.ts`, `jest.setup.js`, `babel.config.cjs`, `eslint.config.mjs`, `vite.config.ts` … of any tool. */
const CONFIG =
  /^[a-z0-9_-]{1,40}(?:[.-][a-z0-9_-]{1,20})?\.(?:config|conf|workspace|setup|preset|projects)\.(?:[cm]?[jt]sx?|json|jsonc|json5|ya?ml|toml)$/;
const TSCONFIG = /^(?:[a-z0-9_-]{1,40}\.)?tsconfig(?:[.-][a-z0-9._-]{1,60})?\.json$/;
const OTHERS = /^(?:requirements[a-z0-9._-]{0,60}\.(?:txt|in|lock)|[^/]{0,100}\.(?:pth|egg-link|mk|snap|node|so|dll|dylib|pyd|pyc))$/;

/** Files of tools that a run never starts: what they say cannot reach a verdict. `.github/workflows/` and the like stand for one such file each. */
const BUILD =
  /^(?:(?:[^./][^/]*\/)*(?:(?:gnu)?makefile|[a-z0-9_-]{1,40}\.mk|justfile|taskfile\.ya?ml|procfile|jenkinsfile|(?:docker|container)file(?:\.[a-z0-9_-]{1,40})?|[a-z0-9_-]{1,40}\.dockerfile|(?:docker-)?compose(?:\.[a-z0-9_-]{1,40})?\.ya?ml|\.dockerignore|\.env\.example)|\.github\/workflows\/[a-z0-9_.-]{1,80}\.ya?ml|\.gitlab-ci\.ya?ml|\.circleci\/config\.ya?ml|(?:azure|bitbucket)-pipelines\.ya?ml|appveyor\.yml)$/;

/** Modules of Python's runners and start-up: a file of that name at an import root is loaded in their place. */
const SHADOWS = new Set(
  'pytest _pytest pluggy iniconfig unittest site encodings builtins importlib sys io os abc codecs types warnings traceback inspect ast json re typing runpy'.split(
    ' ',
  ),
);
const IMPORT_ROOT = /^(?:src\/|lib\/|tests?\/)?([a-z_]+)(?:\.py$|\/)/;

/**
 * Whether a file steers a runner, compiler, linter, package manager or redgreen itself: manifests, lock files, configuration,
 * build files, start-up hooks, compiled code, hidden files and dependency folders. Such files are written by adapters or the user, never by a model.
 */
export function isSteering(path: string): boolean {
  const fold = foldPath(path);
  const parts = fold.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.some((part) => FOLDERS.has(part) || (part.startsWith('.') && !HARMLESS_HIDDEN.has(part)))) return true;
  if (NAMES.has(name) || CONFIG.test(name) || TSCONFIG.test(name) || OTHERS.test(name) || BUILD.test(fold)) return true;
  const shadowed = IMPORT_ROOT.exec(fold)?.[1];
  return shadowed !== undefined && SHADOWS.has(shadowed) && fold.endsWith('.py');
}

/**
 * Whether a file that steers builds, packs or tests a project by a tool that redgreen never runs: Makefiles, container files, pipelines. No repair
 * may add one, but a plan that the user sees may hold it.
 */
export function isBuildFile(path: string): boolean {
  const fold = foldPath(path);
  return BUILD.test(fold) && !fold.split('/').some((part) => FOLDERS.has(part));
}

const TEST_NAME = /(?:^|[._-])(?:test|tests|spec|specs)\.[a-z]+$|^test[_-][^/]*\.[a-z]+$|^tests?\.py$/;
const TEST_FOLDERS = new Set(['test', 'tests', '__tests__', '__snapshots__', '__mocks__', 'spec', 'specs', 'fixtures']);

/** Whether a path looks like a test or a test's fixture by the customs of the common runners. */
export function looksLikeTest(path: string): boolean {
  const parts = foldPath(path).split('/');
  const name = parts.pop() ?? '';
  return parts.some((part) => TEST_FOLDERS.has(part)) || TEST_NAME.test(name);
}
