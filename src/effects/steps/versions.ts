// The versions of what a proof was made with.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ports } from '../../core/ports.ts';
import type { State } from '../../core/state.ts';
import { runnerOf } from './adapters.ts';

type Versions = Readonly<Record<string, string>>;

/** `{ node: "24.1.0" }`; with Python's own and the runner package's where they ran. What cannot be told is left out. */
export async function versionsOf(ports: Pick<Ports, 'box' | 'runners'>, s: State): Promise<Versions> {
  const node = { node: process.versions.node };
  if (!s.plan) return node;
  const name = runnerOf(ports, s.plan.runner).packages[0]?.name;
  const { deps } = s.installs;
  const installed = name === undefined || deps === null ? {} : await installedVersion(deps, name);
  return { ...node, ...(s.plan.language === 'python' ? await pythonVersions(ports, name) : {}), ...installed };
}

/** From a package's own package.json, or the name of its dist-info folder. */
async function installedVersion(deps: string, name: string): Promise<Versions> {
  const manifest = await readFile(join(deps, name, 'package.json'), 'utf8').catch(() => null);
  if (manifest !== null) return { [name]: String((JSON.parse(manifest) as { version?: unknown }).version ?? '') };
  const folders = await readdir(deps).catch(() => []);
  const version = folders.map((folder) => /^(.+)-([^-]+)\.dist-info$/.exec(folder)).find((match) => match?.[1] === name)?.[2];
  return version === undefined ? {} : { [name]: version };
}

async function pythonVersions(ports: Pick<Ports, 'box'>, name: string | undefined): Promise<Versions> {
  const ask = `import platform\nprint(platform.python_version())\n${name === undefined ? '' : `import ${name}\nprint(${name}.__version__)\n`}`;
  const box = await ports.box();
  const said = await box.run({ argv: ['python3', '-I', '-B', '-c', ask], tree: {}, timeoutMs: 20_000 });
  const [python, runner] = said.stdout.split('\n').filter((line) => /^\d[\w.+-]{0,40}$/.test(line));
  return { ...(python === undefined ? {} : { python }), ...(name === undefined || runner === undefined ? {} : { [name]: runner }) };
}
