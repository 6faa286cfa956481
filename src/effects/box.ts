// The port `Box`: test runs, tools and installs, each in a fresh box.

import type { Limits, Rung, RungKind, RunOptions, RunResult } from '../../sandbox/index.ts';
import { BoxError, chooseRung, openBox } from '../../sandbox/index.ts';
import { RedgreenError } from '../core/errors.ts';
import type { Box, BoxResult, BoxTest } from '../core/ports.ts';
import type { Bases } from './box-base.ts';
import { createBases } from './box-base.ts';
import { readReport } from './box-files.ts';
import { createKits } from './box-kits.ts';
import { installNpm } from './box-npm.ts';
import type { PythonIndex } from './box-pip.ts';
import { installPip, PYPI } from './box-pip.ts';
import type { Programs } from './box-programs.ts';
import { makePrograms } from './box-programs.ts';
import { openDepsStore } from './box-store.ts';
import { followLines } from './box-tail.ts';
import { layTest } from './box-test.ts';
import type { HostEnv, RegistrySettings } from './toolchain.ts';
import { findNpmCli, findPython, readRegistry } from './toolchain.ts';

export interface BoxOptions {
  /** Installed dependencies are kept below this host folder. */
  readonly stateDir: string;
  /** The user's environment: read for PATH and npm's settings, never passed into a box. */
  readonly env: HostEnv;
  /** Host path of Node. Default: the one that runs us. */
  readonly node?: string;
  /** Host path of Python. Default: the system's. */
  readonly python?: string;
  /** Host path of npm-cli.js. Default: found beside Node, in the system, in PATH. */
  readonly npmCli?: string;
  /** Default: asked of the user's npm at the first install. */
  readonly registry?: RegistrySettings;
  readonly pythonIndex?: PythonIndex;
  /** Youngest that a chosen version of a package may be, in milliseconds. Default: any age. */
  readonly minAgeMs?: number;
  /** `--unsafe-no-sandbox`: run on the host. */
  readonly unsafe?: boolean;
  /** The only rung that may be used. Default: the best of this system's own. */
  readonly only?: RungKind | undefined;
  /** The image of podman and docker. */
  readonly image?: string | undefined;
  /** Of every box, where nothing tighter is asked for. */
  readonly limits?: Partial<Limits>;
  /** Rungs to pass over. */
  readonly hide?: readonly RungKind[];
  /** Where private folders are made. Default: the system's folder for temporary files. */
  readonly tmpDir?: string;
}

export interface HostBox extends Box {
  /** Why better rungs are not used, for `doctor`; empty when the first one works. */
  readonly remarks: readonly string[];
  /** True when the boxed Python can import `module` (letters, digits, dots). */
  hasModule(module: string): Promise<boolean>;
  /** Removes everything that was staged. Runs must have ended. */
  close(): void;
}

/**
 * Chooses a rung (each is self-tested) and returns the box over it.
 * Throws `RedgreenError('box.none')` with what to do when this machine offers no safe rung.
 */
export async function createBox(options: BoxOptions): Promise<HostBox> {
  const node = options.node ?? process.execPath;
  const { unsafe = false, hide = [], tmpDir, only, image, limits = {} } = options;
  const choice = await chooseRung({ node, unsafe, hide, only, image, limits, ...(tmpDir === undefined ? {} : { tmpDir }) });
  const rung = choice.rung;
  if (rung === null)
    throw new RedgreenError(
      'box.none',
      `${only === undefined ? 'no sandbox works' : `the sandbox ${only} does not work`} on this machine, so nothing generated is run.\n${choice.remedy}`,
    );
  const python = rung.image !== null ? IMAGE_PYTHON : await findPython(options.python ?? null, options.env);
  const programs = await makePrograms(rung, node, python);
  const bases = createBases(rung);
  const kits = createKits(rung, programs, options.env);
  const run: Box['run'] = (tool) => runTool(rung, programs, bases, tool);
  return {
    rung: rung.name,
    safe: rung.safe,
    remarks: choice.remedy === null ? [] : choice.remedy.split('\n'),
    run,
    test: async (test) => runTest(rung, await kits(test.runner.toolchain), bases, test),
    install: installer(rung, programs, node, options),
    async hasModule(module) {
      if (!/^[\w.]+$/.test(module)) return false;
      const result = await run({ argv: ['python3', '-c', `import ${module}`], tree: {}, timeoutMs: 20_000 });
      return result.reason === 'ok';
    },
    close: () => rung.close(),
  };
}

/** Where Python is in an image. */
const IMAGE_PYTHON = { program: '/usr/bin/python3', prefix: null };

async function runTest(rung: Rung, programs: Programs, bases: Bases, test: BoxTest): ReturnType<Box['test']> {
  const laid = await layTest(rung, programs, bases, test);
  const { onLine } = test;
  const unfollow = onLine === undefined ? () => undefined : followLines(laid.reportFile, (line) => onLine(line, laid.cwd));
  try {
    const result = await boxed(rung, laid.policy, programs.resolve(laid.argv), {
      cwd: laid.cwd,
      timeoutMs: test.timeoutMs,
      ...(laid.stdin === undefined ? {} : { stdin: laid.stdin }),
      ...(test.signal === undefined ? {} : { signal: test.signal }),
    });
    return { result, report: readReport(laid.reportFile), treeDir: laid.cwd };
  } finally {
    unfollow();
    laid.remove();
  }
}

async function runTool(rung: Rung, programs: Programs, bases: Bases, tool: Parameters<Box['run']>[0]): Promise<BoxResult> {
  const tree = rung.staging.folder('tool');
  try {
    await bases.lay(tree, tool);
    const policy = {
      read: [...programs.mounts, { source: tree, target: '/work' }],
      write: [],
      env: programs.env,
      network: 'none' as const,
    };
    const cwd = rung.mounts ? '/work' : tree;
    return await boxed(rung, policy, programs.resolve(tool.argv), {
      cwd,
      timeoutMs: tool.timeoutMs,
      ...(tool.stdin === undefined ? {} : { stdin: tool.stdin }),
    });
  } finally {
    rung.staging.remove(tree);
  }
}

/** One command in one fresh box. */
async function boxed(rung: Rung, policy: Parameters<typeof openBox>[1], argv: readonly string[], options: RunOptions): Promise<BoxResult> {
  try {
    const box = await openBox(rung, { ...policy, limits: { ...policy.limits, wallMs: options.timeoutMs ?? 120_000 } });
    return plain(await box.run(argv, options));
  } catch (error) {
    if (error instanceof BoxError) throw new RedgreenError('box.failed', error.message, { cause: error });
    throw error;
  }
}

function plain({ reason, exitCode, stdout, stderr, ms }: RunResult): BoxResult {
  return { reason, exitCode, stdout, stderr, ms };
}

function installer(rung: Rung, programs: Programs, node: string, options: BoxOptions): Box['install'] {
  const npmCli = options.npmCli ?? findNpmCli(node, options.env);
  let asked: Promise<RegistrySettings> | undefined = options.registry === undefined ? undefined : Promise.resolve(options.registry);
  const registry = async () => {
    if (npmCli === null) throw new RedgreenError('install', 'npm was not found: install it beside Node, or plan without packages');
    asked ??= readRegistry(node, npmCli, options.env);
    return asked;
  };
  return async (install) => {
    const store = openDepsStore(options.stateDir, rung.identity);
    try {
      const minAgeMs = options.minAgeMs ?? 0;
      if (install.manager === 'npm') return await installNpm({ rung, programs, store, npmCli, registry, minAgeMs }, install);
      const ca = async () => (npmCli === null ? null : (await registry()).ca);
      return await installPip({ rung, programs, store, index: options.pythonIndex ?? PYPI, ca, minAgeMs }, install);
    } catch (error) {
      if (error instanceof BoxError) throw new RedgreenError('box.failed', error.message, { cause: error });
      throw error;
    }
  };
}
