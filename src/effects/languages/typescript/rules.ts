// What the authors of plans, tests and files are told of TypeScript and JavaScript.
import type { Dialect } from './protocol.ts';

/** The rules of a dialect, as Markdown for the prompts. */
export function rulesFor(dialect: Dialect): string {
  return dialect === 'typescript' ? TYPESCRIPT : JAVASCRIPT;
}

const shared = (
  ending: string,
): string => `- A contract is what a \`.d.ts\` file would hold, never code: \`export function parse(text: string): Row[];\`, \`export interface Row { id: number }\`, \`export class Store { constructor(path: string); get(id: string): Row | undefined }\`, \`export const NAMES: readonly string[];\`. Every parameter and every result has its type; no \`any\`.
- A contract imports what it names from other planned files: \`import type { Row } from './row${ending}';\` (plain \`import\` only for a class that it extends). Import paths are relative and carry the ending \`${ending}\`. Everything imported is listed in \`uses\`: planned paths as they stand in the plan, packages by name.
- Error classes extend \`Error\` and declare their constructor: \`export class ParseError extends Error { readonly line: number; constructor(message: string, line: number); }\`.
- ES modules only, named exports. Node's own modules are imported with the prefix \`node:\` and are not listed as packages. \`node:test\` needs no package.
- A file that is run as a command exports \`main(argv: string[], io: …): Promise<number>\` (it gives the exit code) and calls it only when it is the program: \`if (import.meta.main) process.exitCode = await main(process.argv.slice(2), …);\`.
- package.json, lock files, tsconfig.json and .gitignore are written by the harness: never plan them. A file that is not code has an empty contract.`;

const TYPESCRIPT = `- TypeScript for Node 24 or newer, run by Node's own type stripping without a build: no \`enum\`, no \`namespace\`, no parameter properties (\`constructor(private x: string)\`), no decorators, no \`.tsx\`. Types are imported with \`import type\`. The compiler is strict.
${shared('.ts')}`;

const JAVASCRIPT = `- JavaScript (ES modules, files end in \`.js\`) for Node 24 or newer, without a build. No TypeScript syntax in the code: types stand in the contracts, and in JSDoc comments where they help.
- Interfaces and type aliases of a contract exist in the contract only; the code exports the functions, classes and constants.
${shared('.js')}`;
