// What the authors of plans, tests and files are told of TypeScript and JavaScript.
import type { Dialect } from './protocol.ts';

/** What every author is told of a dialect, as Markdown for the prompts. */
export function rulesFor(dialect: Dialect): string {
  return dialect === 'typescript' ? `${TYPESCRIPT}\n${shared('.ts')}` : `${JAVASCRIPT}\n${shared('.js')}`;
}

/** What the plan's author is told beside that: how contracts are written. */
export function planRulesFor(dialect: Dialect): string {
  return contracts(dialect === 'typescript' ? '.ts' : '.js');
}

const TYPESCRIPT = `- TypeScript for Node 24 or newer, run by Node's own type stripping without a build: no \`enum\`, no \`namespace\`, no parameter properties (\`constructor(private x: string)\`), no decorators, no \`.tsx\`. Types are imported with \`import type\`. The compiler runs with \`strict\` and no stricter flag; Node's globals (\`process\`, \`URL\`, \`Buffer\` …) may be used.`;

const JAVASCRIPT = `- JavaScript (ES modules, files end in \`.js\`) for Node 24 or newer, without a build. No TypeScript syntax in the code: types stand in the contracts, and in JSDoc comments where they help.
- Interfaces and type aliases of a contract exist in the contract only; the code exports the functions, classes and constants.`;

const shared = (
  ending: string,
): string => `- ES modules only, named exports. Planned files are imported by relative path with the ending \`${ending}\` (\`from './row${ending}'\`). Node's own modules are imported with the prefix \`node:\`.
- The constructor of an error class sets \`this.name\` to the class's name.
- A file that is run as a command exports \`main(argv: string[], io: …): Promise<number>\` (it gives the exit code) and calls it only when it is the program: \`if (import.meta.main) process.exitCode = await main(process.argv.slice(2), …);\`.`;

const contracts = (
  ending: string,
): string => `- A contract is what a \`.d.ts\` file would hold, never code: \`export function parse(text: string): Row[];\`, \`export interface Row { id: number }\`, \`export class Store { constructor(path: string); get(id: string): Row | undefined }\`, \`export const NAMES: readonly string[];\`. Every parameter and every result has its type; no \`any\`.
- A contract imports what it names from other planned files: \`import type { Row } from './row${ending}';\` (plain \`import\` only for a class that it extends). Everything imported is listed in \`uses\`: planned paths as they stand in the plan, packages by name; Node's own modules are no packages.
- Error classes extend \`Error\` and declare their constructor: \`export class ParseError extends Error { readonly line: number; constructor(message: string, line: number); }\`.
- package.json, lock files, tsconfig.json and .gitignore are written by the harness: never plan them. A file that is not code has an empty contract.`;
