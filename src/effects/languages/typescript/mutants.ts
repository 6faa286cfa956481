// Mutants of TypeScript and JavaScript: found by walking the code, put in order, and kept when the compiler has nothing against them.
import type { ts as T } from 'ts-morph';
import type { Mutant, MutantOptions } from '../../../core/ports.ts';
import type { Files } from '../../../core/ref.ts';
import { type Candidate, inOrderOfWorth, toMutant } from '../choose.ts';
import { codeWorld } from './code-world.ts';
import { ts } from './compiler.ts';
import { lineOf } from './diagnostics.ts';
import { CALLS } from './mutate-calls.ts';
import { DECISIONS } from './mutate-decisions.ts';
import { createScene, isUntouchable, placeOf, type Scene } from './mutate-scene.ts';
import { VALUES } from './mutate-values.ts';
import { contextOf } from './mutate-words-conditions.ts';
import { isCode } from './paths.ts';
import { type Built, build, ROOT } from './world.ts';

const OPERATORS = [...DECISIONS, ...VALUES, ...CALLS];

/** Small changes to source files that a good test suite notices; each compiles as well as the original. */
export function makeMutants(options: MutantOptions): readonly Mutant[] {
  const { files, paths, count } = options;
  const wanted = paths.filter((path) => isCode(path) && files[path] !== undefined);
  const built = build(codeWorld(files), wanted);
  const order = inOrderOfWorth(
    wanted.flatMap((path) => candidatesOf(built, path)),
    options,
  );
  const found: Mutant[] = [];
  for (let at = 0; at < order.length && found.length < count; ) {
    const some = order.slice(at, at + Math.ceil((count - found.length) * 1.25));
    at += some.length;
    found.push(
      ...compiling(
        files,
        some.map((each) => toMutant(each, files[each.path] ?? '')),
      ),
    );
  }
  return found.slice(0, count);
}

function candidatesOf(built: Built, path: string): readonly Candidate[] {
  const source = built.source(path);
  if (source === undefined) return [];
  const scene = createScene(path, source, built.checker);
  const found: Candidate[] = [];
  const seen = new Set<string>();
  const walk = (node: T.Node): void => {
    if (isUntouchable(node)) return;
    for (const operator of OPERATORS) {
      for (const each of operator(scene, node)) {
        const key = `${each.start} ${each.end} ${each.replacement}`;
        if (!seen.has(key)) found.push(candidateOf(scene, node, each));
        seen.add(key);
      }
    }
    ts.forEachChild(node, walk);
  };
  walk(source);
  return found;
}

function candidateOf(scene: Scene, node: T.Node, { what, ...change }: ReturnType<(typeof OPERATORS)[number]>[number]): Candidate {
  const { inside, top, size } = placeOf(scene, node);
  const behaviour = clip(`${servedBy(scene, top)}${contextOf(scene, node)}${what}`);
  return { ...change, path: scene.path, line: lineOf(scene.source, change.start), inside, size, behaviour };
}

const MOST_CHARACTERS = 360;

function clip(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
}

/** For code behind what is exported: whose work it does. */
function servedBy(scene: Scene, top: string | null): string {
  const callers = top === null ? [] : (scene.behind.get(top) ?? []);
  return callers.length === 0
    ? ''
    : `(a part of ${callers
        .slice(0, 2)
        .map((name) => `\`${name}\``)
        .join(' and ')}) `;
}

/** Those that the compiler holds nothing against that it does not hold against the original. All are looked at in one program, as files beside it. */
function compiling(files: Files, mutants: readonly Mutant[]): readonly Mutant[] {
  const beside = mutants.map((mutant, i) => ({ mutant, path: mutant.path.replace(/(\.[^.]+)$/, `.redgreen${i}$1`) }));
  const originals = [...new Set(mutants.map((mutant) => mutant.path))];
  const world = codeWorld({ ...files, ...Object.fromEntries(beside.map(({ path, mutant }) => [path, mutant.text])) });
  const built = build(world, [...originals, ...beside.map(({ path }) => path)]);
  const before = new Map(originals.map((path) => [path, faults(built, path)]));
  return beside.filter(({ path, mutant }) => isNoWorse(faults(built, path), before.get(mutant.path))).map(({ mutant }) => mutant);
}

function faults(built: Built, path: string): ReadonlyMap<number, number> {
  const source = built.program.getSourceFile(ROOT + path);
  const found = [...built.program.getSyntacticDiagnostics(source), ...built.program.getSemanticDiagnostics(source)];
  const counts = new Map<number, number>();
  for (const { code } of found) counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}

function isNoWorse(now: ReadonlyMap<number, number>, before: ReadonlyMap<number, number> | undefined): boolean {
  return [...now].every(([code, times]) => times <= (before?.get(code) ?? 0));
}
