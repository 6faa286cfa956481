// Python, examined with Python's own `ast` inside the box. Generated code is parsed there, never run.
import { readdir } from 'node:fs/promises';
import { RedgreenError } from '../../core/errors.ts';
import type { Plan, Violation } from '../../core/plan.ts';
import {
  type CheckResult,
  type Language,
  type Mended,
  type Mutant,
  type MutantOptions,
  STUB_MARKER,
  type StubKind,
} from '../../core/ports.ts';
import type { Files } from '../../core/ref.ts';
import type { Diagnostic } from '../../core/report.ts';
import { type Candidate, inOrderOfWorth, toMutant } from './choose.ts';
import { askPython, type PythonBox, readScripts } from './python/ask.ts';
import { PYTHON_PLAN_RULES, PYTHON_RULES } from './python/rules.ts';
import { scaffoldPython } from './python/scaffold.ts';

export interface PythonOptions {
  /** The box that runs our scripts; asked for when first needed. */
  readonly box: () => Promise<PythonBox>;
  /** Folder of our scripts; beside the code when left out. */
  readonly assetsDir?: string;
  /** Source files of the base commit that planned files and tests may import (a change to an existing repository). */
  readonly existing?: () => Promise<Files>;
}

type Ask = (question: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** The language adapter for Python. Its methods throw `RedgreenError('language')` when python3 in the box cannot answer. */
export function createPython(options: PythonOptions): Language {
  const scripts = readScripts(options.assetsDir);
  const ask: Ask = async (question) => askPython(await options.box(), scripts, question);
  const beside = async (plan: Plan): Promise<Files> => {
    const planned = new Set(plan.files.map((file) => file.path));
    const all = Object.entries((await options.existing?.()) ?? {});
    return Object.fromEntries(all.filter(([path]) => isPython(path) && !planned.has(path)));
  };
  return {
    id: 'python',
    rules: PYTHON_RULES,
    planRules: PYTHON_PLAN_RULES,
    vetPlan: async (plan) => listOf(await ask({ op: 'vet', plan, existing: await beside(plan) }), violationOf),
    scaffold: scaffoldPython,
    stubs: async (plan, kind) => filesOf(await ask({ op: 'stubs', plan, kind, marker: STUB_MARKER })),
    checkTests: async (plan, tests) => checkTests(ask, plan, tests, await beside(plan)),
    check: async (plan, files, depsDir) => checkSources(ask, plan, files, depsDir),
    stubsOf: async (files, paths, kind) => stubsOfCode(ask, files, paths, kind),
    mutants: async (options) => mutantsOf(ask, options),
    close: async () => {},
  };
}

async function stubsOfCode(ask: Ask, files: Files, paths: readonly string[], kind: StubKind): Promise<Files> {
  return filesOf(await ask({ op: 'stubs-of', files: chosen(files, paths), kind, marker: STUB_MARKER }));
}

async function mutantsOf(ask: Ask, options: MutantOptions): Promise<readonly Mutant[]> {
  const { files, paths, count } = options;
  const candidates = listOf(await ask({ op: 'mutants', files: chosen(files, paths) }), candidateOf);
  return inOrderOfWorth(candidates, options)
    .slice(0, count)
    .map((c) => toMutant(c, files[c.path] ?? ''));
}

function chosen(files: Files, paths: readonly string[]): Files {
  return Object.fromEntries(paths.flatMap((path) => (isPython(path) && files[path] !== undefined ? [[path, files[path]]] : [])));
}

function filesOf(answer: unknown): Files {
  return Object.fromEntries(Object.entries(recordOf(answer)).map(([path, text]) => [path, textOf(text)]));
}

function candidateOf(value: unknown): Candidate {
  const one = recordOf(value);
  const { path, inside, operator, behaviour, replacement } = one;
  const texts = { path: textOf(path), inside: textOf(inside), operator: textOf(operator), behaviour: textOf(behaviour) };
  const { line, start, end, rank, size } = one;
  const numbers = { line: numberOf(line), start: numberOf(start), end: numberOf(end), rank: numberOf(rank), size: numberOf(size) };
  return { ...texts, ...numbers, replacement: textOf(replacement) };
}

async function checkTests(ask: Ask, plan: Plan, tests: Files, existing: Files): Promise<CheckResult> {
  const paths = Object.keys(tests).filter(isPython);
  return checkResultOf(await ask({ op: 'check', plan, files: { ...existing, ...tests }, mendable: paths, checked: paths, installed: [] }));
}

async function checkSources(ask: Ask, plan: Plan, files: Files, depsDir: string | null): Promise<CheckResult> {
  const python = Object.fromEntries(Object.entries(files).filter(([path]) => isPython(path)));
  const planned = plan.files.map((file) => file.path).filter((path) => python[path] !== undefined);
  const tests = plan.tests.map((test) => test.path).filter((path) => python[path] !== undefined);
  const installed = depsDir === null ? [] : await installedModules(depsDir);
  return checkResultOf(await ask({ op: 'check', plan, files: python, mendable: planned, checked: [...planned, ...tests], installed }));
}

/** Names that can be imported from a folder made by `pip install --target`. */
async function installedModules(depsDir: string): Promise<string[]> {
  const names = await readdir(depsDir).catch(() => []);
  return names.flatMap((name) => /^([A-Za-z_]\w*)(?:\.py|\.[\w-]+\.so)?$/.exec(name)?.[1] ?? []);
}

function isPython(path: string): boolean {
  return path.endsWith('.py');
}

function checkResultOf(answer: unknown): CheckResult {
  const { mended, diagnostics } = recordOf(answer);
  return { mended: listOf(mended, mendedOf), diagnostics: listOf(diagnostics, diagnosticOf) };
}

function violationOf(value: unknown): Violation {
  const { where, message } = recordOf(value);
  return { where: textOf(where), message: textOf(message) };
}

function mendedOf(value: unknown): Mended {
  const { path, text, fixes } = recordOf(value);
  return { path: textOf(path), text: textOf(text), fixes: listOf(fixes, textOf) };
}

function diagnosticOf(value: unknown): Diagnostic {
  const { path, line, code, message } = recordOf(value);
  return { path: textOf(path), line: typeof line === 'number' ? line : 0, code: textOf(code), message: textOf(message) };
}

function listOf<T>(value: unknown, each: (item: unknown) => T): T[] {
  if (!Array.isArray(value)) throw unreadable();
  return value.map(each);
}

function recordOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable();
  return { ...value };
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw unreadable();
  return value;
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw unreadable();
  return value;
}

function unreadable(): RedgreenError {
  return new RedgreenError(
    'language',
    'The Python code could not be examined: the answer of our own script has another shape than expected. Install redgreen again.',
  );
}
