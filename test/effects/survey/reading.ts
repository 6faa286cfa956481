// Made-up repositories for the survey: paths and texts, and what was read of them.
import { survey } from '../../../src/effects/survey/survey.ts';

/** A source of these files; data becomes JSON. `seen` collects the paths that were read. */
export function sourceOf(files: Readonly<Record<string, unknown>>, { subjects = [] as string[], seen = [] as string[] } = {}) {
  return {
    files: Object.keys(files),
    read: async (path: string) => {
      seen.push(path);
      const text = files[path];
      return text === undefined ? null : typeof text === 'string' ? text : JSON.stringify(text);
    },
    subjects: async () => subjects,
  };
}

/** The survey of a made-up repository. */
export function surveyOf(files: Readonly<Record<string, unknown>>, subjects: string[] = []) {
  return survey(sourceOf(files, { subjects }));
}

/** The setups of a package with these files in the root. */
export async function setupsOf(files: Readonly<Record<string, unknown>>) {
  const found = await surveyOf(files);
  return found.packages.find((one) => one.dir === '')?.setups ?? [];
}
