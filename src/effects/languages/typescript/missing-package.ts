// Types of packages that are not installed yet: everything of theirs is taken as `any`.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import { isRelative, packageOf } from './paths.ts';
import type { World } from './world.ts';

/** What the compiler says when a name of an undeclared module is used as a type. */
const AS_TYPE = new Set([2503, 2709, 2702, 2749, 2315, 2694]);

/** True for a finding that only says that such a package's types are unknown. */
export function isUnknownType(world: World, found: T.Diagnostic): boolean {
  if (!AS_TYPE.has(found.code) || found.file === undefined || found.start === undefined) return false;
  const { text } = found.file;
  // `z.infer`: the finding may be about either part.
  const before = /[\w$.]*$/.exec(text.slice(Math.max(0, found.start - 200), found.start))?.[0] ?? '';
  const name = /^[\w$]+/.exec(before + text.slice(found.start, found.start + 200))?.[0];
  return name !== undefined && packageNames(found.file, world).has(name);
}

function packageNames(file: T.SourceFile, world: World): Set<string> {
  const names = new Set<string>();
  for (const node of file.statements.filter(ts.isImportDeclaration)) {
    const specifier = (node.moduleSpecifier as T.StringLiteral).text;
    if (isRelative(specifier) || !world.packages.includes(packageOf(specifier))) continue;
    const clause = node.importClause;
    if (clause?.name !== undefined) names.add(clause.name.text);
    const bindings = clause?.namedBindings;
    if (bindings === undefined) continue;
    if (ts.isNamespaceImport(bindings)) names.add(bindings.name.text);
    else for (const each of bindings.elements) names.add(each.name.text);
  }
  return names;
}
