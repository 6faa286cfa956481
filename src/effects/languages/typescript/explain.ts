// A finding with what a model needs to mend it.
import type { ts as T } from 'ts-morph';
import type { Diagnostic } from '../../../core/report.ts';
import { toDiagnostic } from './diagnostics.ts';
import { isCode, isRelative, packageOf } from './paths.ts';
import type { World } from './world.ts';

/** There is no such module; an import path lacks its ending. */
const NO_MODULE = new Set([2307, 2834, 2835, 2882]);

/** The diagnostic of a finding; one about a missing module says what there is. */
export function explained(world: World, path: string, found: T.Diagnostic): Diagnostic {
  const diagnostic = toDiagnostic(path, found);
  if (!NO_MODULE.has(found.code)) return diagnostic;
  const start = found.start ?? 0;
  const specifier = /^['"](.*)['"]$/.exec(found.file?.text.slice(start, start + (found.length ?? 0)) ?? '')?.[1] ?? '';
  if (specifier === '' || specifier.startsWith('node:')) return diagnostic;
  if (isRelative(specifier)) {
    const there = [...new Set([...world.contracts.keys(), ...world.files.keys()])].filter((each) => isCode(each) && each !== path).sort();
    return {
      ...diagnostic,
      message: `There is no file '${specifier}'. The tree has: ${there.slice(0, 20).join(', ')}${there.length > 20 ? ', …' : ''}.`,
    };
  }
  const name = packageOf(specifier);
  if (world.packages.includes(name)) return { ...diagnostic, message: `The package '${name}' has no module '${specifier}'.` };
  return { ...diagnostic, message: `The package '${name}' is not in the plan. Use Node's own modules or a planned package.` };
}
