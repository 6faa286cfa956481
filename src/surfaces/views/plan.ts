// The plan as a person reviews it, whole.
import type { Plan } from '../../core/plan.ts';
import { awaitsPlan } from '../../core/reduce-words.ts';
import type { State } from '../../core/state.ts';
import { plural } from '../words.ts';
import { EMPTY, type Page, prose, type Styled, safe, safeLines, span, styled } from './styled.ts';

/** The plan that is in force, or the one that waits for a word. */
export function planView(state: State): readonly Page[] {
  const plan = state.plan ?? state.planning.candidate;
  if (plan === null) return [{ title: 'plan', lines: [styled(span('There is no plan yet.', 'quiet'))] }];
  const parts = [files(plan), tests(plan), packages(plan), decisions(plan), commands(plan)].filter((part) => part.length > 0);
  return [{ title: 'plan', lines: [...head(plan, state), ...parts.flatMap((part) => [EMPTY, ...part])] }];
}

function head(plan: Plan, state: State): readonly Styled[] {
  const problems = state.plan === null ? state.planning.violations : [];
  return [
    prose(0, span(safe(plan.name), 'strong'), span(`  ${safe(plan.summary)}`)),
    styled(span(`${plan.language}, ${safe(plan.runner)}`, 'quiet')),
    ...(awaitsPlan(state) ? [styled(span('It waits for your word.', 'warn'))] : []),
    ...problems.map((one) => prose(2, span(`  ${safe(one.where)}: ${safe(one.message)}`, 'warn'))),
  ];
}

function title(text: string): Styled {
  return styled(span(text, 'cyan'));
}

function uses(paths: readonly string[]): readonly Styled[] {
  return paths.length === 0 ? [] : [prose(9, span(`    uses ${paths.map(safe).join(', ')}`, 'quiet'))];
}

function files({ files }: Plan): readonly Styled[] {
  return [
    title(plural(files.length, 'file')),
    ...files.flatMap((file) => [
      EMPTY,
      prose(4, span(`  ${safe(file.path)}`, 'strong')),
      prose(4, span(`    ${safe(file.purpose)}`)),
      ...uses(file.uses),
      ...(file.contract.trim() === '' ? [] : safeLines(file.contract).map((line) => styled(span(`      ${line}`)))),
    ]),
  ];
}

function tests({ tests }: Plan): readonly Styled[] {
  return [
    title(plural(tests.length, 'test file')),
    ...tests.flatMap((test) => [
      EMPTY,
      prose(4, span(`  ${safe(test.path)}`, 'strong')),
      ...test.checks.map((check) => prose(6, span(`    - ${safe(check)}`))),
      ...uses(test.uses),
    ]),
  ];
}

function packages({ packages }: Plan): readonly Styled[] {
  if (packages.length === 0) return [];
  return [
    title(plural(packages.length, 'package')),
    ...packages.map((one) =>
      styled(
        span(`  ${safe(one.name)}`),
        span(`  ${one.range === '' ? 'newest' : safe(one.range)}${one.dev ? ', for development' : ''}`, 'quiet'),
      ),
    ),
  ];
}

function decisions({ decisions }: Plan): readonly Styled[] {
  return decisions.length === 0 ? [] : [title('decided'), ...decisions.map((one) => prose(4, span(`  - ${safe(one)}`)))];
}

function commands({ commands }: Plan): readonly Styled[] {
  if (commands.length === 0) return [];
  return [
    title('how it is used'),
    ...commands.flatMap((one) => [
      prose(4, span(`  ${one.argv.map(safe).join(' ')}`, 'strong')),
      prose(4, span(`    ${safe(one.purpose)}`)),
    ]),
  ];
}
