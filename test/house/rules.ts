// The house's rules, checked by a program that reads the code. `violations` takes any set of files, so that each rule can be shown to bite.
import { posix } from 'node:path';
import { Node, Project, type SourceFile, SyntaxKind } from 'ts-morph';

export interface House {
  /** Path (from the repository's root) to text. */
  readonly files: Readonly<Record<string, string>>;
}

/** Where a file of each room may import from, and why. */
const ROOMS: readonly { readonly room: RegExp; readonly name: string; readonly may: RegExp; readonly why: string }[] = [
  {
    room: /^src\/core\//,
    name: 'core/',
    may: /^src\/core\//,
    why: 'the core is pure: it is what resume, replay and every test of the loop rest on, so it may know nothing outside itself',
  },
  {
    room: /^sandbox\//,
    name: 'sandbox/',
    may: /^sandbox\//,
    why: 'the box is a library of its own: it knows nothing of models, plans or git',
  },
  {
    room: /^src\/effects\//,
    name: 'effects/',
    may: /^(src\/(core|effects)\/|src\/driver\.ts|sandbox\/)/,
    why: 'an effect is one port’s adapter: it may not know a screen or a command of the CLI',
  },
  {
    room: /^src\/surfaces\//,
    name: 'surfaces/',
    may: /^src\/(core|surfaces)\//,
    why: 'a surface only reads events: it can neither act nor decide',
  },
  {
    room: /^src\/driver\.ts$/,
    name: 'driver.ts',
    may: /^src\/core\//,
    why: 'the loop knows the core and what it is handed, and no adapter',
  },
];

const IMPURE =
  /\b(Date|Math\.random|performance|process|globalThis|setTimeout|setInterval|setImmediate|queueMicrotask|fetch|crypto|console)\b/;
const FILE_LINES = 300;

/** Every broken rule, a sentence each, with the reason for the rule. An empty list means that the house stands. */
export function violations(house: House): string[] {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    compilerOptions: { allowImportingTsExtensions: true, jsx: 4 },
  });
  for (const [path, text] of Object.entries(house.files)) project.createSourceFile(`/${path}`, text);
  const files = project.getSourceFiles();
  return [...files.flatMap(imports), ...files.flatMap(headless), ...files.flatMap(purity), ...files.flatMap(manners), ...cycles(files)];
}

function pathOf(file: SourceFile): string {
  return file.getFilePath().slice(1);
}

function specifiers(file: SourceFile): { readonly to: string; readonly line: number; readonly typeOnly: boolean }[] {
  const declared = [...file.getImportDeclarations(), ...file.getExportDeclarations()].flatMap((d) => {
    const to = d.getModuleSpecifierValue();
    return to === undefined ? [] : [{ to, line: d.getStartLineNumber(), typeOnly: d.isTypeOnly() }];
  });
  const dynamic = file.getDescendantsOfKind(SyntaxKind.CallExpression).flatMap((call) => {
    const [argument] = call.getArguments();
    if (call.getExpression().getKind() !== SyntaxKind.ImportKeyword || !Node.isStringLiteral(argument)) return [];
    return [{ to: argument.getLiteralValue(), line: call.getStartLineNumber(), typeOnly: true }];
  });
  return [...declared, ...dynamic];
}

function target(from: string, to: string): string | null {
  return to.startsWith('.') ? posix.normalize(posix.join(posix.dirname(from), to)) : null;
}

function imports(file: SourceFile): string[] {
  const from = pathOf(file);
  const room = ROOMS.find((r) => r.room.test(from));
  if (!room) return [];
  return specifiers(file).flatMap(({ to, line }) => {
    const path = target(from, to);
    if (path !== null) return room.may.test(path) ? [] : [`${from}:${line} imports ${path}: ${room.name} may not, because ${room.why}`];
    if (room.name !== 'core/') return [];
    return [`${from}:${line} imports ${to}: core/ imports no package and no Node module, because ${room.why}`];
  });
}

/** ink and React belong to the live screen, and the live screen is loaded when a person sits before it. */
function headless(file: SourceFile): string[] {
  const from = pathOf(file);
  const isLive = (path: string) => path.startsWith('src/surfaces/live/');
  if (isLive(from)) return [];
  return specifiers(file)
    .filter(({ to, typeOnly }) => !typeOnly && (/^(?:ink|react)(?:\/|$)/.test(to) || isLive(target(from, to) ?? '')))
    .map(
      ({ to, line }) =>
        `${from}:${line} imports ${to}: only surfaces/live/ holds ink, and it is imported lazily, because a run without a screen must not pay for one`,
    );
}

function purity(file: SourceFile): string[] {
  const path = pathOf(file);
  if (!path.startsWith('src/core/')) return [];
  return file.getDescendantsOfKind(SyntaxKind.Identifier).flatMap((id) => {
    const text = id.getText() === 'Math' ? (id.getParent()?.getText() ?? '') : id.getText();
    if (!IMPURE.test(text) || !isGlobal(id)) return [];
    return [
      `${path}:${id.getStartLineNumber()} uses ${text}: core/ has no clock, no randomness and no I/O, so that the same events always give the same state`,
    ];
  });
}

/** A property's name, a declaration or a type is no use of a global. */
function isGlobal(id: Node): boolean {
  const parent = id.getParent();
  if (Node.isPropertyAccessExpression(parent) && parent.getNameNode() === id) return false;
  if (Node.isPropertyAssignment(parent) || Node.isPropertySignature(parent) || Node.isShorthandPropertyAssignment(parent)) return false;
  if (Node.isBindingElement(parent) || Node.isParameterDeclaration(parent) || Node.isVariableDeclaration(parent)) return false;
  return (
    id
      .getSymbol()
      ?.getDeclarations()
      .every((d) => d.getSourceFile() !== id.getSourceFile()) ?? true
  );
}

function manners(file: SourceFile): string[] {
  const path = pathOf(file);
  if (!/^(src|sandbox)\//.test(path)) return [];
  const wrong: string[] = [];
  const lines = file.getEndLineNumber();
  if (lines > FILE_LINES) wrong.push(`${path} has ${lines} lines: a file does one job, and one job fits in ${FILE_LINES}`);
  if (file.getDefaultExportSymbol()) wrong.push(`${path} has a default export: a name that every importer spells alike can be found`);
  for (const node of file.getDescendantsOfKind(SyntaxKind.AnyKeyword)) {
    wrong.push(`${path}:${node.getStartLineNumber()} says any: what is not checked here fails at a user`);
  }
  // A worker is the entry of a process of its own.
  if (path !== 'src/cli.ts' && !path.endsWith('-worker.ts')) {
    for (const call of file.getDescendantsOfKind(SyntaxKind.PropertyAccessExpression)) {
      if (call.getText() === 'process.exit')
        wrong.push(`${path}:${call.getStartLineNumber()} exits: only cli.ts does, so that journals are closed and terminals restored`);
    }
  }
  return wrong;
}

function cycles(files: readonly SourceFile[]): string[] {
  const graph = new Map(
    files.map((f) => [
      pathOf(f),
      specifiers(f)
        .filter((s) => !s.typeOnly)
        .flatMap((s) => target(pathOf(f), s.to) ?? []),
    ]),
  );
  const found = new Set<string>();
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at !== -1) found.add([...trail.slice(at), path].join(' → '));
    if (at !== -1 || done.has(path)) return;
    for (const to of graph.get(path) ?? []) visit(to, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return [...found].map((cycle) => `${cycle}: files that import each other in a circle cannot be understood one at a time`);
}
