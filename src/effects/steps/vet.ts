// Checks a plan by meaning: what the user asked for, the pure rules, then the language's compiler.
import type { Command } from '../../core/events.ts';
import type { Plan, Violation } from '../../core/plan.ts';
import { checkPlan } from '../../core/plan-rules.ts';
import type { Ports } from '../../core/ports.ts';
import type { State } from '../../core/state.ts';
import type { StepContext } from '../../driver.ts';
import { languageOf } from './adapters.ts';

/** Emits `plan.vetted` with every violation found; the compiler is asked only when the rules hold. */
export async function vetPlan(command: Command, ports: Ports, context: StepContext): Promise<void> {
  const s = context.state();
  const plan = s.planning.candidate;
  if (!plan) return;
  const rules = [...asked(s, plan), ...checkPlan(plan, factsOf(ports, s))];
  const violations = rules.length > 0 ? rules : await languageOf(ports, plan.language).vetPlan(plan);
  context.emit({ type: 'plan.vetted', id: command.id, violations });
}

function factsOf(ports: Ports, s: State) {
  return { runners: ports.runners, languages: ports.languages.map((l) => l.id), baseFiles: s.run?.base.files ?? [] };
}

function asked(s: State, plan: Plan): Violation[] {
  const { language, runner } = s.run ?? { language: null, runner: null };
  const wrong: Violation[] = [];
  if (language && plan.language !== language) wrong.push({ where: 'language', message: `the user asked for ${language}` });
  if (runner && plan.runner !== runner) wrong.push({ where: 'runner', message: `the user asked for ${runner}` });
  return wrong;
}
