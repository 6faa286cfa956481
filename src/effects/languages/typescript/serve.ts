// Which function does which job.
import { checkFiles } from './check.ts';
import { checkTests } from './check-tests.ts';
import { stubsOfCode } from './code-stubs.ts';
import { makeMutants } from './mutants.ts';
import type { Job, Results } from './protocol.ts';
import { refactor, references } from './refactor.ts';
import { makeStubs } from './stubs.ts';
import { vetPlan } from './vet.ts';

/** Does a job. Throws what the compiler throws. */
export function serve(job: Job): Results[keyof Results] {
  switch (job.op) {
    case 'vetPlan':
      return vetPlan(job.dialect, job.plan, job.existing);
    case 'stubs':
      return makeStubs(job.dialect, job.plan, job.kind, job.marker, job.existing);
    case 'checkTests':
      return checkTests(job.dialect, job.plan, job.tests, job.existing);
    case 'check':
      return checkFiles(job.dialect, job.plan, job.files, job.depsDir);
    case 'stubsOf':
      return stubsOfCode(job.dialect, job.files, job.paths, job.kind, job.marker);
    case 'mutants':
      return makeMutants(job);
    case 'refactor':
      return refactor(job.files, job.edit);
    case 'references':
      return references(job.files, job.path, job.name);
  }
}
