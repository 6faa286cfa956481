// Definitions by tree-sitter, for the languages whose grammar is shipped (TypeScript and JavaScript go by patterns, see `outline.ts`).
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Query, Parser as TreeParser } from 'web-tree-sitter';
import type { MapLanguage } from './sources.ts';
import type { Definition, DefinitionKind } from './tags.ts';

const named = (kind: DefinitionKind, ...types: readonly string[]) => types.map((type) => `(${type} name: (_) @${kind})`).join('\n');

/** What defines a name, by the node types of each grammar (https://tree-sitter.github.io/tree-sitter/using-parsers/queries). */
const QUERIES: Partial<Record<MapLanguage, string>> = {
  python: `${named('function', 'function_definition')}
    ${named('class', 'class_definition')}
    (module (expression_statement (assignment left: (identifier) @value)))`,
  go: `${named('function', 'function_declaration')}
    ${named('method', 'method_declaration', 'method_elem')}
    ${named('type', 'type_spec')}
    ${named('value', 'const_spec')}
    (source_file (var_declaration (var_spec name: (identifier) @value)))`,
  rust: `${named('function', 'function_item', 'function_signature_item', 'macro_definition')}
    ${named('type', 'struct_item', 'enum_item', 'trait_item', 'type_item', 'union_item', 'mod_item')}
    ${named('value', 'const_item', 'static_item')}`,
  java: `${named('class', 'class_declaration', 'interface_declaration', 'enum_declaration', 'record_declaration', 'annotation_type_declaration')}
    ${named('method', 'method_declaration', 'constructor_declaration')}`,
  ruby: `${named('class', 'class', 'module')}
    ${named('method', 'method', 'singleton_method')}`,
  php: `${named('function', 'function_definition')}
    ${named('class', 'class_declaration', 'interface_declaration', 'trait_declaration', 'enum_declaration')}
    ${named('method', 'method_declaration')}`,
  'c-sharp': `${named('class', 'class_declaration', 'interface_declaration', 'struct_declaration', 'enum_declaration', 'record_declaration')}
    ${named('method', 'method_declaration', 'constructor_declaration', 'property_declaration')}`,
  cpp: `(function_declarator declarator: [(identifier) (field_identifier) (qualified_identifier) (destructor_name)] @function)
    (class_specifier name: (_) @class body: (_))
    (struct_specifier name: (_) @class body: (_))
    (enum_specifier name: (_) @type body: (_))
    (type_definition declarator: (type_identifier) @type)
    ${named('function', 'preproc_function_def')}`,
};

/** Finds the definitions of a text; null where no grammar fits or the parser gives up. */
export type TreeOutline = (text: string, language: MapLanguage) => Promise<readonly Definition[] | null>;

/** Makes the finder; the library and each grammar are loaded when they are first needed. */
export function createTreeOutline(): TreeOutline {
  const ready = new Map<MapLanguage, Promise<{ readonly parser: TreeParser; readonly query: Query } | null>>();
  return async (text, language) => {
    const known = ready.get(language) ?? load(language).catch(() => null);
    ready.set(language, known);
    const loaded = await known;
    const tree = loaded?.parser.parse(text);
    if (!loaded || !tree) return null;
    try {
      const captures = loaded.query.captures(tree.rootNode);
      return captures.map(({ name, node }) => definition(name as DefinitionKind, node.text, node.startPosition.row + 1, language));
    } finally {
      tree.delete();
    }
  };
}

function definition(kind: DefinitionKind, name: string, line: number, language: MapLanguage): Definition {
  const exported = language === 'go' ? /^\p{Lu}/u.test(name) : !name.startsWith('_');
  // `Outer::inner` is looked for by its last part.
  return { name: name.split('::').at(-1) ?? name, line, kind, exported };
}

async function load(language: MapLanguage) {
  const source = QUERIES[language];
  if (source === undefined) return null;
  const { Language, Parser, Query } = await import('web-tree-sitter');
  await Parser.init();
  const folder = dirname(createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm/package.json'));
  const grammar = await Language.load(await readFile(join(folder, 'wasm', `tree-sitter-${language}.wasm`)));
  const parser = new Parser();
  parser.setLanguage(grammar);
  return { parser, query: new Query(grammar, source) };
}
