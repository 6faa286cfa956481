// Checks a plan by meaning: what the user asked for, the pure rules, then the language's compiler.
import type { Command } from '../../core/events.ts';
import type { Plan, Violation } from '../../core/plan.ts';
import { checkPlan } from '../../core/plan-rules.ts';
import type { Language, Ports } from '../../core/ports.ts';
import type { State } from '../../core/state.ts';
import type { StepContext } from '../../driver.ts';
import { languageOf, planLanguages } from './adapters.ts';
import type { BaseReader } from './trees.ts';
import { vetUsers } from './vet-users.ts';

/** Emits `plan.vetted` with every violation found; the compiler is asked only when the rules hold. */
export async function vetPlan(command: Command, ports: Ports, context: StepContext, base: BaseReader): Promise<void> {
  const s = context.state();
  const plan = s.planning.candidate;
  if (!plan) return;
  const rules = [...asked(s, plan), ...checkPlan(plan, factsOf(ports, s))];
  const violations = rules.length > 0 ? rules : await byCompiler(languageOf(ports, plan.language), s, plan, base);
  context.emit({ type: 'plan.vetted', id: command.id, violations });
}

async function byCompiler(language: Language, s: State, plan: Plan, base: BaseReader): Promise<readonly Violation[]> {
  const violations = await language.vetPlan(plan);
  return violations.length > 0 ? violations : vetUsers(language, plan, await base(s), s.run?.kept ?? {});
}

function factsOf(ports: Ports, s: State) {
  const { base, kept } = s.run ?? {};
  return {
    runners: ports.runners.filter((r) => r.plans),
    languages: planLanguages(ports).map((l) => l.id),
    baseFiles: base?.files ?? [],
    kept: Object.keys(kept ?? {}),
  };
}

function asked(s: State, plan: Plan): Violation[] {
  const { language, runner } = s.run ?? { language: null, runner: null };
  const wrong: Violation[] = [];
  if (language && plan.language !== language) wrong.push({ where: 'language', message: `the user asked for ${language}` });
  if (runner && plan.runner !== runner) wrong.push({ where: 'runner', message: `the user asked for ${runner}` });
  return wrong;
}
