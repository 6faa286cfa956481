// Which tools a conversation is offered: what the repository and the run have.
import type { ToolSpec } from '../../../core/model.ts';
import type { Ports } from '../../../core/ports.ts';
import type { State } from '../../../core/state.ts';
import { changeTools, type Offer } from '../../../core/tools-change.ts';
import { countOf } from './code-files.ts';
import { surveyOf } from './ground.ts';
import { hasTypeChecker } from './type-check.ts';

/** Up to so many files are seen at a glance: searching and reading is enough. */
const SMALL = 25;

/** The tools of a conversation; the same from its first turn to its last. */
export async function offeredTools(ports: Ports, s: State, kind: Offer['kind']): Promise<readonly ToolSpec[]> {
  const files = s.run?.base.files ?? [];
  const survey = await surveyOf(ports, s);
  return changeTools({
    kind,
    covers: s.cover !== null,
    large: files.length > SMALL,
    refactor: countOf(files) > 0 && ports.languages.some((l) => l.refactor !== undefined),
    typeCheck: kind === 'repair' && (await hasTypeChecker(ports, s)),
    packages: survey.manager === 'npm' && files.length > SMALL,
    dispute: Object.keys(s.tests).some((path) => s.run?.given[path] === undefined),
  });
}
