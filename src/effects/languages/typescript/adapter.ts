// The port `Language` over the worker, for both dialects.
import { fileURLToPath } from 'node:url';
import { type Language, STUB_MARKER } from '../../../core/ports.ts';
import type { Files } from '../../../core/ref.ts';
import { createWorkerClient, type WorkerClient, type WorkerOptions } from './client.ts';
import type { Dialect } from './protocol.ts';
import { planRulesFor, rulesFor } from './rules.ts';
import { scaffoldProject } from './scaffold.ts';

/** Options of both adapters. */
export interface TypescriptOptions extends Partial<WorkerOptions> {
  /** A client to share between the adapters, so that one worker serves both. Who passes it closes it. */
  readonly client?: WorkerClient;
  /** Source files of the base commit that planned files and tests may import (a change to an existing repository). */
  readonly existing?: () => Promise<Files>;
}

/** Where the worker lies beside this module in a checkout; a bundle passes its own path. */
export function defaultWorkerPath(): string {
  return fileURLToPath(new URL('../ts-worker.ts', import.meta.url));
}

/** Makes the adapter of a dialect. No process is started before it is needed. */
export function createAdapter(dialect: Dialect, options: TypescriptOptions = {}): Language {
  const client = options.client ?? createWorkerClient({ ...options, workerPath: options.workerPath ?? defaultWorkerPath() });
  const existing = async (): Promise<Files> => (await options.existing?.()) ?? {};
  return {
    id: dialect,
    rules: rulesFor(dialect),
    planRules: planRulesFor(dialect),
    vetPlan: async (plan) => client.run<'vetPlan'>({ op: 'vetPlan', dialect, plan, existing: await existing() }),
    scaffold: (plan, runnerPackages) => scaffoldProject(dialect, plan, runnerPackages),
    stubs: async (plan, kind) => client.run<'stubs'>({ op: 'stubs', dialect, plan, kind, marker: STUB_MARKER, existing: await existing() }),
    checkTests: async (plan, tests) => client.run<'checkTests'>({ op: 'checkTests', dialect, plan, tests, existing: await existing() }),
    check: (plan, files, depsDir) => client.run<'check'>({ op: 'check', dialect, plan, files, depsDir }),
    stubsOf: (files, paths, kind) => client.run<'stubsOf'>({ op: 'stubsOf', dialect, files, paths, kind, marker: STUB_MARKER }),
    mutants: (options) => client.run<'mutants'>({ op: 'mutants', ...options }),
    refactor: (files, edit) => client.run<'refactor'>({ op: 'refactor', files, edit }),
    references: (files, path, name) => client.run<'references'>({ op: 'references', files, path, name }),
    close: async () => {
      if (options.client === undefined) await client.close();
    },
  };
}
