// Exports that a contract promises and a file has, but does not export.
import type { ts as T } from 'ts-morph';
import { ts } from './compiler.ts';
import type { Edit } from './edits.ts';
import { type Exports, exportsOf } from './exports-table.ts';
import { specifierTo } from './paths.ts';
import { type Built, treePath, type World } from './world.ts';

/** Edits with what they do, in words. */
export interface Mend {
  readonly edits: readonly Edit[];
  readonly fixes: readonly string[];
}

/** Adds `export` where the contract wants it. `types` is false in JavaScript, where a type has no place in the code. */
export function mendExports(world: World, built: Built, path: string, types: boolean): Mend {
  const file = built.source(path);
  const contract = built.contract(path);
  if (file === undefined || contract === undefined || file === contract) return { edits: [], fixes: [] };
  const wanted = exportsOf(built.checker, contract);
  const present = exportsOf(built.checker, file);
  const edits: Edit[] = [];
  const fixes: string[] = [];
  for (const [name, { value, symbol }] of wanted) {
    if (present.has(name) || (!value && !types)) continue;
    const edit =
      name === 'default'
        ? defaultEdit(file, symbol, present)
        : (localEdit(file, name, present) ?? forwardEdit(world, file, path, name, symbol, value));
    if (edit === null) continue;
    edits.push(edit);
    fixes.push(`exported \`${name}\`, as the contract says`);
  }
  return { edits, fixes };
}

/** `export ` before the declaration, or a list at the end when the declaration cannot take it. */
function localEdit(file: T.SourceFile, name: string, present: Exports): Edit | null {
  for (const node of file.statements) {
    if (ts.isVariableStatement(node)) {
      const { declarations } = node.declarationList;
      if (!declarations.some((each) => bindsName(each.name, name))) continue;
      return declarations.length === 1 && ts.isIdentifier(declarations[0]?.name ?? node)
        ? { start: node.getStart(), end: node.getStart(), text: 'export ' }
        : append(file, `export { ${name} };`);
    }
    if (!isNamed(node) || node.name?.text !== name) continue;
    const isDefault =
      present.has('default') &&
      ts.canHaveModifiers(node) &&
      ts.getModifiers(node)?.some((each) => each.kind === ts.SyntaxKind.DefaultKeyword) === true;
    const isOverloaded =
      ts.isFunctionDeclaration(node) &&
      file.statements.filter((each) => ts.isFunctionDeclaration(each) && each.name?.text === name).length > 1;
    return isDefault || isOverloaded
      ? append(file, `export { ${name} };`)
      : { start: node.getStart(), end: node.getStart(), text: 'export ' };
  }
  return null;
}

function bindsName(name: T.BindingName, wanted: string): boolean {
  if (ts.isIdentifier(name)) return name.text === wanted;
  return name.elements.some((each) => ts.isBindingElement(each) && bindsName(each.name, wanted));
}

type Named = T.FunctionDeclaration | T.ClassDeclaration | T.InterfaceDeclaration | T.TypeAliasDeclaration;

function isNamed(node: T.Statement): node is Named {
  return (
    ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)
  );
}

function defaultEdit(file: T.SourceFile, symbol: T.Symbol, present: Exports): Edit | null {
  const declaration = symbol.declarations?.[0];
  const name =
    declaration !== undefined && (ts.isFunctionDeclaration(declaration) || ts.isClassDeclaration(declaration))
      ? declaration.name?.text
      : undefined;
  if (name !== undefined && (present.has(name) || localEdit(file, name, present) !== null)) return append(file, `export default ${name};`);
  const values = [...present].filter(([, each]) => each.value);
  const [only] = values;
  return values.length === 1 && only !== undefined ? append(file, `export default ${only[0]};`) : null;
}

/** An export that the contract passes on from another planned file. */
function forwardEdit(world: World, file: T.SourceFile, path: string, name: string, symbol: T.Symbol, value: boolean): Edit | null {
  const from = symbol.declarations?.[0]?.getSourceFile().fileName;
  const owner = from === undefined ? null : (treePath(world, from)?.path ?? null);
  if (owner === null || owner === path || symbol.name === 'default') return null;
  const as = symbol.name === name ? name : `${symbol.name} as ${name}`;
  return append(file, `export ${value ? '' : 'type '}{ ${as} } from '${specifierTo(path, owner)}';`);
}

function append(file: T.SourceFile, line: string): Edit {
  const end = file.text.length;
  return { start: end, end, text: `${file.text.endsWith('\n') ? '' : '\n'}${line}\n` };
}
