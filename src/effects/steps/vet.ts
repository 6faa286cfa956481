// Checks a plan by meaning: the pure rules, then the language's compiler.
import type { Command } from '../../core/events.ts';
import { checkPlan } from '../../core/plan-rules.ts';
import type { Violation } from '../../core/plan.ts';
import type { Ports } from '../../core/ports.ts';
import type { StepContext } from '../../driver.ts';

/** Emits `plan.vetted` with every violation found; the compiler is asked only when the rules hold. */
export async function vetPlan(command: Command, ports: Ports, context: StepContext): Promise<void> {
  const s = context.state();
  const plan = s.planning.candidate;
  if (!plan) return;
  const violations: Violation[] = [...wanted(s.run?.language ?? null, s.run?.runner ?? null, plan)];
  if (violations.length === 0) {
    const runner = ports.runner(plan.runner);
    violations.push(...checkPlan(plan, { isTestFile: (path) => runner.isTestFile(path), runnerLanguages: runner.languages, baseFiles: s.run?.base.files ?? [] }));
  }
  if (violations.length === 0) violations.push(...(await ports.language(plan.language).vetPlan(plan)));
  context.emit({ type: 'plan.vetted', id: command.id, violations });
}

function wanted(language: string | null, runner: string | null, plan: { language: string; runner: string }): Violation[] {
  const wrong: Violation[] = [];
  if (language && plan.language !== language) wrong.push({ where: 'language', message: `the user asked for ${language}` });
  if (runner && plan.runner !== runner) wrong.push({ where: 'runner', message: `the user asked for ${runner}` });
  return wrong;
}
