// Questions about Python code, answered by our own scripts on Python's `ast`, in a box.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RedgreenError } from '../../../core/errors.ts';
import type { Box } from '../../../core/ports.ts';
import type { Files } from '../../../core/ref.ts';

/** The part of a box that is needed here. */
export type PythonBox = Pick<Box, 'run'>;

const TIMEOUT_MS = 60_000;
const ENTRY = 'redgreen_python.py';

/** Reads the scripts from `assetsDir` (beside this file when left out). Throws `RedgreenError('language')` when they are missing. */
export function readScripts(assetsDir: string | undefined): Files {
  const dir = assetsDir ?? fileURLToPath(new URL('./assets', import.meta.url));
  try {
    const names = readdirSync(dir).filter((name) => /^redgreen_\w+\.py$/.test(name));
    const scripts = Object.fromEntries(names.map((name) => [name, readFileSync(join(dir, name), 'utf8')]));
    if (scripts[ENTRY] !== undefined) return scripts;
  } catch (cause) {
    throw new RedgreenError(
      'language',
      `A part of redgreen is missing: the Python scripts in ${dir} cannot be read. Install redgreen again.`,
      { cause },
    );
  }
  throw new RedgreenError('language', `A part of redgreen is missing: there is no ${ENTRY} in ${dir}. Install redgreen again.`);
}

/** Asks one question (a JSON object with `op`) and returns the JSON answer. Throws `RedgreenError('language')` when Python could not answer. */
export async function askPython(box: PythonBox, scripts: Files, question: Readonly<Record<string, unknown>>): Promise<unknown> {
  const result = await box.run({
    argv: ['python3', '-I', '-B', ENTRY],
    tree: scripts,
    stdin: JSON.stringify(question),
    timeoutMs: TIMEOUT_MS,
  });
  if (result.reason !== 'ok') {
    const why = result.stderr.trim().split('\n').at(-1) || `it ended with ${result.reason}`;
    throw new RedgreenError(
      'language',
      `The Python code could not be examined (${String(question['op'])}): ${why.slice(0, 300)}. redgreen needs python3 3.11 or newer in the box.`,
    );
  }
  try {
    return JSON.parse(result.stdout);
  } catch (cause) {
    throw new RedgreenError(
      'language',
      `The Python code could not be examined (${String(question['op'])}): the answer was cut off or is no JSON.`,
      { cause },
    );
  }
}
