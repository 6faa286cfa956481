// The tools of a conversation on existing code: what the model is told of them, and the check of each call.
import type { Hunk } from './edits.ts';
import { checkStructure } from './guard.ts';
import type { ToolCall, ToolSpec } from './model.ts';
import { oneLine } from './prompt-text.ts';
import type { SemanticEdit } from './semantic.ts';
import { type Fields, fieldsOf, strict, text, tool, whole } from './tool-fields.ts';
import { likelyCall } from './tools-spelling.ts';

/** A call whose arguments are of the right form. Lines count from 1; `to` is inclusive, 0 means the end. */
export type ChangeCall =
  | { readonly tool: 'map'; readonly query: string }
  | { readonly tool: 'search'; readonly pattern: string; readonly under: string; readonly regex: boolean; readonly page: number }
  | { readonly tool: 'read'; readonly path: string; readonly from: number; readonly to: number }
  | { readonly tool: 'references'; readonly path: string; readonly name: string }
  | { readonly tool: 'edit'; readonly path: string; readonly hunks: readonly Hunk[] }
  | { readonly tool: 'amend_test'; readonly path: string; readonly hunks: readonly Hunk[]; readonly why: string }
  /** Edits of any number of files, in a format that some models were trained on. */
  | { readonly tool: 'patch'; readonly text: string }
  /** Without content the file goes. */
  | { readonly tool: 'write'; readonly path: string; readonly content: string }
  | { readonly tool: 'refactor'; readonly edit: SemanticEdit }
  | { readonly tool: 'run_tests'; readonly tests: readonly string[] }
  | { readonly tool: 'type_check' }
  | { readonly tool: 'request_package'; readonly package: string }
  | { readonly tool: 'dispute_test'; readonly path: string; readonly test: string; readonly why: string }
  | { readonly tool: 'untestable'; readonly why: string }
  | { readonly tool: 'blocked'; readonly why: string };

export type ChangeTool = ChangeCall['tool'];

export type CheckedChangeCall = { readonly call: ChangeCall } | { readonly error: string };

const HUNKS = { type: 'array', items: strict({ find: text(), replace: text() }) };
const OPS = ['rename_symbol', 'move_symbol', 'move_file', 'add_parameter', 'remove_parameter', 'organise_imports'] as const;
const PATH = { path: text() };
const WHY = { why: text() };

const SPECS: Readonly<Record<Exclude<ChangeTool, 'patch'>, ToolSpec>> = {
  read: tool('read', 'Shows a file, or lines of it.', { ...PATH, from: whole('0: all'), to: whole('0: to the end') }),
  search: tool('search', 'Lines of all files that hold a text.', {
    pattern: text(),
    under: text('folder or file; empty: all'),
    regex: { type: 'boolean' },
    page: whole('from 1'),
  }),
  map: tool('map', 'The files and definitions most likely meant by some words.', { query: text() }),
  references: tool('references', 'Where a symbol declared in `path` is used.', { ...PATH, name: text() }),
  edit: tool('edit', 'Replaces texts in a file, all or none. Each `find` occurs once.', { ...PATH, edits: HUNKS }),
  amend_test: tool('amend_test', 'Changes an existing test that the task itself makes wrong.', { ...PATH, edits: HUNKS, ...WHY }),
  write: tool('write', 'Writes a whole file; empty content deletes it.', { ...PATH, content: text() }),
  refactor: tool('refactor', 'A change by meaning, with every use in the repository. `name`: the symbol declared in `path`.', {
    op: { type: 'string', enum: [...OPS] },
    ...PATH,
    name: text('`f`, `Class.method`; empty for files'),
    to: text('new name or path'),
    parameter: text('as declared; or the name to remove'),
    at: whole('position from 0'),
    argument: text('what calls pass; may be empty'),
  }),
  run_tests: tool('run_tests', 'Runs tests on the files as they are now.', {
    tests: { type: 'array', items: { type: 'string' }, description: 'files or ids; empty: the tests of this task' },
  }),
  type_check: tool('type_check', 'Type errors that the code did not have before.', {}),
  request_package: tool('request_package', 'Asks for a dependency to be installed.', { name: text() }),
  dispute_test: tool('dispute_test', 'Says that a test contradicts the task. Its author decides; ends the round.', {
    ...PATH,
    test: text(),
    why: text('the sentence of the task'),
  }),
  untestable: tool('untestable', 'No test can show the task (a text, a comment, a pure renaming).', WHY),
  blocked: tool('blocked', 'Gives up: the task contradicts itself or the tests. Ends the run.', WHY),
};

/** What a repository and a run have to offer to a conversation. */
export interface Offer {
  readonly kind: 'repair' | 'reproduce';
  /** Tests are written for code that stays as it is: existing ones are not made wrong by it. */
  readonly covers?: boolean;
  /** So many files that one does not see them at a glance. */
  readonly large: boolean;
  /** There is an engine for changes by meaning. */
  readonly refactor: boolean;
  readonly typeCheck: boolean;
  /** Packages can be installed. */
  readonly packages: boolean;
  /** Some of the tests are not the user's own. */
  readonly dispute: boolean;
}

/** The tools in the order in which they are offered. The same repository and run always give the same ones. */
export function changeTools(offer: Offer): readonly ToolSpec[] {
  const { kind, large } = offer;
  const repairs = kind === 'repair';
  const offered: Readonly<Record<Exclude<ChangeTool, 'patch'>, boolean>> = {
    read: true,
    search: true,
    map: large,
    references: large,
    edit: true,
    amend_test: !repairs && offer.covers !== true,
    write: true,
    refactor: repairs && large && offer.refactor,
    run_tests: true,
    type_check: repairs && offer.typeCheck,
    request_package: repairs && offer.packages,
    dispute_test: repairs && offer.dispute,
    untestable: !repairs,
    blocked: true,
  };
  return Object.values(SPECS).filter((spec) => offered[spec.name as keyof typeof offered]);
}

/**
 * Checks a tool call: typed arguments, or an error that tells the model what to send instead. Other agents' names of tools and arguments
 * are understood where they are unmistakable.
 */
export function validateChangeCall(call: ToolCall, offered: readonly ToolSpec[]): CheckedChangeCall {
  if (call.args === null)
    return {
      error: `the arguments of ${oneLine(call.name, 60)} are not JSON (cut off, or an unescaped quote or line break?): send the call again`,
    };
  const { name, args } = likelyCall(call.name, call.args);
  const isKnown = name === 'patch' || offered.some((spec) => spec.name === name);
  if (!isKnown) return { error: `there is no tool "${oneLine(call.name, 60)}"; there are: ${offered.map((spec) => spec.name).join(', ')}` };
  const problems: string[] = [];
  const checked = read(name as ChangeTool, fieldsOf(args, problems, checkStructure), args);
  return problems.length > 0 ? { error: `${name}: ${problems.join('; ')}` } : { call: checked };
}

function read(name: ChangeTool, f: Fields, args: Readonly<Record<string, unknown>>): ChangeCall {
  switch (name) {
    case 'map':
      return { tool: name, query: f.filled('query') };
    case 'search':
      return {
        tool: name,
        pattern: f.filled('pattern'),
        under: f.prefix('under'),
        regex: args['regex'] === true,
        page: Math.max(1, f.count('page')),
      };
    case 'read':
      return { tool: name, path: f.path('path'), ...f.range() };
    case 'references':
      return { tool: name, path: f.path('path'), name: f.filled('name').trim() };
    case 'edit':
      return { tool: name, path: f.path('path'), hunks: hunksOf(f, args['edits']) };
    case 'amend_test':
      return { tool: name, path: f.path('path'), hunks: hunksOf(f, args['edits']), why: f.filled('why') };
    case 'patch':
      return { tool: name, text: f.filled('text') };
    case 'write':
      return { tool: name, path: f.path('path'), content: f.optional('content') };
    case 'refactor':
      return { tool: name, edit: refactorOf(f) };
    case 'run_tests':
      return { tool: name, tests: f.list('tests') };
    case 'type_check':
      return { tool: name };
    case 'request_package':
      return { tool: name, package: f.filled('name').trim() };
    case 'dispute_test':
      return { tool: name, path: f.path('path'), test: f.optional('test'), why: f.filled('why') };
    case 'untestable':
    case 'blocked':
      return { tool: name, why: f.filled('why') };
    default: {
      const never: never = name;
      return never;
    }
  }
}

function hunksOf(f: Fields, edits: unknown): readonly Hunk[] {
  if (!Array.isArray(edits) || edits.length === 0) {
    f.note('`edits` must be an array of { find, replace }');
    return [];
  }
  return edits.flatMap((edit: unknown, i) => {
    const { find, replace, all } = typeof edit === 'object' && edit !== null ? (edit as Record<string, unknown>) : {};
    if (typeof find === 'string' && typeof replace === 'string') return [{ find, replace, ...(all === true ? { all } : {}) }];
    f.note(`\`edits[${i}]\` must have the strings \`find\` and \`replace\``);
    return [];
  });
}

function refactorOf(f: Fields): SemanticEdit {
  const op = OPS.find((one) => one === f.filled('op').trim());
  const path = f.path('path');
  switch (op) {
    case 'rename_symbol':
    case 'move_symbol':
      return { op, path, name: f.filled('name').trim(), to: f.filled('to').trim() };
    case 'move_file':
      return { op, path, to: f.path('to') };
    case 'add_parameter':
      return {
        op,
        path,
        name: f.filled('name').trim(),
        parameter: f.filled('parameter'),
        at: f.count('at'),
        argument: f.optional('argument'),
      };
    case 'remove_parameter':
      return { op, path, name: f.filled('name').trim(), parameter: f.filled('parameter') };
    case 'organise_imports':
      return { op, path };
    default:
      f.note(`\`op\` must be one of ${OPS.join(', ')}`);
      return { op: 'organise_imports', path };
  }
}
