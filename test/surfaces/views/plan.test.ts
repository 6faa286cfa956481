import { describe, expect, it } from 'vitest';
import type { Body } from '../../../src/core/events.ts';
import { planView } from '../../../src/surfaces/views/plan.ts';
import { textOf } from '../../../src/surfaces/views/styled.ts';
import { created, opening, plan } from '../events.ts';
import { snapshot, stateAfter } from './story.ts';

const whole = {
  ...plan,
  packages: [
    { name: 'yargs', range: '^18', dev: false },
    { name: 'tap', range: '', dev: true },
  ],
  commands: [
    {
      name: 'count',
      argv: ['node', 'src/cli.ts', 'FILE'],
      purpose: 'Prints the number of words of a file, one line for each file that is named on the command line',
    },
  ],
};
const withPlan = (body: Body): Body =>
  body.type === 'answered' && body.content.kind === 'plan' ? { ...body, content: { kind: 'plan', plan: whole } } : body;

describe('the plan', () => {
  it('is shown whole', async () => {
    await expect(snapshot(planView(stateAfter(opening.map(withPlan))))).toMatchFileSnapshot('snapshots/plan.txt');
  });

  it('says that it waits, and what is wrong with the version of a user', () => {
    const waiting = [{ ...created, approve: true } as Body, ...opening.slice(1, 5)];
    expect(planView(stateAfter(waiting))[0]?.lines.map(textOf)).toContain('It waits for your word.');
    const edited: Body[] = [
      ...waiting,
      { type: 'plan.edited', plan },
      { type: 'plan.vetted', id: 'vet/plan/2', violations: [{ where: 'files[0].path', message: 'it leaves the tree' }] },
    ];
    expect(planView(stateAfter(edited))[0]?.lines.map(textOf)).toContain('  files[0].path: it leaves the tree');
  });

  it('says that there is none', () => {
    expect(planView(stateAfter([created]))[0]?.lines.map(textOf)).toEqual(['There is no plan yet.']);
  });
});
