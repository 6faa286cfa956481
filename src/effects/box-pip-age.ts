// How old the files of a Python index are, asked of the index itself: pip can choose by age only since version 26.
import { join } from 'node:path';
import { readReport } from './box-files.ts';
import type { InstallSession } from './box-session.ts';

/**
 * Writes the young files of each project in argv to ages.json, or null where the index does not tell: `upload-time` of PEP 700, in the JSON
 * form of the simple index (PEP 691). Times are ISO 8601 in UTC, so that texts compare as times do.
 */
const SCRIPT = `
import json, sys, urllib.request
index, cutoff, *names = sys.argv[1:]
found = {}
for name in names:
    request = urllib.request.Request(index + name + '/', headers={'Accept': 'application/vnd.pypi.simple.v1+json'})
    found[name] = None
    with urllib.request.urlopen(request, timeout=30) as answer:
        if 'json' in answer.headers.get('content-type', ''):
            files = json.load(answer)['files']
            if all('upload-time' in file for file in files):
                found[name] = [file['filename'] for file in files if file['upload-time'] > cutoff]
with open('ages.json', 'w') as out:
    json.dump(found, out)
`;

/** By project: its files that are younger than allowed; null where the index does not say how old they are. */
export type YoungFiles = Readonly<Record<string, readonly string[] | null>>;

/**
 * Asks the index, from inside the install box, which files of these projects came after `cutoff` (milliseconds since the epoch).
 *
 * @param index address of the index, with the slash at its end
 * @param names normalised names (PEP 503)
 */
export async function youngFiles(
  session: InstallSession,
  index: string,
  names: readonly string[],
  cutoff: number,
  signal: AbortSignal | undefined,
): Promise<YoungFiles> {
  const result = await session.run(['python3', '-I', '-c', SCRIPT, index, new Date(cutoff).toISOString(), ...names], signal);
  const text = result.reason === 'ok' ? readReport(join(session.work, 'ages.json')) : null;
  const unknown = Object.fromEntries(names.map((name) => [name, null]));
  if (text === null) return unknown;
  // The box is ours, but what it read is the index's.
  const data = JSON.parse(text) as Record<string, unknown>;
  return { ...unknown, ...Object.fromEntries(names.map((name) => [name, listOf(data[name])])) };
}

function listOf(value: unknown): readonly string[] | null {
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : null;
}

/** The version in a wheel's file name (name-version-…): the binary distribution format. */
export function versionOfWheel(file: string): string | null {
  return /^[^-]+-([\w.+!]+)-.*\.whl$/.exec(file)?.[1] ?? null;
}
