// What is said between the harness and the TypeScript worker: one JSON object a line.
import type { Plan, Violation } from '../../../core/plan.ts';
import type { CheckResult, Mutant, MutantOptions, StubKind } from '../../../core/ports.ts';
import type { Files } from '../../../core/ref.ts';
import type { ReferencesResult, SemanticEdit, SemanticResult } from '../../../core/semantic.ts';

/** The two dialects that the worker knows. */
export type Dialect = 'typescript' | 'javascript';

interface Common {
  readonly dialect: Dialect;
  readonly plan: Plan;
}

/** A job for the worker. `existing` holds files of the base commit that planned files and tests may import. */
export type Job =
  | (Common & { readonly op: 'vetPlan'; readonly existing: Files })
  | (Common & { readonly op: 'stubs'; readonly existing: Files; readonly kind: StubKind; readonly marker: string })
  | (Common & { readonly op: 'checkTests'; readonly existing: Files; readonly tests: Files })
  | (Common & { readonly op: 'check'; readonly files: Files; readonly depsDir: string | null })
  | {
      readonly op: 'stubsOf';
      readonly dialect: Dialect;
      readonly files: Files;
      readonly paths: readonly string[];
      readonly kind: StubKind;
      readonly marker: string;
    }
  | ({ readonly op: 'mutants' } & MutantOptions)
  | { readonly op: 'refactor'; readonly files: Files; readonly edit: SemanticEdit }
  | { readonly op: 'references'; readonly files: Files; readonly path: string; readonly name: string };

/** What each job gives back. */
export interface Results {
  readonly vetPlan: readonly Violation[];
  readonly stubs: Files;
  readonly checkTests: CheckResult;
  readonly check: CheckResult;
  readonly stubsOf: Files;
  readonly mutants: readonly Mutant[];
  readonly refactor: SemanticResult;
  readonly references: ReferencesResult;
}

export interface WorkerRequest {
  readonly id: number;
  readonly job: Job;
}

/** `rss` is the worker's peak resident memory in bytes. */
export type WorkerReply =
  | { readonly id: number; readonly ok: true; readonly value: Results[keyof Results]; readonly rss: number }
  | { readonly id: number; readonly ok: false; readonly error: string; readonly rss: number };
