// Changes by meaning, which an engine makes.
import type { Ports } from '../../../core/ports.ts';
import type { SemanticEdit } from '../../../core/semantic.ts';
import { codeFiles, engineFor } from './code-files.ts';
import type { Desk } from './desk.ts';
import { type Said, wrong } from './said.ts';
import { putAll } from './writing.ts';

/** Most files that an engine is given. */
const MOST_FILES = 6_000;

/** Makes the change in every file that it concerns, or in none. */
export async function refactor(ports: Ports, desk: Desk, edit: SemanticEdit): Promise<Said> {
  const failed = (text: string) => {
    desk.failed = true;
    return wrong(text);
  };
  const engine = engineFor(ports, edit.path);
  if (engine?.refactor === undefined) return failed('there is no engine for this language: change the files with `edit`');
  const files = await codeFiles(ports, desk, MOST_FILES);
  if (files === null) return failed(`the repository has more than ${MOST_FILES} files of code: change them with \`edit\``);
  const result = await engine.refactor(files, edit);
  if ('problem' in result) return failed(`nothing was changed: ${result.problem}`);
  const refused = await putAll(desk, result.changed, result.removed);
  if (refused) return refused;
  const paths = [...Object.keys(result.changed), ...result.removed];
  return {
    text: `${result.summary}\nchanged: ${paths.slice(0, 40).join(', ')}${paths.length > 40 ? ` and ${paths.length - 40} more` : ''}`,
  };
}
