// What stands for a plan where code that exists is changed: the task, what was read of the repository, and the tests that show it.
import type { Change } from '../../core/change.ts';
import type { State } from '../../core/state.ts';
import type { Survey } from '../../core/survey.ts';
import type { Meeting } from '../surface.ts';
import { plural } from '../words.ts';
import { filesNow } from './files.ts';
import { EMPTY, type Page, prose, type Styled, safe, safeLines, span, styled } from './styled.ts';

/** Members of a workspace, and tests of a file, that are named. */
const NAMED = 40;

/** The one page of a change; texts are read from the run. Throws `RedgreenError('journal')`. */
export async function changeView(run: Pick<Meeting, 'read'>, state: State, change: Change): Promise<readonly Page[]> {
  const [task, survey] = await Promise.all([run.read(state.run?.prompt ?? ''), run.read(change.survey)]);
  const parts = [
    safeLines(task.trim()).map((line) => prose(0, span(line, 'strong'))),
    repository(JSON.parse(survey) as Survey),
    before(change),
    tests(state, change),
    code(state),
  ].filter((part) => part.length > 0);
  return [{ title: 'plan', lines: parts.flatMap((part, i) => (i === 0 ? part : [EMPTY, ...part])) }];
}

function title(text: string): Styled {
  return styled(span(text, 'cyan'));
}

function fact(name: string, text: string): Styled {
  return prose(14, span(`  ${name.padEnd(12)}`, 'quiet'), span(safe(text)));
}

/** What the survey found, as it stands in the repository. */
export function repository({ languages, manager, lock, packages, conventions, remarks }: Survey): readonly Styled[] {
  const setups = packages.flatMap((p) => p.setups.map((s) => `${s.runner}${s.dir === '' ? '' : ` in ${s.dir}`} (${s.why})`));
  const members = packages.filter((p) => p.dir !== '').map((p) => p.dir);
  const rest = members.length > NAMED ? ` and ${members.length - NAMED} more` : '';
  return [
    title('the repository'),
    fact('languages', languages.map((one) => `${one.language} (${plural(one.files, 'file')})`).join(', ') || 'none'),
    ...(manager === null ? [] : [fact('packages', lock === null ? `${manager}, without a lock file` : `${manager}, ${lock}`)]),
    ...(members.length === 0 ? [] : [fact('members', `${members.slice(0, NAMED).join(', ')}${rest}`)]),
    ...[...new Set(setups)].slice(0, NAMED).map((one, i) => fact(i === 0 ? 'tests' : '', one)),
    ...conventions.rules.map((rule, i) => fact(i === 0 ? 'its rules' : '', rule.path)),
    ...conventions.style.map((one, i) => fact(i === 0 ? 'style' : '', one)),
    ...remarks.map((one) => prose(2, span(`  ${safe(one)}`, 'warn'))),
  ];
}

function before({ baseline, unsteady }: Change): readonly Styled[] {
  if (baseline === null) return [];
  return [
    title('its own tests'),
    prose(2, span(`  ${plural(baseline.passed, 'test')} passed before; they have to pass at the end, too.`)),
    ...unsteady.map((id) => prose(4, span('  unsteady, and counts no more: ', 'warn'), span(safe(id)))),
  ];
}

function tests(state: State, { amended, untestable }: Change): readonly Styled[] {
  const { given, check } = state.run ?? { given: {}, check: null };
  const paths = Object.keys(state.tests);
  const whose = Object.keys(given).length > 0 || check ? ', given by you' : '';
  if (untestable !== null) return [title('tests that show it'), prose(2, span(`  None: ${safe(untestable)}`, 'warn'))];
  if (paths.length === 0 && !check) return [title('tests that show it'), styled(span('  None is written yet.', 'quiet'))];
  return [
    title(`tests that show it${whose}`),
    ...(check ? [prose(4, span(`  ${check.map(safe).join(' ')}`, 'strong'), span('  has to end with 0', 'quiet'))] : []),
    ...paths.flatMap((path) => [
      prose(4, span(`  ${safe(path)}`, 'strong'), span(state.tests[path]?.status === 'frozen' ? '  locked' : '', 'quiet')),
      ...amended.filter((one) => one.path === path).map((one) => prose(6, span(`    amended: ${safe(one.why)}`, 'warn'))),
      ...testsOf(state, path),
    ]),
  ];
}

/** The tests of a file, and what each did on the code as it was. */
function testsOf({ red }: State, path: string): readonly Styled[] {
  const mine = red.baseline.filter((t) => t.path === path);
  const shown = mine.slice(0, NAMED).map(({ id, status }) => {
    const name = safe(id.startsWith(`${path} › `) ? id.slice(path.length + 3) : id);
    const isRed = status !== 'passed';
    return prose(6, span(isRed ? '    ○ ' : '    ✓ ', isRed ? 'bad' : 'good'), span(name), span(isRed ? '' : '  passed before', 'quiet'));
  });
  return mine.length > NAMED ? [...shown, styled(span(`    and ${mine.length - NAMED} more`, 'quiet'))] : shown;
}

function code(state: State): readonly Styled[] {
  const files = filesNow(state).filter((one) => one.kind !== 'test');
  if (files.length === 0) return [];
  return [title('changed so far'), ...files.map((one) => prose(4, span(`  ${safe(one.path)}`)))];
}
